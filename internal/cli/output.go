package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"

	"composelint/internal/report"
	"composelint/patch"
)

// complain is the one place that messages about the run itself go through: one line each, on standard error.
func (c *Command) complain(file, message string) {
	if file != "" {
		message = file + ": " + message
	}
	_, _ = fmt.Fprintln(c.Stderr, "composelint: "+report.Escape(maskedProse(message)))
}

// write writes the changed files, and reports whether that went well. A failure leaves the findings as they are.
func (c *Command) write(r *report.Report, files *repaired) bool {
	err := files.write()
	if err == nil {
		return true
	}
	failure := report.Failure{Message: err.Error()}
	var failed *patch.WriteError
	if errors.As(err, &failed) {
		failure = report.Failure{File: failed.Path, Message: strings.TrimPrefix(err.Error(), failed.Path+": ")}
	}
	r.Failures = append(r.Failures, failure)
	return false
}

// assemble brings the outcomes together. Projects that share a file share its findings: each is reported once.
func assemble(outcomes []*outcome, failures []report.Failure) *report.Report {
	r := &report.Report{Version: version(), Failures: failures}
	seen := newReported()
	for _, o := range outcomes {
		if o.failure != nil {
			r.Failures = append(r.Failures, *o.failure)
		}
		for i := range o.findings {
			if seen.isNew(&o.findings[i]) {
				r.Findings = append(r.Findings, o.findings[i])
			}
		}
	}
	return r
}

// report prints the report, and returns an error where that is not possible. Where a diff or a repaired file takes up
// standard output, the findings go to standard error.
func (c *Command) report(r *report.Report, o *options, run *runner) error {
	format := o.console()
	isFilter := o.writes() && slices.Contains(slices.Concat(o.files, o.paths), standardInput)
	if beside := o.diff || isFilter; !beside || !format.HasFailures { // what says them itself must stay in its format
		for _, failure := range r.Failures {
			c.complain(failure.File, failure.Message)
		}
	}
	findings := c.Stdout
	var err error
	switch {
	case o.diff:
		findings = c.Stderr
		err = report.WriteDiff(c.Stdout, r.Diffs, c.style(c.Stdout, o.color))
		r.Diffs = nil
	case isFilter:
		findings = c.Stderr
		var content []byte
		if content, err = run.readFile(standardInput); err == nil {
			_, err = c.Stdout.Write(content)
		}
	}
	if err = ignoreClosedPipe(err); err != nil {
		return err
	}
	return ignoreClosedPipe(format.Write(findings, r, c.style(findings, o.color)))
}

// ignoreClosedPipe drops the error of writing to a reader that has read enough, such as head.
func ignoreClosedPipe(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the report cannot be written: %w", err)
	}
	return nil
}

func exitStatus(r *report.Report, outcomes []*outcome, o *options) int {
	if len(r.Failures) > 0 {
		return ExitFailure
	}
	for _, outcome := range outcomes {
		fails := outcome.target.decisions.fails
		if o.writes() && slices.ContainsFunc(outcome.left, func(l leftover) bool { return fails(l.severity) }) ||
			!o.writes() && slices.ContainsFunc(outcome.findings, func(f report.Finding) bool { return fails(f.Severity) }) {
			return ExitFindings
		}
	}
	return ExitClean
}
