package manual

import (
	"fmt"
	"strings"
)

// Bash returns a completion script for bash, from version 4.4 on. It needs nothing else to be installed.
func Bash(p *Program) string {
	var b strings.Builder
	var names []string
	for _, f := range p.flags() {
		names = append(names, f.spellings()...)
	}
	// Bash takes the "=" of --flag=value for a word of its own.
	fmt.Fprintf(&b, `# Completion of %[1]s for bash: source it, or put it into
# ~/.local/share/bash-completion/completions/%[1]s
_%[1]s() {
  local current=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD-1]}
  if [[ $current == = ]]; then
    current=
  elif [[ $flag == = ]]; then
    flag=${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
  case $flag in
`, p.Name)
	for _, f := range p.flags() {
		if f.Value != "" {
			fmt.Fprintf(&b, "    %s) %s; return ;;\n", strings.Join(f.spellings(), "|"), bashValue(&f))
		}
	}
	fmt.Fprintf(&b, `  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W '%s' -- "$current")
  else
    compopt -o default
  fi
}
complete -F _%[2]s %[2]s
`, strings.Join(names, " "), p.Name)
	return b.String()
}

// bashValue returns the command that completes the value of a flag.
func bashValue(f *Flag) string {
	words := strings.Join(f.Words, " ")
	switch {
	case f.IsList:
		return fmt.Sprintf(`local said=; [[ $current == *,* ]] && said=${current%%,*},; `+
			`mapfile -t COMPREPLY < <(compgen -P "$said" -W '%s' -- "${current##*,}")`, words)
	case len(f.Words) > 0:
		return fmt.Sprintf(`mapfile -t COMPREPLY < <(compgen -W '%s' -- "$current")`, words)
	case f.IsFile:
		return "compopt -o default"
	}
	return ":" // anything
}
