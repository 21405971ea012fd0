package patch

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"composelint/internal/source"
)

// Value is new content described as data: a Scalar, a Map or a List. The builders write it in the file's own manner.
type Value interface{ isValue() }

// Quote says how a string is quoted.
type Quote uint8

// The ways to quote a string. AutoQuote quotes where the text or the habit of its neighbours asks for it.
const (
	AutoQuote Quote = iota
	SingleQuote
	DoubleQuote
)

// Scalar is a string, or a bare word such as true, 8080 or null. Make one with String, Quoted, Int, Bool or Null.
type Scalar struct {
	Text  string
	Quote Quote
	// Bare writes Text without quotes, so that YAML reads a boolean, number or null in it. Without Bare the text
	// stays a string for every YAML 1.1 and 1.2 reader.
	Bare bool
}

// Pair is a key with its value.
type Pair struct {
	Key   string
	Value Value
}

// Map is a mapping, in the order in which it is to be written.
type Map []Pair

// List is a sequence. It is written in block style, one item a line, unless Flow asks for [a, b] or it stands inside
// brackets.
type List struct {
	Items []Value
	Flow  bool
}

// Alias stands for a node of the same file that has that anchor and comes before. A mapping may merge one: Map{{"<<",
// Alias("common")}}.
type Alias string

func (Scalar) isValue() {}
func (Map) isValue()    {}
func (List) isValue()   {}
func (Alias) isValue()  {}

// String returns text that must stay text; it is quoted where it has to be.
func String(text string) Scalar { return Scalar{Text: text} }

// Quoted returns text in the given quotes. Single quotes give way to double ones where they cannot hold the text.
func Quoted(text string, quote Quote) Scalar { return Scalar{Text: text, Quote: quote} }

// Int returns a whole number.
func Int(n int) Scalar { return Scalar{Text: strconv.Itoa(n), Bare: true} }

// Bool returns true or false.
func Bool(b bool) Scalar { return Scalar{Text: strconv.FormatBool(b), Bare: true} }

// Null returns a null, written as nothing behind a key and as "null" elsewhere.
func Null() Scalar { return Scalar{Text: "null", Bare: true} }

// Strings returns a block list of strings.
func Strings(items ...string) List {
	values := make([]Value, len(items))
	for i, item := range items {
		values[i] = String(item)
	}
	return List{Items: values}
}

// maxValueNodes and maxValueDepth bound a new value, so that a file of anchors within anchors cannot be spelled out.
const (
	maxValueNodes = 10_000
	maxValueDepth = 50
)

// ValueOf returns the content of a node as a value, aliases followed, so that it can be written again elsewhere.
// Quotes, number spellings and the flow style of lists are kept; anchors and comments are not part of it. Merge keys
// and custom tags cannot be restated.
func ValueOf(f *source.File, node *source.Node) (Value, error) {
	budget := maxValueNodes
	return restate(f, node, 0, &budget)
}

func restate(f *source.File, node *source.Node, depth int, budget *int) (Value, error) {
	node = node.Resolved()
	if node == nil {
		return nil, refuseValue("there is nothing to restate")
	}
	if *budget--; *budget < 0 || depth > maxValueDepth {
		return nil, refuse(f, node.Span.Start, "spelled out in full it is too large")
	}
	if node.IsCustomTag() || node.IsMerge() || node.Tagged && node.Tag != "!!str" {
		return nil, refuse(f, node.Span.Start, "%s cannot be restated elsewhere", node.Tag)
	}
	switch node.Kind {
	case source.Mapping:
		return restateMapping(f, node, depth, budget)
	case source.Sequence:
		list := List{Flow: node.Style == source.Flow}
		for _, item := range node.Items {
			v, err := restate(f, item, depth+1, budget)
			if err != nil {
				return nil, err
			}
			list.Items = append(list.Items, v)
		}
		return list, nil
	default:
		return restateScalar(node), nil
	}
}

func restateMapping(f *source.File, node *source.Node, depth int, budget *int) (Value, error) {
	m := make(Map, 0, len(node.Entries))
	for _, e := range node.Entries {
		if e.Key.Kind != source.Scalar || e.Key.IsMerge() {
			return nil, refuse(f, e.Key.Span.Start, "a merge or a key that is not text cannot be restated elsewhere")
		}
		v, err := restate(f, e.Value, depth+1, budget)
		if err != nil {
			return nil, err
		}
		m = append(m, Pair{e.Key.Value, v})
	}
	return m, nil
}

func restateScalar(node *source.Node) Scalar {
	switch {
	case node.IsNull():
		return Null()
	case node.Style == source.SingleQuoted:
		return Quoted(node.Value, SingleQuote)
	case node.Style == source.DoubleQuoted:
		return Quoted(node.Value, DoubleQuote)
	case node.Tag == "!!str":
		return String(node.Value)
	default:
		return Scalar{Text: node.Value, Bare: true}
	}
}

