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
)

// fixer repairs a project pass by pass.
type fixer struct {
	in      compose.Options
	options Options
	first   *Result

	state    state
	strict   bool              // compose-go is asked about each step, and not only about the outcome
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

// run makes fixes until none is left. Where compose-go does not confirm the outcome, it starts again and asks it about
// each step, to find the fixes that it does confirm.
func (f *fixer) run(ctx context.Context) error {
	f.start(false)
	if err := f.passes(ctx); err != nil {
		return err
	}
	if f.options.Fixes != ProveFixes || len(f.state.contents) == 0 || f.confirmed(&f.state) == nil {
		return nil
	}
	f.start(true)
	return f.passes(ctx)
}

// isTooLarge tells that no fixes are made in a project.
func isTooLarge(in compose.Options) bool {
	size := 0
	for _, file := range in.Files {
		size += len(file.Data)
	}
	return size > maxFixed
}

func (f *fixer) start(strict bool) {
	f.strict, f.dropped, f.unwanted = strict, map[string]string{}, map[string]bool{}
	f.state = state{project: f.first.Project, findings: f.first.Remaining, contents: map[string][]byte{}}
}

// passes makes fixes until none is left. Then those that were unsafe or could not be proved are looked at again: what
// made them so may be gone.
func (f *fixer) passes(ctx context.Context) error {
	madeSome := false // since all fixes were looked at
	for range maxPasses {
		if err := ctx.Err(); err != nil {
			return err
		}
		chosen := f.choose()
		if len(chosen) == 0 && madeSome {
			clear(f.unwanted)
			clear(f.dropped)
			madeSome = false
			chosen = f.choose()
		}
		if len(chosen) == 0 {
			return nil
		}
		if f.makeAll(chosen) {
			madeSome = true
		}
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
		if f.options.Refuses != nil {
			if reason := f.options.Refuses(id, &fix); reason != "" {
				f.dropped[id] = reason
				continue
			}
		}
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
	}
	return chosen
}

func (f *fixer) allows(fix rules.Fix) bool {
	return len(fix.Edits) > 0 && (fix.Safety == rules.Safe || fix.Safety == rules.Unsafe && f.options.Unsafe)
}

// makeAll makes fixes together, and reports whether it made any. If that cannot be proved, it makes as many as can be:
// those that weigh most, or a half of them, and so on. The others wait for the next pass, since making some may be what
// they need. A fix that cannot be proved alone is dropped.
func (f *fixer) makeAll(chosen []candidate) bool {
	next, err := f.try(chosen)
	if err == nil {
		f.state = *next
		return true
	}
	if len(chosen) == 1 {
		f.dropped[chosen[0].finding.Identity()] = err.Error()
		return false
	}
	first, rest := split(chosen)
	return f.makeAll(first) || f.makeAll(rest)
}

// split takes the fixes of the findings that weigh most from the others, or the first half where all weigh the same. A
// fix may bring up a finding that weighs less than its own, and as much as that of another fix beside it.
func split(candidates []candidate) (first, rest []candidate) {
	var most rules.Severity
	for _, c := range candidates {
		most = max(most, c.finding.Severity)
	}
	for _, c := range candidates {
		if c.finding.Severity == most {
			first = append(first, c)
		} else {
			rest = append(rest, c)
		}
	}
	if len(rest) > 0 {
		return first, rest
	}
	return candidates[:len(candidates)/2], candidates[len(candidates)/2:]
}

// try makes fixes and proves them.
func (f *fixer) try(chosen []candidate) (*state, error) {
	next, err := f.apply(chosen)
	if err != nil {
		return nil, fmt.Errorf("internal error: %w", err)
	}
	if problem := compose.NewProblem(f.state.project, next.project); problem != "" {
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
	if f.strict {
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

// noWorse reports a finding that was not there before and weighs as much as one that is fixed. A finding about all
// services that lack something is another one when a fix adds a service: it may take the place of one that is gone.
func (f *fixer) noWorse(chosen []candidate, after []rules.Finding) error {
	limit := rules.Critical
	fixed := map[string]int{} // by identity
	for _, c := range chosen {
		limit = min(limit, c.finding.Severity)
		fixed[c.finding.Identity()]++
	}
	type kind struct {
		rule     string
		severity rules.Severity
	}
	replaceable := map[kind]int{}
	for _, gone := range without(f.state.findings, after) {
		if id := gone.Identity(); fixed[id] > 0 {
			fixed[id]--
		} else {
			replaceable[kind{gone.Rule.Name, gone.Severity}]++
		}
	}
	for _, added := range without(after, f.state.findings) {
		if added.Rule.Check == nil || added.Severity < limit {
			continue // one without a check is about a comment that the fix left without purpose, and for the next pass
		}
		k := kind{added.Rule.Name, added.Severity}
		if replaceable[k]--; replaceable[k] < 0 {
			return fmt.Errorf("it would raise a new finding: %s", added.Message)
		}
	}
	return nil
}

// without returns the findings that are not among others.
func without(findings, others []rules.Finding) []rules.Finding {
	known := map[string]int{} // by identity
	for i := range others {
		known[others[i].Identity()]++
	}
	var left []rules.Finding
	for i := range findings {
		if id := findings[i].Identity(); known[id] > 0 {
			known[id]--
		} else {
			left = append(left, findings[i])
		}
	}
	return left
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
