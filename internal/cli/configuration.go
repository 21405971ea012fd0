package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"composelint/internal/config"
	"composelint/internal/lint"
	"composelint/internal/report"
	"composelint/rules"
)

// decisions are what counts for a project: what its configuration file says and, above that, the command line.
type decisions struct {
	lint   lint.Options
	failOn rules.Severity // 0 for never
	// expired are the findings about exceptions whose last day has passed.
	expired []rules.Finding
}

// fails reports whether a finding of this severity makes the exit status 1.
func (d *decisions) fails(s rules.Severity) bool { return d.failOn > 0 && s >= d.failOn }

// configuration is what became of a configuration file: decisions, or failures that say what is wrong with it.
type configuration struct {
	decisions *decisions
	failures  []report.Failure
	own       []*rules.Rule
}

// chooser finds the configuration files of projects, and reads each once.
type chooser struct {
	options   *options
	base      lint.Options // what no configuration file decides
	territory *territory
	read      []*configuration // in the order of the projects
	byPath    map[string]*configuration
	there     map[string]bool // by path, whether there is a file: projects share the directories above them
}

func newChooser(o *options, base lint.Options, t *territory) *chooser {
	return &chooser{
		options: o, base: base, territory: t, byPath: map[string]*configuration{}, there: map[string]bool{},
	}
}

// knownRules returns all rules, and those that the configuration for the working directory states. They are there to
// be read about: where that file is wrong, only its own rules are missing.
func (o *options) knownRules() []*rules.Rule {
	known := rules.All()
	if t, err := newTerritory(); err == nil {
		known = append(known, newChooser(o, lint.Options{}, t).configuration(".").own...)
	}
	return known
}

// assign gives each project the decisions that count for it. A project whose configuration is wrong is left out,
// because nobody knows what it is to be checked for.
func (c *chooser) assign(targets []target) (able []target, failures []report.Failure) {
	for _, t := range targets {
		if t.decisions = c.configuration(t.dir()).decisions; t.decisions != nil {
			able = append(able, t)
		}
	}
	for _, read := range c.read {
		failures = append(failures, read.failures...)
	}
	return able, failures
}

// configuration returns the configuration of a directory.
func (c *chooser) configuration(dir string) *configuration {
	path := c.find(dir)
	known, ok := c.byPath[path]
	if !ok {
		known = c.load(path, dir)
		c.byPath[path] = known
		c.read = append(c.read, known)
	}
	return known
}

// find returns the path of the configuration file that counts for a directory, or "" where there is none.
func (c *chooser) find(dir string) string {
	if c.options.config != "" || c.options.noConfig {
		return c.options.config
	}
	from, limit := c.territory.configurable(dir)
	path, _ := config.Find(from, limit, c.isThere)
	return path
}

func (c *chooser) isThere(path string) bool {
	if known, ok := c.there[path]; ok {
		return known
	}
	_, err := os.Lstat(path)
	if len(c.there) >= maxRemembered {
		clear(c.there)
	}
	c.there[path] = err == nil
	return err == nil
}

// load reads a configuration file. No path stands for a file that says nothing.
func (c *chooser) load(path, dir string) *configuration {
	if path == "" {
		return &configuration{decisions: c.choose(&config.Config{}, path)}
	}
	name := c.territory.shownName(path)
	if c.options.config == "" && !c.territory.owns(dir, path) {
		return broken(name, "it is a link to a file outside the repository, and was not read; --config reads it all the same")
	}
	data, err := readFile(path)
	if err != nil {
		return broken(name, notRead(err))
	}
	file, problems := config.Parse(name, data)
	if len(problems) > 0 {
		failed := &configuration{}
		for _, problem := range problems {
			failed.failures = append(failed.failures, report.Failure{File: name, Message: problem.Error()})
		}
		return failed
	}
	return &configuration{decisions: c.choose(file, path), own: file.Own}
}

func broken(name, message string) *configuration {
	return &configuration{failures: []report.Failure{{File: name, Message: message}}}
}

// choose joins what a configuration file says with the command line, which wins.
func (c *chooser) choose(file *config.Config, path string) *decisions {
	o := c.options
	chosen := &decisions{lint: c.base, failOn: cmp.Or(file.FailOn, o.failOn), expired: file.Expired(c.base.Now)}
	file.Apply(&chosen.lint, c.territory.relativeTo(filepath.Dir(path)))
	chosen.lint.Rules = o.selected(slices.Concat(rules.All(), file.Own), chosen.lint.Rules)
	settings := &chosen.lint.Settings
	if o.given("strictness") {
		settings.Tier = o.strictness
	}
	if o.given("min-severity") {
		chosen.lint.MinSeverity = o.minSeverity
	}
	if o.given("fail-on") {
		chosen.failOn = o.failOn
	}
	if o.given("socket-proxy") || settings.Proxy.Kind == "" {
		settings.Proxy.Kind = o.proxy
	}
	if o.given("allow-mixed-proxies") {
		settings.Proxy.AllowMixed = o.mixedProxies
	}
	return chosen
}

// checkNames refuses names of rules on the command line that no configuration of the run knows.
func (c *chooser) checkNames() error {
	known := rules.All()
	for _, read := range c.read {
		known = append(known, read.own...)
	}
	for _, name := range slices.Concat(c.options.only, c.options.disable) {
		if _, err := ruleNamed(name, known); err != nil {
			return err
		}
	}
	return nil
}

// initialize writes a configuration file into the working directory, where there is none.
func (c *Command) initialize() error {
	name := config.Names()[0]
	for _, there := range config.Names() {
		if _, err := os.Lstat(there); err == nil {
			return fmt.Errorf("%s is there already, and stays as it is", there)
		}
	}
	if err := createFile(name, config.Init()); err != nil {
		return err
	}
	_, err := fmt.Fprintln(c.Stdout, name+" is there now; every choice in it is explained.")
	return ignoreClosedPipe(err)
}

// createFile writes a new file, whole or not at all.
func createFile(path string, data []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", path, errNoFolder)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err != nil {
		_ = os.Remove(path)
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	return nil
}
