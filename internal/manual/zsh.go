package manual

import (
	"fmt"
	"strings"
)

// Zsh returns a completion script for zsh. Sourced, it says what completes the program. In a directory of $fpath, it is
// the body of the function that does, and runs when that is called for the first time.
func Zsh(p *Program) string {
	var b strings.Builder
	fmt.Fprintf(&b, `#compdef %[1]s
# Completion of %[1]s for zsh: source it, or put it as _%[1]s into a directory of $fpath.
_%[1]s() {
  _arguments -s -S \
`, p.Name)
	for _, f := range p.flags() {
		fmt.Fprintf(&b, "    %s \\\n", zshFlag(&f))
	}
	fmt.Fprintf(&b, `    '*:path:_files'
}
if [[ $funcstack[1] == _%[1]s ]]; then
  _%[1]s "$@"
else
  compdef _%[1]s %[1]s
fi
`, p.Name)
	return b.String()
}

// zshFlag returns the specification of a flag for _arguments.
func zshFlag(f *Flag) string {
	rest := "[" + zshText(f.Help) + "]"
	if f.Value != "" {
		rest += ":" + zshText(f.Value) + ":" + zshValue(f)
	}
	var names []string
	for _, name := range f.spellings() {
		switch {
		case f.Value == "":
		case strings.HasPrefix(name, "--"):
			name += "="
		default:
			name += "+"
		}
		names = append(names, name)
	}
	star := ""
	if f.Repeats {
		star = "*"
	}
	if len(names) == 1 {
		return "'" + star + names[0] + rest + "'"
	}
	others := "(" + strings.Join(f.spellings(), " ") + ")"
	if f.Repeats {
		others = "*"
	}
	return "'" + others + "'{" + strings.Join(names, ",") + "}'" + rest + "'"
}

// zshValue returns the action that completes the value of a flag.
func zshValue(f *Flag) string {
	words := strings.Join(f.Words, " ")
	switch {
	case f.IsList:
		return "_sequence compadd - " + words
	case len(f.Words) > 0:
		return "(" + words + ")"
	case f.IsFile:
		return "_files"
	}
	return " " // anything
}

// zshText makes a text one that means itself between brackets, colons and quotes.
func zshText(text string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, ":", `\:`, "'", `'\''`).Replace(text)
}
