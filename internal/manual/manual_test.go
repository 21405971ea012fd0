package manual_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"composelint/internal/manual"
)

// odd is a program whose texts hold what shells and man take for something else.
func odd() *manual.Program {
	return &manual.Program{
		Name: "odd", Summary: `it's \odd`, Description: ".first\n\n'second - third", Operands: "[PATH...]",
		Groups: []manual.Group{
			{Title: "Files", Flags: []manual.Flag{
				{Long: "file", Short: "f", Value: "FILE", Help: "read a [FILE]: it's $HOME or `pwd`", IsFile: true, Repeats: true},
				{Long: "quiet", Short: "q", Help: `say "nothing"`},
			}},
			{Title: "Rest", Flags: []manual.Flag{
				{Long: "kind", Value: "NAME", Help: "which kind", Words: []string{"red", "green", "grey"}, Default: "red"},
				{Long: "only", Value: "RULE", Help: "these alone", Words: []string{"one", "two", "twenty"}, IsList: true, Repeats: true},
				{Long: "reason", Value: "TEXT", Help: "why"},
			}},
		},
		Statuses: []string{"all is well", "something was found"},
		Files:    []manual.Term{{Name: ".odd-file", Text: "what counts - here"}},
		Examples: []manual.Term{{Name: "odd -f 'a b'", Text: "reads one"}},
		Version:  "1.0", Date: "2026-11-25",
	}
}

// shell returns the path of a program that not every machine has.
func shell(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("there is no %s here", name)
	}
	return path
}

func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	command := exec.Command(name, args...)
	command.Env = append(os.Environ(), "HOME="+t.TempDir(), "LC_ALL=C.UTF-8")
	text, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, text)
	}
	return string(text)
}

// completions are what a line is completed with. Bash splits it at "=", as it does at blanks.
var completions = []struct{ line, want string }{
	{"--k", "--kind"},
	{"--kind gree", "green"},
	{"--kind gr", "green grey"},
	{"--only one,tw", "one,twenty one,two"},
	{"--reason o", ""},
	{"-q --only on", "one"},
}

func TestBashCompletes(t *testing.T) {
	bash := shell(t, "bash")
	lines := append(slices.Clone(completions), struct{ line, want string }{"--kind = re", "red"},
		struct{ line, want string }{"--kind =", "green grey red"})
	for _, test := range lines {
		script := manual.Bash(odd()) + `
compopt() { :; } # it works for a line that is typed only
COMP_WORDS=(odd ` + test.line + `)
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_odd
printf '%s\n' "${COMPREPLY[@]}" | sort
`
		got := strings.Join(strings.Fields(output(t, bash, "--norc", "--noprofile", "-c", script)), " ")
		if got != test.want {
			t.Errorf("%q is completed with %q, want %q", test.line, got, test.want)
		}
	}
}

func TestFishCompletes(t *testing.T) {
	fish := shell(t, "fish")
	script := filepath.Join(t.TempDir(), "odd.fish")
	if err := os.WriteFile(script, []byte(manual.Fish(odd())), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range completions {
		var got []string
		out := output(t, fish, "--no-config", "-c", "source "+script+"; complete -C 'odd "+test.line+"'")
		for line := range strings.Lines(out) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			got = append(got, word)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != test.want {
			t.Errorf("%q is completed with %q, want %q", test.line, got, test.want)
		}
	}
}

// Completing in zsh takes a terminal. Here the functions that it has for that print what they are given: compdef when
// the script is sourced, _arguments when it is the body of the function of that name, as it is in a directory of
// $fpath.
func TestZshCompletes(t *testing.T) {
	zsh := shell(t, "zsh")
	script := filepath.Join(t.TempDir(), "_odd")
	if err := os.WriteFile(script, []byte(manual.Zsh(odd())), 0o600); err != nil {
		t.Fatal(err)
	}
	const stubs = `compdef() { print -rl -- compdef "$@" }; _arguments() { print -rl -- "$@" }; `
	if got := output(t, zsh, "-f", "-c", stubs+"source "+script); got != "compdef\n_odd\nodd\n" {
		t.Errorf("sourced, the script prints\n%s", got)
	}
	const want = `-s
-S
*-f+[read a \[FILE\]\: it's $HOME or ` + "`pwd`" + `]:FILE:_files
*--file=[read a \[FILE\]\: it's $HOME or ` + "`pwd`" + `]:FILE:_files
(-q --quiet)-q[say "nothing"]
(-q --quiet)--quiet[say "nothing"]
--kind=[which kind]:NAME:(red green grey)
*--only=[these alone]:RULE:_sequence compadd - one two twenty
--reason=[why]:TEXT: 
*:path:_files
`
	autoloaded := stubs + "fpath=(" + filepath.Dir(script) + "); autoload -Uz _odd; _odd"
	if got := output(t, zsh, "-f", "-c", autoloaded); got != want {
		t.Errorf("as a function, it passes on\n%s", got)
	}
}

func TestMan(t *testing.T) {
	const want = `.TH ODD 1 "2026-11-25" "odd 1.0" "User Commands"
.SH NAME
odd \- it's \eodd
.SH SYNOPSIS
.B odd
[flags] [PATH...]
.SH DESCRIPTION
\&.first
.PP
\&'second \- third
.SH OPTIONS
.SS Files
.TP
\fB\-f\fR, \fB\-\-file\fR \fIFILE\fR
`
	page := manual.Man(odd())
	if !strings.HasPrefix(page, want) {
		t.Errorf("the page is\n%s", page)
	}
	const end = `.SH EXIT STATUS
.TP
.B 0
all is well
.TP
.B 1
something was found
.SH FILES
.TP
.B \&.odd\-file
what counts \- here
.SH EXAMPLES
.TP
.B odd \-f 'a b'
reads one
`
	if !strings.HasSuffix(page, end) || !strings.Contains(page, "\nwhich kind (default red)\n") {
		t.Errorf("the page ends in\n%s", page[len(page)/2:])
	}
	mandoc := shell(t, "mandoc")
	path := filepath.Join(t.TempDir(), "odd.1")
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	if complaints := output(t, mandoc, "-T", "lint", "-W", "style", path); complaints != "" {
		t.Errorf("mandoc says\n%s\nof\n%s", complaints, page)
	}
}
