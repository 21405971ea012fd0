package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"composelint/rules"
)

// Text writes the findings, the summary and the diffs for people. The error is that of the writer.
func Text(w io.Writer, r *Report, style Style) error {
	out := bufio.NewWriter(w)
	t := textWriter{out: out, style: style, explained: map[*rules.Rule]bool{}, noted: map[string]bool{}}
	for i := range r.Findings {
		t.finding(&r.Findings[i], r.Written)
	}
	if text := headline(r); text != "" {
		t.words(words(text, bold), 0)
	}
	if len(r.Diffs) > 0 {
		t.line("")
		t.diffs(r.Diffs)
	}
	return out.Flush()
}

// textWriter writes a report for people. Errors of the writer stay in out until it is flushed.
type textWriter struct {
	out       *bufio.Writer
	style     Style
	explained map[*rules.Rule]bool // the rules that the reader was told the reason of
	noted     map[string]bool      // what the reader was told of fixes
}

func (t *textWriter) line(text string) {
	_, _ = t.out.WriteString(text)
	_ = t.out.WriteByte('\n')
}

func (t *textWriter) finding(f *Finding, written bool) {
	t.heading(f)
	if f.Excerpt != nil {
		t.excerpt(*f.Excerpt)
	}
	if f.Came != "" {
		t.paragraph("", f.Came)
	}
	if n := len(f.Services); n > 3 {
		t.paragraph("services: ", strings.Join(f.Services, ", "))
	}
	if why := firstParagraph(f.Rule.Why); !t.explained[f.Rule] && why != "" {
		t.paragraph("why: ", why)
		t.explained[f.Rule] = true
	}
	for _, note := range f.Notes {
		t.paragraph("note: ", note)
	}
	if f.Fix != nil {
		t.fix(f.Fix, written)
	}
	for _, related := range f.Related {
		t.paragraph("see "+placeText(related.Place)+": ", related.Message)
	}
	t.line("")
}

var severityColors = map[rules.Severity]sgr{
	rules.Critical: boldRed, rules.High: red, rules.Medium: yellow, rules.Low: blue, rules.Info: cyan,
}

func (t *textWriter) heading(f *Finding) {
	place, severity, rule := placeText(f.Place)+":", f.Severity.String()+":", "["+f.Rule.Name+"]"
	words := append(append([]word{
		{place, bold}, {severity, severityColors[f.Severity]}}, words(Escape(f.Message), bold)...), word{rule, faint})
	t.words(words, 0)
}

// placeText names a place. A line that begins with a colon could be a command to the program that collects the log,
// such as "::error::" to GitHub Actions, which does not mind blanks before it, so no name does.
func placeText(p Place) string {
	file := Escape(p.File)
	if strings.HasPrefix(strings.TrimSpace(file), ":") {
		file = "./" + file
	}
	return file + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

func (t *textWriter) excerpt(e Excerpt) {
	number := strconv.Itoa(e.Line)
	const around = len("  ") + len(" | ")
	limit := t.style.Width
	if limit == 0 {
		limit = pipeWidth
	}
	line, carets := render(cut(e.cells(), max(minimalExcerpt, limit-around-len(number))))
	t.line("  " + t.style.paint(faint, number+" |") + " " + line)
	t.line("  " + t.style.paint(faint, strings.Repeat(" ", len(number))+" |") + " " + t.style.paint(boldRed, carets))
}

func (t *textWriter) fix(f *Fix, written bool) {
	t.paragraph(f.outcome(written))
	for _, note := range f.Notes {
		if !t.noted[note] {
			t.paragraph("note: ", note)
			t.noted[note] = true
		}
	}
}

// outcome says what becomes of a fix: a label, and the text behind it.
func (f *Fix) outcome(written bool) (label, text string) {
	switch {
	case f.Applied && written:
		return "fixed: ", f.Title
	case f.Dropped != "":
		return "no fix: ", f.Title + " was tried and left out. " + sentence(f.Dropped)
	case f.Safety == rules.Manual:
		return "to do: ", f.Title + ": " + f.Advice
	case f.Safety == rules.Unsafe && !f.Applied:
		return "fix: ", f.Title + " (unsafe: not applied without --unsafe-fixes)"
	default:
		return "fix: ", f.Title + " (" + f.Safety.String() + ")"
	}
}

// sentence returns a text that begins with a capital letter and ends with a full stop.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// firstParagraph returns the first paragraph of a text, on one line.
func firstParagraph(text string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	return strings.Join(strings.Fields(first), " ")
}

// paragraph writes an indented text behind a label.
func (t *textWriter) paragraph(label, text string) {
	all := words(Escape(label), bold)
	t.words(append(all, words(Escape(text), plain)...), 2)
}

// headline sums up a report in one line.
func headline(r *Report) string {
	s := r.Summary()
	if s.Findings == 0 {
		if len(r.Failures) > 0 {
			return ""
		}
		return "No findings in " + count(s.Projects, "project", "projects") + setAside(s) + "."
	}
	var parts []string
	for severity := rules.Critical; severity >= rules.Info; severity-- {
		if n := s.BySeverity[severity]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, severity))
		}
	}
	text := count(s.Findings, "finding", "findings") + " (" + strings.Join(parts, ", ") + ")" + setAside(s)
	if r.FixesBuilt {
		text += outlook(r, s)
	}
	return text
}

// setAside says how many findings do not count.
func setAside(s Summary) string {
	var parts []string
	if s.Suppressed > 0 {
		parts = append(parts, fmt.Sprintf("%d suppressed", s.Suppressed))
	}
	if s.Known > 0 {
		parts = append(parts, fmt.Sprintf("%d in the baseline", s.Known))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (and " + strings.Join(parts, ", ") + ")"
}

// outlook says what can be fixed, and how.
func outlook(r *Report, s Summary) string {
	var text string
	switch {
	case r.Written:
		text = fmt.Sprintf(", %d fixed, %d left", s.Fixable, s.Findings-s.Fixable)
	case s.Fixable > 0:
		text = fmt.Sprintf(", %d can be fixed: run again with --fix", s.Fixable)
	}
	switch {
	case s.Unsafe == 0:
	case s.Fixable > 0 && !r.Written:
		text += fmt.Sprintf("; %d more with --unsafe-fixes", s.Unsafe)
	default:
		text += fmt.Sprintf("; %d can be fixed with --unsafe-fixes", s.Unsafe)
	}
	return text
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// word is a piece of text that is not broken.
type word struct {
	text  string
	color sgr
}

func words(text string, color sgr) []word {
	var all []word
	for _, w := range strings.Fields(text) {
		all = append(all, word{w, color})
	}
	return all
}

// words writes words on a line, or on several of the terminal's width. Lines after the first are indented further.
func (t *textWriter) words(all []word, indent int) { t.wrapped(all, indent, indent+2) }

func (t *textWriter) wrapped(all []word, indent, next int) {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", indent))
	column := indent
	for i, w := range all {
		n := columns(w.text)
		wrap := i > 0 && t.style.Width > 0 && column+1+n > t.style.Width
		if i > 0 && (wrap || w.color != all[i-1].color) {
			b.WriteString(t.style.end(all[i-1].color))
		}
		switch {
		case wrap:
			b.WriteString("\n" + strings.Repeat(" ", next))
			column = next
		case i > 0:
			b.WriteByte(' ')
			column++
		}
		if i == 0 || wrap || w.color != all[i-1].color {
			b.WriteString(t.style.begin(w.color))
		}
		b.WriteString(w.text)
		column += n
	}
	if len(all) > 0 {
		b.WriteString(t.style.end(all[len(all)-1].color))
	}
	t.line(b.String())
}
