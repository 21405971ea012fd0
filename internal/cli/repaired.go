package cli

import (
	"bytes"
	"slices"

	"composelint/internal/lint"
	"composelint/internal/report"
	"composelint/patch"
)

// repaired holds the files that fixes have changed, so that a project that shares a file with another one starts from
// what the other one left. Nothing is written before all projects agree.
type repaired struct {
	territory *territory
	files     []*repairedFile // in the order in which they were first changed
	byPath    map[string]*repairedFile
	// generation counts the changes.
	generation int
}

type repairedFile struct {
	name       string // as it was first named
	old, new   []byte
	generation int // when it was changed last
}

func newRepaired(t *territory) *repaired {
	return &repaired{territory: t, byPath: map[string]*repairedFile{}}
}

// file returns what became of a file, if it was changed.
func (r *repaired) file(path string) (file *repairedFile, ok bool) {
	if len(r.files) == 0 {
		return nil, false
	}
	file, ok = r.byPath[r.territory.realPathOf(path)]
	return file, ok
}

// content returns the content of a file that was changed.
func (r *repaired) content(path string) ([]byte, bool) {
	file, ok := r.file(path)
	if !ok {
		return nil, false
	}
	return file.new, true
}

// take takes over changes of a project.
func (r *repaired) take(o *outcome, changes []lint.FileChange) {
	if len(changes) > 0 {
		r.put(changes)
		o.generation = r.generation
	}
}

func (r *repaired) put(changes []lint.FileChange) {
	r.generation++
	for _, change := range changes {
		file, ok := r.file(change.Name)
		if !ok {
			file = &repairedFile{name: change.Name, old: change.Old}
			r.byPath[r.territory.realPathOf(change.Name)] = file
			r.files = append(r.files, file)
		}
		file.new, file.generation = change.New, r.generation
	}
}

// adopt takes over those changes that a project makes by itself to files that no other one has changed.
func (r *repaired) adopt(o *outcome) {
	r.take(o, slices.DeleteFunc(slices.Clone(o.own), func(change lint.FileChange) bool {
		_, changed := r.file(change.Name)
		return changed
	}))
}

// isStale reports whether a file of a project was changed since the project was linted.
func (r *repaired) isStale(o *outcome) bool {
	return slices.ContainsFunc(o.read, func(name string) bool {
		file, ok := r.file(name)
		return ok && file.generation > o.generation
	})
}

// foreign returns the real paths of the files of a project that have become something else than its own fixes make of
// them.
func (r *repaired) foreign(o *outcome) []string {
	var paths []string
	for _, name := range o.read {
		file, ok := r.file(name)
		if !ok {
			continue
		}
		path, alone := r.territory.realPathOf(name), file.old
		for _, change := range o.own {
			if r.territory.realPathOf(change.Name) == path {
				alone = change.New
			}
		}
		if !bytes.Equal(alone, file.new) {
			paths = append(paths, path)
		}
	}
	return paths
}

// update takes over what became of the findings when the project was linted again.
func (o *outcome) update(again *outcome) {
	o.changes, o.generation = nil, again.generation
	if again.failure != nil {
		o.failure = again.failure
		return
	}
	o.changes, o.left, o.read = again.changes, again.left, again.read
	left := map[string]int{}
	for _, l := range again.left {
		left[l.identity]++
	}
	dropped := map[string]string{}
	for _, f := range again.findings {
		if f.Fix != nil {
			dropped[f.Identity] = f.Fix.Dropped
		}
	}
	for i := range o.findings {
		f := &o.findings[i]
		if f.Fix == nil {
			continue
		}
		f.Fix.Applied, f.Fix.Dropped = left[f.Identity] == 0, ""
		if !f.Fix.Applied {
			left[f.Identity]--
			f.Fix.Dropped = dropped[f.Identity]
		}
	}
}

// diffs returns the unified diffs of all files.
func (r *repaired) diffs() []report.Diff {
	var diffs []report.Diff
	for _, file := range r.files {
		name := r.territory.diffName(file.name)
		text := patch.Unified("a/"+name, "b/"+name, file.old, file.new)
		if text != "" {
			diffs = append(diffs, report.Diff{File: file.name, Text: text})
		}
	}
	return diffs
}

// write writes the repaired files, all or none as far as the file system allows. What came from standard input has no
// file.
func (r *repaired) write() error {
	var targets []patch.Target
	for _, file := range r.files {
		if file.name != standardInput {
			targets = append(targets, patch.Target{Path: file.name, Old: file.old, New: file.new})
		}
	}
	return patch.Write(targets)
}
