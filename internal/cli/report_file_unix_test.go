//go:build unix

package cli_test

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestReportFileStaysWhatItIs(t *testing.T) {
	inDirectory(t, map[string]string{"compose.yaml": old, "real.json": "before"})
	if err := os.Chmod("real.json", 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real.json", "link.json"); err != nil {
		t.Fatal(err)
	}
	run(t, "", "--output=json=link.json").check(t, 1, "1 finding", "")
	if info, err := os.Lstat("link.json"); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	info, err := os.Stat("real.json")
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the permissions have changed: %v, %v", info, err)
	}
	if got := read(t, "real.json"); !strings.HasPrefix(got, "{\n") {
		t.Errorf("the file behind the link was not written:\n%s", got)
	}
}

func TestReportFileThatIsNone(t *testing.T) {
	inDirectory(t, map[string]string{"compose.yaml": old})
	if err := syscall.Mkfifo("pipe", 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", "dangling"); err != nil {
		t.Fatal(err)
	}
	run(t, "", "--output=json=pipe").check(t, 2, "1 finding", "pipe: the json report cannot be written: it is not a regular file")
	run(t, "", "--output=json=dangling").check(t, 2, "1 finding", "it is a symbolic link that leads nowhere")
}

func TestReportFileWithoutPermission(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write every file")
	}
	inDirectory(t, map[string]string{"compose.yaml": old, "locked.json": "before"})
	if err := os.Chmod("locked.json", 0o444); err != nil {
		t.Fatal(err)
	}
	run(t, "", "--output=json=locked.json").check(t, 2, "1 finding", "permission denied")
}
