package report

import (
	"io"

	"composelint/rules"
)

type sonarRule struct {
	ID                 string        `json:"id"`
	Name               string        `json:"name"`
	Description        string        `json:"description"`
	EngineID           string        `json:"engineId"`
	CleanCodeAttribute string        `json:"cleanCodeAttribute"`
	Type               string        `json:"type"`
	Severity           string        `json:"severity"`
	Impacts            []sonarImpact `json:"impacts"`
}

type sonarImpact struct {
	SoftwareQuality string `json:"softwareQuality"`
	Severity        string `json:"severity"`
}

type sonarIssue struct {
	RuleID    string          `json:"ruleId"`
	Primary   sonarLocation   `json:"primaryLocation"`
	Secondary []sonarLocation `json:"secondaryLocations,omitempty"`
}

type sonarLocation struct {
	Message   string     `json:"message"`
	FilePath  string     `json:"filePath"`
	TextRange sonarRange `json:"textRange"`
}

// sonarRange counts lines from 1 and columns from 0.
type sonarRange struct {
	StartLine   int  `json:"startLine"`
	EndLine     int  `json:"endLine"`
	StartColumn *int `json:"startColumn,omitempty"`
	EndColumn   *int `json:"endColumn,omitempty"`
}

var sonarSeverities = map[rules.Severity]string{
	rules.Critical: "BLOCKER", rules.High: "CRITICAL", rules.Medium: "MAJOR", rules.Low: "MINOR", rules.Info: "INFO",
}

// Sonar writes the generic issues that SonarQube imports, from version 10.3 on:
// https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/importing-external-issues/generic-issue-import-format.
// It has no room for what could not be linted. The error is that of the writer.
func Sonar(w io.Writer, r *Report) error {
	j := newJSONWriter(w)
	found, _ := rulesOf(r)
	j.text("{\n  \"rules\": ")
	j.array("  ", len(found), func(i int) any { return toSonarRule(found[i]) })
	j.text(",\n  \"issues\": ")
	j.array("  ", len(r.Findings), func(i int) any { return toSonarIssue(&r.Findings[i]) })
	j.text("\n}\n")
	return j.flush()
}

// toSonarRule describes a rule in both of Sonar's schemes: type and severity, and the qualities that it has an impact
// on.
func toSonarRule(rule *rules.Rule) sonarRule {
	return sonarRule{
		ID: rule.Name, Name: rule.Name, Description: ruleHelp(rule), EngineID: toolName,
		CleanCodeAttribute: "TRUSTWORTHY", Type: "VULNERABILITY", Severity: sonarSeverities[rule.Severity],
		Impacts: []sonarImpact{{"SECURITY", level(rule.Severity, "HIGH", "MEDIUM", "LOW")}},
	}
}

func toSonarIssue(f *Finding) sonarIssue {
	issue := sonarIssue{RuleID: f.Rule.Name, Primary: toSonarLocation(f.Place, f.Message)}
	for _, related := range f.Related {
		issue.Secondary = append(issue.Secondary, toSonarLocation(related.Place, related.Message))
	}
	return issue
}

// toSonarLocation converts a place. Sonar refuses a report with an empty range, so that one becomes its whole line.
func toSonarLocation(p Place, message string) sonarLocation {
	location := sonarLocation{
		Message: Escape(message), FilePath: portable(p.File), TextRange: sonarRange{StartLine: p.Line, EndLine: p.EndLine},
	}
	if p.Line != p.EndLine || p.Column != p.EndColumn {
		start, end := p.Column-1, p.EndColumn-1
		location.TextRange.StartColumn, location.TextRange.EndColumn = &start, &end
	}
	return location
}
