package patch

import (
	"sort"
	"strings"

	"composelint/internal/source"
)

// Remove removes children of a collection: entries of a mapping or items of a sequence. Where that would leave it empty,
// the entry or item that holds it goes instead, and so on upwards. stop itself is never removed; nil stands for the top
// of the document. Neither is a collection that an alias still uses, or one with a tag such as !override: those are left
// as {} or [], since "key:" alone would be a null.
//
// Every comment is kept. One on a line of its own stays where it is; one that stood inside or behind what is removed
// gets a line of its own, at the column of what was removed.
func Remove(f *source.File, node *source.Node, indexes []int, stop *source.Node) ([]Edit, error) {
	if node == nil || node.Kind != source.Mapping && node.Kind != source.Sequence {
		return nil, refuseKind(f, node, "a mapping or a list")
	}
	indexes, err := tidyIndexes(f, node, indexes)
	if err != nil || len(indexes) == 0 {
		return nil, err
	}
	for len(indexes) == childCount(node) && node != stop && node.Parent != nil {
		if node.IsCustomTag() || hasUsers(f, node) {
			break
		}
		indexes = []int{indexIn(node.Parent, node)}
		node = node.Parent
	}
	return removeChildren(f, node, indexes)
}

func refuseKind(f *source.File, node *source.Node, want string) error {
	if node == nil {
		return refuse(f, 0, "there is nothing here")
	}
	if node.Kind == source.Alias {
		return refuse(f, node.Span.Start, "it is the alias *%s; edit what it stands for", node.Value)
	}
	return refuse(f, node.Span.Start, "it is not %s", want)
}

// indexIn returns the index of the child that holds a node.
func indexIn(parent, node *source.Node) int {
	for i, e := range parent.Entries {
		if e.Value == node || e.Key == node {
			return i
		}
	}
	for i, item := range parent.Items {
		if item == node {
			return i
		}
	}
	return -1
}

// childCount returns the number of entries or items.
func childCount(node *source.Node) int { return max(len(node.Entries), len(node.Items)) }

// tidyIndexes sorts indexes, drops repeated ones and refuses those that are out of range.
func tidyIndexes(f *source.File, node *source.Node, indexes []int) ([]int, error) {
	sorted := append([]int(nil), indexes...)
	sort.Ints(sorted)
	tidy := sorted[:0]
	for i, index := range sorted {
		if index < 0 || index >= childCount(node) {
			return nil, refuse(f, node.Span.Start, "it has no child number %d", index)
		}
		if i == 0 || index != tidy[len(tidy)-1] {
			tidy = append(tidy, index)
		}
	}
	return tidy, nil
}

// removeChildren removes children of a collection, whose indexes are sorted.
func removeChildren(f *source.File, node *source.Node, indexes []int) ([]Edit, error) {
	l, err := layoutOf(f, node)
	if err != nil {
		return nil, err
	}
	var gone []*source.Node
	for _, i := range indexes {
		gone = append(gone, l.nodes(i, i)...)
	}
	if err := exact(f, append(l.neighbours(indexes), gone...)...); err != nil {
		return nil, err
	}
	if isUsed(f, gone) {
		return nil, refuse(f, gone[0].Span.Start, "an alias elsewhere uses an anchor in it")
	}
	if len(indexes) == len(l.children) {
		return l.empty()
	}
	var edits []Edit
	for _, r := range runs(indexes) {
		if l.flow {
			edits = append(edits, l.removeFlow(r)...)
		} else {
			edits = append(edits, l.removeBlock(r)...)
		}
	}
	return joined(edits), nil
}

// run is a row of children that are removed together, from first to last.
type run struct{ first, last int }

func runs(indexes []int) []run {
	var all []run
	for _, i := range indexes {
		if n := len(all); n > 0 && all[n-1].last == i-1 {
			all[n-1].last = i
			continue
		}
		all = append(all, run{i, i})
	}
	return all
}

// nodes returns the keys and values of children.
func (l *layout) nodes(first, last int) []*source.Node {
	var nodes []*source.Node
	for _, c := range l.children[first : last+1] {
		if c.key != nil {
			nodes = append(nodes, c.key)
		}
		nodes = append(nodes, c.value)
	}
	return nodes
}

// neighbours returns the nodes before and behind the children, on whose ends an edit relies.
func (l *layout) neighbours(indexes []int) []*source.Node {
	var nodes []*source.Node
	for _, i := range indexes {
		if i > 0 {
			nodes = append(nodes, l.nodes(i-1, i-1)...)
		}
		if i+1 < len(l.children) && l.children[i+1].key != nil {
			nodes = append(nodes, l.children[i+1].key)
		}
	}
	return nodes
}

