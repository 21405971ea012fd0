package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"composelint/internal/lint"
	"composelint/internal/spelling"
	"composelint/rules"
)

// options are what the command line says.
type options struct {
	paths, files          []string
	recursive, noOverride bool
	noGitignore           bool
	filesFrom, since      string

	fix, diff, noFixes, unsafeFixes bool
	proxy                           string
	mixedProxies                    bool

	only, disable []string
	strictness    rules.Tier
	minSeverity   rules.Severity
	failOn        rules.Severity // 0 for never
	envFiles      []string
	envFromOS     bool

	config                            string
	noConfig, initialize, printSchema bool

	addIgnores, baseline, writeBaseline string
	noIgnores                           bool

	format, color string
	outputs       []output

	explain, explainImage    string
	listRules, version, help bool
	completion               string
	man                      bool

	// given tells whether the command line has a flag, by its long name.
	given func(flag string) bool
}

// flagGroup is a part of the help.
type flagGroup struct {
	title string
	flags *pflag.FlagSet
}

// flags returns the flags, in the groups in which the help shows them.
func (o *options) flags() []flagGroup {
	var groups []flagGroup
	group := func(title string) *pflag.FlagSet {
		flags := pflag.NewFlagSet(title, pflag.ContinueOnError)
		flags.SortFlags = false
		groups = append(groups, flagGroup{title, flags})
		return flags
	}
	o.fileFlags(group("Files"))
	o.fixFlags(group("Fixes"))
	o.ruleFlags(group("Rules"))
	o.configFlags(group("Configuration"))
	o.suppressionFlags(group("Suppressions"))
	o.reportFlags(group("Report"))
	o.helpFlags(group("Help"))
	return groups
}

func (o *options) fileFlags(f *pflag.FlagSet) {
	f.StringArrayVarP(&o.files, "file", "f", nil, "merge these `FILE`s in order, as docker compose -f does (repeatable)")
	f.BoolVarP(&o.recursive, "recursive", "r", false, "lint all Compose files in the directories and below them, without what git ignores")
	f.BoolVar(&o.noGitignore, "no-gitignore", false, "with --recursive, take what git ignores, too")
	f.StringVar(&o.filesFrom, "files-from", "", "lint the paths that `FILE`, or - for standard input, lists, too: by line or by NUL")
	f.StringVar(&o.since, "changed-since", "", "lint only projects with a file that changed since this git `REV`; runs git")
	f.BoolVar(&o.noOverride, "no-override", false, "leave compose.override.yaml and the like alone")
	f.StringArrayVar(&o.envFiles, "env-file", nil, "read variables from `FILE` instead of .env (repeatable)")
	f.BoolVar(&o.envFromOS, "env-from-os", false, "take variables from the environment, too")
}

func (o *options) fixFlags(f *pflag.FlagSet) {
	f.BoolVar(&o.fix, "fix", false, "repair the files in place")
	f.BoolVar(&o.diff, "diff", false, "print the diff alone; the findings go to standard error")
	f.BoolVar(&o.unsafeFixes, "unsafe-fixes", false, "make fixes that may change what someone relies on, too")
	f.BoolVar(&o.noFixes, "no-fixes", false, "print the findings alone, which is faster")
	kinds := rules.ProxyKinds()
	o.proxy = kinds[0]
	f.Var(choice(&o.proxy, oneOf(kinds), kinds), "socket-proxy",
		choices("which proxy to put before the Docker socket", kinds))
	f.BoolVar(&o.mixedProxies, "allow-mixed-proxies", false, "use another kind of proxy where it can grant less")
}

func (o *options) ruleFlags(f *pflag.FlagSet) {
	f.StringSliceVar(&o.only, "only", nil, "run these `RULE`s alone (repeatable, or a comma list)")
	f.StringSliceVar(&o.disable, "disable", nil, "do not run these `RULE`s (repeatable, or a comma list)")
	tiers, severities := rules.TierNames(), rules.SeverityNames()
	o.strictness = rules.Default
	f.Var(choice(&o.strictness, rules.ParseTier, tiers), "strictness", choices("how much to ask for", tiers))
	o.minSeverity = rules.Info
	f.Var(choice(&o.minSeverity, rules.ParseSeverity, severities), "min-severity",
		choices("leave out what is less severe", severities))
	o.failOn = rules.Low
	f.Var(choice(&o.failOn, parseFailOn, append(severities, never)), "fail-on",
		choices("exit with 1 for findings from here on", append(severities, never)))
}

