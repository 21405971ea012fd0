package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// FuzzReadList checks that a list names what was written into it, however it comes in.
func FuzzReadList(f *testing.F) {
	for _, seed := range []string{"", "a", "a\nb\n", "a\r\nb\r\n", "a\x00b\x00", "a\nb\x00c", "\x00", "-\n./-", "\r\n\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		paths, err := readList(iotest.OneByteReader(bytes.NewReader(data)))
		if err != nil {
			t.Fatal(err)
		}
		written := strings.Join(paths, "\x00") + "\x00"
		again, err := readList(strings.NewReader(written))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(data, 0) < maxPathLength && !slices.Equal(paths, again) {
			t.Errorf("%q lists %q, and written again %q", data, paths, again)
		}
		for _, path := range paths {
			if path == "" || path == standardInput || !bytes.Contains(data, []byte(strings.TrimPrefix(path, "./"))) {
				t.Errorf("%q lists %q", data, path)
			}
		}
	})
}
