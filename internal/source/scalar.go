package source

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// scalar sets the style of a scalar and moves the cursor to its end.
func (b *builder) scalar(y *yaml.Node, n *Node, indent int) {
	start := n.Content.Start
	switch {
	case y.Style&yaml.DoubleQuotedStyle != 0:
		n.Style = DoubleQuoted
		b.quoted(n, start, '"')
	case y.Style&yaml.SingleQuotedStyle != 0:
		n.Style = SingleQuoted
		b.quoted(n, start, '\'')
	case y.Style&yaml.LiteralStyle != 0:
		n.Style = Literal
		b.block(n, start, indent)
	case y.Style&yaml.FoldedStyle != 0:
		n.Style = Folded
		b.block(n, start, indent)
	default:
		n.Style = Plain
		b.plain(n, start)
	}
}

// quoted finds the closing quote: a backslash takes the next byte with it in double quotes, two single quotes are
// one character in single quotes.
func (b *builder) quoted(n *Node, start int, quote byte) {
	data := b.file.Data
	if start >= len(data) || data[start] != quote {
		b.inexact(n, start)
		return
	}
	for i := start + 1; i < len(data); i++ {
		switch {
		case quote == '"' && data[i] == '\\':
			i++
		case data[i] != quote:
		case quote == '\'' && i+1 < len(data) && data[i+1] == quote:
			i++
		default:
			b.cursor = i + 1
			return
		}
	}
	b.inexact(n, start)
}

// plain replays the value over the source: equal bytes advance both, white space in the value stands for any run of
// white space in the source. That is exact without knowing the grammar of plain scalars.
func (b *builder) plain(n *Node, start int) {
	data, value := b.file.Data, n.Value
	i := start
	for v := 0; v < len(value); {
		if isBlank(value[v]) {
			for v < len(value) && isBlank(value[v]) {
				v++
			}
			for i < len(data) && isBlank(data[i]) {
				i++
			}
			continue
		}
		if i >= len(data) || data[i] != value[v] {
			b.inexact(n, start)
			return
		}
		i, v = i+1, v+1
	}
	b.cursor = i
}

// block finds the end of a literal or folded scalar, behind the line break of its last line with text. Lines of blanks
// that reach further than the indentation are text; all others are where the header keeps them. parent is the
// indentation of the collection around the scalar.
func (b *builder) block(n *Node, start, parent int) {
	first := sort.SearchInts(b.lines, start+1)
	header := b.lines[first-1] + len(b.line(first-1))
	b.cursor = header
	if n.Value == "" {
		return
	}
	digit, keep := blockHeader(b.file.Data[start:header])
	indent := max(parent, 0) + digit
	if digit == 0 {
		indent = b.blockIndent(first, parent)
	}
	for i := first; i < len(b.lines); i++ {
		line := b.line(i)
		if leadingSpaces(line) < min(indent, len(line)) {
			return
		}
		if keep || len(line) > indent {
			b.cursor = b.lineEnd(i)
		}
	}
}

// blockIndent returns the indentation of a block scalar whose lines start at an index: that of the first line with
// text, or of the longest blank line before it.
func (b *builder) blockIndent(first, parent int) int {
	indent := max(parent+1, 1)
	for i := first; i < len(b.lines); i++ {
		line := b.line(i)
		spaces := leadingSpaces(line)
		indent = max(indent, spaces)
		if spaces < len(line) {
			break
		}
	}
	return indent
}

// line returns a line of the parser's line table without its line break.
func (b *builder) line(i int) []byte {
	line := b.file.Data[b.lines[i]:b.lineEnd(i)]
	return bytes.TrimRight(line, "\r\n\u0085\u2028\u2029")
}

// lineEnd returns the offset behind the line break of a line of the parser's line table.
func (b *builder) lineEnd(i int) int {
	if i+1 < len(b.lines) {
		return b.lines[i+1]
	}
	return len(b.file.Data)
}

func leadingSpaces(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " ")) }

