package lint

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"composelint/internal/compose"
	"composelint/patch"
	"composelint/rules"
)

const (
	// maxPasses bounds how often fixes are made and the rules run again. Each pass makes all fixes that do not meet; a
	// file whose services each get a socket proxy of their own needs one for each, since all of them end up at one place.
	maxPasses = 100
	// maxFixed is how many bytes of files there may be for fixes to be made: compose-go takes minutes to confirm one in a
	// file of a megabyte.
	maxFixed = 512 << 10
	// maxSingle bounds the passes that make one fix each.
	maxSingle = 100
)

// fixer repairs a project pass by pass.
type fixer struct {
	in      compose.Options
	options Options
	first   *Result

	state    state
	single   bool              // one fix a pass, each proved by itself
	dropped  map[string]string // why fixes are not made, by the identity of their finding
	unwanted map[string]bool   // the findings whose fixes were unsafe, and not asked for
}

// state is what some fixes have made of the project.
type state struct {
	project  *compose.Project
	findings []rules.Finding
	contents map[string][]byte // of the files that were changed
	changes  []compose.Change  // declared by the fixes that were made, in the order of the passes
}

// candidate is a fix that may be made.
type candidate struct {
	finding rules.Finding
	fix     rules.Fix
}

// run makes fixes until none is left. Where compose-go does not confirm the outcome, it starts again with one fix a
// pass, to find those that it does confirm.
func (f *fixer) run(ctx context.Context) error {
	f.start(false)
	if err := f.passes(ctx, maxPasses); err != nil {
		return err
	}
	if f.options.Fixes != ProveFixes || len(f.state.contents) == 0 || f.confirmed(&f.state) == nil {
		return nil
	}
	f.start(true)
	return f.passes(ctx, maxSingle)
}

// isTooLarge tells that no fixes are made in a project.
func isTooLarge(in compose.Options) bool {
	size := 0
	for _, file := range in.Files {
		size += len(file.Data)
	}
	return size > maxFixed
}

func (f *fixer) start(single bool) {
	f.single, f.dropped, f.unwanted = single, map[string]string{}, map[string]bool{}
	f.state = state{project: f.first.Project, findings: f.first.Remaining, contents: map[string][]byte{}}
}

// passes makes fixes until none is left. Then those that were unsafe are looked at again: what made them unsafe may be
// gone.
func (f *fixer) passes(ctx context.Context, most int) error {
	for range most {
		if err := ctx.Err(); err != nil {
			return err
		}
		chosen := f.choose()
		if len(chosen) == 0 && len(f.state.contents) > 0 {
			clear(f.unwanted)
			chosen = f.choose()
		}
		if len(chosen) == 0 {
			return nil
		}
		f.makeAll(chosen)
	}
	return nil
}

// choose returns the fixes to make in the next pass: those that are allowed, were not dropped, and do not meet.
func (f *fixer) choose() []candidate {
	var chosen []candidate
	var set patch.Set
	for _, finding := range f.state.findings {
		id := finding.Identity()
		if finding.Repair == nil || f.dropped[id] != "" || f.unwanted[id] {
			continue
		}
		fix := finding.Repair()
		if !f.allows(fix) {
			f.unwanted[id] = fix.Safety == rules.Unsafe // as it is likely to be in the next pass
			continue
		}
		if err := validate(f.state.project, fix.Edits); err != nil {
			f.dropped[id] = fmt.Sprintf("internal error: %v", err)
			continue
		}
		if !set.Add(fix.Edits) {
			continue // it meets another one, and waits for the next pass
		}
		chosen = append(chosen, candidate{finding, fix})
		if f.single {
			break
		}
	}
	return chosen
}

func (f *fixer) allows(fix rules.Fix) bool {
	return len(fix.Edits) > 0 && (fix.Safety == rules.Safe || fix.Safety == rules.Unsafe && f.options.Unsafe)
}

// makeAll makes fixes together. If that cannot be proved, those that cannot be proved alone are dropped, and of the
// others as many are made as go together: all, or those that weigh most, or one, since making it may be what the others
// need.
func (f *fixer) makeAll(chosen []candidate) {
	next, err := f.try(chosen)
	if err == nil {
		f.state = *next
		return
	}
	if len(chosen) == 1 {
		f.dropped[chosen[0].finding.Identity()] = err.Error()
		return
	}
	var good []candidate
	var first *state
	for _, c := range chosen {
		alone, err := f.try([]candidate{c})
		if err != nil {
			f.dropped[c.finding.Identity()] = err.Error()
			continue
		}
		if good = append(good, c); first == nil {
			first = alone
		}
	}
	for _, together := range [][]candidate{good, heaviest(good)} {
		if len(together) > 1 && len(together) < len(chosen) {
			if next, err = f.try(together); err == nil {
				f.state = *next
				return
			}
		}
	}
	if first != nil {
		f.state = *first
	}
}

