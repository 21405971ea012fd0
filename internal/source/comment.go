package source

import "bytes"

// Comments returns every comment of a file that was parsed, from "#" to the end of the line, in order. A "#" inside a
// text is none.
func (f *File) Comments() []Span {
	if len(f.Documents) == 0 {
		return nil // either there is nothing but comments, or what is a comment cannot be told
	}
	return f.CommentsIn(Span{Start: 0, End: len(f.Data)}, f.Documents...)
}

// CommentsIn returns the comments within a span, from "#" to the end of the line. nodes are those that stand in the
// span, in order; what their scalars hold is text.
func (f *File) CommentsIn(span Span, nodes ...*Node) []Span {
	s := commentScan{data: f.Data, at: span.Start}
	for _, node := range nodes {
		node.Walk(func(n *Node) bool {
			if n.Kind == Scalar || n.Kind == Alias {
				s.leaf(n)
			}
			return true
		})
	}
	s.gap(span.End)
	return s.found
}

type commentScan struct {
	data  []byte
	at    int
	found []Span
}

// gap looks for comments up to an offset. Between scalars there are only blanks, indicators, anchors and tags, and
// none of those holds a "#".
func (s *commentScan) gap(end int) {
	for s.at < end {
		i := bytes.IndexByte(s.data[s.at:end], '#')
		if i < 0 {
			break
		}
		hash := s.at + i
		s.at = lineEnd(s.data, hash)
		s.found = append(s.found, Span{Start: hash, End: s.at})
	}
	s.at = max(s.at, end)
}

func (s *commentScan) leaf(n *Node) {
	s.gap(n.Content.Start)
	if n.Style == Literal || n.Style == Folded {
		// The first line of a block scalar is "|" with its indicators, and may end with a comment.
		s.gap(lineEnd(s.data, n.Content.Start))
	}
	s.at = max(s.at, n.Content.End)
}
