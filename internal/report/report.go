package report

import "composelint/rules"

// Place is a range of characters in a file. Lines and columns are one-based; the end is the first place behind the
// range.
type Place struct {
	File string
	// Line and Column, which counts characters, are where the range begins.
	Line, Column       int
	EndLine, EndColumn int
	// ByteColumn and EndByteColumn are the columns, counted in bytes.
	ByteColumn, EndByteColumn int
}

// Finding is one thing that was found.
type Finding struct {
	Rule       *rules.Rule
	Severity   rules.Severity
	Confidence rules.Confidence
	Message    string
	// Identity tells whether two findings of two runs are the same one. It is not meant to be read.
	Identity string
	Place    Place
	// Path is the place in the effective model: "services.web.volumes".
	Path     string
	Services []string
	// Came says how the value got from where it was said to where it counts; empty where that is the same place.
	Came    string
	Notes   []string
	Related []Related
	// Excerpt is the line of the finding; nil where it must not be quoted.
	Excerpt *Excerpt
	// Fix is nil where there is none, or where nobody asked.
	Fix *Fix
}

// Related is another place that matters to a finding.
type Related struct {
	Place   Place
	Message string
}

// Excerpt is a line of a file, fit to be shown: secrets in it are masked.
type Excerpt struct {
	Line int
	Text string
	// Start and End are the byte offsets in Text of what the finding is about.
	Start, End int
}

// Fix is the change that a rule offers.
type Fix struct {
	Title  string
	Safety rules.Safety
	// Applied tells that the finding is gone from the repaired files.
	Applied bool
	// Dropped says why the fix is not used, although it is allowed; empty where it is.
	Dropped string
	// Advice says what a person has to do, where nothing can be done for them.
	Advice string
	Notes  []string
	Edits  []Edit
}

// Edit is a change of the bytes [Start, End) of a file.
type Edit struct {
	Place      Place
	Start, End int
	New        string
}

// Diff is the unified diff of one file.
type Diff struct {
	File string
	Text string
}

// Failure is an input that could not be linted, or a file that could not be written.
type Failure struct {
	File    string
	Message string
}

// Report is the outcome of a run.
type Report struct {
	// Version is that of the program.
	Version  string
	Findings []Finding
	// Diffs are shown by the text format.
	Diffs    []Diff
	Failures []Failure
	// Projects is how many projects were looked at.
	Projects int
	// Suppressed is how many findings do not count, because a comment or the configuration says so.
	Suppressed int
	// Known is how many findings do not count, because the baseline lists them.
	Known int
	// Written tells that the repaired files were written.
	Written bool
	// FixesBuilt tells that fixes were asked for, so that a finding without one has none.
	FixesBuilt bool
}

// Summary counts what was found.
type Summary struct {
	Projects, Findings, Suppressed, Known int
	// BySeverity counts the findings of each severity.
	BySeverity map[rules.Severity]int
	// Fixable are the findings that the fixes of this run remove; Unsafe are those that more would be removed with
	// unsafe fixes.
	Fixable, Unsafe int
}

// Summary counts what is in the report.
func (r *Report) Summary() Summary {
	s := Summary{Projects: r.Projects, Suppressed: r.Suppressed, Known: r.Known}
	for i := range r.Findings {
		s.Add(&r.Findings[i])
	}
	return s
}

// Add counts a finding.
func (s *Summary) Add(f *Finding) {
	if s.BySeverity == nil {
		s.BySeverity = map[rules.Severity]int{}
	}
	s.Findings++
	s.BySeverity[f.Severity]++
	switch {
	case f.Fix == nil:
	case f.Fix.Applied:
		s.Fixable++
	case f.Fix.Safety == rules.Unsafe && f.Fix.Dropped == "":
		s.Unsafe++
	}
}
