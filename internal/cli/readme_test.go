package cli_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the program's output into the README")

// TestREADME checks that the README shows what its first command prints.
func TestREADME(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	const command, begin, end = "$ go run ./cmd/composelint ", "```diff\n", "```\n"
	text := read(t, "README.md")
	_, rest, found := strings.Cut(text, command)
	arguments, rest, _ := strings.Cut(rest, "\n")
	_, rest, hasBegin := strings.Cut(rest, begin)
	shown, rest, hasEnd := strings.Cut(rest, end)
	if !found || !hasBegin || !hasEnd {
		t.Fatal("the README has lost its first command or its output")
	}
	r := runWith(t, t.Context(), "", nil, strings.Fields(arguments)...)
	if r.stdout == shown && r.stderr == "" {
		return
	}
	if !*update {
		t.Fatalf("the README shows something else; -update writes it anew. It is\n%s%s", r.stdout, r.stderr)
	}
	before := text[:len(text)-len(rest)-len(end)-len(shown)]
	if err := os.WriteFile("README.md", []byte(before+r.stdout+end+rest), 0o644); err != nil {
		t.Fatal(err)
	}
}
