package report

import (
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"composelint/rules"
)

// toolName is how reports call the program.
const toolName = "composelint"

// The types follow the SARIF specification, version 2.1.0:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Numbers of sections are those of it.

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID                   string              `json:"id"`
	ShortDescription     sarifText           `json:"shortDescription"`
	Help                 sarifText           `json:"help"`
	HelpURI              string              `json:"helpUri,omitempty"`
	DefaultConfiguration sarifConfiguration  `json:"defaultConfiguration"`
	Properties           sarifRuleProperties `json:"properties"`
}

type sarifConfiguration struct {
	Level string `json:"level"`
}

// sarifRuleProperties are the ones that GitHub code scanning sorts alerts by.
type sarifRuleProperties struct {
	Tags             []string `json:"tags"`
	SecuritySeverity string   `json:"security-severity,omitempty"`
	Severity         string   `json:"severity"`
	Strictness       string   `json:"strictness"`
}

type sarifInvocation struct {
	ExecutionSuccessful bool                `json:"executionSuccessful"`
	Notifications       []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
}

type sarifResult struct {
	RuleID       string                `json:"ruleId"`
	RuleIndex    int                   `json:"ruleIndex"`
	Level        string                `json:"level"`
	Message      sarifText             `json:"message"`
	Locations    []sarifLocation       `json:"locations"`
	Related      []sarifLocation       `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string     `json:"fingerprints"`
	Fixes        []sarifFix            `json:"fixes,omitempty"`
	Properties   sarifResultProperties `json:"properties"`
}

type sarifResultProperties struct {
	Severity   string   `json:"severity"`
	Confidence string   `json:"confidence"`
	Services   []string `json:"services"`
	Came       string   `json:"came,omitempty"`
	Notes      []string `json:"notes,omitempty"`
}

type sarifLocation struct {
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	Message  *sarifText     `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI     string `json:"uri"`
	URIBase string `json:"uriBaseId,omitempty"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"`
}

type sarifFix struct {
	Description sarifText     `json:"description"`
	Changes     []sarifChange `json:"artifactChanges"`
}

type sarifChange struct {
	Artifact     sarifArtifact      `json:"artifactLocation"`
	Replacements []sarifReplacement `json:"replacements"`
}

type sarifReplacement struct {
	Deleted  sarifRegion `json:"deletedRegion"`
	Inserted sarifText   `json:"insertedContent"`
}

// sourceRoot is what relative names of files are relative to; whoever reads the report knows where that is.
const sourceRoot = "%SRCROOT%"

// SARIF writes the Static Analysis Results Interchange Format 2.1.0, which GitHub code scanning and many other
// systems read. Fixes are in it while they can still be made. The error is that of the writer.
func SARIF(w io.Writer, r *Report) error {
	j := newJSONWriter(w)
	found, index := rulesOf(r)
	j.text(`{
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [{
    "columnKind": "unicodeCodePoints",
    "originalUriBaseIds": {"` + sourceRoot + `": {"description": {"text": "the directory that composelint ran in"}}},
    "tool": {"driver": `)
	j.value("    ", sarifDriver{toolName, r.Version, mapped(found, toSARIFRule)})
	j.text("},\n    \"invocations\": [")
	j.value("    ", sarifInvocation{len(r.Failures) == 0, mapped(r.Failures, toNotification)})
	j.text("],\n    \"results\": ")
	seen := fingerprints{}
	j.array("    ", len(r.Findings), func(i int) any {
		f := &r.Findings[i]
		result := toSARIFResult(f, r.Written)
		result.RuleIndex, result.Fingerprints = index[f.Rule.Name], map[string]string{"findingIdentity/v1": seen.of(f)}
		return result
	})
	j.text("\n  }]\n}\n")
	return j.flush()
}

func toSARIFRule(rule *rules.Rule) sarifRule {
	help := ruleHelp(rule)
	return sarifRule{
		ID: rule.Name, ShortDescription: sarifText{Text: rule.Summary}, Help: sarifText{Text: help, Markdown: help},
		HelpURI: firstURL(rule), DefaultConfiguration: sarifConfiguration{sarifLevel(rule.Severity)},
		Properties: sarifRuleProperties{
			Tags: []string{"security"}, SecuritySeverity: securitySeverities[rule.Severity],
			Severity: rule.Severity.String(), Strictness: rule.Tier.String(),
		},
	}
}

