//go:build unix

package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBigRuns runs the commands of docs/big-runs.md, in their order.
func TestBigRuns(t *testing.T) {
	for _, tool := range []string{"git", "jq", "xargs", "awk", "go"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	recipes := shellBlocks(read(t, filepath.Join("..", "..", "docs", "big-runs.md")))
	if len(recipes) < 7 {
		t.Fatalf("the page has lost its commands: %d are left", len(recipes))
	}
	program := buildProgram(t)
	inRepository(t, map[string]string{
		"compose.yaml": clean, "repositories/a/compose.yaml": old, "repositories/b/docker-compose.yml": old, "repositories/c/compose.yaml": clean,
	})
	write(t, "new/compose.yaml", clean)
	t.Setenv("PATH", filepath.Dir(program)+string(filepath.ListSeparator)+os.Getenv("PATH"))
	for _, recipe := range recipes {
		if strings.Contains(recipe, "jq") { // it wants both shards
			t.Setenv("SHARD", "1")
			shell(t, find(t, recipes, "SHARDS"))
		}
		shell(t, recipe)
	}
	if n := strings.Count(read(t, "findings.jsonl"), "obsolete-version"); n != 2 {
		t.Errorf("%d findings in two shards, want 2:\n%s", n, read(t, "findings.jsonl"))
	}
	for pattern, want := range map[string]int{"reports/all.jsonl": 1, "reports/local-*.jsonl": 1, "reports/shard-*.jsonl": 2} {
		if reports, err := filepath.Glob(pattern); err != nil || len(reports) != want {
			t.Errorf("%s: %q, want %d reports", pattern, reports, want)
		}
	}
}

// shellBlocks returns the blocks of a page that are marked as commands of the shell.
func shellBlocks(page string) []string {
	var blocks []string
	for _, part := range strings.Split(page, "\n```sh\n")[1:] {
		block, _, _ := strings.Cut(part, "\n```\n")
		blocks = append(blocks, block)
	}
	return blocks
}

func find(t *testing.T, recipes []string, word string) string {
	t.Helper()
	for _, recipe := range recipes {
		if strings.Contains(recipe, word) {
			return recipe
		}
	}
	t.Fatalf("no command has the word %s", word)
	return ""
}

// shell runs commands. What they print counts only where they fail.
func shell(t *testing.T, commands string) {
	t.Helper()
	if out, err := exec.Command("sh", "-eu", "-c", commands).CombinedOutput(); err != nil {
		t.Errorf("%s\n%v:\n%s", commands, err, out)
	}
}
