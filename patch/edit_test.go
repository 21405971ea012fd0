package patch

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func edit(start, end int, text string) Edit {
	return Edit{File: "f", Start: start, End: end, New: text}
}

// A block scalar whose last line loses all of its text would end in other line breaks than its value says.
func TestSetPartKeepsTheEndOfBlocks(t *testing.T) {
	for _, text := range []string{"a: |\n  00\n", "a: |\n  x\n  00\n", "a: >\n  x\n\n  00\n"} {
		f := mustParse(t, text)
		node := f.Root().Lookup("a")
		at := strings.Index(node.Value, "00")
		if edits, err := SetPart(f, node, at, at+2, ""); err == nil {
			t.Errorf("%q: no error, but %v", text, edits)
		}
		if _, err := SetPart(f, node, at, at+2, "1"); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestApply(t *testing.T) {
	tests := []struct {
		what  string
		edits []Edit
		want  string
		err   string
	}{
		{"no edits", nil, "0123456789", ""},
		{"replacement", []Edit{edit(2, 4, "abc")}, "01abc456789", ""},
		{"insertion", []Edit{edit(2, 2, "a")}, "01a23456789", ""},
		{"insertions at both ends", []Edit{edit(0, 0, "a"), edit(10, 10, "b")}, "a0123456789b", ""},
		{"deletion", []Edit{edit(0, 10, "")}, "", ""},
		{"in any order", []Edit{edit(8, 9, "c"), edit(1, 2, "a"), edit(4, 4, "b")}, "0a23b4567c9", ""},
		{"the same edit twice", []Edit{edit(1, 2, "a"), edit(5, 5, "b"), edit(1, 2, "a")}, "0a234b56789", ""},
		{"edits that touch", []Edit{edit(2, 4, "a"), edit(4, 6, "b")}, "01ab6789", ""},
		{"insertion before a replacement", []Edit{edit(2, 4, "a"), edit(2, 2, "b")}, "01ba456789", ""},
		{"overlap", []Edit{edit(2, 5, "a"), edit(4, 6, "b")}, "", "overlaps"},
		{"one within another", []Edit{edit(2, 8, "a"), edit(4, 5, "b")}, "", "overlaps"},
		{"insertion within a replacement", []Edit{edit(2, 8, "a"), edit(4, 4, "b")}, "", "overlaps"},
		{"two replacements of the same bytes", []Edit{edit(2, 3, "a"), edit(2, 3, "b")}, "", "overlaps"},
		{"two insertions at one place", []Edit{edit(2, 2, "a"), edit(2, 2, "b")}, "", "overlaps"},
		{"beyond the end", []Edit{edit(8, 11, "")}, "", "beyond the end"},
		{"before the start", []Edit{edit(-1, 2, "")}, "", "not a range"},
		{"end before start", []Edit{edit(3, 2, "")}, "", "not a range"},
		{"edits of two files", []Edit{edit(1, 2, "a"), {File: "g", Start: 3, End: 4}}, "", "does not belong to f"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			data := []byte("0123456789")
			got, err := Apply(data, test.edits)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v, want %q", err, test.err)
				}
				return
			}
			if err != nil || string(got) != test.want {
				t.Errorf("got %q, %v, want %q", got, err, test.want)
			}
			if len(got) > 0 {
				got[0] = 'x'
			}
			if string(data) != "0123456789" {
				t.Error("the result shares memory with the data")
			}
		})
	}
}

func TestValidate(t *testing.T) {
	size := func(file string) (int, bool) { return len(file), file == "f" || file == "gg" }
	other := Edit{File: "gg", Start: 1, End: 2, New: "x"}
	tests := []struct {
		what  string
		edits []Edit
		err   string
	}{
		{"nothing", nil, ""},
		{"edits of two files", []Edit{edit(0, 1, "a"), other}, ""},
		{"the same edit twice", []Edit{other, other}, ""},
		{"overlap", []Edit{other, edit(0, 1, "a"), {File: "gg", Start: 0, End: 2}}, "overlaps"},
		{"beyond the end", []Edit{other, edit(0, 2, "a")}, "the edit of f at bytes 0 to 2 goes beyond the end"},
		{"unknown file", []Edit{{File: "h"}}, "was not read"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			err := Validate(test.edits, size)
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("got %v, want %q", err, test.err)
			}
		})
	}
}

