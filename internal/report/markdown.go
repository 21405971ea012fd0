package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"composelint/rules"
)

// maxMarkdown is how many bytes of findings are written: GitHub refuses a job summary of more than 1 MiB.
const maxMarkdown = 900 << 10

// Markdown writes a summary with a table, for the page of a CI job or a comment, in the dialect of GitHub and GitLab.
// The worst findings come first; what would not fit is counted. The error is that of the writer.
func Markdown(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	_, _ = fmt.Fprintf(out, "### composelint\n\n%s\n", markdownText(headline(r)))
	if len(r.Findings) > 0 {
		_, _ = out.WriteString("\n| Severity | Place | Finding | Fix |\n|---|---|---|---|\n")
	}
	room := maxMarkdown
	for i, f := range worstFirst(r.Findings) {
		row := markdownRow(f, r.Written)
		if room -= len(row); room < 0 {
			left := count(len(r.Findings)-i, "more finding does", "more findings do")
			_, _ = fmt.Fprintf(out, "\n%s not fit here.\n", left)
			break
		}
		_, _ = out.WriteString(row)
	}
	markdownFailures(out, r.Failures)
	return out.Flush()
}

func markdownRow(f *Finding, written bool) string {
	place := fmt.Sprintf("%s:%d", f.Place.File, f.Place.Line)
	text := markdownText(f.Message)
	if f.Came != "" {
		text += "<br>" + markdownText(f.Came)
	}
	return fmt.Sprintf("| %s | %s | %s<br>%s | %s |\n",
		f.Severity, markdownText(place), text, markdownText(f.Rule.Name), markdownText(markdownFix(f.Fix, written)))
}

// markdownFix says in a few words what becomes of a finding.
func markdownFix(f *Fix, written bool) string {
	switch {
	case f == nil || f.Dropped != "":
		return ""
	case f.Applied && written:
		return "fixed: " + f.Title
	case f.Safety == rules.Manual:
		return "to do: " + f.Title
	default:
		return f.Title + " (" + f.Safety.String() + ")"
	}
}

func markdownFailures(out io.Writer, failures []Failure) {
	if len(failures) > 0 {
		_, _ = io.WriteString(out, "\nThis could not be done:\n\n")
	}
	for _, f := range failures {
		text := f.Message
		if f.File != "" {
			text = f.File + ": " + text
		}
		_, _ = fmt.Fprintf(out, "* %s\n", markdownText(text))
	}
}

// markdownText returns a text that Markdown shows as it is. The marks that mean something within a line get a
// backslash (https://spec.commonmark.org/0.31.2/#backslash-escapes); those in addresses do, too, so that no links
// come of them. A backslash and a pipe are spelled as entities: a table looks for pipes before anything else is read.
func markdownText(text string) string {
	var b strings.Builder
	for _, r := range Escape(text) {
		switch {
		case r == '\\' || r == '|':
			fmt.Fprintf(&b, "&#%d;", r)
		case strings.ContainsRune("!#$&*+.:<>@[]_`{}~", r):
			b.WriteString(`\` + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
