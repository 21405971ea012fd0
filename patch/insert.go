package patch

import (
	"bytes"
	"strings"

	"composelint/internal/source"
)

// AtEnd as the index of an insertion puts the new entries or items behind all others.
const AtEnd = -1

// InsertEntry adds an entry to a mapping. at is the index that it gets; AtEnd puts it last. In block style it comes
// behind the last line of the entry before it and the deeper comments that belong to that one, and before comments and
// blank lines that belong to what follows. The mapping may be {} or a null.
func InsertEntry(f *source.File, mapping *source.Node, at int, key string, value Value) ([]Edit, error) {
	return InsertEntries(f, mapping, at, Pair{key, value})
}

// InsertEntries adds several entries to a mapping, next to each other.
func InsertEntries(f *source.File, mapping *source.Node, at int, entries ...Pair) ([]Edit, error) {
	m := Map(entries)
	if err := validate(m); err != nil {
		return nil, err
	}
	if mapping != nil && mapping.IsNull() {
		return ReplaceValue(f, mapping, m)
	}
	if mapping == nil || mapping.Kind != source.Mapping {
		return nil, refuseKind(f, mapping, "a mapping")
	}
	for _, p := range m {
		if mapping.Lookup(p.Key) != nil {
			return nil, refuse(f, mapping.Span.Start, "the key %q is there already", p.Key)
		}
	}
	return insert(f, mapping, at, m)
}

// AppendItem adds an item to the end of a sequence, which may be [] or a null.
func AppendItem(f *source.File, sequence *source.Node, value Value) ([]Edit, error) {
	return InsertItems(f, sequence, AtEnd, value)
}

// InsertItems adds items to a sequence, next to each other. at is the index that the first one gets; AtEnd puts them
// last.
func InsertItems(f *source.File, sequence *source.Node, at int, values ...Value) ([]Edit, error) {
	list := List{Items: values}
	if err := validate(list); err != nil {
		return nil, err
	}
	if sequence != nil && sequence.IsNull() {
		return ReplaceValue(f, sequence, list)
	}
	if sequence == nil || sequence.Kind != source.Sequence {
		return nil, refuseKind(f, sequence, "a list")
	}
	return insert(f, sequence, at, list)
}

// insertion is new content for a collection: a Map for a mapping, a List for a sequence.
type insertion struct {
	*layout
	w     writer
	added Value
	at    int
}

func insert(f *source.File, node *source.Node, at int, added Value) ([]Edit, error) {
	if !isBlock(added) {
		return nil, nil
	}
	l, err := layoutOf(f, node)
	if err != nil {
		return nil, err
	}
	n := len(l.children)
	if at == AtEnd {
		at = n
	}
	if at < 0 || at > n {
		return nil, refuse(f, node.Span.Start, "it has no place for a child number %d", at)
	}
	if n > 0 {
		near := max(0, at-1)
		if err := exact(f, l.nodes(near, min(n-1, near+1))...); err != nil {
			return nil, err
		}
	}
	in := insertion{layout: l, w: writer{style: styleNear(f, node)}, added: added, at: at}
	in.w.quoteKeys, in.w.quoteValues = quoteHabits(node)
	switch {
	case n == 0:
		return in.intoEmpty()
	case l.flow:
		return joined(in.intoFlow()), nil
	}
	edits, err := in.intoBlock()
	if err != nil {
		return nil, err
	}
	return joined(edits), nil
}

// intoEmpty fills {} or []. Outside of other brackets, and without a comment between its own, it becomes a block.
func (in insertion) intoEmpty() ([]Edit, error) {
	f, node := in.f, in.node
	inside := source.Span{Start: node.Content.Start + 1, End: node.Content.End - 1}
	flowParent := node.Parent != nil && node.Parent.Style == source.Flow
	if len(f.CommentsIn(inside)) == 0 && !flowParent && node.Parent != nil {
		s, err := slotOf(f, node)
		if err != nil {
			return nil, err
		}
		return joined(s.putBlock(in.w, in.added)), nil
	}
	text := strings.Join(in.flowParts(), ", ") + gapAt(f, inside.Start)
	return []Edit{{f.Name, inside.Start, inside.Start, text}}, nil
}

// flowParts writes the new children as they stand between brackets.
func (in insertion) flowParts() []string {
	if m, ok := in.added.(Map); ok {
		return in.w.flowEntries(m)
	}
	return in.w.flowItems(in.added.(List).Items)
}

// intoFlow adds children between brackets.
func (in insertion) intoFlow() []Edit {
	if in.at < len(in.children) {
		return []Edit{in.beforeInFlow()}
	}
	return in.behindInFlow()
}

func (in insertion) beforeInFlow() Edit {
	f, parts := in.f, in.flowParts()
	start := in.children[in.at].start
	line := f.LineSpan(start).Start
	between := in.separator()
	if isBlankLine(f.Data[line:start]) {
		between = "," + eolAt(f, nextLine(f, line)) + string(f.Data[line:start])
	}
	return Edit{f.Name, start, start, strings.Join(parts, between) + between}
}

// separator returns what stands between children on one line: ", ", or "," where the collection is written so.
func (in insertion) separator() string {
	if len(in.children) > 1 && string(in.f.Data[in.children[0].end:in.children[1].start]) == "," {
		return ","
	}
	return ", "
}

