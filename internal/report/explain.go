package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"composelint/rules"
)

// section is a part of the documentation of a rule: prose or, where it is code, an example.
type section struct {
	title, text string
	isCode      bool
}

// documentation returns the parts that say something.
func documentation(rule *rules.Rule) []section {
	var options []string
	for _, o := range rule.Options {
		options = append(options, describeOption(o))
	}
	all := []section{
		{"", rule.Summary, false},
		{"Why", rule.Why, false},
		{"Fix", rule.Fix, false},
		{"Limits", rule.Limits, false},
		{"Options", strings.Join(options, "\n\n"), false},
		{"Instead of", rule.Bad, true},
		{"Write", rule.Good, true},
	}
	return slices.DeleteFunc(all, func(s section) bool { return s.text == "" })
}

func describeOption(o rules.Option) string {
	text := "`" + o.Name + "`: " + o.Summary
	if len(o.Allowed) > 0 {
		text += " There are " + strings.Join(o.Allowed, ", ") + "."
	}
	if len(o.Default) > 0 {
		text += " Without a choice it is " + strings.Join(o.Default, ", ") + "."
	}
	return text
}

// paragraphs returns the paragraphs of a text, each on one line. Rules from a configuration file say what its author
// likes.
func paragraphs(text string) []string {
	all := strings.Split(strings.TrimSpace(text), "\n\n")
	for i, paragraph := range all {
		all[i] = escapeCommand(Escape(strings.Join(strings.Fields(paragraph), " ")))
	}
	return all
}

// ExplainRule writes the documentation of a rule. The error is that of the writer.
func ExplainRule(w io.Writer, rule *rules.Rule, style Style) error {
	out := bufio.NewWriter(w)
	t := textWriter{out: out, style: style}
	t.line(style.paint(bold, rule.Name) + " (" + style.paint(severityColors[rule.Severity], rule.Severity.String()) +
		", strictness " + rule.Tier.String() + ")")
	for _, s := range documentation(rule) {
		t.section(s)
	}
	if len(rule.References) > 0 {
		t.line("\n" + style.paint(bold, "References"))
	}
	for _, reference := range rule.References {
		t.line("  " + strings.TrimSpace(reference.Title+" "+reference.URL))
	}
	return out.Flush()
}

func (t *textWriter) section(s section) {
	t.line("")
	if s.title != "" {
		t.line(t.style.paint(bold, s.title))
	}
	if s.isCode {
		for line := range strings.Lines(s.text) {
			t.line("  " + strings.TrimRight(line, "\n"))
		}
		return
	}
	for i, paragraph := range paragraphs(s.text) {
		if i > 0 {
			t.line("")
		}
		t.wrapped(words(paragraph, plain), 2, 2)
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
			style.paint(severityColors[rule.Severity], severity), rule.Tier, Escape(rule.Summary))
	}
	return out.Flush()
}
