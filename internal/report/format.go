package report

import "io"

// FixUse says what a format does with fixes, and so how far they have to be proved.
type FixUse uint8

const (
	// NoFixes is for a format that has no room for fixes.
	NoFixes FixUse = iota
	// TellsFixes is for a format that says what can be fixed.
	TellsFixes
	// OffersFixes is for a format whose reader makes the changes as they are shown.
	OffersFixes
)

// Format is a way to write a report.
type Format struct {
	// Name is how the command line calls it.
	Name string
	// Fixes says what it does with fixes.
	Fixes FixUse
	// HasFailures tells that the format has room for what could not be linted.
	HasFailures bool
	// Write writes a report. The style matters to the formats for people alone. The error is that of the writer.
	Write func(w io.Writer, r *Report, style Style) error
}

// Formats lists the formats: those for people first, then those for any program, then those for one in particular.
func Formats() []Format {
	return []Format{
		{"text", OffersFixes, false, Text},
		{"compact", NoFixes, false, Compact},
		{"markdown", TellsFixes, true, unstyled(Markdown)},
		{"json", TellsFixes, true, unstyled(JSON)},
		{"jsonl", TellsFixes, true, unstyled(JSONLines)},
		{"sarif", OffersFixes, true, unstyled(SARIF)},
		{"junit", TellsFixes, true, unstyled(JUnit)},
		{"checkstyle", NoFixes, true, unstyled(Checkstyle)},
		{"github", TellsFixes, true, unstyled(GitHub)},
		{"gitlab", NoFixes, false, unstyled(GitLab)},
		{"sonar", NoFixes, false, unstyled(Sonar)},
		{"rdjson", OffersFixes, false, unstyled(RDJSON)},
	}
}

func unstyled(write func(io.Writer, *Report) error) func(io.Writer, *Report, Style) error {
	return func(w io.Writer, r *Report, _ Style) error { return write(w, r) }
}