// securitySeverities are scores that GitHub code scanning shows under the same names: above 9.0 critical, from 7.0
// high, from 4.0 medium, below that low. See "SARIF support for code scanning" in its documentation.
var securitySeverities = map[rules.Severity]string{
	rules.Critical: "9.5", rules.High: "8.0", rules.Medium: "5.5", rules.Low: "2.5",
}

func sarifLevel(s rules.Severity) string { return level(s, "error", "warning", "note") }

// ruleHelp returns what a reader has to know of a rule, in paragraphs of Markdown.
func ruleHelp(rule *rules.Rule) string {
	var parts []string
	for _, part := range []string{rule.Summary, rule.Why, rule.Fix, rule.Limits} {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	for _, reference := range rule.References {
		parts = append(parts, strings.TrimSpace(reference.Title+" "+reference.URL))
	}
	return strings.Join(parts, "\n\n")
}

// firstURL returns the address of the first document that a rule stands on and that has one.
func firstURL(rule *rules.Rule) string {
	for _, reference := range rule.References {
		if reference.URL != "" {
			return reference.URL
		}
	}
	return ""
}

func toNotification(failure Failure) sarifNotification {
	notification := sarifNotification{Level: "error", Message: sarifMessage(failure.Message)}
	if failure.File != "" {
		notification.Locations = []sarifLocation{{Physical: sarifPhysical{Artifact: toArtifact(failure.File)}}}
	}
	return notification
}

func toSARIFResult(f *Finding, written bool) sarifResult {
	result := sarifResult{
		RuleID: f.Rule.Name, Level: sarifLevel(f.Severity), Message: sarifMessage(f.Message),
		Locations: []sarifLocation{{Physical: toPhysical(f.Place)}},
		Related:   mapped(f.Related, toRelatedLocation),
		Fixes:     toSARIFFixes(f, written),
		Properties: sarifResultProperties{
			Severity: f.Severity.String(), Confidence: f.Confidence.String(), Services: mapped(f.Services, Escape),
			Came: Escape(f.Came), Notes: mapped(f.Notes, Escape),
		},
	}
	if f.Path != "" {
		result.Locations[0].Logical = []sarifLogical{{Escape(f.Path)}}
	}
	return result
}

func toRelatedLocation(related Related) sarifLocation {
	message := sarifMessage(related.Message)
	return sarifLocation{Physical: toPhysical(related.Place), Message: &message}
}

// sarifMessage returns a message that has no links in it: brackets could be one (3.11.6).
func sarifMessage(text string) sarifText {
	text = Escape(text)
	if strings.Contains(text, "](") {
		text = strings.NewReplacer("[", `\[`, "]", `\]`).Replace(text)
	}
	return sarifText{Text: text}
}

func toPhysical(p Place) sarifPhysical {
	region := toRegion(p)
	return sarifPhysical{toArtifact(p.File), &region}
}

func toRegion(p Place) sarifRegion { return sarifRegion{p.Line, p.Column, p.EndLine, p.EndColumn} }

// toArtifact names a file by a URI. One outside the source root has no base: it must not begin with ".." then
// (3.4.4).
func toArtifact(file string) sarifArtifact {
	path := portable(file)
	if filepath.IsAbs(file) {
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(path, "/")}).String()}
	}
	uri := (&url.URL{Path: path}).String()
	if path == ".." || strings.HasPrefix(path, "../") {
		return sarifArtifact{URI: uri}
	}
	return sarifArtifact{uri, sourceRoot}
}

// toSARIFFixes converts the fix, file by file.
func toSARIFFixes(f *Finding, written bool) []sarifFix {
	edits := f.offered(written)
	if len(edits) == 0 {
		return nil
	}
	var changes []sarifChange
	index := map[string]int{}
	for _, edit := range edits {
		at, ok := index[edit.Place.File]
		if !ok {
			at = len(changes)
			index[edit.Place.File] = at
			changes = append(changes, sarifChange{Artifact: toArtifact(edit.Place.File)})
		}
		changes[at].Replacements = append(changes[at].Replacements, toReplacement(edit))
	}
	return []sarifFix{{sarifMessage(f.Fix.Title + " (" + f.Fix.Safety.String() + ")"), changes}}
}

// toReplacement converts an edit. The standard lets a removal do without insertedContent, but reviewdog 0.21 crashes
// on one that does.
func toReplacement(edit Edit) sarifReplacement {
	return sarifReplacement{toRegion(edit.Place), sarifText{Text: edit.New}}
}