// blockHeader reads the indentation digit and the "+" of a block scalar's first line.
func blockHeader(header []byte) (digit int, keep bool) {
	for _, c := range header[min(1, len(header)):] {
		switch {
		case c >= '1' && c <= '9':
			digit = int(c - '0')
		case c == '+':
			keep = true
		case c == '-':
		default:
			return digit, keep
		}
	}
	return digit, keep
}

// lineEnd returns the offset of the "\n" that ends the line of the offset, or of the "\r" before it.
func lineEnd(data []byte, offset int) int {
	end := len(data)
	if i := bytes.IndexByte(data[offset:], '\n'); i >= 0 {
		end = offset + i
	}
	if end > offset && data[end-1] == '\r' {
		end--
	}
	return end
}

// inexact gives up on the end of a node and keeps the cursor moving forward.
func (b *builder) inexact(n *Node, start int) {
	n.Inexact = true
	b.cursor = max(b.cursor, start)
}

// offset converts the parser's line and column, both one-based, the column in characters.
func (b *builder) offset(line, column int) int {
	if line < 1 || line > len(b.lines) {
		return len(b.file.Data)
	}
	p := b.known
	if line != p.line || column < p.column {
		p = parserPlace{line, 1, b.lines[line-1]}
	}
	for data := b.file.Data; p.column < column && p.offset < len(data); p.column++ {
		if data[p.offset] < utf8.RuneSelf {
			p.offset++
			continue
		}
		_, size := utf8.DecodeRune(data[p.offset:])
		p.offset += size
	}
	b.known = p
	return p.offset
}

// columnOf returns the zero-based column, in characters, of an offset in the parser's terms.
func (b *builder) columnOf(offset int) int {
	start := offset
	for data := b.file.Data; start > 0 && data[start-1] != '\n' && data[start-1] != '\r'; {
		start--
	}
	if start == 0 {
		start = min(b.file.bom(), offset)
	}
	return utf8.RuneCount(b.file.Data[start:offset])
}

// parserLines is the parser's line table: lines end at "\n", "\r\n", "\r", U+0085, U+2028 and U+2029, and a byte order
// mark is not part of the first line.
func parserLines(f *File) []int {
	first := f.bom()
	if first == 0 && f.fault == "" {
		return f.lines
	}
	data := f.Data
	starts := append(make([]int, 0, bytes.Count(data, []byte{'\n'})+1), first)
	for i := first; i < len(data); i++ {
		switch data[i] {
		case '\n':
			starts = append(starts, i+1)
		case '\r':
			if i+1 >= len(data) || data[i+1] != '\n' {
				starts = append(starts, i+1)
			}
		case 0xC2, 0xE2:
			if size := unicodeBreak(data[i:]); size > 0 {
				starts = append(starts, i+size)
			}
		}
	}
	return starts
}

// unicodeBreak returns the length of the NEL, LS or PS character that the bytes start with, or 0.
func unicodeBreak(data []byte) int {
	for _, s := range []string{"\u0085", "\u2028", "\u2029"} {
		if len(data) >= len(s) && string(data[:len(s)]) == s {
			return len(s)
		}
	}
	return 0
}

// Scalar returns the value that YAML gives a scalar: nil, bool, int, int64, uint64, float64, time.Time or string. A
// scalar whose explicit tag does not fit its text is a string.
func (n *Node) Scalar() any {
	switch n.Tag {
	case "!!str":
		return n.Value
	case "!!null":
		return nil
	case "!!bool":
		if !n.Tagged {
			return strings.EqualFold(n.Value, "true")
		}
	case "!!int":
		if i, ok := smallInt(n.Value); ok && !n.Tagged {
			return i
		}
	}
	y := yaml.Node{Kind: yaml.ScalarNode, Tag: n.Tag, Value: n.Value}
	if n.Tagged {
		y.Style = yaml.TaggedStyle
	}
	var value any
	if err := decodeScalar(&y, &value); err != nil {
		return n.Value
	}
	return value
}

func decodeScalar(y *yaml.Node, value *any) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errNotAScalar
		}
	}()
	return y.Decode(value)
}

// smallInt reads the common case, a decimal number of a few digits, without the parser's regular expressions.
func smallInt(s string) (int, bool) {
	if s == "" || len(s) > 9 || s[0] == '0' && len(s) > 1 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
