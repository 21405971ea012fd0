package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxFileSize is more than any Compose file needs, and small enough to be read by many at once.
const maxFileSize = 16 << 20

var (
	errNoFile      = errors.New("no such file")
	errNotRegular  = errors.New("it is not a regular file")
	errIsDirectory = errors.New("it is a directory")
	errNotAllowed  = errors.New("permission denied")
	errTooLarge    = fmt.Errorf("it is larger than %d MiB", maxFileSize>>20)
)

// readFile returns the content of a regular file, or of the one that a symbolic link leads to. The error is the
// cause, without the path. Named pipes and devices are refused before they are opened: that could wait for ever.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, cause(err)
	}
	if err := checkReadable(info); err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		return nil, nil // also what /proc says of its files, some of which never end
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, cause(err)
	}
	defer file.Close()
	return readAll(file, info.Size())
}

func checkReadable(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return errIsDirectory
	case !info.Mode().IsRegular():
		return errNotRegular
	case info.Size() > maxFileSize:
		return errTooLarge
	}
	return nil
}

// readAll reads to the end, where about size bytes are expected.
func readAll(r io.Reader, size int64) ([]byte, error) {
	var data bytes.Buffer
	data.Grow(int(size) + bytes.MinRead)
	n, err := data.ReadFrom(io.LimitReader(r, maxFileSize+1))
	if err != nil {
		return nil, cause(err)
	}
	if n > maxFileSize {
		return nil, errTooLarge
	}
	return data.Bytes(), nil
}

// cause returns the cause of an error of the file system, in the words of a message that names the path already.
func cause(err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errNoFile
	case errors.Is(err, fs.ErrPermission):
		return errNotAllowed
	case errors.As(err, &path):
		return path.Err
	}
	return err
}

// maxListed bounds how many names of a directory are looked at.
const maxListed = 10_000

// listDirectory returns the names in a directory.
func listDirectory(path string) ([]string, error) {
	dir, err := os.Open(path)
	if err != nil {
		return nil, cause(err)
	}
	defer dir.Close()
	names, err := dir.Readdirnames(maxListed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, cause(err)
	}
	return names, nil
}
