package source_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"composelint/internal/source"
)

// TestCost parses large hostile files, valid and broken, and asks for the place of every node.
func TestCost(t *testing.T) {
	if testing.Short() {
		t.Skip("large files")
	}
	tests := []struct {
		what, text string
		valid      bool
	}{
		{"services", repeat("  s%d:\n    image: x:%d # c\n    ports: [\"%d:80\"]\n", "services:\n"), true},
		{"one line of flow items", "[" + strings.Repeat("é, ", big/4) + "x]", true},
		{"one line of flow pairs", "{" + repeat("k%d: v, ", "") + "x: y}", true},
		{"one long plain scalar", "a: " + strings.Repeat("x ", big/2) + "\n", true},
		{"one long quoted scalar", "a: '" + strings.Repeat("é ", big/3) + "'\n", true},
		{"one plain scalar over many lines", "a:\n" + strings.Repeat("  x\n", big/4), true},
		{"one literal of many lines", "a: |\n" + strings.Repeat("  x\n", big/4), true},
		{"many short literals", repeat("- |\n  x%d\n\n", ""), true},
		{"literals before many blank lines", strings.Repeat("- |\n"+strings.Repeat("\n", 1000), big/1004), true},
		{"comments", "a: 1\n" + strings.Repeat("# comment\n", big/10) + "b: 2\n", true},
		{"nulls with anchors before comments", strings.Repeat("- &a\n"+strings.Repeat("# c\n", 250), big/1005), true},
		{"nested flow lists", "[" + strings.Repeat(strings.Repeat("[", 400)+strings.Repeat("]", 400)+",", big/2/801) + "]", true},
		{"nested lists of dashes", strings.Repeat(strings.Repeat("- ", 400)+"x\n", big/2/802), true},
		{"aliases of aliases", bomb(), true},
		{"aliases of one anchor", "a: &x [1, 2]\nb:\n" + strings.Repeat("- *x\n", big/5), true},
		{"nested too deep", strings.Repeat("[", big), false},
		{"nested too deep with dashes", strings.Repeat("- ", big/2), false},
		{"broken at the end", repeat("- a: %d\n", "") + "b: 1\n", false},
		{"broken at the end of one construct", "x: 1\na:\n" + repeat("  k%d: v\n", "") + " b: 1\n", false},
		{"broken at the start", "a: b: c\n" + repeat("k%d: v\n", ""), false},
		{"broken behind comments", "a:\n  b: c\n" + strings.Repeat(" # c\n", big/5) + " d: e\n", false},
		{"quote left open", "a: \"" + strings.Repeat("x: y\n", big/5), false},
		{"bracket left open", "a: [" + strings.Repeat("x,\n", big/3), false},
		{"unknown alias at the end", repeat("- a: %d\n", "") + "- *b\n", false},
		{"unusual line breaks", "a: 1\u2028" + strings.Repeat("# x\u2028\r", big/7), true},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			start := time.Now()
			f, err := source.Parse("compose.yaml", []byte(test.text))
			parsed := time.Since(start)
			if (err == nil) != test.valid {
				t.Error(err)
			}
			for _, document := range f.Documents {
				document.Walk(func(n *source.Node) bool {
					f.Position(n.Span.Start)
					return true
				})
			}
			// The limit leaves room for a slow and busy machine; a cost that grows with the square takes minutes.
			took := time.Since(start)
			if took > 30*time.Second {
				t.Errorf("took %v, parsing %v", took, parsed)
			}
			t.Logf("%d bytes, parsed in %v, places found in %v", len(test.text), parsed, took-parsed)
		})
	}
}

// repeat writes a text with running numbers until the file is big enough.
func repeat(format, head string) string {
	var b strings.Builder
	b.WriteString(head)
	for i := 0; b.Len() < big; i++ {
		args := make([]any, strings.Count(format, "%"))
		for j := range args {
			args[j] = i
		}
		fmt.Fprintf(&b, format, args...)
	}
	return b.String()
}

// bomb is a file of anchors that each stand for ten of the one before.
func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 x\n")
	for i := 1; b.Len() < big; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	return b.String()
}
