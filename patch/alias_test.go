package patch

import (
	"testing"

	"composelint/internal/source"
)

func TestAliasAsValue(t *testing.T) {
	merging := Map{{"<<", Alias("base")}, {"c", Int(3)}}
	tests := []struct {
		name, file, want string
		value            Value
	}{
		{"a merge in a block", "x: &base {a: 1}\ny:\n  b: 2\n", "x: &base {a: 1}\ny:\n  <<: *base\n  c: 3\n", merging},
		{"a merge between brackets", "x: &base {a: 1}\ny: {v: {b: 2}}\n", "x: &base {a: 1}\ny: {v: {<<: *base, c: 3}}\n", merging},
		{"an alias alone", "x: &base {a: 1}\ny: *base\n", "x: &base {a: 1}\ny: *base\n", Alias("base")},
		{"a key like a merge with text", "x: 1\ny: 2\n", "", Map{{"<<", String("base")}}},
		{"a name that is none", "x: 1\ny: 2\n", "", Alias("a b")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := source.Parse("f.yaml", []byte(tt.file))
			if err != nil {
				t.Fatal(err)
			}
			node := f.Root().Lookup("y")
			if inner := node.Lookup("v"); inner != nil {
				node = inner
			}
			edits, err := ReplaceValue(f, node, tt.value)
			if (err != nil) != (tt.want == "") {
				t.Fatalf("error: %v", err)
			}
			if err != nil {
				return
			}
			got, err := Apply(f.Data, edits)
			if err != nil || string(got) != tt.want {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}
