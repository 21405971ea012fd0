package cli

import (
	"errors"
	"fmt"
	"slices"

	"composelint/internal/lint"
	"composelint/internal/report"
	"composelint/patch"
	"composelint/rules"
)

// ignore makes the result of a run one that adds comments: its changes are the files with comments for all findings,
// and its findings are those that no comment can suppress. Comments go into the user's own files alone.
func (r *runner) ignore(result *lint.Result, options *lint.Options, owns func(file string) bool) error {
	var own, left []rules.Finding
	for _, f := range result.Remaining {
		if file, _ := f.Place(); file != nil && owns(file.Name) {
			own = append(own, f)
		} else {
			left = append(left, f)
		}
	}
	edits, more := lint.AddIgnores(result.Project, own, r.reason, options)
	result.Remaining, result.Findings = append(left, more...), nil
	for _, f := range result.Remaining {
		result.Findings = append(result.Findings, lint.Finding{Finding: f})
	}
	for _, file := range result.Project.Files {
		here := slices.DeleteFunc(slices.Clone(edits), func(e patch.Edit) bool { return e.File != file.Name })
		if len(here) == 0 {
			continue
		}
		if !owns(file.Name) {
			return fmt.Errorf("a comment would go into %s, which is outside the working directory and the repository", file.Name)
		}
		data, err := patch.Apply(file.Data, here)
		if err != nil {
			return fmt.Errorf("internal error: %w", err)
		}
		result.Changes = append(result.Changes, lint.FileChange{Name: file.Name, Old: file.Data, New: data})
	}
	return nil
}

// dropNeeded drops the complaints about comments that nothing needs in one project, but something does in another one
// with the same file: those at the places that are needed.
func dropNeeded(outcomes []*outcome, needed map[report.Place]bool) {
	for _, o := range outcomes {
		o.findings = slices.DeleteFunc(o.findings, func(f report.Finding) bool {
			if f.Rule != rules.UnusedSuppression || !needed[f.Place] {
				return false
			}
			o.left = slices.DeleteFunc(o.left, func(l leftover) bool { return l.identity == f.Identity })
			return true
		})
	}
}

// tellIgnored says what became of --add-ignores.
func (c *Command) tellIgnored(r *report.Report, files int) {
	if len(r.Failures) == 0 && files > 0 {
		c.complain("", fmt.Sprintf("comments were added; files changed: %d", files))
	}
	if len(r.Findings) > 0 {
		c.complain("", "no comment can suppress the findings that are left, or they lie in JSON or in files outside the "+
			"working directory; a baseline can (--write-baseline)")
	}
}

// readBaseline reads the baseline that the command line names, if it names one.
func (o *options) readBaseline() (*lint.Baseline, error) {
	if o.baseline == "" {
		return nil, nil
	}
	data, err := readFile(o.baseline)
	if err != nil {
		return nil, fmt.Errorf("--baseline %s: %s", o.baseline, notRead(err))
	}
	baseline, err := lint.ParseBaseline(o.baseline, data)
	if err != nil {
		return nil, fmt.Errorf("--baseline %s: %w", o.baseline, err)
	}
	return baseline, nil
}

// aboutRun returns what is found in the files that the run itself is made of, one outcome for each of them:
// exceptions that have expired, and entries of the baseline that are not needed any more.
func (r *runner) aboutRun(l *ledger) []*outcome {
	var about []*outcome
	if len(l.chosen) > 0 {
		// The baseline belongs to no project: what counts for the first one counts for it.
		about = append(about, r.about(l.chosen[0], r.options.Baseline.Stale(l.met, l.judges)))
	}
	for _, chosen := range l.chosen {
		about = append(about, r.about(chosen, chosen.expired))
	}
	return about
}

// about turns findings about a file of the run into an outcome.
func (r *runner) about(chosen *decisions, findings []rules.Finding) *outcome {
	o := &outcome{target: target{decisions: chosen}}
	d := describer{owns: func(file string) bool { return r.territory.owns(".", file) }}
	for _, f := range chosen.lint.Wanted(findings) {
		o.findings = append(o.findings, d.finding(&lint.Finding{Finding: f}))
		o.left = append(o.left, leftover{f.Identity(), f.Severity})
	}
	return o
}

// writeBaseline writes the findings of the run into a baseline. Those that another baseline lists stay known.
func writeBaseline(path string, l *ledger, outcomes []*outcome) error {
	keys := slices.Clone(l.met)
	for _, o := range outcomes {
		keys = append(keys, o.counted...)
	}
	data := lint.WriteBaseline(keys)
	old, err := readFile(path)
	if errors.Is(err, errNoFile) {
		return createFile(path, data)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if _, err := lint.ParseBaseline(path, old); err != nil {
		return fmt.Errorf("%s is there, is not a baseline, and stays as it is; name another file", path)
	}
	return patch.Write([]patch.Target{{Path: path, Old: old, New: data}})
}

// saveBaseline ends a run that writes a baseline. Where something could not be linted, its findings would be lost,
// and nothing is written.
func (c *Command) saveBaseline(path string, l *ledger, outcomes []*outcome, failures []report.Failure) int {
	for _, failure := range failures {
		c.complain(failure.File, failure.Message)
	}
	if len(failures) > 0 {
		return c.refuse(errors.New("the baseline was not written, because it would lack what could not be linted"))
	}
	if err := writeBaseline(path, l, outcomes); err != nil {
		return c.refuse(fmt.Errorf("the baseline cannot be written: %w", err))
	}
	name := report.Escape(path)
	if _, err := fmt.Fprintf(c.Stdout, "%s lists the findings of this run; --baseline %[1]s leaves them out.\n", name); err != nil {
		return c.refuse(ignoreClosedPipe(err))
	}
	return ExitClean
}
