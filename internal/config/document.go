package config

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"composelint/internal/glob"
	"composelint/internal/lint"
	"composelint/internal/source"
	"composelint/rules"
)

// document has the keys of the file, as the table names them. The table has checked every value.
type document struct {
	Strictness  string `json:"strictness"`
	MinSeverity string `json:"min-severity"`
	FailOn      string `json:"fail-on"`
	Rules       struct {
		Enable       []string                       `json:"enable"`
		Disable      []string                       `json:"disable"`
		Severity     map[string]string              `json:"severity"`
		Options      map[string]map[string][]string `json:"options"`
		NotIgnorable []string                       `json:"not-ignorable"`
	} `json:"rules"`
	Exceptions  []exceptionDocument `json:"exceptions"`
	SocketProxy struct {
		Kind        string              `json:"kind"`
		AllowMixed  bool                `json:"allow-mixed"`
		Permissions map[string][]string `json:"permissions"`
	} `json:"socket-proxy"`
	OwnRules []ownRuleDocument `json:"own-rules"`
}

type exceptionDocument struct {
	Rules    []string `json:"rules"`
	Paths    []string `json:"paths"`
	Services []string `json:"services"`
	Reason   string   `json:"reason"`
	Until    string   `json:"until"`
}

type ownRuleDocument struct {
	Name              string            `json:"name"`
	Message           string            `json:"message"`
	Why               string            `json:"why"`
	Severity          string            `json:"severity"`
	Services          []string          `json:"services"`
	RequiredKeys      []string          `json:"required-keys"`
	ForbiddenKeys     []string          `json:"forbidden-keys"`
	RequiredLabels    map[string]string `json:"required-labels"`
	AllowedImages     []string          `json:"allowed-images"`
	DeniedImages      []string          `json:"denied-images"`
	AllowedRegistries []string          `json:"allowed-registries"`
}

// build turns checked values into a configuration. An error is a mistake in the table.
func build(values any, file *source.File) (*Config, error) {
	encoded, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	var d document
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return nil, err
	}
	config := &Config{file: file, disabled: d.Rules.Disable, options: d.Rules.Options, choices: choices(&d)}
	config.proxy = rules.ProxyChoice{
		Kind: d.SocketProxy.Kind, AllowMixed: d.SocketProxy.AllowMixed, Permissions: d.SocketProxy.Permissions,
	}
	config.strictness, _ = rules.ParseTier(d.Strictness)
	config.minSeverity, _ = rules.ParseSeverity(d.MinSeverity)
	config.FailOn, _ = rules.ParseSeverity(d.FailOn)
	for i, e := range d.Exceptions {
		exception, err := e.exception()
		if err != nil {
			return nil, err
		}
		exception.span = file.Root().Lookup("exceptions").Items[i].Span
		config.exceptions = append(config.exceptions, exception)
	}
	for _, own := range d.OwnRules {
		rule, err := own.rule()
		if err != nil {
			return nil, err
		}
		config.Own = append(config.Own, rule)
	}
	return config, nil
}

// choices collects what the file decides for single rules.
func choices(d *document) map[string]lint.Choice {
	all := map[string]lint.Choice{}
	change := func(name string, f func(*lint.Choice)) {
		c := all[name]
		f(&c)
		all[name] = c
	}
	for _, name := range d.Rules.Enable {
		change(name, func(c *lint.Choice) { c.Always = true })
	}
	for _, name := range d.Rules.NotIgnorable {
		change(name, func(c *lint.Choice) { c.Locked = true })
	}
	for name, word := range d.Rules.Severity {
		change(name, func(c *lint.Choice) { c.Severity, _ = rules.ParseSeverity(word) })
	}
	return all
}

func (d *exceptionDocument) exception() (e exceptionRule, err error) {
	e.rules, e.reason = d.Rules, d.Reason
	if d.Until != "" {
		if e.until, err = time.Parse(time.DateOnly, d.Until); err != nil {
			return e, err
		}
	}
	if e.paths, err = compileAll(d.Paths); err != nil {
		return e, err
	}
	e.services, err = compileAll(d.Services)
	return e, err
}

func (d *ownRuleDocument) rule() (*rules.Rule, error) {
	policy := &rules.Policy{Name: d.Name, Message: strings.TrimSuffix(d.Message, "."), Why: d.Why, Required: d.RequiredKeys,
		Forbidden: d.ForbiddenKeys, Registries: d.AllowedRegistries}
	policy.Severity, _ = rules.ParseSeverity(cmp.Or(d.Severity, rules.Medium.String()))
	var failed [3]error
	policy.Services, failed[0] = compileAll(d.Services)
	policy.Allowed, failed[1] = compileAll(d.AllowedImages)
	policy.Denied, failed[2] = compileAll(d.DeniedImages)
	for _, name := range slices.Sorted(maps.Keys(d.RequiredLabels)) {
		value, err := regexp.Compile(d.RequiredLabels[name])
		if err != nil {
			return nil, err
		}
		policy.Labels = append(policy.Labels, rules.LabelPolicy{Name: name, Value: value})
	}
	return policy.Rule(), errors.Join(failed[:]...)
}

func compileAll(patterns []string) ([]glob.Pattern, error) {
	var compiled []glob.Pattern
	for _, pattern := range patterns {
		p, err := glob.Compile(pattern)
		if err != nil {
			return nil, err
		}
		compiled = append(compiled, p)
	}
	return compiled, nil
}