// isUsed reports whether an alias outside of the nodes stands for one of them or for something within.
func isUsed(f *source.File, nodes []*source.Node) bool {
	inside := map[*source.Node]bool{}
	anchors := map[*source.Node]bool{}
	for _, node := range nodes {
		node.Walk(func(n *source.Node) bool {
			inside[n] = true
			if n.Anchor != "" {
				anchors[n] = true
			}
			return true
		})
	}
	if len(anchors) == 0 {
		return false
	}
	used := false
	for _, document := range f.Documents {
		document.Walk(func(n *source.Node) bool {
			used = used || n.Kind == source.Alias && anchors[n.Target] && !inside[n]
			return !used
		})
	}
	return used
}

// hasUsers reports whether an alias stands for the node itself.
func hasUsers(f *source.File, node *source.Node) bool {
	if node.Anchor == "" {
		return false
	}
	used := false
	for _, document := range f.Documents {
		document.Walk(func(n *source.Node) bool {
			used = used || n.Kind == source.Alias && n.Target == node
			return !used
		})
	}
	return used
}

// removeBlock removes a row of children, not all, of a block collection.
func (l *layout) removeBlock(r run) []Edit {
	first, last := l.children[r.first], l.children[r.last]
	if r.first == 0 && l.attached() {
		return l.slide(r)
	}
	end := lineBehind(l.f, last.end)
	comments := l.f.CommentsIn(source.Span{Start: first.start, End: end}, l.nodes(r.first, r.last)...)
	if len(comments) == 0 {
		end = gapBehind(l.f, first.start, end)
	}
	var before *child
	if r.first > 0 {
		before = &l.children[r.first-1]
	}
	return []Edit{l.cut(first.start, end, comments, before)}
}

// gapBehind returns the end of the blank lines behind removed ones that would stand at the top of the file, or where
// two blank lines would meet; otherwise the end of the removed lines.
func gapBehind(f *source.File, start, end int) int {
	line := f.LineSpan(start).Start
	atTop := f.Position(line).Line == 1
	if !atTop && !isBlankLine(f.Data[f.LineSpan(line-1).Start:line]) {
		return end
	}
	for end < len(f.Data) {
		stop := lineEnd(f, end)
		if stop == len(f.Data) || !isBlankLine(f.Data[end:stop]) {
			break
		}
		if end = nextLine(f, stop); !atTop {
			break
		}
	}
	return end
}

// slide removes the first children of a collection that begins behind a dash: the next child moves up to the dash.
func (l *layout) slide(r run) []Edit {
	first, next := l.children[r.first], l.children[r.last+1]
	comments := l.f.CommentsIn(source.Span{Start: first.start, End: next.start}, l.nodes(r.first, r.last)...)
	edits := []Edit{{l.f.Name, first.start, next.start, ""}}
	if len(comments) == 0 {
		return edits
	}
	line := l.f.LineSpan(first.start).Start
	dash := columnOf(l.f, skipBlanks(l.f.Data, line))
	text := commentLines(l.f, comments, dash, eolAt(l.f, nextLine(l.f, line)))
	return append([]Edit{{l.f.Name, line, line, text}}, edits...)
}

// cut removes whole lines, from that of start up to end, and leaves the comments at the column of start. before is
// the child of the same collection that stands before them, if there is one.
func (l *layout) cut(start, end int, comments []source.Span, before *child) Edit {
	f := l.f
	column, from, eol := columnOf(f, start), f.LineSpan(start).Start, eolAt(f, end)
	text := commentLines(f, comments, column, eol)
	floor, scalar := 0, (*source.Node)(nil)
	if before != nil {
		floor, scalar = before.end, lastLeaf(before.value)
	}
	if text == "" && isBlockScalar(scalar) {
		end, text = l.shield(end, column, eol, keepsBlanks(f, scalar))
	}
	if text == "" {
		from = l.closeGap(from, end, floor)
	}
	if end < len(f.Data) || end > 0 && f.Data[end-1] == '\n' {
		return Edit{f.Name, from, end, text}
	}
	// The file has no final line break and does not get one, unless the text of a block scalar ends with it.
	if text == "" && !(isBlockScalar(scalar) && from == floor) {
		from = lineBreakBefore(f, from)
	}
	return Edit{f.Name, from, end, strings.TrimSuffix(text, eol)}
}

// lineBreakBefore returns the start of the line break that ends before the offset.
func lineBreakBefore(f *source.File, offset int) int {
	if offset > 0 && f.Data[offset-1] == '\n' {
		offset--
		if offset > 0 && f.Data[offset-1] == '\r' {
			offset--
		}
	}
	return offset
}

// closeGap moves the start of a cut over the blank line before it where another one, or the end of the file, comes
// behind it: two gaps become one.
func (l *layout) closeGap(from, end, floor int) int {
	f := l.f
	if end < len(f.Data) && lineEnd(f, end) != end {
		return from
	}
	previous := lineBreakBefore(f, from)
	line := f.LineSpan(previous)
	if previous == from || line.Len() > 0 || line.Start < floor {
		return from
	}
	return line.Start
}

