package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"composelint/rules"
)

// RulePage writes the documentation of a rule as a page in Markdown. The error is that of the writer.
func RulePage(w io.Writer, rule *rules.Rule) error {
	out := bufio.NewWriter(w)
	_, _ = fmt.Fprintf(out, "# %s\n\nSeverity: %s. Strictness: %s.\n", rule.Name, rule.Severity, rule.Tier)
	for _, s := range documentation(rule) {
		if s.title != "" {
			_, _ = fmt.Fprintf(out, "\n## %s\n", s.title)
		}
		if s.isCode {
			_, _ = fmt.Fprintf(out, "\n```yaml\n%s```\n", s.text)
			continue
		}
		for _, paragraph := range paragraphs(s.text) {
			_, _ = fmt.Fprintf(out, "\n%s\n", markdownProse(paragraph))
		}
	}
	if len(rule.References) > 0 {
		_, _ = out.WriteString("\n## References\n\n")
	}
	for _, reference := range rule.References {
		title := markdownProse(reference.Title)
		if reference.URL != "" {
			title = fmt.Sprintf("[%s](%s)", title, reference.URL)
		}
		_, _ = fmt.Fprintf(out, "* %s\n", title)
	}
	return out.Flush()
}

// RuleIndex writes the page that lists rules, each with a link to its own page beside it. The error is that of the
// writer.
func RuleIndex(w io.Writer, all []*rules.Rule) error {
	out := bufio.NewWriter(w)
	_, _ = out.WriteString("# Rules\n\n`composelint --explain RULE` prints the same pages. The strictness says which runs " +
		"report a rule: *default* is what is broken or dangerous, *strict* is hardening that most files lack, and *pedantic* " +
		"is style.\n\n| rule | severity | strictness | what it reports | what its fix does |\n|---|---|---|---|---|\n")
	for _, rule := range all {
		_, _ = fmt.Fprintf(out, "| [%s](%[1]s.md) | %s | %s | %s | %s |\n", rule.Name, rule.Severity, rule.Tier,
			markdownCell(Escape(rule.Summary)), markdownCell(firstSentence(rule.Fix)))
	}
	return out.Flush()
}

// firstSentence returns a text up to its first full stop before a blank.
func firstSentence(text string) string {
	first, _, found := strings.Cut(strings.Join(strings.Fields(text), " "), ". ")
	if found {
		first += "."
	}
	return first
}

func markdownCell(text string) string { return strings.ReplaceAll(markdownProse(text), "|", `\|`) }

// markdownProse returns a paragraph of a rule's documentation, which sets code in backticks and has no other markup,
// on one line. markdownText is for texts that are not ours.
func markdownProse(text string) string {
	parts := strings.Split(strings.Join(strings.Fields(text), " "), "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strings.NewReplacer("*", `\*`, "<", `\<`, "[", `\[`).Replace(parts[i])
	}
	return strings.Join(parts, "`")
}
