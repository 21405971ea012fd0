package config

import (
	"errors"
	"slices"
	"strings"

	"composelint/internal/source"
	"composelint/rules"
)

// Parse reads a configuration file. Where there are problems, in the order of the file, there is no configuration.
func Parse(name string, data []byte) (*Config, []Problem) { return parse(name, data, rules.All()) }

func parse(name string, data []byte, all []*rules.Rule) (*Config, []Problem) {
	file, err := source.Parse(name, data)
	var syntax *source.SyntaxError
	if errors.As(err, &syntax) {
		return nil, []Problem{{syntax.Position, syntax.Message}}
	}
	root := file.Root()
	if root == nil {
		return &Config{}, nil
	}
	c := checker{file: file, rules: ruleNamesIn(root, all)}
	values := c.value(root, table(), "the file")
	if len(file.Documents) > 1 {
		c.report(file.Documents[1], "the file has to be one document: take out the line ---")
	}
	c.ownRules(root)
	c.ruleOptions(root, all)
	if len(c.problems) > 0 {
		return nil, sorted(c.problems)
	}
	config, err := build(values, file)
	if err != nil {
		return nil, []Problem{{source.Position{Line: 1, Column: 1}, "internal error: " + err.Error()}}
	}
	return config, nil
}

// ruleNamesIn returns the names that the file may use for rules: those of all rules, and of the file's own.
func ruleNamesIn(root *source.Node, all []*rules.Rule) []string {
	var names []string
	for _, r := range all {
		names = append(names, r.Name)
	}
	for _, own := range items(root.Lookup("own-rules")) {
		if name := own.Lookup("name"); name != nil {
			names = append(names, name.Value)
		}
	}
	return names
}

// items returns the items of a list, and none of anything else.
func items(n *source.Node) []*source.Node {
	if n == nil {
		return nil
	}
	return n.Items
}

// ownRules reports own rules that check nothing, or share a name.
func (c *checker) ownRules(root *source.Node) {
	seen := map[string]bool{}
	for _, own := range items(root.Lookup("own-rules")) {
		name := own.Lookup("name")
		if own.Kind != source.Mapping || name == nil {
			continue
		}
		if seen[name.Value] {
			c.report(name, "there are two own rules with the name %q", name.Value)
		}
		seen[name.Value] = true
		checks := slices.ContainsFunc(own.Entries, func(e source.Entry) bool {
			return strings.HasPrefix(e.Key.Value, "required-") || strings.HasPrefix(e.Key.Value, "forbidden-") ||
				strings.HasPrefix(e.Key.Value, "allowed-") || strings.HasPrefix(e.Key.Value, "denied-")
		})
		if !checks {
			c.report(own, "the rule %q checks nothing: give it required-keys, forbidden-keys, required-labels, allowed-images, "+
				"denied-images or allowed-registries", name.Value)
		}
	}
}

// ruleOptions compares the options of rules with those that the rules have.
func (c *checker) ruleOptions(root *source.Node, all []*rules.Rule) {
	chosen := root.Lookup("rules").Lookup("options")
	for _, rule := range all {
		given := chosen.Lookup(rule.Name)
		if given == nil {
			continue
		}
		for _, e := range given.Entries {
			c.ruleOption(rule, e)
		}
	}
}

func (c *checker) ruleOption(rule *rules.Rule, e source.Entry) {
	i := slices.IndexFunc(rule.Options, func(o rules.Option) bool { return o.Name == e.Key.Value })
	if i < 0 {
		c.report(e.Key, "%s has no option %q", rule.Name, e.Key.Value)
		return
	}
	for _, item := range e.Value.Items {
		if allowed := rule.Options[i].Allowed; len(allowed) > 0 {
			c.text(item, words(allowed...), "an item of "+e.Key.Value)
		}
	}
}
