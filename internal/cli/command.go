package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"composelint/internal/lint"
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
}

// Main runs the program with the arguments after its name, and returns the exit status. It stops when the context
// ends; no file is half written then.
func (c *Command) Main(ctx context.Context, args []string) int {
	var o options
	if err := o.parse(args); err != nil {
		return c.refuse(err)
	}
	selected, err := o.rules()
	if err != nil {
		return c.refuse(err)
	}
	if done, err := c.inform(&o); err != nil {
		return c.refuse(err)
	} else if done {
		return ExitClean
	}
	run, err := c.prepare(&o, selected)
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
	case o.listRules:
		err = report.ListRules(c.Stdout, rules.All(), style)
	case o.explainImage != "":
		_, err = io.WriteString(c.Stdout, explainImage(o.explainImage))
	case o.explain != "":
		var rule *rules.Rule
		if rule, err = ruleNamed(o.explain, rules.All()); err == nil {
			err = report.ExplainRule(c.Stdout, rule, style)
		}
	default:
		return false, nil
	}
	return true, ignoreClosedPipe(err)
}

// usage returns the help.
func (o *options) usage() string {
	const columns = 80
	var b strings.Builder
	b.WriteString(`Find and fix what is wrong in Docker Compose files.

Usage: composelint [flags] [PATH...]

A PATH is a Compose file, a directory, or - for standard input; without one,
it is the current directory. Findings and a diff that repairs the files are
printed; nothing is changed without --fix.
`)
	for _, group := range new(options).flags() {
		b.WriteString("\n" + group.title + ":\n" + group.flags.FlagUsagesWrapped(columns))
	}
	b.WriteString(`
Exit status: 0 nothing found, or nothing left with --fix; 1 findings at or
above --fail-on; 2 something could not be done.
`)
	return b.String()
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown version)"
}

// prepare returns the runner for the options.
func (c *Command) prepare(o *options, selected []*rules.Rule) (*runner, error) {
	t, err := newTerritory()
	if err != nil {
		return nil, fmt.Errorf("the working directory cannot be found: %w", err)
	}
	for _, path := range o.envFiles {
		if _, err := readFile(path); err != nil {
			return nil, fmt.Errorf("--env-file %s: %s", path, notRead(err))
		}
	}
	r := &runner{
		envFiles: o.envFiles, home: c.variables()["HOME"],
		stdin:     sync.OnceValues(func() ([]byte, error) { return readAll(c.Stdin, 0) }),
		territory: t, repaired: newRepaired(t),
		options: lint.Options{
			Rules: selected, Fixes: o.fixes(), Unsafe: o.unsafeFixes, Now: time.Now(),
			Settings: rules.Settings{
				Tier: o.strictness, MinSeverity: o.minSeverity, ListDir: listDirectory,
				Proxy: rules.ProxyChoice{Kind: o.proxy, AllowMixed: o.mixedProxies},
			},
		},
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
	case o.noFixes:
		return lint.NoFixes
	case o.format == "json" && !o.fix && !o.diff:
		return lint.BuildFixes
	default:
		return lint.ProveFixes
	}
}

// lint finds the projects, lints them, writes what is to be written, and reports.
func (c *Command) lint(ctx context.Context, o *options, run *runner) int {
	f := finder{recursive: o.recursive, noOverride: o.noOverride, absolute: run.territory.absolute}
	if len(o.paths) == 0 && len(o.files) == 0 {
		o.paths = []string{"."}
	}
	targets, failures := f.find(o.files, o.paths)
	outcomes := run.lintAll(ctx, targets)
	if run.options.Fixes == lint.ProveFixes && ctx.Err() == nil {
		run.settle(ctx, outcomes)
	}
	if ctx.Err() != nil {
		return c.refuse(errors.New("interrupted; nothing was changed"))
	}
	r := assemble(outcomes, failures)
	r.FixesBuilt = !o.noFixes
	r.Diffs = run.repaired.diffs()
	if o.fix {
		c.write(r, run.repaired)
	}
	if err := c.report(r, o, run); err != nil {
		return c.refuse(err)
	}
	return exitStatus(r, outcomes, o)
}
