package patch

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// place makes a file in a new directory and returns its path.
func place(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "compose.yaml")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func target(path, old, new string) Target {
	return Target{Path: path, Old: []byte(old), New: []byte(new)}
}

// wantFile checks the content of a file, and that nothing was left beside it.
func wantFile(t *testing.T, path, content string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil || string(data) != content {
		t.Errorf("%s holds %q (%v), want %q", filepath.Base(path), data, err, content)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".composelint-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

func TestWrite(t *testing.T) {
	tests := []struct {
		what     string
		mode     fs.FileMode
		old, new string
	}{
		{"a file", 0o644, "a: 1\n", "a: 2\n"},
		{"a private file", 0o600, "a: 1\n", "a: 2\n"},
		{"a file that all may write", 0o666, "a: 1\n", "a: 2\n"},
		{"a file with the set-user-ID and set-group-ID bits", 0o755 | fs.ModeSetuid | fs.ModeSetgid, "a: 1\n", "a: 2\n"},
		{"an empty file", 0o644, "", "a: 2\n"},
		{"a file that becomes empty", 0o644, "a: 1\n", ""},
		{"a file that stays as it is", 0o640, "a: 1\n", "a: 1\n"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			path := place(t, test.old)
			if err := os.Chmod(path, test.mode); err != nil {
				t.Fatal(err)
			}
			before, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := Write([]Target{target(path, test.old, test.new)}); err != nil {
				t.Fatal(err)
			}
			wantFile(t, path, test.new)
			after, err := os.Stat(path)
			if err != nil || after.Mode() != before.Mode() {
				t.Errorf("the mode was %v and is %v (%v)", before.Mode(), after.Mode(), err)
			}
		})
	}
}

func TestWriteNothing(t *testing.T) {
	if err := Write(nil); err != nil {
		t.Error(err)
	}
}

func TestWriteSeveral(t *testing.T) {
	a, b := place(t, "a"), place(t, "b")
	if err := Write([]Target{target(a, "a", "A"), target(b, "b", "B")}); err != nil {
		t.Fatal(err)
	}
	wantFile(t, a, "A")
	wantFile(t, b, "B")
}

func TestWriteThroughSymbolicLinks(t *testing.T) {
	for _, what := range []string{"relative", "absolute"} {
		t.Run(what, func(t *testing.T) {
			path := place(t, "old")
			link := filepath.Join(filepath.Dir(path), "link.yaml")
			to := path
			if what == "relative" {
				to = filepath.Base(path)
			}
			if err := os.Symlink(to, link); err != nil {
				t.Skipf("no symbolic links here: %v", err)
			}
			if err := Write([]Target{target(link, "old", "new")}); err != nil {
				t.Fatal(err)
			}
			wantFile(t, path, "new")
			if got, err := os.Readlink(link); err != nil || got != to {
				t.Errorf("the link leads to %q (%v), want %q", got, err, to)
			}
		})
	}
}

// TestWriteRefuses puts a good file in front of a bad one: neither may be written.
func TestWriteRefuses(t *testing.T) {
	tests := []struct {
		what    string
		prepare func(t *testing.T, path string) error // changes what is at the path, which is a file that holds "old"
		want    string
	}{
		{"a file that was changed", func(_ *testing.T, path string) error { return os.WriteFile(path, []byte("odd"), 0o644) }, "changed"},
		{"a file that became longer", func(_ *testing.T, path string) error { return os.WriteFile(path, []byte("older"), 0o644) }, "changed"},
		{"a file that became shorter", func(_ *testing.T, path string) error { return os.WriteFile(path, []byte("ol"), 0o644) }, "changed"},
		{"a file that is gone", func(_ *testing.T, path string) error { return os.Remove(path) }, "no such file"},
		{"a directory", func(_ *testing.T, path string) error {
			return errors.Join(os.Remove(path), os.Mkdir(path, 0o755))
		}, "not a regular file"},
		{"a device", func(_ *testing.T, path string) error {
			return errors.Join(os.Remove(path), os.Symlink(os.DevNull, path))
		}, "not a regular file"},
		{"a link that leads nowhere", func(_ *testing.T, path string) error {
			return errors.Join(os.Remove(path), os.Symlink("nowhere", path))
		}, "no such file"},
		{"a file with another hard link", func(_ *testing.T, path string) error { return os.Link(path, path+".link") }, "2 hard links"},
		{"a file that may not be written", func(t *testing.T, path string) error {
			skipRoot(t)
			return os.Chmod(path, 0o444)
		}, "permission denied"},
		{"a directory that may not be written", func(t *testing.T, path string) error {
			skipRoot(t)
			t.Cleanup(func() { _ = os.Chmod(filepath.Dir(path), 0o755) })
			return os.Chmod(filepath.Dir(path), 0o555)
		}, "cannot be created beside it: permission denied"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			good, bad := place(t, "good"), place(t, "old")
			if err := test.prepare(t, bad); err != nil {
				t.Skipf("cannot be prepared here: %v", err)
			}
			err := Write([]Target{target(good, "good", "better"), target(bad, "old", "new")})
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "nothing was written") {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if test.want == "changed" && !errors.Is(err, ErrChanged) {
				t.Errorf("%v is not ErrChanged", err)
			}
			wantFile(t, good, "good")
		})
	}
}

