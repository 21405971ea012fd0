package source_test

import (
	"math"
	"reflect"
	"testing"
	"time"

	"composelint/internal/source"
)

func parse(t *testing.T, text string) *source.File {
	t.Helper()
	f, err := source.Parse("compose.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestScalar(t *testing.T) {
	tests := []struct {
		text string
		want any
	}{
		{"x", "x"}, {"'1'", "1"}, {`"a\nb"`, "a\nb"}, {"|\n  x", "x\n"}, {`""`, ""},
		{"", nil}, {"~", nil}, {"null", nil}, {"NULL", nil},
		{"true", true}, {"FALSE", false}, {"yes", "yes"}, {"off", "off"},
		{"0", 0}, {"8080", 8080}, {"-1", -1}, {"+1", 1}, {"0777", 511}, {"0o17", 15}, {"0x1F", 31}, {"0b11", 3}, {"1_000", 1000},
		{"123456789", 123456789}, {"9999999999", 9999999999}, {"18446744073709551615", uint64(math.MaxUint64)},
		{"1.5", 1.5}, {"1e3", 1000.0}, {".inf", math.Inf(1)}, {"22:22", "22:22"}, {"08", 8.0},
		{"2001-01-02", time.Date(2001, 1, 2, 0, 0, 0, 0, time.UTC)},
		{"!!str 1", "1"}, {"!!int '1'", 1}, {"!!int x", "x"}, {"!!bool yes", "yes"}, {"!!bool true", true}, {"!!float 1", 1.0}, {"!!null x", nil},
		{"!reset null", "null"}, {"!x 1", "1"},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			node := parse(t, "- "+test.text+"\n").Root().Items[0]
			if got := node.Scalar(); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %T %v, want %T %v", got, got, test.want, test.want)
			}
		})
	}
}

func TestKey(t *testing.T) {
	root := parse(t, "a: &x [1]\nb: *x\n").Root()
	a, b := root.Entries[0], root.Entries[1]
	if a.Value.Key() != a.Key || b.Value.Key() != b.Key {
		t.Errorf("the keys are %v and %v", a.Value.Key(), b.Value.Key())
	}
	for _, n := range []*source.Node{root, a.Key, a.Value.Items[0]} {
		if key := n.Key(); key != nil {
			t.Errorf("%q has the key %v", n.Value, key)
		}
	}
}

func TestLookup(t *testing.T) {
	root := parse(t, "a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\ne: *x\n'f': 3\nf: 4\n[g]: 5\n").Root()
	if got := root.Lookup("a").Lookup("b"); got == nil || got.Value != "1" {
		t.Errorf("a.b is %v", got)
	}
	if got := root.Lookup("c").Lookup("b"); got != nil {
		t.Errorf("c.b came through the merge: %v", got)
	}
	if got := root.Lookup("e").Resolved(); got != root.Lookup("a") {
		t.Errorf("e stands for %v", got)
	}
	if i, e := root.Entry("f"); i != 3 || e.Value.Value != "3" {
		t.Errorf("the first f is number %d, %v", i, e)
	}
	if i, e := root.Entry("g"); i != -1 || e != nil {
		t.Errorf("the key [g] was found as g: %d, %v", i, e)
	}
	var none *source.Node
	if none.Lookup("a") != nil || none.Resolved() != nil || root.Lookup("f").Lookup("a") != nil {
		t.Error("something was found in nothing")
	}
}

func TestNodeKinds(t *testing.T) {
	root := parse(t, "a: ~\nb:\nc: ''\nd: !reset null\ne: !!str x\n<<: {}\n'<<': 1\n").Root()
	for key, want := range map[string]bool{"a": true, "b": true, "c": false, "d": false} {
		if got := root.Lookup(key).IsNull(); got != want {
			t.Errorf("IsNull of %s is %v", key, got)
		}
	}
	for key, want := range map[string]bool{"a": false, "d": true, "e": false} {
		if got := root.Lookup(key).IsCustomTag(); got != want {
			t.Errorf("IsCustomTag of %s is %v", key, got)
		}
	}
	if key := root.Entries[5].Key; !key.IsMerge() {
		t.Errorf("%s %q is no merge key", key.Tag, key.Value)
	}
	if key := root.Entries[6].Key; key.IsMerge() {
		t.Error("a quoted << is a merge key")
	}
}

func TestWalk(t *testing.T) {
	f := parse(t, "a: [1, {b: 2}]\nc: 3\n")
	var seen []string
	f.Root().Walk(func(n *source.Node) bool {
		seen = append(seen, n.Value)
		return n.Kind != source.Sequence
	})
	if want := []string{"", "a", "", "c", "3"}; !reflect.DeepEqual(seen, want) {
		t.Errorf("got %q, want %q", seen, want)
	}
	(*source.Node)(nil).Walk(func(*source.Node) bool { t.Error("nothing was walked"); return true })
}

func TestHasCycle(t *testing.T) {
	for text, want := range map[string]bool{
		"a: &x\n  b: *x\n": true, "&x\n- k: {l: [*x]}\n": true, "a: &x {b: 1}\nc: {d: *x, e: &y [*x]}\nf: *y\n": false, "": false,
	} {
		if f := parse(t, text); f.HasCycle() != want {
			t.Errorf("%q: got %v", text, !want)
		}
	}
}

func TestAliasOfItself(t *testing.T) {
	f, err := source.Parse("compose.yaml", []byte("a: &x\n  b: *x\n"))
	if err != nil {
		return // refused is right as well
	}
	if a := f.Root().Lookup("a"); a.Lookup("b").Target != a {
		t.Error("the alias stands for something else")
	}
}

func TestQuestionMarkAlone(t *testing.T) {
	for text, fails := range map[string]bool{"a: {?:}\n": true, "a: {?,b: c}\n": true, "a: {? : b}\n": false, "a: {?b: c}\n": false, "? \n: b\n": false} {
		if _, err := source.Parse("compose.yaml", []byte(text)); (err != nil) != fails {
			t.Errorf("%q: %v", text, err)
		}
	}
}
