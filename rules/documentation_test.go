package rules_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"composelint/internal/lint"
	"composelint/rules"
)

var (
	kebabCase = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	// version is a number, a year, or a hash: what tells one edition of a document from another.
	version = regexp.MustCompile(`\d+|\b[0-9a-f]{7,40}\b`)
)

// TestDocumentation asks of each rule for everything that --explain prints.
func TestDocumentation(t *testing.T) {
	for _, rule := range rules.All() {
		t.Run(rule.Name, func(t *testing.T) {
			if !kebabCase.MatchString(rule.Name) {
				t.Error("the name is not in kebab case")
			}
			if _, err := os.Stat(strings.ReplaceAll(rule.Name, "-", "_") + ".go"); err != nil {
				t.Errorf("a rule has a file of its name: %v", err)
			}
			if rule.Severity == 0 || rule.Tier == 0 {
				t.Error("severity and tier are needed")
			}
			for what, text := range map[string]string{"summary": rule.Summary, "why": rule.Why} {
				if !isProse(text) {
					t.Errorf("the %s is not in full sentences: %q", what, text)
				}
			}
			for what, text := range map[string]string{"fix": rule.Fix, "limits": rule.Limits} {
				if text != "" && !isProse(text) {
					t.Errorf("the %s is not in full sentences: %q", what, text)
				}
			}
			if strings.ContainsAny(strings.TrimSpace(rule.Summary), "\n") {
				t.Error("the summary has more than one line")
			}
			for _, r := range rule.References {
				if r.Title == "" || r.URL != "" && !strings.HasPrefix(r.URL, "http") {
					t.Errorf("a reference has a title, and the address of a page or none: %+v", r)
				}
			}
			for _, o := range rule.Options {
				if !kebabCase.MatchString(o.Name) || !isProse(o.Summary) {
					t.Errorf("an option has a name in kebab case and a summary: %+v", o)
				}
				for _, choice := range o.Default {
					if len(o.Allowed) > 0 && !slices.Contains(o.Allowed, choice) {
						t.Errorf("the default %q of %s is not allowed", choice, o.Name)
					}
				}
			}
		})
	}
}

func isProse(text string) bool {
	first := []rune(strings.TrimLeft(text, "`\"'"))
	return len(first) > 0 && !unicode.IsSpace(first[0]) && text == strings.TrimSpace(text) &&
		strings.ContainsAny(text[len(text)-1:], ".)`:")
}

// TestReferencesHaveVersions asks of each rule that stands on somebody's word where that is written, and in which
// edition.
func TestReferencesHaveVersions(t *testing.T) {
	for _, rule := range rules.All() {
		for _, r := range rule.References {
			if strings.Contains(r.Title, "CIS Docker Benchmark") && !strings.Contains(r.Title, "v1.6.0") {
				t.Errorf("%s: the numbers of the CIS Docker Benchmark differ by version: %q", rule.Name, r.Title)
			}
			if r.URL == "" && !version.MatchString(r.Title) {
				t.Errorf("%s: %q can only be found by its version, and has none", rule.Name, r.Title)
			}
		}
	}
}

// TestExamples runs the examples of each rule with all rules of its tier: the bad one has findings of the rule alone,
// and the good one has none. What is wrong with a suppression takes something else that is wrong.
func TestExamples(t *testing.T) {
	for _, rule := range rules.All() {
		if needsBaseline(rule) {
			continue
		}
		t.Run(rule.Name, func(t *testing.T) {
			bad := examine(t, rule, rule.Bad)
			if !slices.Contains(bad, rule.Name) {
				t.Errorf("nothing is found in the bad example:\n%s", rule.Bad)
			}
			for _, name := range bad {
				if name != rule.Name && rule.Check != nil {
					t.Errorf("%s has a finding in the bad example, too", name)
				}
			}
			for _, name := range examine(t, rule, rule.Good) {
				t.Errorf("%s has a finding in the good example", name)
			}
		})
	}
}

// examine returns the names of the rules that have findings in an example. Of findings above the default tier, only
// those of the rule itself count: an example that has all the hardening there is would hide what it is about.
func examine(t *testing.T, rule *rules.Rule, example string) []string {
	t.Helper()
	f := &fixture{rule: rule}
	f.settings.Tier = rules.Pedantic
	result := f.lint(t, map[string][]byte{"compose.yaml": []byte(example)}, lint.Options{
		Rules: rules.All(), Settings: f.settings,
	})
	var names []string
	for _, finding := range result.Findings {
		if finding.Rule == rule || finding.Tier == rules.Default {
			names = append(names, finding.Rule.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
