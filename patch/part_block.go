package patch

import (
	"strings"
	"unicode/utf8"

	"composelint/internal/source"
)

// blockScalar reads the lines below the header of a block scalar. An indentation that the header states is not followed.
func (p *parts) blockScalar() bool {
	data, end := p.f.Data, p.node.Content.End
	first := nextLine(p.f, p.node.Content.Start)
	indent, breaks, from := 0, 0, first
	for at := first; at < end; at = nextLine(p.f, at) {
		line := source.Span{Start: at, End: min(end, lineEnd(p.f, at))}
		blanks := skipBlanks(data, at) - at
		if blanks >= line.Len() && (indent == 0 || line.Len() <= indent) {
			breaks++
			continue
		}
		if indent == 0 {
			indent = blanks
		} else {
			breaks++
		}
		if line.Len() < indent || !p.blockLine(breaks, from, source.Span{Start: at + indent, End: line.End}) {
			return false
		}
		if from > first || p.node.Style == source.Literal {
			p.newLine = eolAt(p.f, at) + p.f.Text(source.Span{Start: at, End: at + indent})
		}
		breaks, from = 0, line.End
	}
	last := p.node.Value[p.done:]
	return strings.Trim(last, "\n") == "" && p.add(last, source.Span{Start: from, End: end}, true)
}

// blockLine takes the text of a line, and what stands in the value for the line breaks before it, which begin at from:
// folding makes a space of one, and one fewer of more, but not around a line that is indented further.
func (p *parts) blockLine(breaks, from int, line source.Span) bool {
	text, before := p.f.Text(line), ""
	for _, before = range []string{strings.Repeat("\n", breaks), strings.Repeat("\n", max(0, breaks-1)), " "} {
		if strings.HasPrefix(p.node.Value[p.done:], before+text) {
			break
		}
	}
	if !p.add(before, source.Span{Start: from, End: line.Start}, true) {
		return false
	}
	for at := line.Start; at < line.End; {
		_, size := utf8.DecodeRune(p.f.Data[at:line.End])
		if !p.add(string(p.f.Data[at:at+size]), source.Span{Start: at, End: at + size}, false) {
			return false
		}
		at += size
	}
	return true
}
