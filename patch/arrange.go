package patch

import (
	"cmp"
	"slices"

	"composelint/internal/source"
)

// Border says what children are not moved across. Whatever it is, a merge key stays where it is, and so does a comment
// that a blank line sets apart from what follows: it is the heading of a part.
type Border uint8

// The borders, each with those before it.
const (
	// HeadingBorder is a comment that is set apart.
	HeadingBorder Border = iota
	// BlankBorder is a blank line.
	BlankBorder
	// CommentBorder is a comment on lines of its own. Whether it is about one child or several cannot be told, so that the
	// child below it stays.
	CommentBorder
)

// Arrangement is an order of the children of a mapping or list.
type Arrangement struct {
	// Order holds for each place the index of the child that comes there.
	Order []int

	layout *layout
	blocks []block
}

// Arrange puts the children of a mapping or list with lower ranks first, as far as that can be had: no child crosses a
// border, anchors stay before what uses them, and children of one rank keep their order. ranks holds the rank of each
// child. Arranging the outcome again changes nothing.
func Arrange(f *source.File, node *source.Node, ranks []int, border Border) (*Arrangement, error) {
	l, err := layoutOf(f, node)
	if err != nil {
		return nil, err
	}
	if len(ranks) != len(l.children) {
		return nil, refuse(f, node.Span.Start, "it has %d children, and there are %d ranks", len(l.children), len(ranks))
	}
	blocks, err := l.blocks(border)
	if err != nil {
		return nil, err
	}
	s := sorting{ranks: ranks, needs: l.needs(), placed: make([]bool, len(ranks))}
	for first := 0; first < len(blocks); {
		last := first + 1
		for last < len(blocks) && !blocks[last].fixed {
			last++
		}
		s.group(first, last)
		first = last
	}
	return &Arrangement{Order: s.order, layout: l, blocks: blocks}, nil
}

// Edits moves the children to their places. In block style a child takes along the comments that belong to it: those on
// its lines, those right above it, and those behind it that are indented further. Blank lines stay, and so does a comment
// at the top of the file. Between brackets the children change places, and nothing else moves.
func (a *Arrangement) Edits() ([]Edit, error) {
	l := a.layout
	var edits []Edit
	for i, from := range a.Order {
		if from == i {
			continue
		}
		if err := a.movable(from, i); err != nil {
			return nil, err
		}
		edits = append(edits, Edit{l.f.Name, a.blocks[i].Start, a.blocks[i].End, a.text(from, i)})
	}
	if len(edits) > 0 && l.flow && len(l.f.CommentsIn(l.node.Content, l.node)) > 0 {
		return nil, refuse(l.f, l.node.Span.Start, "there are comments between its brackets")
	}
	return joined(edits), nil
}

// text returns what stands for a child at another place. Lines keep their line breaks; but the last line of a file that
// ends without one still does.
func (a *Arrangement) text(from, to int) string {
	f := a.layout.f
	text := f.Text(a.blocks[from].Span)
	switch {
	case a.isUnended(to):
		return text[:lineBreakBefore(f, a.blocks[from].End)-a.blocks[from].Start]
	case a.isUnended(from):
		return text + eolAt(f, a.blocks[to].End)
	default:
		return text
	}
}

// isUnended reports whether a child of a block collection ends at the end of a file without a line break there.
func (a *Arrangement) isUnended(i int) bool {
	end := a.blocks[i].End
	return !a.layout.flow && end == len(a.layout.f.Data) && a.layout.f.Data[end-1] != '\n'
}

// movable refuses a child whose text would be another one at another place.
func (a *Arrangement) movable(from, to int) error {
	f, child := a.layout.f, a.layout.children[from]
	if err := exact(f, a.layout.nodes(from, from)...); err != nil {
		return err
	}
	if a.layout.flow && isUnwritten(child.value) {
		return refuse(f, child.start, "there is nothing behind the key")
	}
	leaf := lastLeaf(child.value)
	if !isBlockScalar(leaf) {
		return nil
	}
	if a.isUnended(from) || a.isUnended(to) || keepsBlanks(f, leaf) || hasBlanksBehind(f, a.blocks[to].End) {
		return refuse(f, leaf.Span.Start, "the lines behind this text are part of it, or would be elsewhere")
	}
	return nil
}

// hasBlanksBehind reports whether one of the blank lines from an offset on holds blanks.
func hasBlanksBehind(f *source.File, at int) bool {
	for ; at < len(f.Data); at = nextLine(f, at) {
		line := f.Data[at:lineEnd(f, at)]
		if len(line) > 0 {
			return isBlankLine(line)
		}
	}
	return false
}

// sorting puts children in order, group by group.
type sorting struct {
	ranks  []int
	needs  [][]int // for each child those that have to come before it
	placed []bool
	order  []int
}

// group places the children from first up to last.
func (s *sorting) group(first, last int) {
	children := make([]int, 0, last-first)
	for i := first; i < last; i++ {
		children = append(children, i)
	}
	s.place(children)
}

// place places children in the order of their ranks, each behind what it needs.
func (s *sorting) place(children []int) {
	slices.SortFunc(children, func(a, b int) int { return cmp.Or(cmp.Compare(s.ranks[a], s.ranks[b]), a-b) })
	for _, i := range children {
		if !s.placed[i] {
			s.placed[i] = true
			s.place(s.needs[i])
			s.order = append(s.order, i)
		}
	}
}

// needs returns for each child the earlier children that have to stay before it, since it uses an anchor in them. Where
// several anchors have one name, none of them changes places with what uses the name.
func (l *layout) needs() [][]int {
	needs := make([][]int, len(l.children))
	names := map[string]*anchored{}
	for i := range l.children {
		for _, node := range l.nodes(i, i) {
			node.Walk(func(n *source.Node) bool {
				switch {
				case n.Kind == source.Alias && names[n.Value] != nil:
					names[n.Value].users = append(names[n.Value].users, i)
					needs[i] = append(needs[i], names[n.Value].holder...)
				case n.Kind == source.Alias:
					names[n.Value] = &anchored{users: []int{i}}
				case n.Anchor != "":
					if other := names[n.Anchor]; other != nil {
						needs[i] = slices.Concat(needs[i], other.holder, other.users)
					}
					names[n.Anchor] = &anchored{holder: []int{i}}
				}
				return true
			})
		}
	}
	return needs
}

// anchored are the children that an anchor concerns.
type anchored struct {
	holder []int // the child that the anchor is in; none for an anchor that stands before all children
	users  []int
}
