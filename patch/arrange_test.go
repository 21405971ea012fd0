package patch

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"composelint/internal/source"
)

// TestArrangeTwice arranges collections of the seeds at random, and what comes of it again by the same ranks: nothing
// is left to do.
func TestArrangeTwice(t *testing.T) {
	for i, seed := range append(fuzzSeeds, anchorSeeds...) {
		f := mustParse(t, seed)
		for k := range 300 {
			r := rand.New(rand.NewPCG(uint64(i), uint64(k)))
			node := randomNode(f, "arrange", r)
			ranks := make([]int, childCount(node))
			for i := range ranks {
				ranks[i] = r.IntN(len(ranks))
			}
			arrangeTwice(t, f, node, ranks, Border(r.IntN(int(CommentBorder)+1)))
		}
	}
}

func arrangeTwice(t *testing.T, f *source.File, node *source.Node, ranks []int, border Border) {
	t.Helper()
	o := opArrange(f, node, ranks, border)
	check(t, f, o)
	if o.err != nil {
		return
	}
	first, _ := Arrange(f, node, ranks, border)
	data, _ := Apply(f.Data, o.edits)
	again := mustParse(t, string(data))
	ranksNow := make([]int, len(ranks))
	for i, from := range first.Order {
		ranksNow[i] = ranks[from]
	}
	second, err := Arrange(again, sameNode(f, again, node), ranksNow, border)
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	if !slices.IsSorted(second.Order) {
		t.Fatalf("ranks %v border %d: order %v, then %v\n--- before\n%s\n--- after\n%s", ranks, border, first.Order,
			second.Order, f.Data, data)
	}
}

// sameNode returns the node of another file that comes as the same one in the order of the file: what is before a
// collection, and around it, does not move with its children.
func sameNode(f, other *source.File, node *source.Node) *source.Node {
	var path []int
	for n := node; n.Parent != nil; n = n.Parent {
		path = append(path, indexIn(n.Parent, n))
	}
	document := slices.IndexFunc(f.Documents, func(d *source.Node) bool { return d.Span.Start <= node.Span.Start && node.Span.End <= d.Span.End })
	n := other.Documents[document]
	for _, i := range slices.Backward(path) {
		if n.Kind == source.Mapping {
			n = n.Entries[i].Value
		} else {
			n = n.Items[i]
		}
	}
	return n
}

// anchorSeeds are collections whose children use the anchors of others.
var anchorSeeds = []string{
	"z: &z {a: 1}\ny: &y\n  <<: *z\nx: *y\nw: 1\nv: [*z, *y]\n",
	"z: &a 1\ny: *a\nx: &a 2\nw: *a\nv: &b 3\nu: &a 4\nt: *b\n",
}

func TestArrangeLeavesAnchorsFirst(t *testing.T) {
	f := mustParse(t, anchorSeeds[1])
	a, err := Arrange(f, f.Root(), []int{6, 5, 4, 3, 2, 1, 0}, HeadingBorder)
	if err != nil {
		t.Fatal(err)
	}
	edits, err := a.Edits()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Apply(f.Data, edits)
	if want := "v: &b 3\nt: *b\nz: &a 1\ny: *a\nx: &a 2\nw: *a\nu: &a 4\n"; err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

// TestArrangeRefused asks for orders that cannot be had.
func TestArrangeRefused(t *testing.T) {
	blanks := mustParse(t, "b: 1\n  \na: |\n text\n")
	if a, err := Arrange(blanks, blanks.Root(), []int{2, 1}, HeadingBorder); err != nil {
		t.Error(err)
	} else if _, err = a.Edits(); !errors.Is(err, ErrUnsupported) {
		t.Errorf("blanks would become text: %v", err)
	}
	f := mustParse(t, "a: 1\nb: 2\n")
	if _, err := Arrange(f, f.Root(), []int{1}, HeadingBorder); !errors.Is(err, ErrUnsupported) {
		t.Errorf("got %v", err)
	}
	if _, err := Arrange(f, f.Root().Lookup("a"), nil, HeadingBorder); err == nil || !strings.Contains(err.Error(), "neither") {
		t.Errorf("got %v", err)
	}
}

// TestArrangeKeepsLineBreaks moves lines of a file with two kinds of line breaks.
func TestArrangeKeepsLineBreaks(t *testing.T) {
	tests := []struct{ before, after string }{
		{"c: 1\r\nb: 2\na: 3\r\n", "a: 3\r\nb: 2\nc: 1\r\n"},
		{"c: 1\r\nb: 2\na: 3", "a: 3\r\nb: 2\nc: 1"},
		{"b: 1\na: 3\r\n", "a: 3\r\nb: 1\n"},
	}
	for _, tt := range tests {
		f := mustParse(t, tt.before)
		o := opArrange(f, f.Root(), []int{3, 2, 1}[:len(f.Root().Entries)], HeadingBorder)
		got, problem := wrong(f, o.edits, o.want)
		if o.err != nil || problem != "" || string(got) != tt.after {
			t.Errorf("%q becomes %q, %v %s; want %q", tt.before, got, o.err, problem, tt.after)
		}
	}
}