// skipRoot skips what the superuser may do all the same.
func skipRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() == 0 {
		t.Skip("permissions do not bind the superuser")
	}
}

func TestWriteRefusesOneFileTwice(t *testing.T) {
	path := place(t, "old")
	link := path + ".link"
	if err := os.Symlink(path, link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	err := Write([]Target{target(path, "old", "new"), target(link, "old", "other")})
	if err == nil || !strings.Contains(err.Error(), "is the same file as "+path) {
		t.Errorf("got %v", err)
	}
	wantFile(t, path, "old")
}

// TestWriteNoticesLateChanges changes the second of three files when all temporary files are there already.
func TestWriteNoticesLateChanges(t *testing.T) {
	tests := []struct {
		what   string
		change func(path string) error
	}{
		{"other content", func(path string) error { return os.WriteFile(path, []byte("theirs"), 0o644) }},
		{"another file with the same content", func(path string) error {
			return errors.Join(os.WriteFile(path+".new", []byte("b"), 0o644), os.Rename(path+".new", path))
		}},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			a, b, c := place(t, "a"), place(t, "b"), place(t, "c")
			files := replacements([]Target{target(a, "a", "A"), target(b, "b", "B"), target(c, "c", "C")})
			if err := perform(files, (*replacement).check, (*replacement).stage); err != nil {
				t.Fatal(err)
			}
			if err := test.change(b); err != nil {
				t.Fatal(err)
			}
			content, err := os.ReadFile(b)
			if err != nil {
				t.Fatal(err)
			}
			err = perform(files, (*replacement).commit)
			discard(files)
			var failure *WriteError
			if !errors.As(err, &failure) || !errors.Is(err, ErrChanged) || failure.Path != b {
				t.Fatalf("got %v", err)
			}
			if !slices.Equal(failure.Written, []string{a}) || !slices.Equal(failure.Unwritten, []string{b, c}) {
				t.Errorf("written %v, unwritten %v", failure.Written, failure.Unwritten)
			}
			if text := err.Error(); !strings.Contains(text, "written before that: "+a) || !strings.Contains(text, "not written: "+b+", "+c) {
				t.Errorf("the error does not say what was written: %s", text)
			}
			wantFile(t, a, "A")
			wantFile(t, b, string(content))
			wantFile(t, c, "c")
		})
	}
}

// TestWriteCleansUp lets the last temporary file fail: its directory is gone.
func TestWriteCleansUp(t *testing.T) {
	a, b := place(t, "a"), place(t, "b")
	files := replacements([]Target{target(a, "a", "A"), target(b, "b", "B")})
	if err := perform(files, (*replacement).check); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Dir(b)); err != nil {
		t.Fatal(err)
	}
	err := perform(files, (*replacement).stage)
	discard(files)
	if err == nil || !strings.Contains(err.Error(), "cannot be created beside it") {
		t.Errorf("got %v", err)
	}
	wantFile(t, a, "a")
}
