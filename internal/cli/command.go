package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"composelint/internal/config"
	"composelint/internal/lint"
	"composelint/internal/manual"
	"composelint/internal/report"
	"composelint/rules"
)

// The exit statuses.
const (
	// ExitClean: nothing was found at or above --fail-on, or nothing is left after --fix.
	ExitClean = 0
	// ExitFindings: something was found.
	ExitFindings = 1
	// ExitFailure: something could not be done: a wrong flag, a file that cannot be read or written, a defect.
	ExitFailure = 2
)

// Command is the program with what it may touch of the world around it, apart from files.
type Command struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Environ is the environment, as os.Environ returns it.
	Environ []string
	// Now tells the time; nil means that nothing has expired.
	Now func() time.Time
}

// Main runs the program with the arguments after its name, and returns the exit status. It stops when the context
// ends; no file is half written then.
func (c *Command) Main(ctx context.Context, args []string) int {
	var o options
	if err := o.parse(args); err != nil {
		return c.refuse(err)
	}
	if done, err := c.inform(&o); err != nil {
		return c.refuse(err)
	} else if done {
		return ExitClean
	}
	run, err := c.prepare(&o)
	if err != nil {
		return c.refuse(err)
	}
	return c.lint(ctx, &o, run)
}

// refuse reports that nothing was done.
func (c *Command) refuse(err error) int {
	c.complain("", err.Error())
	return ExitFailure
}

// inform prints what was asked for in place of linting, if anything was.
func (c *Command) inform(o *options) (done bool, err error) {
	style := c.style(c.Stdout, o.color)
	switch {
	case o.help:
		_, err = io.WriteString(c.Stdout, o.usage())
	case o.version:
		_, err = fmt.Fprintln(c.Stdout, "composelint", version())
	case o.completion != "":
		_, err = io.WriteString(c.Stdout, shells[o.completion](program()))
	case o.man:
		_, err = io.WriteString(c.Stdout, manual.Man(program()))
	case o.listRules:
		err = o.list(c.Stdout, style)
	case o.explainImage != "":
		_, err = io.WriteString(c.Stdout, explainImage(o.explainImage))
	case o.printSchema:
		_, err = c.Stdout.Write(config.Schema())
	case o.initialize:
		return true, c.initialize()
	case o.explain != "":
		return true, o.document(c.Stdout, style)
	default:
		return false, nil
	}
	return true, ignoreClosedPipe(err)
}

// list writes the names of all rules, as a page in Markdown if that is the format.
func (o *options) list(w io.Writer, style report.Style) error {
	if o.format == markdown {
		return report.RuleIndex(w, o.knownRules())
	}
	return report.ListRules(w, o.knownRules(), style)
}

// document writes the documentation of a rule, as a page in Markdown if that is the format.
func (o *options) document(w io.Writer, style report.Style) error {
	rule, err := ruleNamed(o.explain, o.knownRules())
	if err != nil {
		return err
	}
	if o.format == markdown {
		return ignoreClosedPipe(report.RulePage(w, rule))
	}
	return ignoreClosedPipe(report.ExplainRule(w, rule, style))
}

// markdown is the format in which the documentation of rules can be printed, too.
const markdown = "markdown"

// usage returns the help.
func (o *options) usage() string {
	const columns = 80
	var b strings.Builder
	b.WriteString(strings.ToUpper(summary[:1]) + summary[1:] + ".\n\nUsage: composelint [flags] " + operands + "\n\n" + about + "\n")
	for _, group := range new(options).flags() {
		b.WriteString("\n" + group.title + ":\n" + group.flags.FlagUsagesWrapped(columns))
	}
	b.WriteString("\nExit status:\n")
	for status, meaning := range exitStatuses {
		fmt.Fprintf(&b, "  %d   %s\n", status, meaning)
	}
	b.WriteString("\ndocs/big-runs.md tells how to lint a monorepo or many repositories.\n")
	return b.String()
}

// prepare returns the runner for the options.
func (c *Command) prepare(o *options) (*runner, error) {
	t, err := newTerritory()
	if err != nil {
		return nil, fmt.Errorf("the working directory cannot be found: %w", err)
	}
	for _, path := range o.envFiles {
		if _, err := readFile(path); err != nil {
			return nil, fmt.Errorf("--env-file %s: %s", path, notRead(err))
		}
	}
	base := lint.Options{
		Fixes: o.fixes(), Unsafe: o.unsafeFixes, NoIgnores: o.noIgnores, Settings: rules.Settings{ListDir: listDirectory},
	}
	if base.Baseline, err = o.readBaseline(); err != nil {
		return nil, err
	}
	if c.Now != nil {
		base.Now = c.Now()
	}
	r := &runner{
		envFiles: o.envFiles, home: c.variables()["HOME"],
		stdin:     sync.OnceValues(func() ([]byte, error) { return readAll(c.Stdin, 0) }),
		territory: t, repaired: newRepaired(t), options: base, reason: o.addIgnores, listsAll: o.writeBaseline != "",
		chooser: newChooser(o, base, t),
	}
	if o.envFromOS {
		r.env = c.variables()
	}
	return r, nil
}

