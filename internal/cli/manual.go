package cli

import (
	"cmp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"composelint/internal/config"
	"composelint/internal/manual"
	"composelint/rules"
)

const (
	summary  = "find and fix what is wrong in Docker Compose files"
	operands = "[PATH...]"
	about    = `A PATH is a Compose file, a directory, or - for standard input; without one,
it is the current directory. Findings and a diff that repairs the files are
printed; nothing is changed without --fix.`
)

// exitStatuses are what the exit statuses mean.
var exitStatuses = []string{
	ExitClean:    "nothing found, or nothing left with --fix",
	ExitFindings: "findings at or above --fail-on",
	ExitFailure:  "something could not be done",
}

// configurationFiles are the files that a run reads besides those of projects.
var configurationFiles = []manual.Term{
	{Name: config.Names()[0], Text: "the configuration: the nearest one from the directory of a project upwards, no further than " +
		"its Git repository"},
	{Name: ".env", Text: "variables, in the directory of a project, as docker compose reads them"},
	{Name: ".gitignore", Text: "what --recursive leaves out"},
}

// examples are shown by the page for man.
var examples = []manual.Term{
	{Name: "composelint docker-compose.yaml", Text: "print what is wrong in a file, and a diff that repairs it"},
	{Name: "composelint --fix", Text: "repair the project in the working directory"},
	{Name: "composelint --diff | git apply", Text: "the same, by Git"},
	{Name: "composelint -r --changed-since origin/main --output sarif=out.sarif", Text: "lint what a branch changes, for a reviewer " +
		"and for a code scanner"},
	{Name: "composelint --explain docker-socket-mount", Text: "say why a rule is there, and how to do without what it objects to"},
}

// shells are the shells that there are completion scripts for.
var shells = map[string]func(*manual.Program) string{"bash": manual.Bash, "zsh": manual.Zsh, "fish": manual.Fish}

// shellNames are the names of shells, the most usual first.
var shellNames = []string{"bash", "zsh", "fish"}

// program describes the program to what tells of it.
func program() *manual.Program {
	p := &manual.Program{
		Name: "composelint", Summary: summary, Description: about, Operands: operands, Statuses: exitStatuses,
		Files: configurationFiles, Examples: examples, Version: moduleVersion(),
	}
	p.Date, _, _ = strings.Cut(buildSetting("vcs.time"), "T")
	for _, group := range new(options).flags() {
		g := manual.Group{Title: group.title}
		group.flags.VisitAll(func(f *pflag.Flag) { g.Flags = append(g.Flags, describeFlag(f)) })
		p.Groups = append(p.Groups, g)
	}
	return p
}

func describeFlag(f *pflag.Flag) manual.Flag {
	value, help := pflag.UnquoteUsage(f)
	d := manual.Flag{
		Long: f.Name, Short: f.Shorthand, Value: value, Help: help, IsFile: value == "FILE",
		Repeats: slices.Contains([]string{"stringArray", "stringSlice", outputType}, f.Value.Type()),
	}
	switch f.Value.Type() {
	case "bool":
		d.Value = ""
	case "stringArray", "stringSlice", outputType:
		// An empty list is nothing to tell.
	default:
		d.Default = f.DefValue
	}
	switch v := f.Value.(type) {
	case interface{ words() []string }:
		d.Words = v.words()
	case outputsValue:
		d.Words = formatNames()
	}
	if value == "RULE" {
		d.Words, d.IsList = ruleNames(), f.Value.Type() == "stringSlice"
	}
	return d
}

func ruleNames() []string {
	var names []string
	for _, rule := range rules.All() {
		names = append(names, rule.Name)
	}
	return names
}

// moduleVersion returns the version of the program's module: a tag, or what the go command makes of the commit.
func moduleVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return cmp.Or(info.Main.Version, "(devel)")
	}
	return "(unknown version)"
}

// version returns what the program is built from, as far as the build says it.
func version() string {
	var details []string
	if commit := buildSetting("vcs.revision"); commit != "" {
		details = append(details, "commit "+commit+" of "+buildSetting("vcs.time"))
	}
	if buildSetting("vcs.modified") == "true" {
		details = append(details, "with changes")
	}
	details = append(details, runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH)
	return moduleVersion() + " (" + strings.Join(details, ", ") + ")"
}

// buildSetting returns a setting of the build; "" where it is not known.
func buildSetting(key string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}
