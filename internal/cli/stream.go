package cli

import (
	"context"
	"slices"

	"composelint/internal/report"
	"composelint/rules"
)

// jsonLines is the format that can be written while the run goes on.
const jsonLines = "jsonl"

// streams reports whether findings are written while the run goes on, and not held in memory: where nothing but JSON
// Lines is asked for.
func (o *options) streams() bool {
	return o.console().Name == jsonLines && len(o.reports()) == 1 && !o.writes() && !o.diff && o.writeBaseline == ""
}

// stream is a report that is written project by project.
type stream struct {
	command  *Command
	lines    *report.Lines
	ledger   *ledger
	reported *reported
	summary  report.Summary
	// late are the complaints about comments that nothing needs. Only the end of the run shows whether another project
	// with the same file needs them.
	late          []*outcome
	failed, found bool
}

// stream lints the projects, and reports on each as soon as it and those before it are done. A reader that has read
// enough ends the run quietly.
func (c *Command) stream(ctx context.Context, o *options, run *runner, targets []target, failures []report.Failure) int {
	s := &stream{command: c, lines: report.NewLines(c.Stdout), ledger: run.newLedger(), reported: newReported()}
	for _, failure := range failures {
		s.fail(failure)
	}
	for outcome := range c.progress(o, len(targets)).watch(run.outcomes(ctx, targets)) {
		s.project(outcome)
		if err := s.lines.Flush(); err != nil {
			return s.status(err)
		}
	}
	if ctx.Err() != nil {
		return c.refuse(errInterrupted)
	}
	c.tellUnchanged(o, s.ledger)
	return s.status(s.end(run))
}

// project reports on a project.
func (s *stream) project(o *outcome) {
	if !s.ledger.add(o) {
		return
	}
	if o.failure != nil {
		s.fail(*o.failure)
	}
	late := &outcome{target: o.target}
	o.findings = slices.DeleteFunc(o.findings, func(f report.Finding) bool {
		isLate := f.Rule == rules.UnusedSuppression
		if isLate {
			late.findings = append(late.findings, f)
		}
		return isLate
	})
	if len(late.findings) > 0 {
		s.late = append(s.late, late)
	}
	s.findings(o)
}

func (s *stream) fail(failure report.Failure) {
	s.failed = true
	s.command.complain(failure.File, failure.Message)
	s.lines.Failure(failure)
}

func (s *stream) findings(o *outcome) {
	for i := range o.findings {
		f := &o.findings[i]
		s.found = s.found || o.target.decisions.fails(f.Severity)
		if s.reported.isNew(f) {
			s.summary.Add(f)
			s.lines.Finding(f, false)
		}
	}
}

// end writes what only the whole run shows. The error is that of the writer.
func (s *stream) end(run *runner) error {
	dropNeeded(s.late, s.ledger.needed)
	for _, o := range slices.Concat(s.late, run.aboutRun(s.ledger)) {
		s.findings(o)
	}
	s.summary.Projects, s.summary.Suppressed, s.summary.Known = s.ledger.projects, s.ledger.suppressed, s.ledger.known
	s.lines.Summary(s.summary, false)
	return s.lines.Flush()
}

// status returns the exit status. The error is that of the writer.
func (s *stream) status(err error) int {
	switch err = ignoreClosedPipe(err); {
	case err != nil:
		return s.command.refuse(err)
	case s.failed:
		return ExitFailure
	case s.found:
		return ExitFindings
	default:
		return ExitClean
	}
}
