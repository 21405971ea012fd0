package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"composelint/internal/cli"
	"composelint/internal/config"
)

// on runs the program on a day, with all rules.
func on(t *testing.T, day string, args ...string) result {
	t.Helper()
	now, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	c := cli.Command{
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Now: func() time.Time { return now },
	}
	status := c.Main(t.Context(), args)
	return result{status, stdout.String(), stderr.String()}
}

func TestConfiguration(t *testing.T) {
	const severe, lenient = "fail-on: low\n", "fail-on: critical\n"
	tests := []struct {
		name, config, args string
		status             int
		stdout, stderr     string
	}{
		{"fail-on", lenient, "old.yaml", 0, "1 finding (1 low)", ""},
		{"--fail-on wins", lenient, "--fail-on=low old.yaml", 1, "1 finding (1 low)", ""},
		{"--fail-on=never wins", severe, "--fail-on=never old.yaml", 0, "1 finding (1 low)", ""},
		{"min-severity", "min-severity: high\n", "old.yaml", 0, "No findings", ""},
		{"--min-severity wins", "min-severity: high\n", "--min-severity=low old.yaml", 1, "1 finding", ""},
		{"disable", "rules: {disable: [obsolete-version]}\n", "--disable=privileged-container old.yaml", 0, "No findings", ""},
		{"--only wins", "rules: {disable: [obsolete-version]}\n", "--only=obsolete-version old.yaml", 1, "1 finding", ""},
		{"strictness", "strictness: pedantic\n", "--only=image-digest-missing clean.yaml", 1, "image-digest-missing", ""},
		{"--strictness wins", "strictness: pedantic\n", "--only=image-digest-missing --strictness=default clean.yaml", 0, "No findings", ""},
		{"severity", "rules: {severity: {obsolete-version: critical}}\n", "--only=obsolete-version old.yaml", 1, ": critical: ", ""},
		{"an exception of a file", "exceptions: [{rules: [obsolete-version], paths: [o*.yaml], reason: legacy}]\n", "old.yaml", 0,
			"No findings in 1 project (and 1 suppressed)", ""},
		{"an exception of another file", "exceptions: [{rules: [obsolete-version], paths: [n*.yaml], reason: legacy}]\n", "old.yaml", 1, "1 finding", ""},
		{"an own rule", "own-rules: [{name: no-init, message: init is ours, required-keys: [init]}]\n", "--only=no-init clean.yaml", 1,
			"init is ours", ""},
		{"--disable of an own rule", "own-rules: [{name: no-init, message: init is ours, required-keys: [init]}]\n",
			"--disable=no-init clean.yaml", 0, "No findings", ""},
		{"--no-config", lenient, "--no-config old.yaml", 1, "1 finding", ""},
		{"--config", severe, "--config=lenient.yaml old.yaml", 0, "1 finding", ""},
		{"--config that is not there", severe, "--config=nowhere.yaml old.yaml", 2, "", "nowhere.yaml: no such file"},
		{"both", severe, "--config=lenient.yaml --no-config old.yaml", 2, "", "exclude each other"},
		{"a misspelt key", "fail_on: low\n", "old.yaml", 2, "",
			`composelint: .composelint.yaml: line 1, column 1: there is no key "fail_on" here; did you mean "fail-on"?` + "\n"},
		{"two mistakes in another file", severe, "--config=wrong.yaml old.yaml", 2, "",
			"composelint: wrong.yaml: line 1, column 10: fail-on cannot be \"x\"; there are info, low, medium, high, critical\n" +
				"composelint: wrong.yaml: line 2, column 1: there is no key \"y\" here"},
		{"an unknown rule", severe, "--only=no-rule old.yaml", 2, "", `there is no rule "no-rule"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inDirectory(t, map[string]string{
				"old.yaml": old, "clean.yaml": clean, ".composelint.yaml": test.config, "lenient.yaml": lenient,
				"wrong.yaml": "fail-on: x\ny: z\n",
			})
			r := on(t, "2026-01-01", append(strings.Fields(test.args), "--no-fixes")...)
			if test.stdout == "" {
				r.stdout = "" // a run that fails may say that it found nothing
			}
			r.check(t, test.status, test.stdout, test.stderr)
		})
	}
}

// TestNearestConfiguration checks which file counts, for several projects of one run.
func TestNearestConfiguration(t *testing.T) {
	const off = "min-severity: high\n"
	files := map[string]string{
		"compose.yaml": old, "a/compose.yaml": old, "a/b/compose.yaml": old, "c/compose.yaml": old,
		"a/.composelint.yaml": off, "c/.composelint.yml": off,
	}
	inDirectory(t, files)
	got := strings.Join(reported(run(t, "", "-r", ".", "--no-fixes").stdout), " ")
	if got != "compose.yaml" {
		t.Errorf("findings in %q, want them in compose.yaml alone", got)
	}
	write(t, "a/b/.composelint.yaml", "{}\n")
	if got := strings.Join(reported(run(t, "", "-r", ".", "--no-fixes").stdout), " "); got != "a/b/compose.yaml compose.yaml" {
		t.Errorf("findings in %q, want them where the nearest file allows them", got)
	}
	write(t, "c/.composelint.yml", "rules: off\n")
	r := run(t, "", "-r", ".", "--no-fixes")
	r.check(t, 2, "compose.yaml", filepath.Join("c", ".composelint.yml")+": line 1, column 8: rules has to be a mapping\n")
}

// TestConfigurationOfStrangers checks where no configuration file is looked for.
func TestConfigurationOfStrangers(t *testing.T) {
	const off = "min-severity: high\n"
	tests := []struct {
		name    string
		files   map[string]string
		current string
		path    string
		status  int
	}{
		{"above the working directory", map[string]string{".composelint.yaml": off}, "work", "old.yaml", 1},
		{"above a file that lies elsewhere", map[string]string{".composelint.yaml": off, "x/old.yaml": old}, "work", "../x/old.yaml", 1},
		{"beside a file that lies elsewhere", map[string]string{"x/.composelint.yaml": off, "x/old.yaml": old}, "work", "../x/old.yaml", 0},
		{"in the working directory", map[string]string{"work/.composelint.yaml": off, "work/x/old.yaml": old}, "work", "x/old.yaml", 0},
		{"at the root of the repository", map[string]string{".composelint.yaml": off, ".git/HEAD": ""}, "work", "old.yaml", 0},
		{"above the root of the repository", map[string]string{".composelint.yaml": off, "work/.git/HEAD": ""}, "work", "old.yaml", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inDirectory(t, test.files)
			write(t, "work/old.yaml", old)
			t.Chdir(test.current)
			if r := run(t, "", "--no-fixes", test.path); r.status != test.status {
				t.Errorf("status %d, want %d\n%s%s", r.status, test.status, r.stdout, r.stderr)
			}
		})
	}
}

func TestConfigurationBehindLink(t *testing.T) {
	inDirectory(t, map[string]string{"secret": "password: hunter2\n", "work/old.yaml": old})
	t.Chdir("work")
	if err := os.Symlink("../secret", ".composelint.yaml"); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	r := run(t, "", "old.yaml")
	if r.status != 2 || strings.Contains(r.stderr, "password") || !strings.Contains(r.stderr, "outside the repository") {
		t.Errorf("a file outside the repository is read: %+v", r)
	}
}

func TestExpiredException(t *testing.T) {
	inDirectory(t, map[string]string{"old.yaml": old, ".composelint.yaml": "exceptions:\n" +
		"  - rules: [obsolete-version]\n    reason: until the upgrade\n    until: 2027-01-31\n"})
	on(t, "2027-01-31", "--no-fixes", "old.yaml").check(t, 0, "No findings in 1 project (and 1 suppressed)", "")
	r := on(t, "2027-02-01", "--no-fixes", "old.yaml", "old.yaml")
	r.check(t, 1, ".composelint.yaml:2:5: low: this exception of obsolete-version does not count any more: its last day was 31 January 2027", "")
	r.check(t, 1, "2 findings (2 low)", "")
	on(t, "2027-02-01", "--no-fixes", "--disable=expired-suppression", "old.yaml").check(t, 1, "1 finding (1 low)", "")
}

func TestInit(t *testing.T) {
	inDirectory(t, map[string]string{"old.yaml": old})
	run(t, "", "--init").check(t, 0, ".composelint.yaml is there now", "")
	if got := read(t, ".composelint.yaml"); got != string(config.Init()) {
		t.Errorf("--init wrote\n%s", got)
	}
	run(t, "", "--no-fixes", "old.yaml").check(t, 1, "1 finding", "")
	write(t, ".composelint.yaml", "fail-on: high\n")
	run(t, "", "--init").check(t, 2, "", ".composelint.yaml is there already, and stays as it is")
	if got := read(t, ".composelint.yaml"); got != "fail-on: high\n" {
		t.Errorf("--init wrote over a file:\n%s", got)
	}
	write(t, ".composelint.yaml", "own-rules: [{name: no-init, message: init is ours, required-keys: [init]}]\n")
	run(t, "", "--list-rules").check(t, 0, "no-init", "")
	run(t, "", "--explain=no-init").check(t, 0, "init is ours", "")
	run(t, "", "--explain=no-init", "--format=markdown").check(t, 0, "# no-init\n", "")
	run(t, "", "--list-rules", "--format=markdown").check(t, 0, "| [no-init](no-init.md) | medium |", "")
	run(t, "", "--print-config-schema").check(t, 0, string(config.Schema()), "")
}
