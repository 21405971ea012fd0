package patch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"composelint/internal/source"
)

// The files of testdata/yaml hold one case after the other:
//
//	== what the case shows
//	set services/web/user "1000"
//	-- before
//	…
//	-- after
//	…
//
// The line below the title is the operation; values are YAML. "-- value" brings a value of several lines, "-- refused"
// a part of the expected reason in place of "-- after". A blank line parts the cases. Each case is run as written, with CRLF line breaks, with a
// byte order mark and without the final line break; "-- twins: lf crlf" leaves out the others.
type yamlCase struct {
	name, op, before, after, refused, value, twins string
}

func TestYAMLCases(t *testing.T) {
	files, err := filepath.Glob("testdata/yaml/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range readCases(t, string(data)) {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+c.name, c.run)
		}
	}
}

func readCases(t *testing.T, text string) []yamlCase {
	var cases []yamlCase
	var section *string
	for line := range strings.Lines(text) {
		head := strings.TrimSuffix(line, "\n")
		if name, ok := strings.CutPrefix(head, "== "); ok {
			if section != nil && strings.HasSuffix(*section, "\n\n") {
				*section = strings.TrimSuffix(*section, "\n")
			}
			cases = append(cases, yamlCase{name: name})
			section = &cases[len(cases)-1].op
			continue
		}
		if len(cases) == 0 {
			continue
		}
		c := &cases[len(cases)-1]
		switch {
		case head == "-- before":
			section = &c.before
		case head == "-- after":
			section = &c.after
		case head == "-- value":
			section = &c.value
		case strings.HasPrefix(head, "-- refused: "):
			c.refused = strings.TrimPrefix(head, "-- refused: ")
			section = nil
		case strings.HasPrefix(head, "-- twins: "):
			c.twins = strings.TrimPrefix(head, "-- twins: ")
		case section != nil:
			*section += line
		}
	}
	for i := range cases {
		c := &cases[i]
		c.op = strings.TrimSpace(c.op)
		if c.before == "" || c.op == "" || (c.after == "") == (c.refused == "") {
			t.Errorf("case %q lacks a part", c.name)
		}
	}
	return cases
}

func (c yamlCase) run(t *testing.T) {
	twins := []struct {
		name  string
		apply func(string) string
	}{
		{"lf", func(s string) string { return s }},
		{"crlf", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }},
		{"bom", func(s string) string { return "\ufeff" + s }},
		{"nofinal", func(s string) string { return strings.TrimSuffix(s, "\n") }},
		{"crlf-nofinal", func(s string) string { return strings.TrimSuffix(strings.ReplaceAll(s, "\n", "\r\n"), "\r\n") }},
	}
	for _, twin := range twins {
		if c.twins != "" && !strings.Contains(" "+c.twins+" ", " "+twin.name+" ") {
			continue
		}
		f, err := source.Parse("compose.yaml", []byte(twin.apply(c.before)))
		if err != nil {
			t.Fatalf("%s: %v", twin.name, err)
		}
		op := c.operation(t, f)
		edits, err := op.edits, op.err
		if c.refused != "" {
			if !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), c.refused) {
				t.Fatalf("%s: got %v, want a refusal with %q", twin.name, err, c.refused)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", twin.name, err)
		}
		got, problem := wrong(f, edits, op.want)
		if problem != "" {
			t.Fatalf("%s: %s\n--- result\n%s", twin.name, problem, got)
		}
		if want := twin.apply(c.after); string(got) != want {
			t.Fatalf("%s:\n--- got\n%s\n--- want\n%s\n%q", twin.name, got, want, got)
		}
	}
}

// operation is one call of a builder, and what the file should read as afterwards.
type operation struct {
	name  string
	edits []Edit
	err   error
	want  forest
}

