package patch

import (
	"testing"

	"composelint/internal/source"
)

// at finds a node by keys, and by indexes written as "0", "1", ….
func at(t *testing.T, f *source.File, path ...string) *source.Node {
	t.Helper()
	n := f.Root()
	for _, step := range path {
		n = n.Resolved()
		if n.Kind == source.Sequence {
			n = n.Items[int(step[0]-'0')]
			continue
		}
		if n = n.Lookup(step); n == nil {
			t.Fatalf("no %v in the file", path)
		}
	}
	return n
}

func TestDraft(t *testing.T) {
	tests := []struct {
		name, file, want string
		change           func(t *testing.T, f *source.File, d *Draft)
	}{
		{
			name: "removal of the last key and insertion behind it",
			file: "a:\n  x: 1\n  v:\n    - s\n# end\nb: 2\n",
			want: "a:\n  x: 1\n  num: 3\n# end\nb: 2\n",
			change: func(t *testing.T, f *source.File, d *Draft) {
				d.Remove(nil, at(t, f, "a", "v", "0"))
				d.Insert(at(t, f, "a"), "num", Int(3))
			},
		},
		{
			name: "the same between brackets",
			file: "a: {x: 1, v: [s, t]}\n",
			want: "a: {x: 1, num: 3, m: {k: v}}\n",
			change: func(t *testing.T, f *source.File, d *Draft) {
				d.Remove(nil, at(t, f, "a", "v", "0"))
				d.Remove(nil, at(t, f, "a", "v", "1"))
				d.Insert(at(t, f, "a"), "num", Int(3))
				d.Insert(at(t, f, "a"), "m", Map{{"k", String("v")}})
			},
		},
		{
			name: "items keep their places while others go",
			file: "l:\n  - a # one\n  - b\n  - c\n",
			want: "l:\n  # one\n  - b\n  - d\n  - e\n",
			change: func(t *testing.T, f *source.File, d *Draft) {
				d.Remove(nil, at(t, f, "l", "0"))
				d.Set(at(t, f, "l", "2"), String("d"))
				d.Append(at(t, f, "l"), String("e"))
			},
		},
		{
			name: "a key that is set twice",
			file: "a: {x: 1}\nb:\n",
			want: "a: {x: 2}\nb:\n  c: 4\n",
			change: func(t *testing.T, f *source.File, d *Draft) {
				d.SetEntry(at(t, f, "a"), "x", Int(7))
				d.SetEntry(at(t, f, "a"), "x", Int(2))
				d.SetEntry(at(t, f, "b"), "c", Int(4))
			},
		},
		{
			name: "several removals at once, up to a mapping that stays",
			file: "s:\n  a:\n    x: [1, 2]\n    y: 3\n",
			want: "s:\n  a: {}\n",
			change: func(t *testing.T, f *source.File, d *Draft) {
				stop := at(t, f, "s", "a")
				d.Remove(stop, at(t, f, "s", "a", "x", "0"), at(t, f, "s", "a", "y"), at(t, f, "s", "a", "x", "1"))
			},
		},
		{
			name: "changes above and below each other, with other line breaks",
			file: "a: &a\r\n  x: 1\r\nb:\r\n  <<: *a\r\n  y: 'k'\r\n",
			want: "a: &a\r\n  x: 1\r\n  z: 2\r\nb:\r\n  <<: *a\r\n  y: 'm'\r\n  w: 'now'\r\nc: 1\r\n",
			change: func(t *testing.T, f *source.File, d *Draft) {
				d.SetPart(at(t, f, "b", "y"), 0, 1, "m")
				d.Insert(at(t, f, "a"), "z", Int(2))
				d.InsertAfter(at(t, f, "b", "y"), "w", String("now"))
				d.Insert(f.Root(), "c", Int(1))
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := source.Parse("f.yaml", []byte(tt.file))
			if err != nil {
				t.Fatal(err)
			}
			d := NewDraft(f)
			tt.change(t, f, d)
			edits, err := d.Edits()
			if err != nil {
				t.Fatal(err)
			}
			got, err := Apply(f.Data, edits)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestDraftStopsAtTheFirstError(t *testing.T) {
	f, err := source.Parse("f.yaml", []byte("a: {? x : 1}\nb: 2\n"))
	if err != nil {
		t.Fatal(err)
	}
	d := NewDraft(f)
	d.Insert(at(t, f, "a"), "num", Int(3))
	d.Set(at(t, f, "b"), Int(4))
	if _, err := d.Edits(); err == nil {
		t.Error("an edit beside an explicit key was not refused")
	}
}

func TestDraftWithoutChanges(t *testing.T) {
	f, err := source.Parse("f.yaml", []byte("a: 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	d := NewDraft(f)
	d.Set(at(t, f, "a"), Int(1))
	if edits, err := d.Edits(); err != nil || len(edits) > 0 {
		t.Errorf("got %v, %v", edits, err)
	}
}
