package config

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of keys in docs/configuration.md anew")

// TestReference compares the table of all keys in the guide with the one that the parser works with.
func TestReference(t *testing.T) {
	const begin, end = "writes it anew. -->\n", "\n## "
	name := filepath.Join("..", "..", "docs", "configuration.md")
	before, rest, found := strings.Cut(guide(t), begin)
	shown, after, hasEnd := strings.Cut(rest, end)
	if !found || !hasEnd {
		t.Fatal("the guide has lost the place of its table")
	}
	want := "\n| key | value | meaning |\n|---|---|---|\n" + rows(table(), "")
	if shown == want {
		return
	}
	if !*update {
		t.Fatalf("the guide shows other keys; -update writes them anew. They are\n%s", want)
	}
	if err := os.WriteFile(name, []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// rows describes the keys of an object, and those within.
func rows(s *shape, path string) string {
	var b strings.Builder
	for _, f := range s.fields {
		needed := ""
		if f.required {
			needed = ", needed"
		}
		fmt.Fprintf(&b, "| `%s%s` | %s%s | %s |\n", path, f.name, describe(f.shape), needed, strings.ReplaceAll(f.about, "*", `\*`))
		b.WriteString(rows(innermost(f.shape), path+f.name+"."))
	}
	return b.String()
}

func innermost(s *shape) *shape {
	for s.of != nil {
		s = s.of
	}
	return s
}

// describe says what a value may be. Lists of words that are longer than a line are for the schema.
func describe(s *shape) string {
	const few = 8
	switch {
	case s.kind == list:
		return "a list: " + describe(s.of)
	case s.kind == mapping:
		return describe(s.keys) + " → " + describe(s.of)
	case s.rules:
		return "a rule"
	case len(s.words) > few:
		return "such as " + s.words[0]
	case s.words != nil:
		return strings.Join(s.words, ", ")
	default:
		return kindNames[s.kind]
	}
}

// TestGuide checks the examples of the guide, as the program reads them and as an editor does with the schema.
func TestGuide(t *testing.T) {
	examples := regexp.MustCompile("(?s)\n```yaml\n(.*?)```\n").FindAllStringSubmatch(guide(t), -1)
	if len(examples) == 0 {
		t.Fatal("the guide has no examples")
	}
	schema := compiledSchema(t)
	for _, example := range examples {
		if err := schema.Validate(asJSON(t, example[1])); err != nil {
			t.Errorf("the schema refuses %s:\n%v", example[1], err)
		}
		if _, problems := Parse("c", []byte(example[1])); len(problems) > 0 {
			t.Errorf("%v in\n%s", problems, example[1])
		}
	}
}

func guide(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
