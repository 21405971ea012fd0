package patch

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"composelint/internal/source"
)

func TestValueOf(t *testing.T) {
	tests := []struct {
		what, text, want string // the value of the key "a", written below "b:"
	}{
		{"plain text", "a: text", "b: text"},
		{"quotes are kept", "a: ['x', \"y\", z]", "b: ['x', \"y\", z]"},
		{"numbers are kept as they are written", "a: [0777, 1e3, 0x1F]", "b: [0777, 1e3, 0x1F]"},
		{"block list", "a:\n- x\n- {k: v}", "b:\n  - x\n  - k: v"},
		{"nulls", "a: {x: , z: ~}", "b:\n  x:\n  z:"},
		{"comments and anchors stay behind", "a: # c\n  &x k: &y v # d", "b:\n  k: v"},
		{"aliases are followed", "x: &x {k: v}\na: [*x, *x]", "b: [{k: v}, {k: v}]"},
		{"literal", "a: |\n  x\n  y\n", `b: "x\ny\n"`},
		{"string tag", "a: !!str 5", `b: "5"`},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			f := mustParse(t, test.text)
			v, err := ValueOf(f, f.Root().Lookup("a"))
			if err != nil {
				t.Fatal(err)
			}
			lines := writer{style: StyleOf(mustParse(t, "a: 1"))}.lines(Map{{"b", v}}, 0)
			if got := strings.Join(lines, "\n"); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestValueOfRefuses(t *testing.T) {
	bomb := "x0: &x0 [y, y]\n"
	for i := range 30 {
		bomb += fmt.Sprintf("x%d: &x%d [*x%d, *x%d]\n", i+1, i+1, i, i)
	}
	tests := []struct{ what, text, want string }{
		{"merge", "x: &x {}\na: {<<: *x}", "merge"},
		{"own tag", "a: !reset null", "!reset cannot be restated"},
		{"number tag", "a: !!float 1", "!!float cannot be restated"},
		{"list as a key", "a: {[x]: y}", "key that is not text"},
		{"anchors within anchors", bomb + "a: *x30", "too large"},
		{"nested too deep", "a: " + strings.Repeat("[", 60) + strings.Repeat("]", 60), "too large"},
		{"nothing", "b: 1", "nothing to restate"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			f := mustParse(t, test.text)
			if _, err := ValueOf(f, f.Root().Lookup("a")); !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestValuesThatCannotBeWritten(t *testing.T) {
	deep := Value(String("x"))
	for range 60 {
		deep = List{Items: []Value{deep}}
	}
	tests := []struct {
		what  string
		value Value
		want  string
	}{
		{"nothing", nil, "not a value"},
		{"not UTF-8", String("\xff"), "not UTF-8"},
		{"bare text with a blank", Scalar{Text: "a b", Bare: true}, "without quotes"},
		{"bare text that ends with a colon", Scalar{Text: "a:", Bare: true}, "without quotes"},
		{"bare nothing", Scalar{Bare: true}, "without quotes"},
		{"a key twice", Map{{"a", String("")}, {"a", String("")}}, "comes twice"},
		{"merge key", Map{{"<<", String("")}}, "merge key"},
		{"a key that is not UTF-8", Map{{"\xff", String("")}}, "not UTF-8"},
		{"long key", Map{{strings.Repeat("x", 501), String("")}}, "longer than 500 bytes"},
		{"inside a list", List{Items: []Value{Map{{"a", List{Items: []Value{String("\xff")}}}}}}, "not UTF-8"},
		{"nested too deep", deep, "nested too deeply"},
	}
	f := mustParse(t, "a: 1\nb: []\nc: {}\n")
	root := f.Root()
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			_, replace := ReplaceValue(f, root.Lookup("a"), test.value)
			_, item := AppendItem(f, root.Lookup("b"), test.value)
			_, entry := InsertEntry(f, root.Lookup("c"), AtEnd, "k", test.value)
			_, top := InsertEntry(f, f.Root(), AtEnd, "d", test.value)
			for _, err := range []error{replace, item, entry, top} {
				if !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v, want %q", err, test.want)
				}
			}
		})
	}
}

// TestBuildersRefuseWhatIsNoPlace gives every builder nothing, a node of another kind, one of another file, and a child
// that is not there.
func TestBuildersRefuseWhatIsNoPlace(t *testing.T) {
	f, other := mustParse(t, "a: 1\nb: [x]\nc: {k: v}\n"), mustParse(t, "a: 1\nb: [x]\nc: {k: v}\n")
	a, b, c := f.Root().Lookup("a"), f.Root().Lookup("b"), f.Root().Lookup("c")
	elsewhere := other.Root()
	text := String("new")
	calls := map[string]func() ([]Edit, error){
		"set nothing":                 func() ([]Edit, error) { return SetScalar(f, nil, text) },
		"set a list":                  func() ([]Edit, error) { return SetScalar(f, b, text) },
		"set a key":                   func() ([]Edit, error) { return SetScalar(f, f.Root().Entries[0].Key, text) },
		"set elsewhere":               func() ([]Edit, error) { return SetScalar(f, elsewhere.Lookup("a"), text) },
		"part of nothing":             func() ([]Edit, error) { return SetPart(f, nil, 0, 0, "x") },
		"part beyond the end":         func() ([]Edit, error) { return SetPart(f, a, 0, 2, "x") },
		"part before the start":       func() ([]Edit, error) { return SetPart(f, a, -1, 0, "x") },
		"part elsewhere":              func() ([]Edit, error) { return SetPart(f, elsewhere.Lookup("a"), 0, 1, "x") },
		"rename in nothing":           func() ([]Edit, error) { return RenameKey(f, nil, 0, "x") },
		"rename in a list":            func() ([]Edit, error) { return RenameKey(f, b, 0, "x") },
		"rename what is not there":    func() ([]Edit, error) { return RenameKey(f, c, 1, "x") },
		"rename to a merge":           func() ([]Edit, error) { return RenameKey(f, c, 0, "<<") },
		"remove from nothing":         func() ([]Edit, error) { return Remove(f, nil, []int{0}, nil) },
		"remove from a value":         func() ([]Edit, error) { return Remove(f, a, []int{0}, nil) },
		"remove what is not there":    func() ([]Edit, error) { return Remove(f, b, []int{1}, nil) },
		"remove elsewhere":            func() ([]Edit, error) { return Remove(f, elsewhere, []int{0}, nil) },
		"insert into nothing":         func() ([]Edit, error) { return InsertEntry(f, nil, AtEnd, "x", text) },
		"insert into a list":          func() ([]Edit, error) { return InsertEntry(f, b, AtEnd, "x", text) },
		"insert beyond the end":       func() ([]Edit, error) { return InsertEntry(f, c, 2, "x", text) },
		"insert elsewhere":            func() ([]Edit, error) { return InsertEntry(f, elsewhere, AtEnd, "x", text) },
		"append to a mapping":         func() ([]Edit, error) { return AppendItem(f, c, text) },
		"insert item before the list": func() ([]Edit, error) { return InsertItems(f, b, -2, text) },
		"replace nothing":             func() ([]Edit, error) { return ReplaceValue(f, nil, text) },
		"replace elsewhere":           func() ([]Edit, error) { return ReplaceValue(f, elsewhere.Lookup("b"), text) },
		"entry of nothing":            func() ([]Edit, error) { return SetEntry(f, nil, "x", text) },
		"section of an empty file": func() ([]Edit, error) {
			return InsertEntry(source.NewFile("f", nil), nil, AtEnd, "x", text)
		},
	}
	for what, call := range calls {
		if edits, err := call(); !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s: got %v, %v", what, edits, err)
		}
	}
}