func (c yamlCase) operation(t *testing.T, f *source.File) operation {
	t.Helper()
	words := strings.SplitN(c.op, " ", 2)
	verb, rest := words[0], ""
	if len(words) > 1 {
		rest = words[1]
	}
	var o operation
	switch verb {
	case "set", "bare":
		path, text, _ := strings.Cut(rest, " ")
		s := Scalar{Text: text, Bare: verb == "bare"}
		if verb == "set" {
			s = c.parse(t, text).(Scalar)
			s.Bare, s.Quote = false, AutoQuote
		}
		return opSet(f, find(t, f, path), s)
	case "part":
		path, change, _ := strings.Cut(rest, " ")
		from, to, ok := strings.Cut(change, " => ")
		node := find(t, f, path)
		i := strings.Index(node.Value, from)
		if !ok || i < 0 {
			t.Fatalf("bad part %q of %q", change, node.Value)
		}
		return opPart(f, node, i, i+len(from), strings.TrimSuffix(to, "~"))
	case "rename":
		path, name, _ := strings.Cut(rest, " ")
		parent, i := findChild(t, f, path)
		return opRename(f, parent, i, name)
	case "remove", "remove-up":
		paths, stop, _ := strings.Cut(rest, " stop ")
		var parent *source.Node
		var indexes []int
		for _, path := range strings.Fields(paths) {
			p, i := findChild(t, f, path)
			parent, indexes = p, append(indexes, i)
		}
		if verb == "remove" {
			return opRemove(f, parent, indexes...)
		}
		var at *source.Node
		if stop != "" {
			at = find(t, f, stop)
		}
		return opRemoveUp(f, parent, indexes, at)
	case "insert":
		parts := strings.SplitN(rest, " ", 4)
		parts = append(parts, "")
		return opInsert(f, find(t, f, parts[0]), position(t, parts[1]), Pair{parts[2], c.parse(t, parts[3])})
	case "insert-all":
		parts := strings.SplitN(rest, " ", 3)
		parts = append(parts, "")
		return opInsert(f, find(t, f, parts[0]), position(t, parts[1]), c.parse(t, parts[2]).(Map)...)
	case "item":
		parts := strings.SplitN(rest, " ", 3)
		parts = append(parts, "")
		return opInsertItems(f, find(t, f, parts[0]), position(t, parts[1]), c.parse(t, parts[2]))
	case "replace":
		path, text, _ := strings.Cut(rest, " ")
		return opReplace(f, find(t, f, path), c.parse(t, text))
	case "entry":
		parts := append(strings.SplitN(rest, " ", 3), "")
		return opSetEntry(f, find(t, f, parts[0]), parts[1], c.parse(t, parts[2]))
	case "top":
		key, text, _ := strings.Cut(rest, " ")
		return opTop(f, key, c.parse(t, text))
	case "arrange":
		words := strings.Fields(rest)
		border := map[string]Border{"headings": HeadingBorder, "blanks": BlankBorder, "comments": CommentBorder}[words[1]]
		var ranks []int
		for _, word := range words[2:] {
			ranks = append(ranks, position(t, word))
		}
		return opArrange(f, find(t, f, words[0]), ranks, border)
	}
	t.Fatalf("unknown operation %q", verb)
	return o
}

