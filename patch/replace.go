package patch

import (
	"strings"

	"composelint/internal/source"
)

// ReplaceValue writes a new value in the place of a node: the value of an entry, or an item. The node may be a null or
// an alias. Its anchor, a custom tag such as !override and every comment stay.
func ReplaceValue(f *source.File, node *source.Node, value Value) ([]Edit, error) {
	s, err := replaceable(f, node, value)
	if err != nil {
		return nil, err
	}
	w := writer{style: styleNear(f, node.Parent)}
	w.quoteValues = quotesLikeSiblings(node, value)
	if s.flow || !isBlock(value) {
		return joined(s.putInline(w.inline(value, s.flow))), nil
	}
	return joined(s.putBlock(w, value)), nil
}

func replaceable(f *source.File, node *source.Node, value Value) (*slot, error) {
	if err := validate(value); err != nil {
		return nil, err
	}
	s, err := slotOf(f, node)
	if err != nil {
		return nil, err
	}
	if node.Parent == nil {
		return nil, refuse(f, node.Span.Start, "it is the whole document")
	}
	if node.Tagged && !node.IsCustomTag() {
		return nil, refuse(f, node.Span.Start, "the new value may not fit the tag %s", node.Tag)
	}
	if err := exact(f, node); err != nil {
		return nil, err
	}
	if isUsed(f, inner(node)) {
		return nil, refuse(f, node.Span.Start, "an alias elsewhere uses an anchor in it")
	}
	if s.flow && len(s.comments()) > 0 {
		return nil, refuse(f, node.Span.Start, "there are comments between its brackets")
	}
	return s, nil
}

// inner returns the keys and values directly below a node.
func inner(node *source.Node) []*source.Node {
	nodes := append([]*source.Node(nil), node.Items...)
	for _, e := range node.Entries {
		nodes = append(nodes, e.Key, e.Value)
	}
	return nodes
}

// quotesLikeSiblings reports whether a new string is to be quoted because most strings beside it are.
func quotesLikeSiblings(node *source.Node, value Value) bool {
	if _, ok := value.(Scalar); !ok || node.Parent == nil {
		return false
	}
	_, values := quoteHabits(node.Parent)
	return values
}

// slot is the place of a node: what introduces it and what it takes.
type slot struct {
	f    *source.File
	node *source.Node
	// head is the offset behind what introduces the node: the ":", the dash, or its own anchor and tag.
	head int
	// column is that of the key or the dash before the node.
	column int
	flow   bool // the node stands inside brackets
	item   bool
}

// slotOf finds the place of a value. A key, and an alias as a key, have none.
func slotOf(f *source.File, node *source.Node) (*slot, error) {
	if err := editable(f, node); err != nil {
		return nil, err
	}
	s := &slot{f: f, node: node, head: node.Content.Start}
	if node.Parent == nil {
		s.column = columnOf(f, node.Content.Start)
		return s, nil
	}
	l, err := layoutOf(f, node.Parent)
	if err != nil {
		return nil, err
	}
	i := indexIn(node.Parent, node)
	if i < 0 || l.children[i].key == node {
		return nil, refuse(f, node.Span.Start, "it is a key")
	}
	c := l.children[i]
	s.flow, s.item, s.column = l.flow, c.key == nil, columnOf(f, c.start)
	switch {
	case node.Span.Start < node.Content.Start:
		s.head = propsEnd(f, node)
	case c.key != nil:
		s.head = colonOf(f, source.Entry{Key: c.key, Value: c.value}) + 1
	case !l.flow:
		s.head = c.start + 1
	}
	if !s.flow && !s.onHeadLine() && node.Kind != source.Sequence && columnOf(f, node.Content.Start) <= s.column {
		return nil, refuse(f, node.Content.Start, "it is not indented further than its key")
	}
	if !s.onHeadLine() && hasTabBelow(f, s.head) {
		return nil, refuse(f, node.Content.Start, "a comment above it is indented with a tab")
	}
	return s, nil
}

// propsEnd returns the end of a node's anchor and tag.
func propsEnd(f *source.File, node *source.Node) int {
	end := node.Span.Start
	for at := end; at < node.Content.Start; at = skipSpace(f.Data, at) {
		for at < node.Content.Start && !isSpace(f.Data[at]) {
			at++
		}
		end = at
	}
	return end
}

// end returns the end of the node's text: for a block scalar that of its last line with text, without the line break.
func (s *slot) end() int {
	end := s.node.Content.End
	if !isBlockScalar(lastLeaf(s.node)) {
		return end
	}
	leaf := lastLeaf(s.node)
	for end > leaf.Content.Start && isSpace(s.f.Data[end-1]) {
		end--
	}
	return lineEnd(s.f, end)
}

// comments returns the comments within the node.
func (s *slot) comments() []source.Span {
	return s.f.CommentsIn(source.Span{Start: s.node.Content.Start, End: s.end()}, s.node)
}

// onHeadLine reports whether the node begins on the line of what introduces it.
func (s *slot) onHeadLine() bool { return s.node.Content.Start <= lineEnd(s.f, s.head) }