func TestSet(t *testing.T) {
	g := Edit{File: "g", Start: 2, End: 3, New: "x"}
	tests := []struct {
		what  string
		fixes [][]Edit
		taken []bool
		want  []Edit // of file f
	}{
		{"apart", [][]Edit{{edit(5, 6, "b")}, {edit(1, 2, "a")}}, []bool{true, true}, []Edit{edit(1, 2, "a"), edit(5, 6, "b")}},
		{"overlap", [][]Edit{{edit(1, 4, "a")}, {edit(3, 5, "b")}}, []bool{true, false}, []Edit{edit(1, 4, "a")}},
		{"touch", [][]Edit{{edit(1, 3, "a")}, {edit(3, 5, "b")}}, []bool{true, false}, []Edit{edit(1, 3, "a")}},
		{"touch from the left", [][]Edit{{edit(3, 5, "a")}, {edit(1, 3, "b")}}, []bool{true, false}, []Edit{edit(3, 5, "a")}},
		{"insertions at one place", [][]Edit{{edit(3, 3, "a")}, {edit(3, 3, "b")}}, []bool{true, false}, []Edit{edit(3, 3, "a")}},
		{"the same edit", [][]Edit{{edit(3, 3, "a")}, {edit(3, 3, "a"), edit(7, 8, "b")}}, []bool{true, true}, []Edit{edit(3, 3, "a"), edit(7, 8, "b")}},
		{"all or nothing", [][]Edit{{edit(3, 4, "a")}, {edit(8, 9, "b"), edit(4, 5, "c"), g}}, []bool{true, false}, []Edit{edit(3, 4, "a")}},
		{"a fix may touch itself", [][]Edit{{edit(1, 2, "a"), edit(2, 3, "b")}}, []bool{true}, []Edit{edit(1, 2, "a"), edit(2, 3, "b")}},
		{"a fix that overlaps itself", [][]Edit{{edit(1, 3, "a"), edit(2, 4, "b")}, {edit(2, 2, "c")}}, []bool{false, true}, []Edit{edit(2, 2, "c")}},
		{"the same bytes of two files", [][]Edit{{edit(2, 3, "x")}, {g}}, []bool{true, true}, []Edit{edit(2, 3, "x")}},
		{"no range", [][]Edit{{edit(2, 1, "x")}}, []bool{false}, nil},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			var s Set
			for i, fix := range test.fixes {
				if got := s.Add(fix); got != test.taken[i] {
					t.Errorf("fix %d: taken %v", i, got)
				}
			}
			if got := s.Edits("f"); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestSetEdits(t *testing.T) {
	var s Set
	if len(s.Edits("f")) > 0 {
		t.Error("the empty set has edits")
	}
	s.Add([]Edit{{File: "g"}, {File: "f"}})
	if got := s.Edits("g"); !slices.Equal(got, []Edit{{File: "g"}}) {
		t.Errorf("got %v", got)
	}
	s.Edits("f")[0].New = "changed"
	if s.Edits("f")[0].New != "" {
		t.Error("the edits share memory with the set")
	}
}

// FuzzSet compares a set with the application of its fixes one after the other, from the last place to the first.
func FuzzSet(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(4, seed))
		data := "0123456789abcdefghij"
		var s Set
		var taken []Edit
		for range r.IntN(8) {
			start := r.IntN(len(data) + 1)
			fix := []Edit{edit(start, start+r.IntN(min(4, len(data)+1-start)), fmt.Sprint("<", r.IntN(3), ">"))}
			before := s.Edits("f")
			if s.Add(fix) {
				taken = append(taken, fix...)
			} else if !slices.Equal(before, s.Edits("f")) {
				t.Errorf("%v was refused and changed the set", fix)
			}
		}
		got, err := Apply([]byte(data), s.Edits("f"))
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(taken, compareEdits)
		want := data
		for _, e := range slices.Backward(slices.Compact(taken)) {
			want = want[:e.Start] + e.New + want[e.End:]
		}
		if string(got) != want {
			t.Errorf("%v: got %q, want %q", taken, got, want)
		}
	})
}