func TestNothingToDo(t *testing.T) {
	f := mustParse(t, "a: 1\nb: [x]\nc: {k: v}\nd: text\ne: {}\n")
	root := f.Root()
	calls := map[string]func() ([]Edit, error){
		"same number":  func() ([]Edit, error) { return SetScalar(f, root.Lookup("a"), Int(1)) },
		"same text":    func() ([]Edit, error) { return SetScalar(f, root.Lookup("d"), String("text")) },
		"same part":    func() ([]Edit, error) { return SetPart(f, root.Lookup("d"), 1, 2, "e") },
		"same key":     func() ([]Edit, error) { return RenameKey(f, root, 0, "a") },
		"no entries":   func() ([]Edit, error) { return InsertEntries(f, root, AtEnd) },
		"no items":     func() ([]Edit, error) { return InsertItems(f, root.Lookup("b"), AtEnd) },
		"no removal":   func() ([]Edit, error) { return Remove(f, root.Lookup("b"), nil, nil) },
		"no removal 2": func() ([]Edit, error) { return Remove(f, root.Lookup("e"), nil, nil) },
	}
	for what, call := range calls {
		if edits, err := call(); err != nil || len(edits) > 0 {
			t.Errorf("%s: got %v, %v", what, edits, err)
		}
	}
}