func (o *options) configFlags(f *pflag.FlagSet) {
	f.StringVar(&o.config, "config", "", "read this `FILE` instead of the nearest .composelint.yaml")
	f.BoolVar(&o.noConfig, "no-config", false, "read no configuration file")
	f.BoolVar(&o.initialize, "init", false, "write a .composelint.yaml that explains all choices")
	f.BoolVar(&o.printSchema, "print-config-schema", false, "print the JSON Schema of .composelint.yaml")
}

func (o *options) suppressionFlags(f *pflag.FlagSet) {
	f.BoolVar(&o.noIgnores, "no-ignores", false, "report what comments suppress, too")
	f.StringVar(&o.addIgnores, "add-ignores", "", "suppress all findings by comments that give this `REASON`")
	f.StringVar(&o.baseline, "baseline", "", "leave out the findings that `FILE` lists")
	f.StringVar(&o.writeBaseline, "write-baseline", "", "list all findings in `FILE`, for --baseline")
}

func (o *options) reportFlags(f *pflag.FlagSet) {
	o.format, o.color = "text", "auto"
	f.Var(choice(&o.format, oneOf(formatNames()), formatNames()), "format", choices("how to report", formatNames()))
	f.Var(outputsValue{&o.outputs}, "output", "report to FILE, too, in this format; without =FILE, in place of --format")
	f.Var(choice(&o.color, oneOf(colors), colors), "color", choices("whether to use colours", colors))
}

func (o *options) helpFlags(f *pflag.FlagSet) {
	f.StringVar(&o.explain, "explain", "", "print the documentation of a `RULE`")
	f.StringVar(&o.explainImage, "explain-image", "", "print what is known of an `IMAGE`: what it needs of the Docker socket, and more")
	f.BoolVar(&o.listRules, "list-rules", false, "print the names of all rules")
	f.Var(choice(&o.completion, oneOf(shellNames), shellNames), "completion",
		choices("print the script that completes flags in a shell", shellNames))
	f.BoolVar(&o.man, "man", false, "print this help as a page for man")
	f.BoolVar(&o.version, "version", false, "print the version, and what it was built from")
	f.BoolVarP(&o.help, "help", "h", false, "print this help")
}

var colors = []string{"auto", "always", "never"}

// never is the value of --fail-on with which no finding makes the exit status 1.
const never = "never"

func parseFailOn(name string) (rules.Severity, bool) {
	if name == never {
		return 0, true
	}
	return rules.ParseSeverity(name)
}

func choices(usage string, names []string) string { return usage + ": " + strings.Join(names, ", ") }

func oneOf(names []string) func(string) (string, bool) {
	return func(name string) (string, bool) { return name, slices.Contains(names, name) }
}

// writes reports whether Compose files are to be changed.
func (o *options) writes() bool { return o.fix || o.addIgnores != "" }

// parse reads the command line. An error is the user's.
func (o *options) parse(args []string) error {
	all := pflag.NewFlagSet("composelint", pflag.ContinueOnError)
	all.Usage = func() {}
	for _, group := range o.flags() {
		all.AddFlagSet(group.flags)
	}
	if err := all.Parse(args); err != nil {
		return usageError(err, all)
	}
	o.paths, o.given = all.Args(), all.Changed
	return cmp.Or(o.check(), o.checkOutputs())
}

// usageError adds what was probably meant to the complaint about an unknown flag.
func usageError(err error, all *pflag.FlagSet) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	var names []string
	all.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if name := spelling.Nearest(unknown.GetSpecifiedName(), names); name != "" {
		return fmt.Errorf("%w; did you mean --%s?", err, name)
	}
	return fmt.Errorf("%w; --help lists them", err)
}

