package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"composelint/internal/cli"
)

// The rules of these tests: one whose fix is safe, and one whose fix is not. What other rules say does not matter
// here.
const someRules = "--only=privileged-container,obsolete-version"

const (
	clean      = "services:\n  web:\n    image: nginx:1.27.2\n"
	old        = "version: \"3\"\n" + clean
	privileged = clean + "    privileged: true\n"
)

// result is what a run leaves.
type result struct {
	status         int
	stdout, stderr string
}

// run runs the program in the current directory.
func run(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	return runWith(t, context.Background(), stdin, nil, append([]string{someRules}, args...)...)
}

func runWith(t *testing.T, ctx context.Context, stdin string, environ []string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := cli.Command{Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr, Environ: environ}
	status := c.Main(ctx, args)
	return result{status, stdout.String(), stderr.String()}
}

// inDirectory makes files in a new directory and goes there.
func inDirectory(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		write(t, filepath.Join(dir, name), content)
	}
	t.Chdir(dir)
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// check compares a result with what is wanted of it: the status, and texts in the two outputs.
func (r result) check(t *testing.T, status int, stdout, stderr string) {
	t.Helper()
	if r.status != status {
		t.Errorf("status %d, want %d", r.status, status)
	}
	if !strings.Contains(r.stdout, stdout) || stdout == "" && r.stdout != "" {
		t.Errorf("standard output misses %q:\n%s", stdout, r.stdout)
	}
	if !strings.Contains(r.stderr, stderr) || stderr == "" && r.stderr != "" {
		t.Errorf("standard error misses %q:\n%s", stderr, r.stderr)
	}
	if t.Failed() {
		t.Logf("standard output:\n%s\nstandard error:\n%s", r.stdout, r.stderr)
	}
}

func TestExitStatus(t *testing.T) {
	files := map[string]string{"clean.yaml": clean, "old.yaml": old, "privileged.yaml": privileged, "broken.yaml": "a: [\n"}
	tests := []struct {
		name           string
		args           []string
		status         int
		stdout, stderr string
	}{
		{"nothing found", []string{"clean.yaml"}, 0, "No findings in 1 project.", ""},
		{"something found", []string{"old.yaml"}, 1, "1 finding (1 low), 1 can be fixed: run again with --fix", ""},
		{"less severe than --fail-on", []string{"--fail-on=medium", "old.yaml"}, 0, "1 finding (1 low)", ""},
		{"more severe than --fail-on", []string{"--fail-on=medium", "privileged.yaml"}, 1, "1 finding (1 critical)", ""},
		{"never", []string{"--fail-on=never", "privileged.yaml"}, 0, "1 finding", ""},
		{"less severe than --min-severity", []string{"--min-severity=medium", "old.yaml"}, 0, "No findings", ""},
		{"a missing file", []string{"clean.yaml", "nowhere.yaml"}, 2, "", "composelint: nowhere.yaml: no such file"},
		{"a missing file does not stop the others", []string{"nowhere.yaml", "old.yaml"}, 2, "1 finding", "nowhere.yaml"},
		{"a file that no rule of the run checks", []string{"broken.yaml"}, 2, "", "line 1 of broken.yaml is not YAML"},
		{"nothing is left after --fix", []string{"--fix", "old.yaml"}, 0, "1 fixed, 0 left", ""},
		{"something is left after --fix", []string{"--fix", "privileged.yaml"}, 1, "1 can be fixed with --unsafe-fixes", ""},
		{"what is left after --fix is less severe", []string{"--fix", "--fail-on=never", "privileged.yaml"}, 0, "0 fixed, 1 left", ""},
		{"an unknown flag", []string{"--recusive"}, 2, "", "unknown flag: --recusive; did you mean --recursive?"},
		{"an unknown rule", []string{"--disable=obsolete-versoin"}, 2, "", `there is no rule "obsolete-versoin"; did you mean obsolete-version?`},
		{"an unknown format", []string{"--format=xml"}, 2, "", "it is one of text, compact, markdown, json"},
		{"a misspelt format", []string{"--format=srif"}, 2, "", "; did you mean sarif?"},
		{"an unknown severity", []string{"--fail-on=bad"}, 2, "", "info, low, medium, high, critical, never"},
		{"an unknown strictness", []string{"--strictness=very"}, 2, "", "default, strict, pedantic"},
		{"two flags that exclude each other", []string{"--fix", "--diff"}, 2, "", "exclude each other"},
		{"a missing env file", []string{"--env-file=nowhere.env", "clean.yaml"}, 2, "", "--env-file nowhere.env: no such file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inDirectory(t, files)
			run(t, "", test.args...).check(t, test.status, test.stdout, test.stderr)
		})
	}
}

