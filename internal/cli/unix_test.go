//go:build unix

package cli_test

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

func TestAllFilesAreCheckedBeforeTheFirstIsWritten(t *testing.T) {
	inDirectory(t, map[string]string{"a.yaml": old, "b.yaml": old})
	if err := os.Link("b.yaml", "c.yaml"); err != nil {
		t.Fatal(err)
	}
	run(t, "", "--fix", "a.yaml", "b.yaml").check(t, 2, "2 findings", "b.yaml: has 2 hard links")
	if got := read(t, "a.yaml"); got != old {
		t.Errorf("a.yaml was written although b.yaml could not be:\n%s", got)
	}
}

func TestNamedPipe(t *testing.T) {
	inDirectory(t, map[string]string{"compose.yaml": "services:\n  web:\n    image: nginx:1.27.2\n    env_file: pipe\n"})
	if err := syscall.Mkfifo("pipe", 0o644); err != nil {
		t.Fatal(err)
	}
	run(t, "", "pipe").check(t, 2, "", "pipe: it is not a regular file; use - to read from standard input")
	run(t, "").check(t, 0, "No findings", "")
}

func TestUnreadable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read every file")
	}
	inDirectory(t, map[string]string{"compose.yaml": old, "locked/compose.yaml": old})
	for _, path := range []string{"compose.yaml", "locked"} {
		if err := os.Chmod(path, 0); err != nil {
			t.Fatal(err)
		}
	}
	run(t, "").check(t, 2, "", "compose.yaml: it may not be read; check its permissions")
	run(t, "", "locked").check(t, 2, "", "locked: it may not be read; check its permissions")
	if err := os.Chmod("locked", 0o755); err != nil { // or the test could not clean up
		t.Fatal(err)
	}
}

func TestSymbolicLinks(t *testing.T) {
	inDirectory(t, map[string]string{"real/file.yaml": old, "tree/compose.yaml": old})
	for name, target := range map[string]string{"compose.yaml": "real/file.yaml", "tree/loop": ".", "tree/away": "../real"} {
		if err := os.Symlink(target, name); err != nil {
			t.Fatal(err)
		}
	}
	r := run(t, "", "-r", "tree")
	if n := strings.Count(r.stdout, "tree/compose.yaml:1:1"); r.status != 1 || n != 1 {
		t.Errorf("a linked directory was followed:\n%s%s", r.stdout, r.stderr)
	}
	run(t, "", "--diff", "compose.yaml").check(t, 1, "--- a/real/file.yaml\n", "compose.yaml:1:1")
	run(t, "", "--fix", "compose.yaml", "real/file.yaml").check(t, 0, "fixed", "")
	if got := read(t, "real/file.yaml"); got != clean {
		t.Errorf("the file behind the link was not repaired once:\n%s", got)
	}
	if info, err := os.Lstat("compose.yaml"); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
}

func TestLinkToForeignFileIsNotQuoted(t *testing.T) {
	inDirectory(t, map[string]string{"outside/secret": privileged, "work/README": ""})
	t.Chdir("work")
	if err := os.Symlink("../outside/secret", "compose.yaml"); err != nil {
		t.Fatal(err)
	}
	r := run(t, "", "--unsafe-fixes")
	r.check(t, 1, "compose.yaml:4:17: critical: ", "")
	if strings.Contains(r.stdout, "privileged: true") {
		t.Errorf("a file outside the working directory is quoted:\n%s", r.stdout)
	}
}

func TestGitAppliesTheDiff(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	inDirectory(t, map[string]string{
		"in/sub dir/compose.yaml": old, "in/ümläut.yaml": strings.ReplaceAll(old, "\n", "\r\n"), "in/end.yaml": strings.TrimSpace(old),
	})
	t.Chdir("in")
	r := run(t, "", "--diff", "sub dir", "ümläut.yaml", "end.yaml")
	apply := exec.Command(git, "apply", "-")
	apply.Stdin = strings.NewReader(r.stdout)
	if out, err := apply.CombinedOutput(); err != nil {
		t.Fatalf("git refuses the diff: %v\n%s\n%s", err, out, r.stdout)
	}
	for name, want := range map[string]string{
		"sub dir/compose.yaml": clean, "ümläut.yaml": strings.ReplaceAll(clean, "\n", "\r\n"), "end.yaml": strings.TrimSpace(clean),
	} {
		if got := read(t, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