func position(t *testing.T, s string) int {
	if s == "end" {
		return AtEnd
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// parse reads a value from the operation's line, or else from the value section.
func (c yamlCase) parse(t *testing.T, text string) Value {
	t.Helper()
	if text == "" {
		text = c.value
	}
	f := mustParse(t, "- "+strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ")+"\n")
	v, err := ValueOf(f, f.Root().Items[0])
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// find follows a path of keys and indexes with "/" between them; "." is the top, and "doc2" in front the second
// document.
func find(t *testing.T, f *source.File, path string) *source.Node {
	t.Helper()
	node := f.Root()
	if rest, ok := strings.CutPrefix(path, "doc2"); ok {
		node, path = f.Documents[1], strings.TrimPrefix(rest, "/")
	}
	if path == "." || path == "" {
		return node
	}
	for _, step := range strings.Split(path, "/") {
		if node.Kind == source.Sequence {
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(node.Items) {
				t.Fatalf("no item %q in %q", step, path)
			}
			node = node.Items[i]
			continue
		}
		node = node.Lookup(step)
		if node == nil {
			t.Fatalf("nothing at %q of %q", step, path)
		}
	}
	return node
}

// findChild returns the collection and index of what a path leads to.
func findChild(t *testing.T, f *source.File, path string) (*source.Node, int) {
	t.Helper()
	parent, last := ".", path
	if i := strings.LastIndex(path, "/"); i >= 0 {
		parent, last = path[:i], path[i+1:]
	}
	node := find(t, f, parent)
	if n, err := strconv.Atoi(last); err == nil {
		return node, n
	}
	i, _ := node.Entry(last)
	if i < 0 {
		t.Fatalf("no key %q in %q", last, parent)
	}
	return node, i
}

func opSet(f *source.File, node *source.Node, s Scalar) operation {
	o := operation{name: "set", want: forestOf(f)}
	o.edits, o.err = SetScalar(f, node, s)
	o.want.of[node].put(s)
	return o
}

func opPart(f *source.File, node *source.Node, from, to int, text string) operation {
	o := operation{name: "part", want: forestOf(f)}
	o.edits, o.err = SetPart(f, node, from, to, text)
	value := node.Value[:from] + text + node.Value[to:]
	t := o.want.of[node]
	if o.err != nil || value == node.Value {
		return o
	}
	// A number that stays one keeps its type.
	if result, err := Apply(f.Data, append([]Edit(nil), o.edits...)); err == nil && node.Tag != "!!str" && !node.IsNull() && node.Style == source.Plain && !node.Tagged {
		if got, err := source.Parse(f.Name, result); err == nil && strings.Contains(forestOf(got).String(), fmt.Sprintf("%s &%s %q", node.Tag, node.Anchor, value)) {
			t.text = value
			return o
		}
	}
	t.put(String(value))
	return o
}

func opRename(f *source.File, parent *source.Node, i int, name string) operation {
	o := operation{name: "rename", want: forestOf(f)}
	o.edits, o.err = RenameKey(f, parent, i, name)
	o.want.of[parent.Entries[i].Key].put(String(name))
	return o
}

func opRemove(f *source.File, parent *source.Node, indexes ...int) operation {
	o := operation{name: "remove", want: forestOf(f)}
	o.edits, o.err = Remove(f, parent, indexes, parent)
	o.want.of[parent].removeChildren(indexes...)
	return o
}

func opRemoveUp(f *source.File, parent *source.Node, indexes []int, stop *source.Node) operation {
	o := operation{name: "remove-up", want: forestOf(f)}
	o.edits, o.err = Remove(f, parent, indexes, stop)
	o.want.of[parent].removeChildren(indexes...)
	for n := parent; n != stop && n.Parent != nil && len(o.want.of[n].children) == 0; n = n.Parent {
		if n.IsCustomTag() || aliased(f, n) {
			break
		}
		for i, child := range o.want.of[n.Parent].children {
			if child == o.want.of[n] {
				o.want.of[n.Parent].removeChildren(i)
				break
			}
		}
	}
	return o
}

func aliased(f *source.File, n *source.Node) bool {
	found := false
	for _, d := range f.Documents {
		d.Walk(func(m *source.Node) bool {
			found = found || m.Kind == source.Alias && m.Target == n
			return true
		})
	}
	return found
}

func opInsert(f *source.File, node *source.Node, at int, pairs ...Pair) operation {
	o := operation{name: "insert", want: forestOf(f)}
	o.edits, o.err = InsertEntries(f, node, at, pairs...)
	t := o.want.of[node]
	if node.IsNull() {
		t.put(Map(pairs))
		return o
	}
	if at == AtEnd {
		at = len(t.children)
	}
	if o.err == nil {
		t.insertEntries(at, pairs...)
	}
	return o
}

func opInsertItems(f *source.File, node *source.Node, at int, values ...Value) operation {
	o := operation{name: "item", want: forestOf(f)}
	o.edits, o.err = InsertItems(f, node, at, values...)
	t := o.want.of[node]
	if node.IsNull() {
		t.put(List{Items: values})
		return o
	}
	if at == AtEnd {
		at = len(t.children)
	}
	if o.err == nil {
		t.insertItems(at, values...)
	}
	return o
}

func opReplace(f *source.File, node *source.Node, v Value) operation {
	o := operation{name: "replace", want: forestOf(f)}
	o.edits, o.err = ReplaceValue(f, node, v)
	o.want.of[node].put(v)
	return o
}

func opSetEntry(f *source.File, node *source.Node, key string, v Value) operation {
	o := operation{name: "entry", want: forestOf(f)}
	o.edits, o.err = SetEntry(f, node, key, v)
	if old := node.Lookup(key); old != nil {
		o.want.of[old].put(v)
	} else if o.err == nil {
		t := o.want.of[node]
		t.insertEntries(len(t.children), Pair{key, v})
	}
	return o
}

func opTop(f *source.File, key string, v Value) operation {
	o := operation{name: "top", want: forestOf(f)}
	o.edits, o.err = InsertEntry(f, f.Root(), AtEnd, key, v)
	if o.err == nil {
		t := o.want.of[f.Root()]
		t.insertEntries(len(t.children), Pair{key, v})
	}
	return o
}

func opArrange(f *source.File, node *source.Node, ranks []int, border Border) operation {
	o := operation{name: "arrange", want: forestOf(f)}
	a, err := Arrange(f, node, ranks, border)
	if err != nil {
		o.err = err
		return o
	}
	o.edits, o.err = a.Edits()
	o.want.of[node].arrange(a.Order)
	return o
}
