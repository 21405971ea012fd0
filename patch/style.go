package patch

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"

	"composelint/internal/source"
)

// Style is how a file, or the part of it around a place, is written.
type Style struct {
	// Step is the number of columns from a key to the keys below it.
	Step int
	// ListIndent is the number of columns from a key to the dashes below it; 0 where they stand under the key.
	ListIndent int
	// Quote is the quote for strings that need one.
	Quote Quote
	// FlowPadding tells that brackets are written with blanks inside: [ a, b ].
	FlowPadding bool
	// EOL is the line break.
	EOL string
	// FinalNewline tells that the last line ends with a line break.
	FinalNewline bool
	// JSON tells that the file is JSON, too, and has to stay so: each key and each string is in double quotes.
	JSON bool

	dashGap int // columns between a dash and the item
}

// StyleOf returns the style of a file: the majority for each habit, and the common way of writing Compose files where
// the file shows none.
func StyleOf(f *source.File) Style {
	t := tally{left: math.MaxInt}
	for _, document := range f.Documents {
		t.node(f, document)
	}
	return t.style(f)
}

// maxSample is how many nodes of one collection are looked at for the habits around a place. It keeps the cost of an
// edit the same in files of any size.
const maxSample = 500

// styleNear returns the style around a node: each habit comes from the smallest collection around the node that
// shows it, so that a local habit beats a global one.
func styleNear(f *source.File, node *source.Node) Style {
	var all tally
	for n := node; n != nil && !all.complete(); n = n.Parent {
		t := tally{left: maxSample}
		t.node(f, n)
		all.fill(t)
	}
	return all.style(f)
}

// tally counts habits.
type tally struct {
	steps, lists, gaps count
	single, double     int
	padded, tight      int
	left               int // how many more nodes are looked at
}

func (t *tally) node(f *source.File, node *source.Node) {
	if t.left == 0 {
		return
	}
	t.left--
	switch node.Kind {
	case source.Scalar:
		t.quote(node)
	case source.Mapping:
		t.padding(f, node)
		for _, e := range node.Entries {
			if t.left == 0 {
				return
			}
			t.nesting(f, node, e)
			t.node(f, e.Key)
			t.node(f, e.Value)
		}
	case source.Sequence:
		t.padding(f, node)
		if node.Style == source.Block && len(node.Items) > 0 {
			t.dash(f, node)
		}
		for _, item := range node.Items {
			t.node(f, item)
		}
	}
}

func (t *tally) quote(node *source.Node) {
	switch node.Style {
	case source.SingleQuoted:
		t.single++
	case source.DoubleQuoted:
		t.double++
	}
}

func (t *tally) padding(f *source.File, node *source.Node) {
	if node.Style != source.Flow || node.Content.Len() <= 2 {
		return
	}
	if f.Data[node.Content.Start+1] == ' ' {
		t.padded++
	} else {
		t.tight++
	}
}

func (t *tally) nesting(f *source.File, mapping *source.Node, e source.Entry) {
	if mapping.Style != source.Block || e.Value.Style != source.Block || e.Value.Content.Len() == 0 {
		return
	}
	columns := columnOf(f, e.Value.Content.Start) - columnOf(f, e.Key.Span.Start)
	switch {
	case e.Value.Kind == source.Mapping && columns > 0:
		t.steps.add(columns)
	case e.Value.Kind == source.Sequence && columns >= 0:
		t.lists.add(columns)
	}
}

func (t *tally) dash(f *source.File, sequence *source.Node) {
	dash, item := sequence.Content.Start, sequence.Items[0].Span
	if item.Len() > 0 && item.Start <= lineEnd(f, dash) {
		t.gaps.add(item.Start - dash - 1)
	}
}

func (t *tally) complete() bool {
	return t.steps.any() && t.lists.any() && t.gaps.any() && t.single+t.double > 0 && t.padded+t.tight > 0
}

// fill takes from o what t does not know.
func (t *tally) fill(o tally) {
	if !t.steps.any() {
		t.steps = o.steps
	}
	if !t.lists.any() {
		t.lists = o.lists
	}
	if !t.gaps.any() {
		t.gaps = o.gaps
	}
	if t.single+t.double == 0 {
		t.single, t.double = o.single, o.double
	}
	if t.padded+t.tight == 0 {
		t.padded, t.tight = o.padded, o.tight
	}
}

// defaultStep is the indentation of 94 of 100 Compose files.
const defaultStep = 2

func (t *tally) style(f *source.File) Style {
	s := Style{
		Step:         t.steps.most(defaultStep),
		Quote:        DoubleQuote,
		FlowPadding:  t.padded > t.tight,
		EOL:          f.EOL(),
		FinalNewline: bytes.HasSuffix(f.Data, []byte("\n")),
		JSON:         isJSON(f),
		dashGap:      t.gaps.most(1),
	}
	s.ListIndent = t.lists.most(s.Step)
	if t.single > t.double {
		s.Quote = SingleQuote
	}
	return s
}

