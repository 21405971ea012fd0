package report

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"composelint/rules"
)

// TestPages compares the pages of the rules with what the program says of them. "go generate ./rules" writes them anew.
func TestPages(t *testing.T) {
	dir := filepath.Join("..", "..", "docs", "rules")
	want := map[string][]byte{"README.md": page(t, func(w io.Writer) error { return RuleIndex(w, rules.All()) })}
	for _, rule := range rules.All() {
		want[rule.Name+".md"] = page(t, func(w io.Writer) error { return RulePage(w, rule) })
	}
	if *update {
		writePages(t, dir, want)
	}
	for name, content := range want {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		} else if !bytes.Equal(got, content) {
			t.Errorf("%s is not what the program says; write it anew with: go generate ./rules", name)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if want[entry.Name()] == nil {
			t.Errorf("%s is about no rule; delete it", entry.Name())
		}
	}
}

func page(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writePages(t *testing.T, dir string, pages map[string][]byte) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range pages {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPageOfRule checks that a page says everything, and that its prose cannot become markup.
func TestPageOfRule(t *testing.T) {
	rule := &rules.Rule{
		Name: "too-loud", Severity: rules.High, Tier: rules.Strict, Summary: "It is <loud>, or `a|*b*`.",
		Why: "One\nparagraph.\n\nAnother *one*.", Fix: "Turns it down. It is safe.", Bad: "a: 1\n", Good: "a: 0\n",
		Options:    []rules.Option{{Name: "level", Summary: "How loud.", Default: []string{"low"}, Allowed: []string{"low", "high"}}},
		References: []rules.Reference{{Title: "A book [2nd ed.]"}, {Title: "A page", URL: "https://example.com/a"}},
	}
	const want = "# too-loud\n\nSeverity: high. Strictness: strict.\n\nIt is \\<loud>, or `a|*b*`.\n\n" +
		"## Why\n\nOne paragraph.\n\nAnother \\*one\\*.\n\n## Fix\n\nTurns it down. It is safe.\n\n" +
		"## Options\n\n`level`: How loud. There are low, high. Without a choice it is low.\n\n" +
		"## Instead of\n\n```yaml\na: 1\n```\n\n## Write\n\n```yaml\na: 0\n```\n\n" +
		"## References\n\n* A book \\[2nd ed.]\n* [A page](https://example.com/a)\n"
	if got := string(page(t, func(w io.Writer) error { return RulePage(w, rule) })); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	index := string(page(t, func(w io.Writer) error { return RuleIndex(w, []*rules.Rule{rule}) }))
	const row = "| [too-loud](too-loud.md) | high | strict | It is \\<loud>, or `a\\|*b*`. | Turns it down. |\n"
	if !strings.HasSuffix(index, row) {
		t.Errorf("got\n%s\nwant the row\n%s", index, row)
	}
}
