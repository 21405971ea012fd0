//go:build unix

package patch

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// linkCount returns the number of names that a file has.
func linkCount(_ *os.File, info fs.FileInfo) (uint64, error) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, fmt.Errorf("internal error: %T does not tell the number of links", info.Sys())
	}
	return uint64(stat.Nlink), nil // its width differs from system to system
}

// keepOwner gives a file the owner and group of the original.
func keepOwner(file *os.File, original fs.FileInfo) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	have, haveOK := info.Sys().(*syscall.Stat_t)
	want, wantOK := original.Sys().(*syscall.Stat_t)
	if !haveOK || !wantOK {
		return fmt.Errorf("internal error: %T does not tell the owner", original.Sys())
	}
	if have.Uid == want.Uid && have.Gid == want.Gid {
		return nil
	}
	if err := file.Chown(int(want.Uid), int(want.Gid)); err != nil {
		return fmt.Errorf("its owner (user %d, group %d) cannot be kept: %w", want.Uid, want.Gid, withoutPath(err))
	}
	return nil
}

// syncDirectory makes a replacement outlive a power cut. Where that fails, the file is whole all the same, old or new.
func syncDirectory(path string) {
	directory, err := os.Open(path)
	if err != nil {
		return
	}
	defer directory.Close()
	_ = directory.Sync()
}