// behindInFlow adds children behind the last one: on lines of their own where that one has a line of its own, and with
// a comma behind them where that one has one.
func (in insertion) behindInFlow() []Edit {
	f, parts := in.f, in.flowParts()
	n := len(in.children) - 1
	last, comma := in.children[n], in.commaBehind(n)
	trailing := ""
	at := last.end
	if comma >= 0 {
		at, trailing = comma+1, ","
	}
	if _, _, own := in.ownLines(run{n, n}); own {
		line := f.LineSpan(last.start).Start
		between := eolAt(f, nextLine(f, line)) + string(f.Data[line:last.start])
		text := between + strings.Join(parts, ","+between) + trailing
		end := lineEnd(f, at)
		if comma >= 0 {
			return []Edit{{f.Name, end, end, text}}
		}
		return []Edit{in.commaAt(last), {f.Name, end, end, text}}
	}
	between := in.separator()
	text := strings.Join(parts, between) + trailing + gapAt(f, at)
	if comma >= 0 {
		return []Edit{{f.Name, at, at, " " + text}}
	}
	edit := in.commaAt(last)
	edit.New += strings.TrimPrefix(between, ",") + text
	return []Edit{edit}
}

// commaAt adds a comma behind the last child, and a space before it where the child would take it in.
func (in insertion) commaAt(last child) Edit {
	text := ","
	if in.isOpen(last) {
		text = " ,"
	}
	return Edit{in.f.Name, last.end, last.end, text}
}

// intoBlock adds children on lines of their own.
func (in insertion) intoBlock() ([]Edit, error) {
	column := in.column()
	if in.at == 0 && in.attached() {
		return []Edit{in.atDash(in.w.lines(in.added, column), column)}, nil
	}
	lines := in.lines(column)
	if in.at == 0 {
		return []Edit{in.first(lines)}, nil
	}
	before := in.children[in.at-1]
	edits := []Edit{insertLines(in.f, in.behind(before.end, column), lines)}
	edit, err := in.endText(before)
	if err != nil || edit == nil {
		return edits, err
	}
	return append(edits, *edit), nil
}

// lines writes the new children, with the blank lines that set the entries of a mapping apart where it has the habit.
func (in insertion) lines(column int) []string {
	entries, ok := in.added.(Map)
	if !ok {
		lines := in.w.lines(in.added, column)
		lines[0] = spaces(column) + lines[0]
		return lines
	}
	var lines []string
	before := in.at > 0 && in.isLongChild(in.at-1)
	for i, p := range entries {
		more := in.w.entry(p, column)
		more[0] = spaces(column) + more[0]
		blank := blankLines(in.f, in.node, before || len(more) > 1)
		if blank && (i > 0 || in.mayFollowBlank()) {
			lines = append(lines, "")
		}
		lines = append(lines, more...)
		if blank && in.at == 0 && i == len(entries)-1 {
			lines = append(lines, "")
		}
		before = len(more) > 1
	}
	return lines
}

func (in insertion) isLongChild(i int) bool {
	c := in.children[i]
	return isLong(in.f, source.Span{Start: c.start, End: c.end})
}

// mayFollowBlank reports whether a blank line may go before the new children: not at the start of the collection, and
// not behind a block scalar that would take it in.
func (in insertion) mayFollowBlank() bool {
	if in.at == 0 {
		return false
	}
	leaf := lastLeaf(in.children[in.at-1].value)
	return !isBlockScalar(leaf) || !keepsBlanks(in.f, leaf)
}

// atDash puts new children before the first one, behind the dash on its line.
func (in insertion) atDash(lines []string, column int) Edit {
	start := in.children[0].start
	eol := eolAt(in.f, nextLine(in.f, start))
	return Edit{in.f.Name, start, start, strings.Join(lines, eol) + eol + spaces(column)}
}

// first puts new children below the key of the collection, or before the first one at the top of the file.
func (in insertion) first(lines []string) Edit {
	f := in.f
	at := f.LineSpan(in.children[0].start).Start
	if in.node.Parent == nil {
		return insertLines(f, at, lines)
	}
	if s, err := slotOf(f, in.node); err == nil && !s.onHeadLine() {
		at = lineBehind(f, s.head)
	}
	return insertLines(f, at, lines)
}

// behind returns the line for what comes after a child that ends at an offset: comments that are indented further
// than the child belong to it and are passed over.
func (in insertion) behind(end, column int) int {
	f := in.f
	at := lineBehind(f, end)
	for line := at; line < len(f.Data); {
		stop := lineEnd(f, line)
		hash := skipBlanks(f.Data, line)
		next := nextLine(f, stop)
		switch {
		case hash >= stop:
		case f.Data[hash] == '#' && columnOf(f, hash) > column:
			at = next
		default:
			return at
		}
		line = next
	}
	return at
}

// endText keeps the value of a block scalar that ends the file without a line break: with a line break behind it, its
// text would end with one too, unless "-" is added to its "|".
func (in insertion) endText(before child) (*Edit, error) {
	f, leaf := in.f, lastLeaf(before.value)
	if !isBlockScalar(leaf) || before.end < len(f.Data) || bytes.HasSuffix(f.Data, []byte("\n")) {
		return nil, nil
	}
	if keepsBlanks(f, leaf) || strings.HasSuffix(leaf.Value, "\n") {
		return nil, refuse(f, leaf.Span.Start, "its text ends with the file, without a line break")
	}
	at := leaf.Content.Start + 1
	for at < len(f.Data) && f.Data[at] >= '0' && f.Data[at] <= '9' {
		at++
	}
	if leaf.Value == "" || at < len(f.Data) && f.Data[at] == '-' || f.Data[leaf.Content.Start+1] == '-' {
		return nil, nil
	}
	return &Edit{f.Name, at, at, "-"}, nil
}
