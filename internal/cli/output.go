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
	"composelint/rules"
)

// complain is the one place that messages about the run itself go through: one line each, on standard error.
func (c *Command) complain(file, message string) {
	if file != "" {
		message = file + ": " + message
	}
	_, _ = fmt.Fprintln(c.Stderr, "composelint: "+report.Escape(maskedProse(message)))
}

// write writes the repaired files. A failure leaves the findings as they are.
func (c *Command) write(r *report.Report, files *repaired) {
	err := files.write()
	if err == nil {
		r.Written = true
		return
	}
	failure := report.Failure{Message: err.Error()}
	var failed *patch.WriteError
	if errors.As(err, &failed) {
		failure = report.Failure{File: failed.Path, Message: strings.TrimPrefix(err.Error(), failed.Path+": ")}
	}
	r.Failures = append(r.Failures, failure)
}

// assemble brings the outcomes together. Projects that share a file share its findings: each is reported once.
func assemble(outcomes []*outcome, failures []report.Failure) *report.Report {
	r := &report.Report{Failures: failures, Projects: len(outcomes)}
	type key struct {
		rule, message string
		place         report.Place
	}
	seen := map[key]bool{}
	for _, o := range outcomes {
		r.Suppressed += o.suppressed
		if o.failure != nil {
			r.Failures = append(r.Failures, *o.failure)
		}
		for _, f := range o.findings {
			k := key{f.Rule.Name, f.Message, f.Place}
			if !seen[k] {
				seen[k] = true
				r.Findings = append(r.Findings, f.Finding)
			}
		}
	}
	return r
}

// report prints the report, and returns an error where that is not possible. Where a diff or a repaired file takes up
// standard output, the findings go to standard error.
func (c *Command) report(r *report.Report, o *options, run *runner) error {
	asJSON := o.format == "json"
	isFilter := o.fix && slices.Contains(slices.Concat(o.files, o.paths), standardInput)
	if beside := o.diff || isFilter; !beside || !asJSON { // JSON holds the failures, and must stay JSON
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
	if asJSON {
		return ignoreClosedPipe(report.JSON(findings, r))
	}
	return ignoreClosedPipe(report.Text(findings, r, c.style(findings, o.color), !o.diff && !o.fix))
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
	fails := func(s rules.Severity) bool { return o.failOn > 0 && s >= o.failOn }
	if !o.fix {
		for i := range r.Findings {
			if fails(r.Findings[i].Severity) {
				return ExitFindings
			}
		}
		return ExitClean
	}
	for _, outcome := range outcomes {
		for _, left := range outcome.left {
			if fails(left.severity) {
				return ExitFindings
			}
		}
	}
	return ExitClean
}
