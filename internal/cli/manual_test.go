package cli_test

import (
	"os/exec"
	"strings"
	"testing"
)

func TestCompletionScripts(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		r := run(t, "", "--completion", shell)
		for _, word := range []string{"unsafe-fixes", "pedantic", "sarif", "privileged-container", "wollomatic"} {
			if r.status != 0 || !strings.Contains(r.stdout, word) {
				t.Errorf("%s: status %d, %q is missing", shell, r.status, word)
			}
		}
		path, err := exec.LookPath(shell)
		if err != nil {
			t.Logf("there is no %s here, and its script was not read", shell)
			continue
		}
		command := exec.Command(path, "-n")
		command.Stdin = strings.NewReader(r.stdout)
		if out, err := command.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s does not like its script: %v\n%s", shell, err, out)
		}
	}
}

func TestManHasEveryFlag(t *testing.T) {
	help, page := run(t, "", "--help").stdout, run(t, "", "--man").stdout
	for _, word := range strings.Fields(help) {
		flag, ok := strings.CutPrefix(word, "--")
		if flag = strings.TrimRight(flag, ",.;:)"); ok && !strings.Contains(page, `\fB\-\-`+strings.ReplaceAll(flag, "-", `\-`)+`\fR`) {
			t.Errorf("the page for man lacks --%s", flag)
		}
	}
}

func TestVersionTellsTheBuild(t *testing.T) {
	if r := run(t, "", "--version"); !strings.HasPrefix(r.stdout, "composelint ") || !strings.Contains(r.stdout, "go1.") {
		t.Errorf("--version prints %q", r.stdout)
	}
}
