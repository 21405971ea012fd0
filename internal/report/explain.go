package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"composelint/rules"
)

// ExplainRule writes the documentation of a rule. The error is that of the writer.
func ExplainRule(w io.Writer, rule *rules.Rule, style Style) error {
	out := bufio.NewWriter(w)
	t := textWriter{out: out, style: style}
	t.line(style.paint(bold, rule.Name) + " (" + style.paint(severityColors[rule.Severity], rule.Severity.String()) +
		", strictness " + rule.Tier.String() + ")")
	t.section("", rule.Summary)
	t.section("Why", rule.Why)
	t.section("Fix", rule.Fix)
	t.section("Limits", rule.Limits)
	t.example("Instead of", rule.Bad)
	t.example("Write", rule.Good)
	if len(rule.References) > 0 {
		t.line("\n" + style.paint(bold, "References"))
	}
	for _, reference := range rule.References {
		t.line("  " + strings.TrimSpace(reference.Title+" "+reference.URL))
	}
	return out.Flush()
}

func (t *textWriter) section(title, text string) {
	if text == "" {
		return
	}
	t.line("")
	if title != "" {
		t.line(t.style.paint(bold, title))
	}
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			t.line("")
		}
		t.wrapped(words(paragraph, plain), 2, 2)
	}
}

func (t *textWriter) example(title, text string) {
	if text == "" {
		return
	}
	t.line("\n" + t.style.paint(bold, title))
	for line := range strings.Lines(text) {
		t.line("  " + strings.TrimRight(line, "\n"))
	}
}

// ListRules writes the names of rules, each with its severity, its strictness and what it flags. The error is that of
// the writer.
func ListRules(w io.Writer, all []*rules.Rule, style Style) error {
	out := bufio.NewWriter(w)
	longest := 0
	for _, rule := range all {
		longest = max(longest, len(rule.Name))
	}
	for _, rule := range all {
		name := fmt.Sprintf("%-*s", longest, rule.Name)
		severity := fmt.Sprintf("%-8s", rule.Severity)
		_, _ = fmt.Fprintf(out, "%s  %s  %-8s  %s\n", style.paint(bold, name),
			style.paint(severityColors[rule.Severity], severity), rule.Tier, rule.Summary)
	}
	return out.Flush()
}