// check refuses what contradicts itself.
func (o *options) check() error {
	switch {
	case o.noFixes && o.fix:
		return errors.New("--no-fixes and --fix exclude each other")
	case o.noFixes && o.diff:
		return errors.New("--no-fixes and --diff exclude each other")
	case o.noFixes && o.unsafeFixes:
		return errors.New("--no-fixes and --unsafe-fixes exclude each other")
	case o.fix && o.diff:
		return errors.New("--fix and --diff exclude each other: look at the diff first, then repair")
	case o.filesFrom == standardInput && slices.Contains(slices.Concat(o.files, o.paths), standardInput):
		return errors.New("standard input cannot be both a Compose file and the list of --files-from")
	case o.noConfig && o.config != "":
		return errors.New("--no-config and --config exclude each other")
	}
	return o.checkSuppressions()
}

func (o *options) checkSuppressions() error {
	switch {
	case o.writeBaseline != "" && o.given("changed-since"):
		return errors.New("--write-baseline and --changed-since exclude each other: the baseline would lack what has not changed")
	case o.writeBaseline == standardInput:
		return errors.New("--write-baseline needs the name of a file")
	case o.writeBaseline != "" && (o.fix || o.diff):
		return errors.New("--write-baseline does not go with --fix or --diff: repair first, then list what is left")
	case !o.given("add-ignores"):
		return nil
	case o.fix || o.diff:
		return errors.New("--add-ignores does not go with --fix or --diff: repair first, then suppress what is left")
	case o.noIgnores:
		return errors.New("--add-ignores and --no-ignores exclude each other")
	case o.writeBaseline != "":
		return errors.New("--add-ignores and --write-baseline exclude each other")
	}
	if err := lint.CheckReason(o.addIgnores); err != nil {
		return fmt.Errorf("--add-ignores: %w", err)
	}
	return nil
}

// selected returns the rules to run, of all rules and of those that the configuration enables. What the command line
// asks for by name is run in any case.
func (o *options) selected(all, enabled []*rules.Rule) []*rules.Rule {
	if len(o.only) > 0 {
		enabled = slices.DeleteFunc(all, func(rule *rules.Rule) bool { return !slices.Contains(o.only, rule.Name) })
	}
	return slices.DeleteFunc(enabled, func(rule *rules.Rule) bool { return slices.Contains(o.disable, rule.Name) })
}

// didYouMean is the end of a complaint about a word: a question that names the one that was probably meant, if any.
func didYouMean(text string, words []string) string {
	if near := spelling.Nearest(text, words); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

func ruleNamed(name string, all []*rules.Rule) (*rules.Rule, error) {
	var names []string
	for _, rule := range all {
		if rule.Name == name {
			return rule, nil
		}
		names = append(names, rule.Name)
	}
	return nil, fmt.Errorf("there is no rule %q%s", name, cmp.Or(didYouMean(name, names), "; --list-rules lists them"))
}

// choiceValue is a flag with a fixed set of values.
type choiceValue[T any] struct {
	value *T
	text  string
	parse func(string) (T, bool)
	names []string
}

// choice returns a flag that sets value, whose content is the default, to one of the named values.
func choice[T any](value *T, parse func(string) (T, bool), names []string) pflag.Value {
	return &choiceValue[T]{value: value, text: fmt.Sprint(*value), parse: parse, names: names}
}

// Set implements pflag.Value.
func (c *choiceValue[T]) Set(text string) error {
	value, ok := c.parse(text)
	if !ok {
		return errors.New("it is one of " + strings.Join(c.names, ", ") + didYouMean(text, c.names))
	}
	*c.value, c.text = value, text
	return nil
}

// String implements pflag.Value.
func (c *choiceValue[T]) String() string { return c.text }

// words returns the values that there are.
func (c *choiceValue[T]) words() []string { return c.names }

// Type implements pflag.Value: it is how the help shows the value.
func (c *choiceValue[T]) Type() string { return "NAME" }