// mergeKey is the key under which a mapping takes over the entries of another one.
const mergeKey = "<<"

var anchorName = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

var bareText = regexp.MustCompile(`^[-+.]?[A-Za-z0-9_][A-Za-z0-9_.:+-]*$`)

// validate reports why a value cannot be written, if it cannot.
func validate(v Value) error { return validateAt(v, 0) }

func validateAt(v Value, depth int) error {
	if depth > maxValueDepth {
		return refuseValue("it is nested too deeply")
	}
	switch v := v.(type) {
	case Scalar:
		return validateScalar(v)
	case List:
		for _, item := range v.Items {
			if err := validateAt(item, depth+1); err != nil {
				return err
			}
		}
		return nil
	case Map:
		return validateMap(v, depth)
	case Alias:
		if !anchorName.MatchString(string(v)) {
			return refuseValue("%q is not the name of an anchor", string(v))
		}
		return nil
	default:
		return refuseValue("%T is not a value", v)
	}
}

func validateMap(m Map, depth int) error {
	seen := make(map[string]bool, len(m))
	for _, p := range m {
		if err := validatePairKey(p); err != nil {
			return err
		}
		if seen[p.Key] {
			return refuseValue("the key %q comes twice", p.Key)
		}
		seen[p.Key] = true
		if err := validateAt(p.Value, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// validatePairKey accepts the merge key where it merges an alias.
func validatePairKey(p Pair) error {
	if _, ok := p.Value.(Alias); ok && p.Key == mergeKey {
		return nil
	}
	return validateKey(p.Key)
}

// maxKey is well under the 1024 characters that YAML allows for a key on one line.
const maxKey = 500

func validateKey(key string) error {
	if key == mergeKey {
		return refuseValue("%q is the merge key", key)
	}
	if len(key) > maxKey {
		return refuseValue("the key is longer than %d bytes", maxKey)
	}
	if !utf8.ValidString(key) {
		return refuseValue("the key is not UTF-8 text")
	}
	return nil
}

func validateScalar(s Scalar) error {
	if !utf8.ValidString(s.Text) {
		return refuseValue("it is not UTF-8 text")
	}
	if s.Bare && (!bareText.MatchString(s.Text) || strings.HasSuffix(s.Text, ":")) {
		return refuseValue("%q cannot be written without quotes", s.Text)
	}
	return nil
}

// isBlock reports whether a value takes lines of its own in block style.
func isBlock(v Value) bool {
	switch v := v.(type) {
	case Map:
		return len(v) > 0
	case List:
		return len(v.Items) > 0 && !v.Flow
	default:
		return false
	}
}

// writer writes values in one style.
type writer struct {
	style Style
	// quoteKeys and quoteValues are the habits of the neighbours that the new entries or items join. They hold for
	// those alone, not for what is nested in them.
	quoteKeys, quoteValues bool
}

// nested returns the writer for what stands inside a new value.
func (w writer) nested() writer { return writer{style: w.style} }

// lines writes a block value whose first character stands at the column. Every line but the first has its
// indentation.
func (w writer) lines(v Value, column int) []string {
	switch v := v.(type) {
	case Map:
		if len(v) > 0 {
			return w.mapLines(v, column)
		}
	case List:
		if len(v.Items) > 0 && !v.Flow {
			return w.listLines(v.Items, column)
		}
	}
	return []string{w.inline(v, false)}
}

func (w writer) mapLines(m Map, column int) []string {
	var lines []string
	for _, p := range m {
		lines = w.join(lines, w.entry(p, column), column)
	}
	return lines
}

func (w writer) listLines(items []Value, column int) []string {
	var lines []string
	for _, item := range items {
		lines = w.join(lines, w.item(item, column), column)
	}
	return lines
}

// join appends the lines of another entry or item and indents its first line, unless it is the first of all.
func (w writer) join(lines, more []string, column int) []string {
	if len(lines) > 0 {
		more[0] = spaces(column) + more[0]
	}
	return append(lines, more...)
}

// entry writes one entry of a block mapping.
func (w writer) entry(p Pair, column int) []string {
	key := w.key(p.Key, false) + ":"
	if s, ok := p.Value.(Scalar); ok && s == Null() {
		return []string{key}
	}
	if !isBlock(p.Value) {
		return []string{key + " " + w.inline(p.Value, false)}
	}
	below := column + w.style.Step
	if _, ok := p.Value.(List); ok {
		below = column + w.style.ListIndent
	}
	lines := w.nested().lines(p.Value, below)
	lines[0] = spaces(below) + lines[0]
	return append([]string{key}, lines...)
}

// item writes one item of a block sequence whose dash stands at the column.
func (w writer) item(v Value, column int) []string {
	gap := max(1, w.style.dashGap)
	if !isBlock(v) {
		return []string{"-" + spaces(gap) + w.inline(v, false)}
	}
	lines := w.nested().lines(v, column+1+gap)
	lines[0] = "-" + spaces(gap) + lines[0]
	return lines
}

// inline writes a value on one line; flow tells that it stands inside brackets.
func (w writer) inline(v Value, flow bool) string {
	switch v := v.(type) {
	case Map:
		return w.brackets("{", "}", w.flowEntries(v))
	case List:
		return w.brackets("[", "]", w.flowItems(v.Items))
	case Scalar:
		return w.scalar(v, flow)
	case Alias:
		return "*" + string(v)
	}
	return ""
}

func (w writer) brackets(open, end string, parts []string) string {
	text := strings.Join(parts, ", ")
	if w.style.FlowPadding && text != "" {
		text = " " + text + " "
	}
	return open + text + end
}

func (w writer) flowEntries(m Map) []string {
	parts := make([]string, len(m))
	for i, p := range m {
		parts[i] = w.key(p.Key, true) + ": " + w.nested().inline(p.Value, true)
	}
	return parts
}

func (w writer) flowItems(items []Value) []string {
	parts := make([]string, len(items))
	for i, item := range items {
		parts[i] = w.inline(item, true)
	}
	return parts
}

func (w writer) scalar(s Scalar, flow bool) string {
	if s.Bare {
		return s.Text
	}
	quote := s.Quote
	if w.style.JSON {
		quote = DoubleQuote
	}
	if quote == AutoQuote && (w.quoteValues || !plainSafe(s.Text, flow)) {
		quote = w.style.Quote
	}
	return quoted(s.Text, quote)
}

func (w writer) key(name string, flow bool) string {
	if w.style.JSON {
		return quoted(name, DoubleQuote)
	}
	if name != mergeKey && (w.quoteKeys || !plainSafe(name, flow)) {
		return quoted(name, w.style.Quote)
	}
	return name
}

func spaces(n int) string { return strings.Repeat(" ", max(0, n)) }

// quoted writes text in the given quotes, or in double ones where single quotes cannot hold it.
func quoted(text string, quote Quote) string {
	switch {
	case quote == AutoQuote:
		return text
	case quote == SingleQuote && printable(text):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	default:
		return `"` + escape(text) + `"`
	}
}

// escape writes text as it stands between double quotes.
func escape(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case isPrintable(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

// isPrintable reports whether YAML allows the character in a file and takes it for neither a line break nor a byte
// order mark (YAML 1.2.2, production c-printable).
func isPrintable(r rune) bool {
	switch {
	case r == 0x2028 || r == 0x2029 || r == 0xfeff:
		return false
	case r >= 0x20 && r <= 0x7e, r >= 0xa0 && r <= 0xd7ff, r >= 0xe000 && r <= 0xfffd, r >= 0x10000:
		return true
	default:
		return false
	}
}

func printable(text string) bool {
	for _, r := range text {
		if !isPrintable(r) {
			return false
		}
	}
	return true
}

// plainSafe reports whether text without quotes is the same string for every YAML 1.1 and YAML 1.2 reader. In doubt it
// says no: quotes do no harm. flow tells that the text stands inside brackets.
func plainSafe(text string, flow bool) bool {
	if text == "" || strings.TrimSpace(text) != text || !printable(text) || typed(text) {
		return false
	}
	if strings.IndexByte(",[]{}#&*!|>'\"%@`?:", text[0]) >= 0 {
		return false
	}
	if text[0] == '-' && (len(text) == 1 || text[1] == ' ') {
		return false
	}
	if strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...") {
		return false
	}
	if strings.Contains(text, ": ") || strings.HasSuffix(text, ":") || strings.Contains(text, " #") {
		return false
	}
	return !flow || !strings.ContainsAny(text, ",[]{}:?#&*!|>'\"%@`")
}

// Words and shapes that YAML 1.1 or YAML 1.2 reads as something else than a string: https://yaml.org/type/ and
// https://yaml.org/spec/1.2.2/#1032-tag-resolution. Digits with ":" may be base 60 numbers; port mappings that are
// not are caught as well, which is what the Compose documentation advises for them.
var (
	typedWord = regexp.MustCompile(`^(?i:y|n|yes|no|on|off|true|false|null|~|<<|=|[-+]?\.inf|\.nan)$`)
	numeric   = regexp.MustCompile(`^[-+]?[.0-9_]*[0-9][-+.:_0-9]*(?i:e[-+]?[0-9_.]*)?$`)
	radix     = regexp.MustCompile(`^[-+]?0[xXoObB][0-9a-fA-F_]*$`)
	date      = regexp.MustCompile(`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt\s]|$)`)
)

func typed(text string) bool {
	return typedWord.MatchString(text) || numeric.MatchString(text) || radix.MatchString(text) || date.MatchString(text)
}
