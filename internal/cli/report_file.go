package cli

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"composelint/internal/report"
)

// saveReports writes the reports that go to files. What cannot be written becomes a failure of the run, and the
// others are written all the same.
func (c *Command) saveReports(r *report.Report, o *options, run *runner, outcomes []*outcome) {
	inputs := map[string]bool{}
	for _, file := range run.inputs(o, outcomes) {
		inputs[run.territory.realPathOf(file)] = true
	}
	for _, x := range o.reports() {
		if x.file == "" {
			continue
		}
		err := errIsInput
		if !inputs[run.territory.realPathOf(x.file)] {
			err = replaceFile(x.file, func(w io.Writer) error { return x.format.Write(w, r, report.Style{}) })
		}
		if err != nil {
			r.Failures = append(r.Failures, report.Failure{
				File: x.file, Message: fmt.Sprintf("the %s report cannot be written: %v", x.format.Name, err),
			})
		}
	}
}

// inputs returns the files that people have written and the run was to read, the readable and the others.
func (r *runner) inputs(o *options, outcomes []*outcome) []string {
	files := append([]string{o.baseline}, r.envFiles...)
	for path := range r.chooser.byPath {
		files = append(files, path)
	}
	for _, outcome := range outcomes {
		files = append(append(files, outcome.target.files...), outcome.read...)
	}
	return slices.DeleteFunc(files, func(file string) bool { return file == "" })
}

var (
	errIsInput  = errors.New("it is one of the files that the run reads; name another one")
	errNoFolder = errors.New("there is no such directory; make it first")
	errDangling = errors.New("it is a symbolic link that leads nowhere")
)

// replaceFile gives a file a new content, or makes the file. It is whole at every moment: the content goes into a
// temporary file beside it, which then takes its name. A symbolic link stays one, and the permissions stay as they
// are. The error is the cause, without the path.
func replaceFile(path string, write func(io.Writer) error) error {
	path, old, err := replaceable(path)
	if err != nil {
		return err
	}
	temporary := filepath.Join(filepath.Dir(path), ".composelint-"+rand.Text())
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrNotExist) {
		return errNoFolder
	}
	if err != nil {
		return cause(err)
	}
	defer func() { _ = os.Remove(temporary) }() // which is not there any more when all went well
	if old != nil {
		err = file.Chmod(old.Mode().Perm())
	}
	if err = errors.Join(err, write(file), file.Sync(), file.Close()); err != nil {
		return cause(err)
	}
	return cause(os.Rename(temporary, path))
}

// replaceable returns the path of a file behind symbolic links, and what is there: a regular file that may be
// written, or nothing.
func replaceable(path string) (string, fs.FileInfo, error) {
	real, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(path); err == nil {
			return "", nil, errDangling
		}
		return path, nil, nil
	}
	if err != nil {
		return "", nil, cause(err)
	}
	info, err := os.Stat(real) // opening a named pipe would wait for its other end
	if err != nil {
		return "", nil, cause(err)
	}
	switch {
	case info.IsDir():
		return "", nil, errIsDirectory
	case !info.Mode().IsRegular():
		return "", nil, errNotRegular
	}
	file, err := os.OpenFile(real, os.O_WRONLY, 0)
	if err != nil {
		return "", nil, cause(err)
	}
	return real, info, cause(file.Close())
}
