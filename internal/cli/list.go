package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// maxPathLength is more than the longest path that a system knows, in bytes.
const maxPathLength = 64 << 10

// listed returns the paths in the list that the command line names, if it names one.
func (o *options) listed(stdin io.Reader) ([]string, error) {
	if o.filesFrom == "" {
		return nil, nil
	}
	list := stdin
	if o.filesFrom != standardInput {
		file, err := os.Open(o.filesFrom) // which may be a pipe, as <(git ls-files) is
		if err != nil {
			return nil, fmt.Errorf("--files-from %s: %s", o.filesFrom, notRead(cause(err)))
		}
		defer file.Close()
		list = file
	}
	paths, err := readList(list)
	if err != nil {
		return nil, fmt.Errorf("--files-from %s: %s", o.filesFrom, notRead(cause(err)))
	}
	return paths, nil
}

// readList returns the paths in a list. They are separated by NUL, as find -print0 and git ls-files -z write them, or
// else each has a line. The error is that of the reader.
func readList(list io.Reader) ([]string, error) {
	in := bufio.NewReaderSize(list, maxPathLength)
	start, err := in.Peek(maxPathLength)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	separator := byte('\n')
	if bytes.IndexByte(start, 0) >= 0 {
		separator = 0
	}
	var paths []string
	for {
		path, err := in.ReadString(separator)
		path = strings.TrimSuffix(path, string(separator))
		if separator == '\n' {
			path = strings.TrimSuffix(path, "\r")
		}
		if path == standardInput {
			path = fileNamedDash // a list names files alone
		}
		if path != "" {
			paths = append(paths, path)
		}
		switch {
		case errors.Is(err, io.EOF):
			return paths, nil
		case err != nil:
			return nil, err
		}
	}
}
