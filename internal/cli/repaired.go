package cli

import (
	"context"
	"slices"

	"composelint/internal/report"
	"composelint/patch"
)

// maxRounds bounds how often projects that share files are linted again. One round is enough unless a fix in a shared
// file makes another one possible.
const maxRounds = 4

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

// content returns the content of a file that was changed.
func (r *repaired) content(path string) ([]byte, bool) {
	if len(r.files) == 0 {
		return nil, false
	}
	file, ok := r.byPath[r.territory.realPathOf(path)]
	if !ok {
		return nil, false
	}
	return file.new, true
}

// take takes over the changes of a project.
func (r *repaired) take(o *outcome) {
	if len(o.changes) == 0 {
		return
	}
	r.generation++
	o.generation = r.generation
	for _, change := range o.changes {
		path := r.territory.realPathOf(change.Name)
		file, ok := r.byPath[path]
		if !ok {
			file = &repairedFile{name: change.Name, old: change.Old}
			r.byPath[path] = file
			r.files = append(r.files, file)
		}
		file.new, file.generation = change.New, r.generation
	}
	o.changes = nil
}

// isStale reports whether a file of a project was changed since the project was linted.
func (r *repaired) isStale(o *outcome) bool {
	return slices.ContainsFunc(o.read, func(name string) bool {
		file, ok := r.byPath[r.territory.realPathOf(name)]
		return ok && file.generation > o.generation
	})
}

// settle brings the changes of all projects together. A project whose files were changed by the fixes of another one
// is linted again on what that left, and adds its own.
func (r *runner) settle(ctx context.Context, outcomes []*outcome) {
	if !slices.ContainsFunc(outcomes, func(o *outcome) bool { return len(o.changes) > 0 }) {
		return
	}
	for range maxRounds {
		settled := true
		for _, o := range outcomes {
			if ctx.Err() == nil && r.repaired.isStale(o) {
				o.update(r.lint(ctx, o.target))
				settled = false
			}
			r.repaired.take(o)
		}
		if settled {
			return
		}
	}
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
