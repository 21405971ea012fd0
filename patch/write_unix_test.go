//go:build unix

package patch

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestWriteRefusesNamedPipe(t *testing.T) {
	path := place(t, "") + ".pipe"
	if err := syscall.Mkfifo(path, 0o644); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	done := make(chan error, 1)
	go func() { done <- Write([]Target{target(path, "old", "new")}) }()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("got %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("waits for the other end of the pipe")
	}
}

func TestWriteKeepsOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only the superuser may write files of others and keep their owner")
	}
	path := place(t, "old")
	if err := os.Chown(path, 12345, 54321); err != nil {
		t.Skipf("the owner cannot be changed here: %v", err)
	}
	if err := os.Chmod(path, 0o640|os.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	if err := Write([]Target{target(path, "old", "new")}); err != nil {
		t.Fatal(err)
	}
	wantFile(t, path, "new")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	stat := info.Sys().(*syscall.Stat_t)
	if stat.Uid != 12345 || stat.Gid != 54321 || info.Mode() != 0o640|os.ModeSetgid {
		t.Errorf("the file belongs to %d:%d with mode %v", stat.Uid, stat.Gid, info.Mode())
	}
}
