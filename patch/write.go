package patch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Target is a file to be written: Old is what was read from it, and New is what it shall hold.
type Target struct {
	Path     string
	Old, New []byte
}

// ErrChanged is wrapped by the error of Write for a file that no longer holds what was read from it.
var ErrChanged = errors.New("has changed since it was read")

// WriteError tells what Write did to the files before it failed.
type WriteError struct {
	// Path is the file that could not be written.
	Path string
	// Written are the files that hold their new content, Unwritten those that still hold their old one.
	Written, Unwritten []string
	// Err is the cause.
	Err error
}

// Error names the file, the cause, and what was and was not written.
func (e *WriteError) Error() string {
	if len(e.Written) == 0 {
		return fmt.Sprintf("%s: %v; nothing was written", e.Path, e.Err)
	}
	return fmt.Sprintf("%s: %v; written before that: %s; not written: %s",
		e.Path, e.Err, strings.Join(e.Written, ", "), strings.Join(e.Unwritten, ", "))
}

// Unwrap returns the cause.
func (e *WriteError) Unwrap() error { return e.Err }

// Write gives files their new content. Each file is whole at every moment: the content goes into a temporary file
// beside it, with the same permissions and owner, which then takes its name. A symbolic link stays one, and the file
// that it leads to is written.
//
// All files are checked, and all temporary files are complete, before the first file is replaced. Refused are: what is
// not a regular file; a file that does not hold Old any more, also in the last moment; one that may not be written; one
// whose owner could not be kept; and one with further hard links, since replacing it would leave the old content under
// its other names, and writing into it could leave half a file. Access control lists and extended attributes are not
// carried over.
//
// The error is a *WriteError. If it is one of the later replacements that fails, the earlier ones stay.
func Write(targets []Target) error {
	files := replacements(targets)
	defer discard(files)
	return perform(files, (*replacement).check, (*replacement).distinct, (*replacement).stage, (*replacement).commit)
}

// replacement is a target on its way.
type replacement struct {
	Target
	path      string      // the real path, behind symbolic links
	info      fs.FileInfo // what was found there
	temporary string      // the path of the complete temporary file, while there is one
	written   bool
	others    []*replacement // the targets before it
}

func replacements(targets []Target) []*replacement {
	files := make([]*replacement, len(targets))
	for i, target := range targets {
		files[i] = &replacement{Target: target, others: files[:i]}
	}
	return files
}

// discard removes the temporary files that did not come into use.
func discard(files []*replacement) {
	for _, r := range files {
		if r.temporary != "" {
			_ = os.Remove(r.temporary)
		}
	}
}

// perform takes all files through one step after the other.
func perform(files []*replacement, steps ...func(*replacement) error) error {
	for _, step := range steps {
		for _, r := range files {
			if err := step(r); err != nil {
				return r.failed(files, err)
			}
		}
	}
	return nil
}

func (r *replacement) failed(files []*replacement, cause error) error {
	err := &WriteError{Path: r.Path, Err: cause}
	for _, f := range files {
		if f.written {
			err.Written = append(err.Written, f.Path)
		} else {
			err.Unwritten = append(err.Unwritten, f.Path)
		}
	}
	return err
}

// check looks at what is to be replaced. A second check finds the same file with the same content, or fails.
func (r *replacement) check() error {
	path, err := filepath.EvalSymlinks(r.Path)
	if err != nil {
		return withoutPath(err)
	}
	info, err := os.Lstat(path) // opening a named pipe would wait for its other end
	if err != nil {
		return withoutPath(err)
	}
	if !info.Mode().IsRegular() {
		return errors.New("is not a regular file")
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return withoutPath(err)
	}
	defer file.Close()
	if err := r.checkContent(file, info); err != nil {
		return err
	}
	r.path, r.info = path, info
	return nil
}

func (r *replacement) checkContent(file *os.File, info fs.FileInfo) error {
	opened, err := file.Stat()
	if err != nil {
		return withoutPath(err)
	}
	if !os.SameFile(opened, info) || r.info != nil && !os.SameFile(r.info, info) {
		return ErrChanged
	}
	links, err := linkCount(file, opened)
	if err != nil {
		return withoutPath(err)
	}
	if links > 1 {
		return fmt.Errorf("has %d hard links, and would lose the others; replace it by a copy of itself first", links)
	}
	content, err := io.ReadAll(io.LimitReader(file, int64(len(r.Old))+1))
	if err != nil {
		return withoutPath(err)
	}
	if !bytes.Equal(content, r.Old) {
		return ErrChanged
	}
	return nil
}

// distinct refuses a file that a target before it leads to as well.
func (r *replacement) distinct() error {
	for _, other := range r.others {
		if os.SameFile(r.info, other.info) {
			return fmt.Errorf("is the same file as %s", other.Path)
		}
	}
	return nil
}

// stage writes the temporary file.
func (r *replacement) stage() error {
	if bytes.Equal(r.Old, r.New) {
		return nil
	}
	temporary, err := os.CreateTemp(filepath.Dir(r.path), ".composelint-*")
	if err != nil {
		return fmt.Errorf("a file cannot be created beside it: %w", withoutPath(err))
	}
	r.temporary = temporary.Name()
	err = r.fill(temporary)
	if closed := temporary.Close(); err == nil {
		err = closed
	}
	return withoutPath(err)
}

// fill writes the content to the disk. The owner comes before the permissions, since a change of owner takes the
// set-user-ID bit away.
func (r *replacement) fill(temporary *os.File) error {
	if _, err := temporary.Write(r.New); err != nil {
		return err
	}
	if err := keepOwner(temporary, r.info); err != nil {
		return err
	}
	const kept = fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky
	if err := temporary.Chmod(r.info.Mode() & kept); err != nil {
		return err
	}
	return temporary.Sync()
}

// commit gives the temporary file the name of the file.
func (r *replacement) commit() error {
	if r.temporary == "" {
		return nil
	}
	if err := r.check(); err != nil {
		return err
	}
	if err := os.Rename(r.temporary, r.path); err != nil {
		return fmt.Errorf("cannot be replaced: %w", withoutPath(err))
	}
	r.temporary, r.written = "", true
	syncDirectory(filepath.Dir(r.path))
	return nil
}

// withoutPath returns the cause of a file system error, whose path the message names already.
func withoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}
