package report

import "io"

type rdDiagnostic struct {
	Message     string         `json:"message"`
	Location    rdLocation     `json:"location"`
	Severity    string         `json:"severity"`
	Code        rdCode         `json:"code"`
	Suggestions []rdSuggestion `json:"suggestions,omitempty"`
	Related     []rdRelated    `json:"related_locations,omitempty"`
}

type rdLocation struct {
	Path  string  `json:"path"`
	Range rdRange `json:"range"`
}

type rdRange struct {
	Start rdPosition `json:"start"`
	End   rdPosition `json:"end"`
}

// rdPosition counts from 1, and columns in bytes.
type rdPosition struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

type rdCode struct {
	Value string `json:"value"`
	URL   string `json:"url,omitempty"`
}

type rdSuggestion struct {
	Range rdRange `json:"range"`
	Text  string  `json:"text"`
}

type rdRelated struct {
	Message  string     `json:"message"`
	Location rdLocation `json:"location"`
}

// RDJSON writes the Reviewdog Diagnostic Format, which reviewdog turns into comments on a pull request:
// https://github.com/reviewdog/reviewdog/tree/master/proto/rdf. It has no room for what could not be linted. The
// error is that of the writer.
func RDJSON(w io.Writer, r *Report) error {
	j := newJSONWriter(w)
	j.text("{\n  \"source\": {\"name\": \"" + toolName + "\"},\n  \"diagnostics\": ")
	j.array("  ", len(r.Findings), func(i int) any { return toDiagnostic(&r.Findings[i], r.Written) })
	j.text("\n}\n")
	return j.flush()
}

func toDiagnostic(f *Finding, written bool) rdDiagnostic {
	diagnostic := rdDiagnostic{
		Message: Escape(f.Message), Location: toRDLocation(f.Place),
		Severity: level(f.Severity, "ERROR", "WARNING", "INFO"), Code: rdCode{f.Rule.Name, firstURL(f.Rule)},
	}
	// Reviewers accept suggestions one by one, and half a fix is none: only a fix that is one edit of this file is
	// one.
	if edits := f.offered(written); len(edits) == 1 && edits[0].Place.File == f.Place.File {
		diagnostic.Suggestions = []rdSuggestion{{toRDRange(edits[0].Place), edits[0].New}}
	}
	for _, related := range f.Related {
		diagnostic.Related = append(diagnostic.Related, rdRelated{Escape(related.Message), toRDLocation(related.Place)})
	}
	return diagnostic
}

func toRDLocation(p Place) rdLocation { return rdLocation{portable(p.File), toRDRange(p)} }

func toRDRange(p Place) rdRange {
	return rdRange{rdPosition{p.Line, p.ByteColumn}, rdPosition{p.EndLine, p.EndByteColumn}}
}
