package manual

import (
	"fmt"
	"strings"
)

// Fish returns a completion script for fish.
func Fish(p *Program) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Completion of %[1]s for fish: put it into ~/.config/fish/completions/%[1]s.fish\n", p.Name)
	for _, f := range p.flags() {
		fmt.Fprintf(&b, "complete -c %s -l %s", p.Name, f.Long)
		if f.Short != "" {
			fmt.Fprintf(&b, " -s %s", f.Short)
		}
		fmt.Fprintf(&b, " -d %s%s\n", fishText(f.Help), fishValue(&f))
	}
	return b.String()
}

// fishValue returns the options of "complete" that tell how the value of a flag is completed.
func fishValue(f *Flag) string {
	words := fishText(strings.Join(f.Words, " "))
	switch {
	case f.IsList:
		return " -x -a " + fishText("(__fish_append , "+strings.Join(f.Words, " ")+")")
	case len(f.Words) > 0:
		return " -x -a " + words
	case f.IsFile:
		return " -r -F"
	case f.Value != "":
		return " -x"
	}
	return ""
}

func fishText(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