// shield looks at the lines behind a cut that follows a block scalar: the scalar would take in blank lines, if it
// keeps them, and comments that are indented further than the cut. Such comments are moved to the column, blank lines
// with text-like blanks go.
func (l *layout) shield(end, column int, eol string, keep bool) (newEnd int, text string) {
	f := l.f
	newEnd = end
	var pending string
	for at := end; at < len(f.Data); {
		stop := lineEnd(f, at)
		next := nextLine(f, stop)
		hash := skipBlanks(f.Data, at)
		switch {
		case hash >= stop:
			if hash > at || keep && text == "" {
				newEnd = next
			} else {
				pending += eol
			}
		case f.Data[hash] == '#' && columnOf(f, hash) > column:
			text += pending + spaces(column) + string(f.Data[hash:stop]) + eol
			newEnd, pending = next, ""
		default:
			return newEnd, text
		}
		at = next
	}
	return newEnd, text
}

// empty removes all children and writes {} or [] instead.
func (l *layout) empty() ([]Edit, error) {
	if l.flow {
		return l.emptyFlow(), nil
	}
	s, err := slotOf(l.f, l.node)
	if err != nil {
		return nil, err
	}
	if l.node.Kind == source.Sequence {
		return joined(s.putInline("[]")), nil
	}
	return joined(s.putInline("{}")), nil
}

// removeFlow removes a row of children, not all, of a flow collection.
func (l *layout) removeFlow(r run) []Edit {
	f := l.f
	first, last := l.children[r.first], l.children[r.last]
	nodes := l.nodes(r.first, r.last)
	if line, end, ok := l.ownLines(r); ok {
		edit := l.cut(first.start, end, f.CommentsIn(source.Span{Start: first.start, End: end}, nodes...), nil)
		edit.Start = max(edit.Start, line)
		if r.last < len(l.children)-1 || l.commaBehind(r.last) >= 0 {
			return []Edit{edit}
		}
		return []Edit{l.dropComma(r.first - 1), edit}
	}
	start, end := first.start, 0
	if r.last < len(l.children)-1 {
		end = l.children[r.last+1].start
	} else {
		start, end = l.children[r.first-1].end, last.end
	}
	text := l.inlineComments(start, end, f.CommentsIn(source.Span{Start: start, End: end}, nodes...))
	if text == "" {
		text = gapAt(f, end)
	}
	if text == "" && r.first > 0 && start == l.children[r.first-1].end && l.isOpen(l.children[r.first-1]) {
		text = " "
	}
	return []Edit{{f.Name, start, end, text}}
}

// ownLines returns the lines that a row of children in brackets has for itself, if it has.
func (l *layout) ownLines(r run) (line, end int, ok bool) {
	f := l.f
	first, last := l.children[r.first], l.children[r.last]
	line = f.LineSpan(first.start).Start
	if !isBlankLine(f.Data[line:first.start]) {
		return 0, 0, false
	}
	end = last.end
	if comma := l.commaBehind(r.last); comma >= 0 {
		end = comma + 1
	}
	if !commentAt(f, end) && !isBlankLine(f.Data[end:lineEnd(f, end)]) {
		return 0, 0, false
	}
	return line, nextLine(f, end), true
}

// commaBehind returns the offset of the comma behind a child in brackets, or -1.
func (l *layout) commaBehind(i int) int {
	at := skipSpace(l.f.Data, l.children[i].end)
	if at < l.node.Content.End && l.f.Data[at] == ',' {
		return at
	}
	return -1
}

// dropComma removes the comma behind a child. Where a comment comes right behind, a space takes its place.
func (l *layout) dropComma(i int) Edit {
	comma := l.commaBehind(i)
	return Edit{l.f.Name, comma, comma + 1, gapAt(l.f, comma+1)}
}

// inlineComments writes comments in place of what is removed between brackets.
func (l *layout) inlineComments(start, end int, comments []source.Span) string {
	f := l.f
	var b strings.Builder
	line := f.LineSpan(end).Start
	indent := string(f.Data[line:skipBlanks(f.Data, line)])
	for _, c := range comments {
		if b.Len() == 0 && !isSpace(f.Data[start-1]) {
			b.WriteByte(' ')
		}
		b.WriteString(f.Text(c))
		b.WriteString(eolAt(f, nextLine(f, c.End)))
		b.WriteString(indent)
	}
	return b.String()
}

// emptyFlow removes all that stands between brackets, comments apart.
func (l *layout) emptyFlow() []Edit {
	start, end := l.node.Content.Start+1, l.node.Content.End-1
	comments := l.f.CommentsIn(source.Span{Start: start, End: end}, l.nodes(0, len(l.children)-1)...)
	return []Edit{{l.f.Name, start, end, l.inlineComments(start, end, comments)}}
}
