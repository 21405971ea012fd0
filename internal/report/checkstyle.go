package report

import (
	"encoding/xml"
	"io"
)

type checkstyleError struct {
	XMLName  xml.Name `xml:"error"`
	Line     int      `xml:"line,attr,omitempty"`
	Column   int      `xml:"column,attr,omitempty"`
	Severity string   `xml:"severity,attr"`
	Message  string   `xml:"message,attr"`
	Source   string   `xml:"source,attr"`
}

// Checkstyle writes the XML of Checkstyle (https://checkstyle.org), which many CI systems read, with the findings of
// a file together. The error is that of the writer.
func Checkstyle(w io.Writer, r *Report) error {
	var all groups[checkstyleError]
	for i := range r.Findings {
		f := &r.Findings[i]
		all.add(f.Place.File, checkstyleError{
			Line: f.Place.Line, Column: f.Place.Column, Severity: level(f.Severity, "error", "warning", "info"),
			Message: Escape(f.Message), Source: toolName + "." + f.Rule.Name,
		})
	}
	for _, failure := range r.Failures {
		all.add(failure.File, checkstyleError{Severity: "error", Message: Escape(failure.Message), Source: toolName})
	}
	x := newXMLWriter(w)
	x.open("checkstyle", attribute("version", "4.3"))
	for _, file := range all.files {
		x.open("file", attribute("name", file))
		for _, e := range all.items[file] {
			x.element(e)
		}
		x.end("file")
	}
	x.end("checkstyle")
	return x.close()
}
