//go:build unix

package cli_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// inRepository goes to a new repository, in which the files are committed on the branch main, and another branch is
// current.
func inRepository(t *testing.T, files map[string]string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	inDirectory(t, files)
	git(t, "init", "--quiet", "--initial-branch=main")
	commitAll(t)
	git(t, "checkout", "--quiet", "-b", "work")
}

func git(t *testing.T, args ...string) {
	t.Helper()
	identity := []string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgSign=false"}
	if out, err := exec.Command("git", append(identity, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

func commitAll(t *testing.T) {
	t.Helper()
	git(t, "add", "--all", "--force")
	git(t, "commit", "--quiet", "--allow-empty", "--message=x")
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

// linted runs the program over all projects, and returns the files with findings. All files of these tests have one.
func linted(t *testing.T, args ...string) []string {
	t.Helper()
	r := run(t, "", append([]string{"-r", "--format=json"}, args...)...)
	if r.status > 1 {
		t.Fatalf("status %d: %s", r.status, r.stderr)
	}
	var found []string
	for _, f := range jsonReport(t, r.stdout).Findings {
		found = append(found, f.File)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func TestChangedSince(t *testing.T) {
	files := map[string]string{
		"a/compose.yaml": old, "b/compose.yaml": old, "b/compose.override.yaml": old,
		"c/compose.yaml": "version: \"3\"\ninclude: [part.yaml]\nservices: {x: {extends: {file: ../d/base.yaml, service: web}, image: a:1}}\n",
		"c/part.yaml":    "services: {y: {image: b:1}}\n", "d/base.yaml": clean,
		"e/compose.yaml": "version: \"3\"\nservices: {x: {image: a:1, env_file: [x.env, {path: y.env, required: false}]}}\n",
		"e/x.env":        "A=1\n", "f/compose.yaml": "version: \"3\"\nservices: {x: {image: \"a:${V:-1}\"}}\n",
	}
	change := func(path string) func(t *testing.T) {
		return func(t *testing.T) { write(t, path, read(t, path)+"# changed\n") }
	}
	tests := []struct {
		name string
		do   func(t *testing.T)
		want string
	}{
		{"nothing", func(*testing.T) {}, ""},
		{"a file", change("a/compose.yaml"), "a/compose.yaml"},
		{"a committed file", func(t *testing.T) { change("a/compose.yaml")(t); commitAll(t) }, "a/compose.yaml"},
		{"a staged file", func(t *testing.T) { change("a/compose.yaml")(t); git(t, "add", "a") }, "a/compose.yaml"},
		{"an override file", change("b/compose.override.yaml"), "b/compose.override.yaml b/compose.yaml"},
		{"an override file that is gone", func(t *testing.T) { remove(t, "b/compose.override.yaml") }, "b/compose.yaml"},
		{"an included file", change("c/part.yaml"), "c/compose.yaml"},
		{"an extended file", change("d/base.yaml"), "c/compose.yaml"},
		{"an env file", change("e/x.env"), "e/compose.yaml"},
		{"an env file that is new", func(t *testing.T) { write(t, "e/y.env", "") }, "e/compose.yaml"},
		{"an env file that is gone", func(t *testing.T) { remove(t, "e/x.env") }, "e/compose.yaml"},
		{"variables", func(t *testing.T) { write(t, "f/.env", "V=2\n") }, "f/compose.yaml"},
		{"a new file", func(t *testing.T) { write(t, "g/compose.yaml", old) }, "g/compose.yaml"},
		{"a renamed file", func(t *testing.T) { git(t, "mv", "a", "z") }, "z/compose.yaml"},
		{"a file that git quotes", func(t *testing.T) { write(t, "ä\n\"/compose.yaml", old) }, "ä\n\"/compose.yaml"},
		{"a file that no project has", change("d/base.yaml"), "c/compose.yaml"},
		{"the other branch", func(t *testing.T) {
			git(t, "checkout", "--quiet", "main")
			change("a/compose.yaml")(t)
			commitAll(t)
			git(t, "checkout", "--quiet", "work")
		}, ""},
		{"a link", func(t *testing.T) {
			if err := os.Symlink("../a/compose.yaml", "d/compose.yaml"); err != nil {
				t.Fatal(err)
			}
		}, "d/compose.yaml"},
		{"a repository inside", func(t *testing.T) {
			git(t, "init", "--quiet", "in")
			write(t, "in/x/compose.yaml", old)
			git(t, "-C", "in", "-c", "user.name=a", "commit", "--quiet", "--allow-empty", "--message=x")
		}, "in/x/compose.yaml"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inRepository(t, files)
			test.do(t)
			if got := strings.Join(linted(t, "--changed-since=main"), " "); got != test.want {
				t.Errorf("linted %q, want %q", got, test.want)
			}
		})
	}
}

func TestChangedSinceInASubdirectory(t *testing.T) {
	inRepository(t, map[string]string{"a/compose.yaml": old, "b/x/compose.yaml": old, "b/y/compose.yaml": old})
	write(t, "b/y/compose.yaml", old+"# changed\n")
	write(t, "b/z/compose.yaml", old)
	git(t, "config", "diff.relative", "true")
	t.Chdir("b")
	if got, want := strings.Join(linted(t, "--changed-since=main"), " "), "y/compose.yaml z/compose.yaml"; got != want {
		t.Errorf("linted %q, want %q", got, want)
	}
	t.Chdir("y")
	if got, want := strings.Join(linted(t, "--changed-since=main", "..", "../../a"), " "), "../y/compose.yaml ../z/compose.yaml"; got != want {
		t.Errorf("linted %q, want %q", got, want)
	}
	run(t, "", "--changed-since=main", "../../a").check(t, 0, "No findings in 0 projects.", "no project has changed since main, and nothing was linted")
}

func TestChangedSinceRefuses(t *testing.T) {
	inRepository(t, map[string]string{"compose.yaml": old})
	git(t, "checkout", "--quiet", "--orphan", "other")
	write(t, "other", "")
	commitAll(t)
	outside := t.TempDir()
	write(t, outside+"/compose.yaml", old)
	for _, test := range []struct{ args, message string }{
		{"--changed-since=nowhere", "composelint: --changed-since nowhere: git knows no such commit; if it is a branch of a remote, fetch it first\n"},
		{"--changed-since=main", "composelint: --changed-since main: it has no commit in common with HEAD; if the clone is shallow,"},
		{"--changed-since=--output=x", `composelint: --changed-since --output=x: "--output=x" is no revision` + "\n"},
		{"--changed-since=", `"" is no revision`},
		{"--changed-since=HEAD --write-baseline=x", "the baseline would lack what has not changed"},
		{"--changed-since=HEAD " + outside, "it is not in the repository of the working directory"},
		{"--changed-since=HEAD -", "-: it is not in the repository of the working directory"},
	} {
		r := run(t, "", strings.Fields(test.args)...)
		if r.status != 2 || !strings.Contains(r.stderr, test.message) || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s: %+v", test.args, r)
		}
	}
	t.Chdir(outside)
	run(t, "", "--changed-since=main").check(t, 2, "", "--changed-since main: the working directory is not in a git repository\n")
	t.Setenv("PATH", "")
	run(t, "", "--changed-since=main").check(t, 2, "", "--changed-since main: it needs git, and there is none\n")
}

// TestChangedSinceRunsNothing checks that what a repository may have git run is not run.
func TestChangedSinceRunsNothing(t *testing.T) {
	inRepository(t, map[string]string{"compose.yaml": old, ".gitattributes": "* diff=evil\n"})
	write(t, "evil", "#!/bin/sh\ntouch \"$PWD/ran\"\n")
	if err := os.Chmod("evil", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"core.fsmonitor", "diff.external", "diff.evil.command", "diff.evil.textconv", "core.pager"} {
		git(t, "config", key, "./evil")
	}
	write(t, "compose.yaml", old+"# changed\n")
	run(t, "", "--changed-since=main").check(t, 1, "1 finding", "")
	if _, err := os.Lstat("ran"); err == nil {
		t.Error("a program of the repository ran")
	}
}
