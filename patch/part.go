package patch

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"composelint/internal/source"
)

// parts tells for each byte of a scalar's value where it is written. An escape, and a doubled single quote, is one
// unit of the source for one or more bytes of the value; what line folding makes of a line break is written nowhere.
type parts struct {
	f     *source.File
	node  *source.Node
	units []unit // in order
	done  int    // bytes of the value that the units account for
	// newLine is what begins another line of a block scalar; empty for other scalars, and where one line is folded.
	newLine string
}

type unit struct {
	value  int // offset in the value
	length int // bytes of the value
	source source.Span
	folded bool
}

// partsOf reads the source of a scalar side by side with its value.
func partsOf(f *source.File, node *source.Node) (*parts, error) {
	p := &parts{f: f, node: node}
	ok := false
	switch node.Style {
	case source.Plain:
		ok = p.read(node.Content, p.character)
	case source.SingleQuoted:
		ok = p.read(source.Span{Start: node.Content.Start + 1, End: node.Content.End - 1}, p.singleQuoted)
	case source.DoubleQuoted:
		ok = p.read(source.Span{Start: node.Content.Start + 1, End: node.Content.End - 1}, p.doubleQuoted)
	case source.Literal, source.Folded:
		ok = p.blockScalar()
	}
	if !ok || p.done != len(node.Value) {
		return nil, refuse(f, node.Span.Start, "the parts of its value were not found in the file")
	}
	return p, nil
}

// read goes through a span; next takes one unit at an offset and returns the offset behind it, or -1.
func (p *parts) read(s source.Span, next func(at, end int) int) bool {
	for at := s.Start; at < s.End; {
		if fold := p.fold(at, s.End); fold > at {
			at = fold
			continue
		}
		if at = next(at, s.End); at < 0 || at > s.End {
			return false
		}
	}
	return true
}

// add accounts for a text of the value; it reports false where the value has another.
func (p *parts) add(text string, s source.Span, folded bool) bool {
	if !strings.HasPrefix(p.node.Value[p.done:], text) {
		return false
	}
	p.units = append(p.units, unit{p.done, len(text), s, folded})
	p.done += len(text)
	return true
}

// fold takes white space with a line break in it: one break is a space, more are line breaks, one fewer.
func (p *parts) fold(at, end int) int {
	breaks, stop := 0, at
	for stop < end && isSpace(p.f.Data[stop]) {
		if p.f.Data[stop] == '\n' {
			breaks++
		}
		stop++
	}
	if breaks == 0 {
		return at
	}
	text := " "
	if breaks > 1 {
		text = strings.Repeat("\n", breaks-1)
	}
	if !p.add(text, source.Span{Start: at, End: stop}, true) {
		return at
	}
	return stop
}

// character takes one character that stands for itself.
func (p *parts) character(at, _ int) int {
	_, size := utf8.DecodeRune(p.f.Data[at:])
	s := source.Span{Start: at, End: at + size}
	if p.f.Data[at] == '\n' || !p.add(p.f.Text(s), s, false) {
		return -1
	}
	return s.End
}

func (p *parts) singleQuoted(at, end int) int {
	if p.f.Data[at] != '\'' {
		return p.character(at, end)
	}
	if !p.add("'", source.Span{Start: at, End: at + 2}, false) {
		return -1
	}
	return at + 2
}

func (p *parts) doubleQuoted(at, end int) int {
	if p.f.Data[at] != '\\' {
		return p.character(at, end)
	}
	if next := skipEscapedBreak(p.f.Data, at+1); next > 0 {
		p.add("", source.Span{Start: at, End: next}, true)
		return next
	}
	text, size := unescape(string(p.f.Data[at+1 : min(end, at+10)]))
	if size == 0 || !p.add(text, source.Span{Start: at, End: at + 1 + size}, false) {
		return -1
	}
	return at + 1 + size
}

// skipEscapedBreak returns the offset behind a line break and the indentation of the next line, or 0 where there is no
// line break: behind a backslash it joins two lines.
func skipEscapedBreak(data []byte, at int) int {
	if at < len(data) && data[at] == '\r' {
		at++
	}
	if at >= len(data) || data[at] != '\n' {
		return 0
	}
	return skipBlanks(data, at+1)
}

// escapes are the one-letter escapes of double quotes (YAML 1.2.2, section 5.7).
var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
	' ': " ", '"': `"`, '\'': "'", '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// unescape returns the text of an escape whose backslash has been read, and its length; 0 for none that is known,
// such as a line break.
func unescape(s string) (text string, size int) {
	if s == "" {
		return "", 0
	}
	if text, ok := escapes[s[0]]; ok {
		return text, 1
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[s[0]]
	if digits == 0 || len(s) < 1+digits {
		return "", 0
	}
	r, err := strconv.ParseUint(s[1:1+digits], 16, 32)
	if err != nil || !utf8.ValidRune(rune(r)) {
		return "", 0
	}
	return string(rune(r)), 1 + digits
}

// span returns the source of the bytes [from, to) of the value; ok is false where they are spread over lines, or begin
// or end within a unit.
func (p *parts) span(from, to int) (s source.Span, ok bool) {
	if from == to {
		at, ok := p.boundary(from)
		return source.Span{Start: at, End: at}, ok
	}
	for _, u := range p.units {
		if u.value+u.length <= from || u.value >= to {
			continue
		}
		if u.folded || u.value < from || u.value+u.length > to {
			return s, false
		}
		if !ok {
			s.Start, ok = u.source.Start, true
		}
		s.End = u.source.End
	}
	return s, ok
}

// boundary returns the place in the source between two bytes of the value.
func (p *parts) boundary(at int) (offset int, ok bool) {
	if p.node.Value == "" && p.node.Style != source.Plain {
		return p.node.Content.Start + 1, true
	}
	for _, u := range p.units {
		switch {
		case u.folded:
		case u.value == at:
			return u.source.Start, true
		case u.value+u.length == at:
			offset, ok = u.source.End, true
		}
	}
	return offset, ok
}

// encode writes new text as it stands within the scalar.
func (p *parts) encode(text string) string {
	switch p.node.Style {
	case source.SingleQuoted:
		return strings.ReplaceAll(text, "'", "''")
	case source.DoubleQuoted:
		return escape(text)
	case source.Literal:
		return strings.ReplaceAll(text, "\n", p.newLine)
	case source.Folded:
		if words, ok := strings.CutPrefix(text, " "); ok && p.newLine != "" {
			return p.newLine + words
		}
	}
	return text
}
