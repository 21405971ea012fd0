package manual

import (
	"fmt"
	"strconv"
	"strings"
)

// Man returns a page for man, in the language of man(7).
func Man(p *Program) string {
	var b strings.Builder
	upper := strings.ToUpper(p.Name)
	fmt.Fprintf(&b, ".TH %s 1 %q %q \"User Commands\"\n", roff(upper), p.Date, roff(p.Name+" "+p.Version))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(p.Name), roff(p.Summary))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n[flags] %s\n", roff(p.Name), roff(p.Operands))
	b.WriteString(".SH DESCRIPTION\n")
	for i, paragraph := range strings.Split(p.Description, "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		b.WriteString(roff(paragraph) + "\n")
	}
	b.WriteString(".SH OPTIONS\n")
	for _, g := range p.Groups {
		fmt.Fprintf(&b, ".SS %s\n", roff(g.Title))
		for _, f := range g.Flags {
			help := f.Help
			if f.Default != "" {
				help += " (default " + f.Default + ")"
			}
			fmt.Fprintf(&b, ".TP\n%s\n%s\n", manFlag(&f), roff(help))
		}
	}
	statuses := make([]Term, len(p.Statuses))
	for status, meaning := range p.Statuses {
		statuses[status] = Term{strconv.Itoa(status), meaning}
	}
	manTerms(&b, "EXIT STATUS", statuses)
	manTerms(&b, "FILES", p.Files)
	manTerms(&b, "EXAMPLES", p.Examples)
	return b.String()
}

// manTerms writes a section of terms, if there are any.
func manTerms(b *strings.Builder, title string, terms []Term) {
	if len(terms) == 0 {
		return
	}
	fmt.Fprintf(b, ".SH %s\n", title)
	for _, term := range terms {
		fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(term.Name), roff(term.Text))
	}
}

// manFlag returns the line that a flag is explained under: its spellings in bold, its value in italics.
func manFlag(f *Flag) string {
	var names []string
	for _, name := range f.spellings() {
		names = append(names, `\fB`+roff(name)+`\fR`)
	}
	text := strings.Join(names, ", ")
	if f.Value != "" {
		text += ` \fI` + roff(f.Value) + `\fR`
	}
	return text
}

// manColumns is where the lines of the page's source end. man fills lines anew.
const manColumns = 78

// roff makes a text one that means itself. A line that begins with a dot or a quote would be a command.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		switch {
		case column == 0:
		case column+len(word) >= manColumns:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		if column == 0 && strings.ContainsAny(word[:1], ".'") {
			b.WriteString(`\&`)
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}