// putInline writes text of one line in the place of the node.
func (s *slot) putInline(text string) []Edit {
	f, node := s.f, s.node
	if isUnwritten(node) {
		return []Edit{s.insertAtHead(text)}
	}
	if node.Style == source.Block && !s.onHeadLine() {
		return s.moveToHead(text)
	}
	start, end := node.Content.Start, s.end()
	comments := s.comments()
	if !commentAt(f, end) && len(comments) > 0 {
		text += " " + f.Text(comments[0])
		comments = comments[1:]
	}
	edits := []Edit{{f.Name, start, end, text + gapAt(f, end)}}
	if len(comments) > 0 {
		edits = append(edits, s.linesBehind(end, s.commentLines(comments, s.column+2)))
	}
	return edits
}

// insertAtHead writes text behind what introduces a null.
func (s *slot) insertAtHead(text string) Edit {
	return Edit{s.f.Name, s.head, s.head, " " + text + gapAt(s.f, s.head)}
}

// moveToHead removes the lines of a block collection and writes text behind what introduces it.
func (s *slot) moveToHead(text string) []Edit {
	l := layout{f: s.f, node: s.node}
	start, end := s.node.Content.Start, lineBehind(s.f, s.end())
	comments := s.f.CommentsIn(source.Span{Start: start, End: end}, s.node)
	cut := l.cut(start, end, comments, nil)
	return []Edit{s.insertAtHead(text), cut}
}

func (s *slot) commentLines(comments []source.Span, column int) []string {
	lines := make([]string, len(comments))
	for i, c := range comments {
		lines[i] = spaces(column) + s.f.Text(c)
	}
	return lines
}

// linesBehind inserts whole lines behind the line of an offset.
func (s *slot) linesBehind(offset int, lines []string) Edit {
	return insertLines(s.f, lineBehind(s.f, offset), lines)
}

// insertLines inserts whole lines at the start of a line, or at the end of a file, with or without its final break.
func insertLines(f *source.File, at int, lines []string) Edit {
	eol := eolAt(f, at)
	text := strings.Join(lines, eol)
	if at > 0 && at == len(f.Data) && f.Data[at-1] != '\n' {
		return Edit{f.Name, at, at, eol + text}
	}
	return Edit{f.Name, at, at, text + eol}
}

// putBlock writes a block mapping or list in the place of the node.
func (s *slot) putBlock(w writer, v Value) []Edit {
	f, node := s.f, s.node
	if !isUnwritten(node) && !s.onHeadLine() {
		return s.overwriteLines(w, v)
	}
	if s.item && node.Span.Start == node.Content.Start {
		return s.putBlockAtDash(w, v)
	}
	column := s.blockColumn(w, v)
	lines := w.lines(v, column)
	lines[0] = spaces(column) + lines[0]
	if isUnwritten(node) {
		return []Edit{s.linesBehind(s.head, lines)}
	}
	end := s.end()
	lines = append(s.commentLines(s.comments(), column), lines...)
	return []Edit{{f.Name, s.head, end, gapAt(f, end)}, s.linesBehind(end, lines)}
}

// blockColumn returns the column for a block value on the lines below its key or dash.
func (s *slot) blockColumn(w writer, v Value) int {
	if s.item {
		return s.column + 1 + max(1, w.style.dashGap)
	}
	if _, ok := v.(List); ok {
		return s.column + w.style.ListIndent
	}
	return s.column + w.style.Step
}

// putBlockAtDash writes a block value that begins behind the dash of its item.
func (s *slot) putBlockAtDash(w writer, v Value) []Edit {
	f := s.f
	column := s.blockColumn(w, v)
	if !isUnwritten(s.node) {
		column = columnOf(f, s.node.Content.Start)
	}
	lines := w.lines(v, column)
	first := Edit{f.Name, s.node.Content.Start, s.end(), lines[0]}
	if isUnwritten(s.node) {
		first = Edit{f.Name, s.head, s.head, spaces(column-s.column-1) + lines[0]}
	}
	lines = append(s.commentLines(s.comments(), column), lines[1:]...)
	first.New += gapAt(f, first.End)
	if len(lines) == 0 {
		return []Edit{first}
	}
	return []Edit{first, s.linesBehind(s.end(), lines)}
}

// overwriteLines writes a block value over the lines of another one.
func (s *slot) overwriteLines(w writer, v Value) []Edit {
	f, node := s.f, s.node
	column := columnOf(f, node.Content.Start)
	if _, list := v.(List); list != (node.Kind == source.Sequence) {
		column = s.blockColumn(w, v)
	}
	start, end := f.LineSpan(node.Content.Start).Start, lineEnd(f, s.end())
	comments := f.CommentsIn(source.Span{Start: node.Content.Start, End: end}, node)
	lines := w.lines(v, column)
	lines[0] = spaces(column) + lines[0]
	lines = append(s.commentLines(comments, column), lines...)
	return []Edit{{f.Name, start, end, strings.Join(lines, eolAt(f, nextLine(f, start)))}}
}
