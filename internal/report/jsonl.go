package report

import "io"

type lineOfFinding struct {
	Kind string `json:"kind"`
	jsonFinding
}

type lineOfFailure struct {
	Kind string `json:"kind"`
	jsonFailure
}

type lineOfSummary struct {
	Kind    string `json:"kind"`
	Version int    `json:"version"`
	jsonSummary
}

// JSONLines writes one JSON object on each line: findings and failures with the fields that JSON gives them, and
// "kind", which tells them apart. The summary is the last line, so that a report without one is known to be cut off.
// The error is that of the writer.
func JSONLines(w io.Writer, r *Report) error {
	lines := NewLines(w)
	for i := range r.Findings {
		lines.Finding(&r.Findings[i], r.Written)
	}
	for _, failure := range r.Failures {
		lines.Failure(failure)
	}
	lines.Summary(r.Summary(), r.Written)
	return lines.Flush()
}

// Lines writes the lines of JSONLines one by one, for a run that is not to be held in memory.
type Lines struct{ j *jsonWriter }

// NewLines returns Lines that write to w. They are buffered.
func NewLines(w io.Writer) *Lines { return &Lines{newJSONWriter(w)} }

// Finding writes a finding; written tells that the repaired files were written.
func (l *Lines) Finding(f *Finding, written bool) {
	l.j.line(lineOfFinding{"finding", toJSONFinding(f, written)})
}

// Failure writes what could not be linted.
func (l *Lines) Failure(f Failure) { l.j.line(lineOfFailure{"failure", jsonFailure(f)}) }

// Summary writes the last line.
func (l *Lines) Summary(s Summary, written bool) {
	l.j.line(lineOfSummary{"summary", formatVersion, toJSONSummary(s, written)})
}

// Flush hands on what is buffered. The error is that of the writer, now or before.
func (l *Lines) Flush() error { return l.j.flush() }
