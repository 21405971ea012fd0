package patch

import (
	"slices"
	"sort"
)

// Set collects the edits of several fixes that were all made for the same bytes, like commits with one parent: a fix goes
// in whole or not at all. The zero value is an empty set.
type Set struct {
	files map[string][]Edit // sorted by place
}

// Add takes the edits of one fix into the set and reports whether it did. It takes none of them if one overlaps or touches
// a different edit that is in the set, because two insertions at one offset have no order, and what stands beside a change
// may have been judged by what was there before it. An edit that is in the set already counts once. Edits that
// overlap each other are refused too.
func (s *Set) Add(edits []Edit) bool {
	edits, err := tidy(edits)
	if err != nil {
		return false
	}
	var added []Edit
	for _, e := range edits {
		if e.Start < 0 || e.End < e.Start {
			return false
		}
		present, conflict := s.meets(e)
		if conflict {
			return false
		}
		if !present {
			added = append(added, e)
		}
	}
	for _, e := range added {
		s.insert(e)
	}
	return true
}

// Edits returns the edits of one file, sorted by place.
func (s *Set) Edits(file string) []Edit {
	return slices.Clone(s.files[file])
}

// meets reports whether the edit itself is in the set, and if not, whether it meets another.
func (s *Set) meets(e Edit) (present, conflict bool) {
	accepted := s.files[e.File]
	first := sort.Search(len(accepted), func(i int) bool { return accepted[i].End >= e.Start })
	for _, a := range accepted[first:] {
		if a.Start > e.End {
			break
		}
		if a == e {
			return true, false
		}
		conflict = true
	}
	return false, conflict
}

func (s *Set) insert(e Edit) {
	if s.files == nil {
		s.files = map[string][]Edit{}
	}
	at, _ := slices.BinarySearchFunc(s.files[e.File], e, compareEdits)
	s.files[e.File] = slices.Insert(s.files[e.File], at, e)
}
