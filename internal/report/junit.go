package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// junitSuite has what junit-10.xsd asks for, the schema of Jenkins' xUnit plugin, and no more: the plugin refuses a
// report that has an attribute too many, such as the file of a test, as a whole.
// https://github.com/jenkinsci/xunit-plugin/tree/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd
type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	File     string      `xml:"file,attr,omitempty"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitOutcome `xml:"failure"`
	Error   *junitOutcome `xml:"error"`
}

type junitOutcome struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the findings as failed tests, and what could not be linted as tests that ended in an error, as the
// test pages of CI systems read them, with a suite for each file. A run without either is one test that passed, since
// some take a report without tests for a mistake. The error is that of the writer.
func JUnit(w io.Writer, r *Report) error {
	var tests groups[junitCase]
	for i := range r.Findings {
		tests.add(r.Findings[i].Place.File, failedCase(&r.Findings[i], r.Written))
	}
	for _, failure := range r.Failures {
		tests.add(failure.File, junitCase{Name: "it can be linted", Error: &junitOutcome{Message: Escape(failure.Message)}})
	}
	failures, errs := len(r.Findings), len(r.Failures)
	if failures+errs == 0 {
		tests.add("", junitCase{Name: headline(r)})
	}
	x := newXMLWriter(w)
	x.open("testsuites", attribute("name", toolName), number("tests", max(1, failures+errs)),
		number("failures", failures), number("errors", errs))
	for _, file := range tests.files {
		x.element(toSuite(file, tests.items[file]))
	}
	x.end("testsuites")
	return x.close()
}

// toSuite makes a suite of the tests of a file. Those about no file belong to the program. Tests of one name are
// numbered, since GitLab shows the first of them alone.
func toSuite(file string, cases []junitCase) junitSuite {
	suite := junitSuite{Name: cmp.Or(file, toolName), File: file, Tests: len(cases), Cases: cases}
	seen := map[string]int{}
	for i := range cases {
		c := &cases[i]
		if seen[c.Name]++; seen[c.Name] > 1 {
			c.Name = fmt.Sprintf("%s (%d)", c.Name, seen[c.Name])
		}
		c.Class = suite.Name
		if c.Failure != nil {
			suite.Failures++
		}
		if c.Error != nil {
			suite.Errors++
		}
	}
	return suite
}

// failedCase converts a finding. The name has no line number, so that the test stays the same one while lines move.
func failedCase(f *Finding, written bool) junitCase {
	message := Escape(f.Message)
	return junitCase{
		Name:    f.Rule.Name + ": " + message,
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
