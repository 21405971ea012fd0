package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/report"
)

// maxRounds bounds how often projects that share files are linted again. One round is enough unless a fix in a shared
// file makes another one possible.
const maxRounds = 4

// settle brings the changes of all projects together. A fix is proved for the project that it repairs, and what it does
// to a shared file must be right for all that have it: each service of theirs has to become what their own fixes make of
// it, or what those of one of the others do, and Compose may not refuse anything new. Where that is not so, only those
// fixes may change the file that are the same in all of these projects, or else none, and the projects are linted again.
func (r *runner) settle(ctx context.Context, outcomes []*outcome) {
	r.frozen = map[string]map[string]string{}
	for _, o := range outcomes {
		o.own = o.changes
	}
	for ctx.Err() == nil {
		r.join(ctx, outcomes)
		frozen := r.freeze(outcomes)
		if len(frozen) == 0 {
			return
		}
		r.repaired = newRepaired(r.territory)
		for _, o := range outcomes {
			if o.again || slices.ContainsFunc(o.read, func(name string) bool { return frozen[r.territory.realPathOf(name)] }) {
				o.update(r.lint(ctx, o.target))
				o.own, o.again = o.changes, false
			} else {
				o.changes, o.generation = o.own, 0
			}
		}
	}
}

// join makes the changes of all projects. A project whose files were changed by the fixes of another one is linted
// again on what that left, and adds its own.
func (r *runner) join(ctx context.Context, outcomes []*outcome) {
	if !slices.ContainsFunc(outcomes, func(o *outcome) bool { return len(o.changes) > 0 }) {
		return
	}
	for range maxRounds {
		settled := true
		for _, o := range outcomes {
			if ctx.Err() == nil && r.repaired.isStale(o) {
				r.repaired.adopt(o)
				o.update(r.lint(ctx, o.target))
				o.again, settled = true, false
			}
			r.repaired.take(o, o.changes)
			o.changes = nil
		}
		if settled {
			return
		}
	}
}

// freeze finds the files whose changes make another project of one that has them than its own fixes do, and lets less
// be done to them. It returns their real paths.
func (r *runner) freeze(outcomes []*outcome) map[string]bool {
	found := map[string]bool{}
	for _, o := range outcomes {
		for _, path := range r.culprits(o, outcomes) {
			found[path] = true
		}
	}
	for path := range found {
		switch allowed, frozen := r.frozen[path]; {
		case !frozen:
			r.frozen[path] = r.fixedAlike(path, outcomes)
		case len(allowed) > 0:
			r.frozen[path] = nil
		default:
			delete(found, path) // no fix has changed it
		}
	}
	return found
}

// culprits returns the real paths of the files of a project because of which it has become another one than the fixes
// make of it. A project that Compose refuses by itself, such as a part of another one, is nothing that could become
// another one.
func (r *runner) culprits(o *outcome, outcomes []*outcome) []string {
	foreign := r.repaired.foreign(o)
	if len(foreign) == 0 {
		return nil
	}
	own := r.resolve(o, nil)
	if slices.ContainsFunc(own.Problems, func(p compose.Problem) bool { return p.Kind == compose.Model }) {
		return nil
	}
	var others []*compose.Value
	isWrong := func(foreign []string) bool {
		joint := r.resolve(o, foreign)
		return compose.NewProblem(own, joint) != "" || compose.Unexplained(own.Model, joint.Model, others) != ""
	}
	if !isWrong(foreign) {
		return nil // the others, which are as many as share the file, need no look
	}
	if others = r.modelsWith(foreign, outcomes); !isWrong(foreign) {
		return nil
	}
	isHarmless := func(path string) bool { return !isWrong([]string{path}) }
	if culprits := slices.DeleteFunc(slices.Clone(foreign), isHarmless); len(culprits) > 0 {
		return culprits
	}
	return foreign // each is harmless without the others
}

// modelsWith returns what its own fixes make of each project that has one of some files: that is proved.
func (r *runner) modelsWith(paths []string, outcomes []*outcome) []*compose.Value {
	var models []*compose.Value
	for _, o := range outcomes {
		if len(o.own) > 0 && slices.ContainsFunc(paths, func(path string) bool { return r.reads(o, path) }) {
			models = append(models, r.resolve(o, nil).Model)
		}
	}
	return models
}

// reads reports whether a project has a file, given by its real path.
func (r *runner) reads(o *outcome, path string) bool {
	return slices.ContainsFunc(o.read, func(name string) bool { return r.territory.realPathOf(name) == path })
}

// fixedAlike returns the edits of the fixes that are the same in all projects that have a file, by the identity of
// their finding.
func (r *runner) fixedAlike(path string, outcomes []*outcome) map[string]string {
	var alike map[string]string
	for _, o := range outcomes {
		if !r.reads(o, path) {
			continue
		}
		here := map[string]string{}
		for i := range o.findings {
			f := &o.findings[i]
			if edits := r.edits(f.Fix); edits != "" && (alike == nil || alike[f.Identity] == edits) {
				here[f.Identity] = edits
			}
		}
		alike = here
	}
	return alike
}

// edits returns the edits of a fix as a text that is the same for all projects; "" where there is no fix.
func (r *runner) edits(fix *report.Fix) string {
	var b strings.Builder
	if fix != nil {
		for _, e := range fix.Edits {
			fmt.Fprintf(&b, "%q %d %d %q\n", r.territory.realPathOf(e.Place.File), e.Start, e.End, e.New)
		}
	}
	return b.String()
}

// resolve resolves a project with its own changes, but with foreign files, given by their real paths, as the fixes of all
// projects leave them.
func (r *runner) resolve(o *outcome, foreign []string) *compose.Project {
	own := newRepaired(r.territory)
	own.put(o.own)
	in, _ := r.input(o.target, func(path string) ([]byte, error) {
		if slices.Contains(foreign, r.territory.realPathOf(path)) {
			return r.readFile(path)
		}
		if data, ok := own.content(path); ok {
			return data, nil
		}
		if file, ok := r.repaired.file(path); ok {
			return file.old, nil
		}
		return r.readFile(path)
	})
	return compose.Resolve(in)
}
