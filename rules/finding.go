package rules

import (
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

// Finding is something that a rule found.
type Finding struct {
	Rule *Rule
	// Severity, Confidence and Tier are the rule's own, and Certain, where a rule does not say otherwise.
	Severity   Severity
	Confidence Confidence
	Tier       Tier
	// Message is one sentence that names the service and the consequence.
	Message string
	// Origin is the cause. Span, where it is not empty, is the part of it that matters.
	Origin compose.Origin
	Span   source.Span
	// Path is where in the effective model the value counts: "services.web.volumes". Of several services, the first in the
	// alphabet.
	Path string
	// Services are the names of the services that are affected, in the order of the file.
	Services []string
	// Evidence is what the finding is about, without prose and places: it tells apart two findings of a rule in one
	// service, and stays when lines are added.
	Evidence string
	// Related are other places that matter: the other half of a conflict.
	Related []Related
	// Notes are sentences for the reader that are not the message.
	Notes []string
	// Repair builds the fix. It is nil where there is none; it is only called when fixes are wanted.
	Repair func() Fix
}

// Related is another place that matters to a finding.
type Related struct {
	Origin  compose.Origin
	Message string
}

// Fix is a change that removes the cause of a finding.
type Fix struct {
	// Title is a verb phrase: "Remove privileged".
	Title  string
	Safety Safety
	// Edits are made all or none.
	Edits []patch.Edit
	// Changes is the declared difference of the effective model.
	Changes []compose.Change
	// Advice says what a person has to do, where the safety is Manual, and why it cannot be done for them.
	Advice string
	// Notes are sentences for the reader: what was chosen and why, what stays.
	Notes []string
}

// manual returns a fix that is advice alone.
func manual(title, advice string) Fix { return Fix{Title: title, Safety: Manual, Advice: advice} }

// Place returns the bytes that the finding points at.
func (f *Finding) Place() (*source.File, source.Span) {
	if f.Span.Len() > 0 {
		return f.Origin.File, f.Span
	}
	return f.Origin.File, f.Origin.Span()
}

// Identity tells whether two findings of two runs are the same one: the rule, the file, the place in the model and the
// evidence count; words and line numbers do not.
func (f *Finding) Identity() string {
	file := ""
	if f.Origin.File != nil {
		file = f.Origin.File.Name
	}
	return strings.Join([]string{f.Rule.Name, file, f.Path, f.Evidence}, "\x00")
}

// SortFindings brings findings into the order of reports: by file, place and rule. Files are in the order in which the
// project reads them.
func SortFindings(p *compose.Project, findings []Finding) {
	rank := make(map[*source.File]int, len(p.Files))
	for i, file := range p.Files {
		rank[file] = i
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		fileA, spanA := a.Place()
		fileB, spanB := b.Place()
		if d := rank[fileA] - rank[fileB]; d != 0 {
			return d
		}
		if d := spanA.Start - spanB.Start; d != 0 {
			return d
		}
		if d := strings.Compare(a.Rule.Name, b.Rule.Name); d != 0 {
			return d
		}
		return strings.Compare(a.Message, b.Message)
	})
}
