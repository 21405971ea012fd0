package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

type junitCase struct {
	XMLName xml.Name      `xml:"testcase"`
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitOutcome `xml:"failure"`
	Error   *junitOutcome `xml:"error"`
}

type junitOutcome struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the findings as failed tests, and what could not be linted as tests that ended in an error, as the
// test pages of CI systems read them. A run without either is one test that passed, since some take a report without
// tests for a mistake. The error is that of the writer.
func JUnit(w io.Writer, r *Report) error {
	x := newXMLWriter(w)
	failures, errs := len(r.Findings), len(r.Failures)
	counts := []xml.Attr{
		attribute("name", toolName), number("tests", max(1, failures+errs)), number("failures", failures),
		number("errors", errs),
	}
	x.open("testsuites", counts...)
	x.open("testsuite", counts...)
	for i := range r.Findings {
		x.element(failedCase(&r.Findings[i], r.Written))
	}
	for _, failure := range r.Failures {
		file := Escape(failure.File)
		x.element(junitCase{
			Class: file, Name: "it can be linted", File: file, Error: &junitOutcome{Message: Escape(failure.Message)},
		})
	}
	if failures+errs == 0 {
		x.element(junitCase{Class: toolName, Name: headline(r)})
	}
	x.end("testsuite")
	x.end("testsuites")
	return x.close()
}

// failedCase converts a finding. The name has no line number, so that the test stays the same one while lines move.
func failedCase(f *Finding, written bool) junitCase {
	file, message := Escape(portable(f.Place.File)), Escape(f.Message)
	return junitCase{
		Class: file, Name: f.Rule.Name + ": " + message, File: file, Line: f.Place.Line,
		Failure: &junitOutcome{Type: f.Severity.String(), Message: message, Text: junitText(f, written)},
	}
}

// junitText is the finding as the text format has it, without the line of the file.
func junitText(f *Finding, written bool) string {
	lines := []string{placeText(f.Place)}
	if f.Came != "" {
		lines = append(lines, Escape(f.Came))
	}
	if why := firstParagraph(f.Rule.Why); why != "" {
		lines = append(lines, "why: "+Escape(why))
	}
	for _, note := range f.Notes {
		lines = append(lines, "note: "+Escape(note))
	}
	if f.Fix != nil {
		label, text := f.Fix.outcome(written)
		lines = append(lines, label+Escape(text))
	}
	for _, related := range f.Related {
		lines = append(lines, fmt.Sprintf("see %s: %s", placeText(related.Place), Escape(related.Message)))
	}
	return "\n" + strings.Join(lines, "\n") + "\n"
}