func TestOutputs(t *testing.T) {
	const diff = "--- a/compose.yaml\n+++ b/compose.yaml\n@@ -1,4 +1,3 @@\n-version: \"3\"\n services:\n   web:\n     image: nginx:1.27.2\n"
	inDirectory(t, map[string]string{"compose.yaml": old, "privileged.yaml": privileged})

	r := run(t, "")
	r.check(t, 1, "compose.yaml:1:1: low: ", "")
	if !strings.HasSuffix(r.stdout, "\n\n"+diff) {
		t.Errorf("the report does not end with the diff:\n%s", r.stdout)
	}
	if r := run(t, "", "--diff"); r.stdout != diff || !strings.Contains(r.stderr, "compose.yaml:1:1: low: ") {
		t.Errorf("--diff: %q, %q", r.stdout, r.stderr)
	}
	if r := run(t, "", "--no-fixes"); strings.Contains(r.stdout, "fix: ") || strings.Contains(r.stdout, "@@") {
		t.Errorf("--no-fixes speaks of fixes:\n%s", r.stdout)
	}
	if r := run(t, "", "--diff", "privileged.yaml"); r.stdout != "" {
		t.Errorf("an unsafe fix without being asked for:\n%s", r.stdout)
	}
	if r := run(t, "", "--diff", "--unsafe-fixes", "privileged.yaml"); !strings.Contains(r.stdout, "-    privileged: true\n") {
		t.Errorf("no unsafe fix:\n%s", r.stdout)
	}
	if got := read(t, "compose.yaml"); got != old {
		t.Errorf("a file was changed without --fix:\n%s", got)
	}
	run(t, "", "--fix").check(t, 0, "fixed: ", "")
	if got := read(t, "compose.yaml"); got != clean {
		t.Errorf("--fix left\n%s", got)
	}
	run(t, "", "--fix").check(t, 0, "No findings", "")
}

func TestStandardInput(t *testing.T) {
	inDirectory(t, nil)
	run(t, old, "-").check(t, 1, "-:1:1: low: ", "")
	if r := run(t, old, "--fix", "-"); r.stdout != clean || r.status != 0 || !strings.Contains(r.stderr, "1 fixed, 0 left") {
		t.Errorf("a repaired file is not printed: %+v", r)
	}
	if r := run(t, clean, "--fix", "-"); r.stdout != clean || r.status != 0 {
		t.Errorf("a file without findings is not printed: %+v", r)
	}
	run(t, privileged, "-f", "-").check(t, 1, "-:4:17: critical: ", "")
}

func TestColor(t *testing.T) {
	inDirectory(t, map[string]string{"compose.yaml": old})
	tests := []struct {
		name    string
		args    []string
		environ []string
		colored bool
	}{
		{"not a terminal", nil, nil, false},
		{"always", []string{"--color=always"}, nil, true},
		{"always is stronger than NO_COLOR", []string{"--color=always"}, []string{"NO_COLOR=1"}, true},
		{"never", []string{"--color=never"}, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := runWith(t, t.Context(), "", test.environ, append(test.args, someRules)...)
			if got := strings.Contains(r.stdout, "\x1b["); got != test.colored {
				t.Errorf("coloured: %t\n%q", got, r.stdout)
			}
		})
	}
}

func TestInformation(t *testing.T) {
	inDirectory(t, nil)
	help := run(t, "", "--help")
	help.check(t, 0, "Exit status:", "")
	for line := range strings.Lines(help.stdout) {
		if len(line) > 81 {
			t.Errorf("the help has a line of %d characters: %s", len(line)-1, line)
		}
	}
	run(t, "", "--version").check(t, 0, "composelint ", "")
	run(t, "", "--list-rules").check(t, 0, "privileged-container", "")
	run(t, "", "--explain=privileged-container").check(t, 0, "privileged: true", "")
	run(t, "", "--explain=privileged").check(t, 2, "", "did you mean privileged-container?")
}

func TestVariables(t *testing.T) {
	const file = "services:\n  web:\n    image: nginx:1.27.2\n    privileged: ${PRIVILEGED:-false}\n"
	inDirectory(t, map[string]string{"compose.yaml": file, "on.env": "PRIVILEGED=true\n", "off.env": "PRIVILEGED=false\n"})
	environ := []string{"PRIVILEGED=true"}
	tests := []struct {
		name   string
		args   []string
		status int
	}{
		{"the default of the file", nil, 0},
		{"an env file", []string{"--env-file=on.env"}, 1},
		{"of two env files the last one counts", []string{"--env-file=on.env", "--env-file=off.env"}, 0},
		{"the environment, when asked for", []string{"--env-from-os"}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := runWith(t, t.Context(), "", environ, append(test.args, someRules)...)
			if r.status != test.status {
				t.Errorf("status %d, want %d\n%s%s", r.status, test.status, r.stdout, r.stderr)
			}
		})
	}
}

func TestInterrupted(t *testing.T) {
	inDirectory(t, map[string]string{"compose.yaml": old})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	runWith(t, ctx, "", nil, "--fix", someRules).check(t, 2, "", "interrupted; nothing was changed")
	if got := read(t, "compose.yaml"); got != old {
		t.Errorf("the file was changed:\n%s", got)
	}
}