// isJSON reports whether a file of braces can be read as JSON. Others are not looked at.
func isJSON(f *source.File) bool {
	root := f.Root()
	return root != nil && root.Style == source.Flow && json.Valid(f.Data[root.Content.Start:])
}

// count counts small numbers, such as columns.
type count map[int]int

func (c *count) add(n int) {
	if *c == nil {
		*c = count{}
	}
	(*c)[n]++
}

func (c count) any() bool { return len(c) > 0 }

// most returns the number that was added most often, the smaller of two that are equally common.
func (c count) most(otherwise int) int {
	best := otherwise
	for n, times := range c {
		if times > c[best] || times == c[best] && n < best {
			best = n
		}
	}
	return best
}

// quoteHabits reports whether the keys and the values of a collection are mostly quoted.
func quoteHabits(node *source.Node) (keys, values bool) {
	var k, v int
	for _, e := range node.Entries {
		k += quoteVote(e.Key)
		v += quoteVote(e.Value)
	}
	for _, item := range node.Items {
		v += quoteVote(item)
	}
	return k > 0, v > 0
}

// quoteVote is 1 for a string in quotes, -1 for one without, 0 for anything else.
func quoteVote(node *source.Node) int {
	switch {
	case node.Kind != source.Scalar || node.Tag != "!!str":
		return 0
	case node.Style == source.SingleQuoted || node.Style == source.DoubleQuoted:
		return 1
	default:
		return -1
	}
}

// blankLines tells whether a blank line belongs between two entries of a block mapping, as it often does between
// services. long tells that one of them takes several lines; the gaps between entries of one line follow a habit of
// their own. With too few entries to tell, the other mappings at the top of the file decide.
func blankLines(f *source.File, mapping *source.Node, long bool) bool {
	if blank, known := blankBetween(f, mapping, long); known || !long {
		return blank
	}
	root := f.Root()
	switch {
	case root == nil:
		return false
	case mapping == root:
		return blankBelow(f, root.Entries)
	case mapping.Parent != root:
		return false
	}
	if blank, known := blankBetween(f, mapping, false); known {
		return blank
	}
	if mapping == root.Lookup("services") {
		blank, _ := blankBetween(f, root, true)
		return blank
	}
	// Services are long, and tell nothing about networks and volumes of two lines.
	return blankBelow(f, slices.DeleteFunc(slices.Clone(root.Entries), func(e source.Entry) bool { return e.Key.Value == "services" }))
}

// blankBelow looks for the habit in sections.
func blankBelow(f *source.File, sections []source.Entry) bool {
	for _, e := range sections {
		if blank, known := blankBetween(f, e.Value, true); known {
			return blank
		}
	}
	return false
}

// blankBetween votes over the gaps between the entries, those beside an entry of several lines or the others. The last
// gap breaks a tie.
func blankBetween(f *source.File, mapping *source.Node, long bool) (blank, known bool) {
	if mapping == nil || mapping.Kind != source.Mapping || mapping.Style != source.Block {
		return false, false
	}
	var v vote
	for i := 1; i < len(mapping.Entries); i++ {
		before, behind := mapping.Entries[i-1], mapping.Entries[i]
		if (isLongEntry(f, before) || isLongEntry(f, behind)) == long {
			v.cast(hasBlankLine(f, source.Span{Start: before.Value.Span.End, End: behind.Key.Span.Start}))
		}
	}
	return v.yes(), v.ballots > 0
}

func isLongEntry(f *source.File, e source.Entry) bool {
	return isLong(f, source.Span{Start: e.Key.Span.Start, End: e.Value.Span.End})
}

// vote is a majority in the making.
type vote struct {
	sum, ballots int
	last         bool
}

func (v *vote) cast(yes bool) {
	v.ballots++
	v.last = yes
	if yes {
		v.sum++
	} else {
		v.sum--
	}
}

func (v *vote) yes() bool { return v.sum > 0 || v.sum == 0 && v.last }

// isLong reports whether the text of a span has a line break before its last character.
func isLong(f *source.File, s source.Span) bool {
	return s.Len() > 0 && bytes.IndexByte(f.Data[s.Start:s.End-1], '\n') >= 0
}

// hasBlankLine reports whether a whole line of the gap between two nodes is blank.
func hasBlankLine(f *source.File, gap source.Span) bool {
	start := gap.Start
	if start == 0 || f.Data[start-1] != '\n' {
		start = nextLine(f, start)
	}
	for start < gap.End {
		end := lineEnd(f, start)
		if isBlankLine(f.Data[start:end]) && end < gap.End {
			return true
		}
		start = nextLine(f, end)
	}
	return false
}