// variables returns the environment as a mapping.
func (c *Command) variables() map[string]string {
	variables := map[string]string{}
	for _, setting := range c.Environ {
		if name, value, ok := strings.Cut(setting, "="); ok {
			variables[name] = value
		}
	}
	return variables
}

// fixes says how far the fixes have to go: what is shown as a diff or written is proved by compose-go, too.
func (o *options) fixes() lint.Fixes {
	switch {
	case o.noFixes || o.addIgnores != "" || o.writeBaseline != "":
		return lint.NoFixes
	case o.fix || o.diff:
		return lint.ProveFixes
	default:
		return fixesFor(o.reports())
	}
}

// addListed adds the paths of the list to those of the command line. Without any, the working directory is meant.
func (c *Command) addListed(o *options) error {
	paths, err := o.listed(c.Stdin)
	if err != nil {
		return err
	}
	o.paths = append(o.paths, paths...)
	if len(o.paths) > 0 || len(o.files) > 0 {
		return nil
	}
	if o.filesFrom == "" {
		o.paths = []string{"."}
	} else {
		c.complain("", "--files-from "+o.filesFrom+": the list is empty, and nothing was linted")
	}
	return nil
}

// targets finds the projects, each with what counts for it, and the failures of what cannot be linted. The error is
// the user's.
func (r *runner) targets(o *options) ([]target, []report.Failure, error) {
	if len(o.paths) == 0 && len(o.files) == 0 {
		return nil, nil, nil // nothing was listed
	}
	f := finder{recursive: o.recursive, noOverride: o.noOverride, noGitignore: o.noGitignore, territory: r.territory}
	found, failures := f.find(o.files, o.paths)
	targets, broken := r.chooser.assign(found)
	if len(broken) > 0 {
		return targets, append(failures, broken...), nil // which rules a broken file states is not known
	}
	return targets, failures, r.chooser.checkNames()
}

// lint finds the projects, lints them, writes what is to be written, and reports.
func (c *Command) lint(ctx context.Context, o *options, run *runner) int {
	if err := cmp.Or(c.addListed(o), c.findChanges(ctx, o, run)); err != nil {
		return c.refuse(err)
	}
	targets, failures, err := run.targets(o)
	if err != nil {
		return c.refuse(err)
	}
	if o.streams() {
		return c.stream(ctx, o, run, targets, failures)
	}
	outcomes := slices.Collect(c.progress(o, len(targets)).watch(run.outcomes(ctx, targets)))
	if run.changesFiles() && ctx.Err() == nil {
		run.settle(ctx, outcomes)
	}
	if ctx.Err() != nil {
		return c.refuse(errInterrupted)
	}
	return c.conclude(o, run, outcomes, failures)
}

var errInterrupted = errors.New("interrupted; nothing was changed")

// conclude writes what is to be written, and reports.
func (c *Command) conclude(o *options, run *runner, outcomes []*outcome, failures []report.Failure) int {
	l := run.newLedger()
	outcomes = slices.DeleteFunc(outcomes, func(o *outcome) bool { return !l.add(o) })
	c.tellUnchanged(o, l)
	dropNeeded(outcomes, l.needed)
	outcomes = append(outcomes, run.aboutRun(l)...)
	r := assemble(outcomes, failures)
	r.Projects, r.Suppressed, r.Known = l.projects, l.suppressed, l.known
	if o.writeBaseline != "" {
		return c.saveBaseline(o.writeBaseline, l, outcomes, r.Failures)
	}
	r.FixesBuilt = run.options.Fixes != lint.NoFixes
	if o.writes() {
		r.Written = c.write(r, run.repaired) && o.fix
	} else {
		r.Diffs = run.repaired.diffs()
	}
	c.saveReports(r, o, run, outcomes)
	if err := c.report(r, o, run); err != nil {
		return c.refuse(err)
	}
	if o.addIgnores != "" {
		c.tellIgnored(r, len(run.repaired.files))
	}
	return exitStatus(r, outcomes, o)
}
