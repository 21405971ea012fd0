package patch

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// Edit replaces the half-open byte range [Start, End) of one file's original bytes with New. Start equals End for an
// insertion, and New is empty for a deletion.
type Edit struct {
	File       string // the path that the file was read from
	Start, End int
	New        string
}

// Validate checks the edits of one fix, in any order: they stay inside their files and do not overlap. Edits may touch,
// but two different insertions at one offset have no order and are refused. Identical edits count once. The function size
// returns the number of bytes of a file, and whether the file is known. An error is a bug of the rule that made the fix.
func Validate(edits []Edit, size func(file string) (int, bool)) error {
	edits, err := tidy(edits)
	if err != nil {
		return err
	}
	for _, e := range edits {
		n, known := size(e.File)
		if !known {
			return fmt.Errorf("%s changes a file that was not read", e)
		}
		if err := e.within(n); err != nil {
			return err
		}
	}
	return nil
}

// Apply returns the data of one file with all its edits made. The edits may come in any order; identical ones count once.
// The result shares no memory with the data.
func Apply(data []byte, edits []Edit) ([]byte, error) {
	edits, err := tidy(edits)
	if err != nil {
		return nil, err
	}
	size := len(data)
	for _, e := range edits {
		if e.File != edits[0].File {
			return nil, fmt.Errorf("%s does not belong to %s", e, edits[0].File)
		}
		if err := e.within(len(data)); err != nil {
			return nil, err
		}
		size += len(e.New) - (e.End - e.Start)
	}
	result := bytes.NewBuffer(make([]byte, 0, size))
	at := 0
	for _, e := range edits {
		result.Write(data[at:e.Start])
		result.WriteString(e.New)
		at = e.End
	}
	result.Write(data[at:])
	return result.Bytes(), nil
}

// String names the file and the bytes of the edit, for errors.
func (e Edit) String() string {
	return fmt.Sprintf("the edit of %s at bytes %d to %d", e.File, e.Start, e.End)
}

// within reports an edit that does not fit into a file of that many bytes.
func (e Edit) within(size int) error {
	if e.Start < 0 || e.End < e.Start {
		return fmt.Errorf("%s is not a range of bytes", e)
	}
	if e.End > size {
		return fmt.Errorf("%s goes beyond the end of the file, which has %d bytes", e, size)
	}
	return nil
}

// tidy returns a copy of the edits, sorted by file and place and without repetitions. It is an error if two overlap.
func tidy(edits []Edit) ([]Edit, error) {
	edits = slices.Clone(edits)
	slices.SortFunc(edits, compareEdits)
	edits = slices.Compact(edits)
	for i, next := range edits {
		if i > 0 && overlap(edits[i-1], next) {
			return nil, fmt.Errorf("%s overlaps the one at bytes %d to %d", next, edits[i-1].Start, edits[i-1].End)
		}
	}
	return edits, nil
}

func compareEdits(a, b Edit) int {
	return cmp.Or(
		cmp.Compare(a.File, b.File),
		cmp.Compare(a.Start, b.Start),
		cmp.Compare(a.End, b.End),
		cmp.Compare(a.New, b.New))
}

// overlap reports whether two different edits, in sorted order, cannot both be made: they share a byte, or they insert
// at the same offset.
func overlap(a, b Edit) bool {
	if a.File != b.File {
		return false
	}
	bothInsert := a.Start == a.End && b.Start == b.End
	return b.Start < a.End || bothInsert && a.Start == b.Start
}
