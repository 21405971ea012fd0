package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"composelint/internal/compose"
	"composelint/internal/glob"
	"composelint/internal/lint"
	"composelint/internal/source"
	"composelint/rules"
)

// Config is a configuration file, read and checked.
type Config struct {
	// FailOn is the least severity that makes a run fail; zero where the file does not say it.
	FailOn rules.Severity
	// Own are the rules that the file states itself.
	Own []*rules.Rule

	file        *source.File
	strictness  rules.Tier     // zero where the file does not say it
	minSeverity rules.Severity // likewise
	proxy       rules.ProxyChoice
	choices     map[string]lint.Choice
	disabled    []string
	options     map[string]map[string][]string
	exceptions  []exceptionRule
}

// exceptionRule is an exception with its place in the file.
type exceptionRule struct {
	rules           []string
	paths, services []glob.Pattern
	reason          string
	until           time.Time
	span            source.Span
}

// Apply makes the file's choices the options of a run: the rules to run are all that it does not disable, its own
// included. relative returns a file's path relative to the directory of the configuration file, with slashes, by the
// name that the file is shown with; paths of exceptions are matched with it.
func (c *Config) Apply(o *lint.Options, relative func(name string) string) {
	o.Rules = nil
	for _, rule := range slices.Concat(rules.All(), c.Own) {
		if !slices.Contains(c.disabled, rule.Name) {
			o.Rules = append(o.Rules, rule)
		}
	}
	o.Settings.Tier = cmp.Or(c.strictness, rules.Default)
	o.MinSeverity = cmp.Or(c.minSeverity, rules.Info)
	o.Settings.Proxy, o.Settings.Options, o.Choices = c.proxy, c.options, c.choices
	o.Exceptions = nil
	for _, e := range c.exceptions {
		o.Exceptions = append(o.Exceptions, e.forRun(relative))
	}
}

func (e *exceptionRule) forRun(relative func(string) string) lint.Exception {
	exception := lint.Exception{Rules: e.rules, Reason: e.reason, Until: e.until}
	if len(e.paths) > 0 {
		exception.File = func(name string) bool { return matchesAny(e.paths, relative(name)) }
	}
	if len(e.services) > 0 {
		exception.Service = func(name string) bool { return matchesAny(e.services, name) }
	}
	return exception
}

func matchesAny(patterns []glob.Pattern, name string) bool {
	return slices.ContainsFunc(patterns, func(p glob.Pattern) bool { return p.Match(name) })
}

// Expired returns a finding for each exception whose last day has passed: it does not count any more. A time of zero
// means that nothing has expired.
func (c *Config) Expired(now time.Time) []rules.Finding {
	var findings []rules.Finding
	for _, e := range c.exceptions {
		if !lint.Expired(e.until, now) {
			continue
		}
		names, rule := strings.Join(e.rules, ", "), rules.ExpiredSuppression
		findings = append(findings, rules.Finding{
			Rule: rule, Severity: rule.Severity, Tier: rule.Tier, Confidence: rules.Certain,
			Message: fmt.Sprintf("this exception of %s does not count any more: its last day was %s",
				names, e.until.Format("2 January 2006")),
			Origin: compose.Origin{File: c.file}, Span: e.span, Evidence: names + ": " + e.reason,
		})
	}
	return findings
}
