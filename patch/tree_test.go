package patch

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"composelint/internal/source"
)

// tree is what a reader of the file sees: no bytes, no styles. The tests change it the way an operation says and
// compare it with what the edited file reads as.
type tree struct {
	kind           source.Kind
	tag, text      string
	anchor         string
	keys, children []*tree // keys is empty for a sequence
}

// forest is all documents of a file, with the way from nodes to trees.
type forest struct {
	roots []*tree
	of    map[*source.Node]*tree
}

func forestOf(f *source.File) forest {
	w := forest{of: map[*source.Node]*tree{}}
	for _, document := range f.Documents {
		w.roots = append(w.roots, w.add(document))
	}
	return w
}

func (w forest) add(n *source.Node) *tree {
	t := &tree{kind: n.Kind, tag: n.Tag, text: n.Value, anchor: n.Anchor}
	if n.Kind == source.Scalar && n.Tag == "!!null" {
		t.text = ""
	}
	for _, e := range n.Entries {
		t.keys = append(t.keys, w.add(e.Key))
		t.children = append(t.children, w.add(e.Value))
	}
	for _, item := range n.Items {
		t.children = append(t.children, w.add(item))
	}
	w.of[n] = t
	return t
}

func (w forest) String() string {
	var b strings.Builder
	for _, root := range w.roots {
		root.write(&b, "")
	}
	return b.String()
}

func (t *tree) write(b *strings.Builder, indent string) {
	fmt.Fprintf(b, "%s%d %s &%s %q\n", indent, t.kind, t.tag, t.anchor, t.text)
	for i, child := range t.children {
		if t.kind == source.Mapping {
			t.keys[i].write(b, indent+" ?")
		}
		child.write(b, indent+"  ")
	}
}

func (t *tree) removeChildren(indexes ...int) {
	sorted := slices.Clone(indexes)
	slices.Sort(sorted)
	for _, i := range slices.Backward(slices.Compact(sorted)) {
		t.children = slices.Delete(t.children, i, i+1)
		if t.kind == source.Mapping {
			t.keys = slices.Delete(t.keys, i, i+1)
		}
	}
}

func (t *tree) insertItems(at int, values ...Value) {
	for i, v := range values {
		t.children = slices.Insert(t.children, at+i, treeOf(v))
	}
}

func (t *tree) insertEntries(at int, pairs ...Pair) {
	for i, p := range pairs {
		t.keys = slices.Insert(t.keys, at+i, treeOf(String(p.Key)))
		t.children = slices.Insert(t.children, at+i, treeOf(p.Value))
	}
}

// arrange puts the children in an order, given by their indexes.
func (t *tree) arrange(order []int) {
	keys, children := t.keys, t.children
	t.keys, t.children = nil, nil
	for _, i := range order {
		t.children = append(t.children, children[i])
		if t.kind == source.Mapping {
			t.keys = append(t.keys, keys[i])
		}
	}
}

// put gives the tree another content; its anchor and a custom tag stay.
func (t *tree) put(v Value) {
	n := treeOf(v)
	n.anchor = t.anchor
	if strings.HasPrefix(t.tag, "!") && !strings.HasPrefix(t.tag, "!!") {
		n.tag = t.tag
		if s, ok := v.(Scalar); ok {
			n.text = s.Text
		}
	}
	*t = *n
}

func treeOf(v Value) *tree {
	switch v := v.(type) {
	case Map:
		t := &tree{kind: source.Mapping, tag: "!!map"}
		t.insertEntries(0, v...)
		return t
	case List:
		t := &tree{kind: source.Sequence, tag: "!!seq"}
		t.insertItems(0, v.Items...)
		return t
	case Scalar:
		if !v.Bare {
			return &tree{kind: source.Scalar, tag: "!!str", text: v.Text}
		}
		n := probe(v.Text, false)
		t := &tree{kind: source.Scalar, tag: n.Tag, text: n.Value}
		if n.IsNull() {
			t.text = ""
		}
		return t
	}
	panic("not a value")
}

// commentTexts returns all comments of a file, sorted.
func commentTexts(f *source.File) []string {
	var texts []string
	for _, c := range f.Comments() {
		texts = append(texts, strings.TrimRight(f.Text(c), " \t"))
	}
	sort.Strings(texts)
	return texts
}

// wrong applies edits and says what is wrong with the result, if anything: it must parse, read as want, and hold every
// comment that the file held. The edits must be ordered, apart from each other and within the file.
func wrong(f *source.File, edits []Edit, want forest) (result []byte, problem string) {
	at := -1
	for _, e := range edits {
		if e.File != f.Name || e.Start <= at || e.End < e.Start || e.End > len(f.Data) {
			return nil, fmt.Sprintf("bad edit %+v behind %d", e, at)
		}
		at = e.End
	}
	result, err := Apply(f.Data, edits)
	if err != nil {
		return result, "apply: " + err.Error()
	}
	got, err := source.Parse(f.Name, result)
	if err != nil {
		return result, "the result does not parse: " + err.Error()
	}
	if g, w := forestOf(got).String(), want.String(); g != w {
		return result, firstDifference(g, w)
	}
	if before, after := commentTexts(f), commentTexts(got); !slices.Equal(before, after) {
		return result, fmt.Sprintf("comments were %q and are %q", before, after)
	}
	return result, ""
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	i := 0
	for i < len(g) && i < len(w) && g[i] == w[i] {
		i++
	}
	return fmt.Sprintf("node %d reads as\n%s\nand should read as\n%s", i,
		strings.Join(g[i:min(len(g), i+4)], "\n"), strings.Join(w[i:min(len(w), i+4)], "\n"))
}

func mustParse(t *testing.T, text string) *source.File {
	t.Helper()
	f, err := source.Parse("compose.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return f
}