// heaviest returns the fixes of the findings that weigh most. A fix may bring up a finding that weighs less than its
// own, and as much as that of another fix beside it.
func heaviest(candidates []candidate) []candidate {
	var most rules.Severity
	for _, c := range candidates {
		most = max(most, c.finding.Severity)
	}
	return slices.DeleteFunc(slices.Clone(candidates), func(c candidate) bool { return c.finding.Severity < most })
}

// try makes fixes and proves them.
func (f *fixer) try(chosen []candidate) (*state, error) {
	next, err := f.apply(chosen)
	if err != nil {
		return nil, fmt.Errorf("internal error: %w", err)
	}
	if problem := newProblem(f.state.project, next.project); problem != "" {
		return nil, fmt.Errorf("docker compose would refuse the file then: %s", problem)
	}
	declared := next.changes[len(f.state.changes):]
	if err := compose.Declared(f.state.project.Model, next.project.Model, declared); err != nil {
		return nil, fmt.Errorf("it would change more than it should: %w", err)
	}
	found := examine(next.project, &f.options)
	if hidden := hides(f.first.Suppressed, f.state.findings, found.suppressed); hidden != nil {
		return nil, fmt.Errorf("a comment that suppresses something else would then hide this: %s", hidden.Message)
	}
	next.findings = found.counted
	if err := f.noWorse(chosen, next.findings); err != nil {
		return nil, err
	}
	if f.single && f.options.Fixes == ProveFixes {
		if err := f.confirmed(next); err != nil {
			return nil, err
		}
	}
	return next, nil
}

// apply makes fixes, and resolves what comes of them. No rules are run yet.
func (f *fixer) apply(chosen []candidate) (*state, error) {
	var set patch.Set
	next := &state{contents: maps.Clone(f.state.contents), changes: slices.Clone(f.state.changes)}
	for _, c := range chosen {
		set.Add(c.fix.Edits)
		next.changes = append(next.changes, c.fix.Changes...)
	}
	for _, file := range f.state.project.Files {
		edits := set.Edits(file.Name)
		if len(edits) == 0 {
			continue
		}
		data, err := patch.Apply(file.Data, edits)
		if err != nil {
			return nil, err
		}
		next.contents[file.Name] = data
	}
	next.project = compose.Resolve(f.changed(next.contents))
	return next, nil
}

// newProblem returns what docker compose would refuse in one project and not in another; empty where there is nothing.
func newProblem(before, after *compose.Project) string {
	known := map[string]int{}
	for _, p := range before.Problems {
		known[p.Message]++
	}
	for _, p := range after.Problems {
		if known[p.Message]--; known[p.Message] < 0 {
			return p.Message
		}
	}
	return ""
}

// noWorse reports a finding that was not there before and weighs as much as one that is fixed.
func (f *fixer) noWorse(chosen []candidate, after []rules.Finding) error {
	limit := rules.Critical
	for _, c := range chosen {
		limit = min(limit, c.finding.Severity)
	}
	before := map[string]int{}
	for i := range f.state.findings {
		before[f.state.findings[i].Identity()]++
	}
	for i := range after {
		id := after[i].Identity()
		if before[id] > 0 {
			before[id]--
			continue
		}
		if after[i].Rule.Check == nil {
			continue // it is about a comment that the fix left without purpose, and for the next pass
		}
		if after[i].Severity >= limit {
			return fmt.Errorf("it would raise a new finding: %s", after[i].Message)
		}
	}
	return nil
}

// confirmed asks compose-go whether a state differs from the project as it was as declared. A project that compose-go
// does not load as it is cannot be confirmed by it; the proof by the own resolver has to do.
func (f *fixer) confirmed(s *state) error {
	err := compose.Prove(f.in, f.first.Project, s.contents, s.changes)
	if err == nil || errors.Is(err, compose.ErrNotLoadable) {
		return nil
	}
	return fmt.Errorf("docker compose does not confirm it: %w", err)
}

// changed returns the options that resolve the project with other contents of its files.
func (f *fixer) changed(contents map[string][]byte) compose.Options {
	in := f.in
	in.Files = slices.Clone(in.Files)
	for i, file := range in.Files {
		if data, ok := contents[file.Name]; ok {
			in.Files[i].Data = data
		}
	}
	if in.ReadFile != nil {
		in.ReadFile = func(path string) ([]byte, error) {
			if data, ok := contents[path]; ok {
				return data, nil
			}
			return f.in.ReadFile(path)
		}
	}
	in.Parsed = reuse(f.first.Project, contents)
	return in
}

// fileChanges returns the files that differ from what they were.
func (f *fixer) fileChanges() []FileChange {
	var changes []FileChange
	for _, name := range slices.Sorted(maps.Keys(f.state.contents)) {
		for _, file := range f.first.Project.Files {
			if file.Name == name && !bytes.Equal(file.Data, f.state.contents[name]) {
				changes = append(changes, FileChange{name, file.Data, f.state.contents[name]})
			}
		}
	}
	return changes
}
