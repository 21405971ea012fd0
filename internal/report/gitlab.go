package report

import (
	"io"

	"composelint/rules"
)

type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

var gitlabSeverities = map[rules.Severity]string{
	rules.Critical: "blocker", rules.High: "critical", rules.Medium: "major", rules.Low: "minor", rules.Info: "info",
}

// GitLab writes a Code Quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
// The format has no room for what could not be linted. The error is that of the writer.
func GitLab(w io.Writer, r *Report) error {
	j := newJSONWriter(w)
	seen := fingerprints{}
	j.array("", len(r.Findings), func(i int) any {
		f := &r.Findings[i]
		return gitlabIssue{
			Description: Escape(f.Message), CheckName: f.Rule.Name, Fingerprint: seen.of(f),
			Severity: gitlabSeverities[f.Severity],
			Location: gitlabLocation{portable(f.Place.File), gitlabLines{f.Place.Line, f.Place.EndLine}},
		}
	})
	j.text("\n")
	return j.flush()
}
