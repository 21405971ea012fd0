package patch

import (
	"bytes"
	"strings"

	"composelint/internal/source"
)

// commentsIn returns the comments between two offsets, from "#" to the end of the line. nodes are those that stand in
// between, in order; what their scalars hold is text.
func commentsIn(f *source.File, start, end int, nodes ...*source.Node) []source.Span {
	s := commentScan{f: f, at: start}
	for _, node := range nodes {
		node.Walk(func(n *source.Node) bool {
			if n.Kind == source.Scalar || n.Kind == source.Alias {
				s.leaf(n)
			}
			return true
		})
	}
	s.gap(end)
	return s.found
}

type commentScan struct {
	f     *source.File
	at    int
	found []source.Span
}

// gap looks for comments up to an offset. Between scalars there are only blanks, indicators, anchors and tags, and
// none of those holds a "#".
func (s *commentScan) gap(end int) {
	for s.at < end {
		i := bytes.IndexByte(s.f.Data[s.at:end], '#')
		if i < 0 {
			break
		}
		hash := s.at + i
		s.at = lineEnd(s.f, hash)
		s.found = append(s.found, source.Span{Start: hash, End: s.at})
	}
	s.at = max(s.at, end)
}

func (s *commentScan) leaf(n *source.Node) {
	s.gap(n.Content.Start)
	if isBlockScalar(n) {
		// The first line of a block scalar is "|" with its indicators, and may end with a comment.
		s.gap(lineEnd(s.f, n.Content.Start))
	}
	s.at = max(s.at, n.Content.End)
}

// commentLines writes comments on lines of their own, each with its line break.
func commentLines(f *source.File, comments []source.Span, column int, eol string) string {
	var b strings.Builder
	for _, c := range comments {
		b.WriteString(spaces(column))
		b.WriteString(f.Text(c))
		b.WriteString(eol)
	}
	return b.String()
}

// commentAt returns the comment that is all there is on the rest of a line, if there is one.
func commentAt(f *source.File, offset int) (source.Span, bool) {
	at := skipBlanks(f.Data, offset)
	if at < len(f.Data) && f.Data[at] == '#' {
		return source.Span{Start: at, End: lineEnd(f, at)}, true
	}
	return source.Span{}, false
}
