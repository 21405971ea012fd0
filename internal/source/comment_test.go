package source

import (
	"slices"
	"testing"
)

func TestComments(t *testing.T) {
	tests := []struct {
		what, text string
		want       []string
	}{
		{"on lines of their own", "# a\nk: v\n  # b\n", []string{"# a", "# b"}},
		{"behind a value", "k: v # a\n", []string{"# a"}},
		{"with CRLF", "k: v # a\r\n# b\r\n", []string{"# a", "# b"}},
		{"without final line break", "k: v # a", []string{"# a"}},
		{"in a plain text", "k: v#a\nl: http://x/#b\n", nil},
		{"in quotes", "k: 'a # b'\nl: \"c # d\"\n", nil},
		{"in quotes over lines", "k: 'a\n  # b\n  c' # d\n", []string{"# d"}},
		{"in a block scalar", "k: | # a\n  # b\n  c\n# d\n", []string{"# a", "# d"}},
		{"in a folded scalar without text", "k: > # a\n# b\nl: v\n", []string{"# a", "# b"}},
		{"between brackets", "k: [ # a\n  1, # b\n  # c\n] # d\n", []string{"# a", "# b", "# c", "# d"}},
		{"right behind a comma", "k: [1,# a\n  2]\n", []string{"# a"}},
		{"behind an anchor and a tag", "k: &x !!str # a\n  v\n", []string{"# a"}},
		{"behind an alias", "k: &x v\nl: *x # a\n", []string{"# a"}},
		{"in a key", "'# a': v\n", nil},
		{"in several documents", "# a\nk: v\n--- # b\nl: v # c\n... # d\n", []string{"# a", "# b", "# c", "# d"}},
		{"behind a null", "k: # a\nl: ~ # b\n", []string{"# a", "# b"}},
		{"two marks", "k: v # a # b\n", []string{"# a # b"}},
		{"nothing but a comment", "# a\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			f, err := Parse("f", []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range f.Comments() {
				got = append(got, f.Text(c))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCommentsIn(t *testing.T) {
	f, err := Parse("f", []byte("# a\nk: # b\n  - '# c' # d\n  # e\nl: v\n"))
	if err != nil {
		t.Fatal(err)
	}
	value := f.Root().Entries[0].Value
	var got []string
	for _, c := range f.CommentsIn(value.Span, value) {
		got = append(got, f.Text(c))
	}
	if len(got) != 0 {
		t.Errorf("within the value: %q", got)
	}
	for _, c := range f.CommentsIn(Span{f.Root().Entries[0].Key.Span.End, f.Root().Entries[1].Key.Span.Start}, value) {
		got = append(got, f.Text(c))
	}
	if want := []string{"# b", "# d", "# e"}; !slices.Equal(got, want) {
		t.Errorf("from key to key: got %q, want %q", got, want)
	}
}
