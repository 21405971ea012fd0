package cli

import (
	"errors"

	"composelint/internal/compose"
	"composelint/internal/lint"
	"composelint/internal/report"
	"composelint/internal/source"
	"composelint/rules"
)

// describer turns the findings of one project into plain data, so that the project itself can go.
type describer struct {
	project *compose.Project
	// owns tells which files may be quoted.
	owns func(file string) bool
	// unsafe tells that unsafe fixes are wanted, too.
	unsafe bool
}

func (d *describer) finding(f *lint.Finding) report.Finding {
	result := report.Finding{
		Rule: f.Rule, Severity: f.Severity, Confidence: f.Confidence, Message: maskedProse(f.Message),
		Identity: f.Identity(), Path: f.Path, Services: f.Services, Came: came(f.Origin, f.Services), Notes: maskedAll(f.Notes),
	}
	file, span := f.Place()
	result.Place = d.place(file, span)
	if file != nil && d.owns(file.Name) {
		result.Excerpt = excerpt(file, span, f.Origin)
	}
	for _, r := range f.Related {
		result.Related = append(result.Related, report.Related{
			Place: d.place(r.Origin.File, r.Origin.Span()), Message: maskedProse(r.Message),
		})
	}
	if f.Fix != nil {
		result.Fix = d.fix(f)
	}
	return result
}

func maskedAll(texts []string) []string {
	var all []string
	for _, text := range texts {
		all = append(all, maskedProse(text))
	}
	return all
}

// place converts a range of bytes. What no file says is shown at the top of the first file.
func (d *describer) place(file *source.File, span source.Span) report.Place {
	if file == nil {
		return report.Place{File: d.project.Files[0].Name, Line: 1, Column: 1, EndLine: 1, EndColumn: 1, ByteColumn: 1, EndByteColumn: 1}
	}
	start, end := file.Position(span.Start), file.Position(span.End)
	return report.Place{
		File: file.Name, Line: start.Line, Column: start.Column, EndLine: end.Line, EndColumn: end.Column,
		ByteColumn: byteColumn(file, span.Start), EndByteColumn: byteColumn(file, span.End),
	}
}

func byteColumn(file *source.File, offset int) int { return offset - file.LineSpan(offset).Start + 1 }

// excerpt returns the first line of a range, with secrets masked.
func excerpt(file *source.File, span source.Span, origin compose.Origin) *report.Excerpt {
	line := file.LineSpan(span.Start)
	at := source.Span{Start: max(0, span.Start-line.Start), End: min(span.End, line.End) - line.Start}
	text := file.Text(line)
	if key := origin.Key; key != nil && namesSecret(key.Value) && file.LineSpan(key.Span.Start) != line {
		text, at = replaceSpans(text, []source.Span{{Start: 0, End: len(text)}}, at) // inside a secret of several lines
	} else {
		text, at = masked(text, at)
	}
	return &report.Excerpt{Line: file.Position(span.Start).Line, Text: text, Start: at.Start, End: at.End}
}

func (d *describer) fix(f *lint.Finding) *report.Fix {
	fix := &report.Fix{
		Title: maskedProse(f.Fix.Title), Safety: f.Fix.Safety, Applied: f.Fixed, Dropped: maskedProse(f.Dropped),
		Advice: maskedProse(f.Fix.Advice), Notes: maskedAll(f.Fix.Notes),
	}
	if name := d.sharedFile(f.Fix); name != "" {
		fix.Notes = append(fix.Notes, "What else uses "+name+" changes with it.")
	}
	for _, e := range f.Fix.Edits {
		fix.Edits = append(fix.Edits, report.Edit{
			Place: d.place(d.file(e.File), source.Span{Start: e.Start, End: e.End}), Start: e.Start, End: e.End, New: e.New,
		})
	}
	if fix.Dropped == "" && !fix.Applied && len(fix.Edits) > 0 && (fix.Safety == rules.Safe || d.unsafe) {
		fix.Dropped = "other fixes change the same lines first; run again when they are made"
	}
	return fix
}

// sharedFile returns the first file that a fix changes and that the project only extends or includes, so that projects
// nobody named may do so, too. A fix that changes nothing in the model is none of theirs.
func (d *describer) sharedFile(fix *rules.Fix) string {
	if len(fix.Changes) == 0 {
		return ""
	}
	for _, e := range fix.Edits {
		if !d.project.IsMain(e.File) {
			return e.File
		}
	}
	return ""
}

func (d *describer) file(name string) *source.File {
	for _, file := range d.project.Files {
		if file.Name == name {
			return file
		}
	}
	return nil
}

// notRead is what is said of a file that was named and cannot be read, with what to do about it.
func notRead(err error) string {
	switch {
	case errors.Is(err, errNoFile):
		return "no such file or directory; check the path, and the directory that you are in"
	case errors.Is(err, errNotAllowed):
		return "it may not be read; check its permissions"
	case errors.Is(err, errNotRegular):
		return "it is not a regular file; use - to read from standard input"
	case errors.Is(err, errTooLarge):
		return err.Error() + ", and no Compose file is; it was not read"
	default:
		return "it cannot be read: " + err.Error()
	}
}
