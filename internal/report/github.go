package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// GitHub writes workflow commands, which GitHub Actions shows as annotations at the lines of a pull request:
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands. The worst findings come
// first, because GitHub shows no more than ten of a kind for each step. The error is that of the writer.
func GitHub(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	for _, failure := range r.Failures {
		properties := ""
		if failure.File != "" {
			properties = " file=" + commandProperty(portable(failure.File))
		}
		_, _ = fmt.Fprintf(out, "::error%s::%s\n", properties, commandData(failure.Message))
	}
	for _, f := range worstFirst(r.Findings) {
		annotation(out, f)
	}
	return out.Flush()
}

// worstFirst orders findings by severity, and leaves those of one severity in their order.
func worstFirst(findings []Finding) []*Finding {
	sorted := make([]*Finding, len(findings))
	for i := range findings {
		sorted[i] = &findings[i]
	}
	slices.SortStableFunc(sorted, func(a, b *Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	return sorted
}

func annotation(out io.Writer, f *Finding) {
	p := f.Place
	place := fmt.Sprintf("file=%s,line=%d,endLine=%d", commandProperty(portable(p.File)), p.Line, p.EndLine)
	if p.Line == p.EndLine { // GitHub takes columns within one line alone
		place += fmt.Sprintf(",col=%d,endColumn=%d", p.Column, p.EndColumn)
	}
	text := commandData(f.Message)
	if f.Came != "" {
		text += "%0A" + commandData(sentence(f.Came))
	}
	if f.Fix != nil && f.Fix.Applied {
		text += "%0A" + commandData("Fix: "+f.Fix.Title)
	}
	_, _ = fmt.Fprintf(out, "::%s %s,title=%s::%s\n", level(f.Severity, "error", "warning", "notice"), place,
		commandProperty(f.Rule.Name), text)
}

// commandData returns a text as the data of a workflow command. Escape has left no line break, and a percent sign
// could be taken for an escaped one.
func commandData(text string) string { return strings.ReplaceAll(Escape(text), "%", "%25") }

// commandProperty returns a text as a property of a workflow command, where a colon and a comma end it, too.
func commandProperty(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(commandData(text))
}
