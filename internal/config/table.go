package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"composelint/internal/glob"
	"composelint/internal/knowledge"
	"composelint/rules"
)

// table is the shape of the whole file.
func table() *shape {
	return &shape{kind: object, fields: []field{
		{
			name: "strictness",
			about: "How much is reported: what is broken or dangerous (default), also hardening that most files lack (strict), " +
				"also style (pedantic).",
			shape: words(rules.TierNames()...), example: "strictness: default\n", active: true,
		},
		{
			name:  "min-severity",
			about: "Findings below this severity are not reported.",
			shape: severity(), example: "min-severity: info\n", active: true,
		},
		{
			name:  "fail-on",
			about: "The run fails if a finding of this severity or above is left.",
			shape: severity(), example: "fail-on: low\n", active: true,
		},
		{name: "rules", about: "Choices for single rules.", shape: ruleChoices(), example: `rules:
  enable: [capabilities-kept, unexplained-suppression]
  disable: [image-tag-mutable]
  severity:
    sensitive-port-published: critical
  not-ignorable: [privileged-container]
`},
		{
			name:  "exceptions",
			about: "Where rules do not count. Each exception needs a reason, and may have a last day.",
			shape: listOf(exception()), example: `exceptions:
  - rules: [privileged-container]
    paths: ["lab/**"]
    services: [usb-bridge]
    reason: It passes USB devices on, and the driver needs all of them.
    until: 2027-01-31
`,
		},
		{
			name:  "socket-proxy",
			about: "Which proxy the fixes put before the Docker socket, and what services may do that the program does not know.",
			shape: socketProxy(), example: `socket-proxy:
  kind: tecnativa
  permissions:
    my-monitor: [CONTAINERS, EVENTS]
`,
		},
		{
			name: "own-rules",
			about: "Rules of your own. Each needs a name and a message, and at least one thing to check. They can be enabled, " +
				"disabled and suppressed like all others.",
			shape: listOf(ownRule()), example: `own-rules:
  - name: acme-owner
    message: every service says who looks after it
    severity: medium
    required-labels:
      com.acme.owner: ^team-
  - name: acme-images
    message: images come from our registry
    allowed-registries: [registry.acme.example]
    denied-images: ["**:latest"]
  - name: acme-attributes
    message: see the platform guide, chapter 3
    services: ["web-*"]
    required-keys: [healthcheck, deploy.resources.limits.memory]
    forbidden-keys: [links]
`,
		},
	}}
}

func ruleChoices() *shape {
	return &shape{kind: object, fields: []field{
		{name: "enable", about: "Rules that are reported whatever the strictness.", shape: ruleNames()},
		{name: "disable", about: "Rules that are not run.", shape: ruleNames()},
		{name: "severity", about: "Another severity for all findings of a rule.",
			shape: &shape{kind: mapping, keys: ruleName(), of: severity()}},
		{name: "options", about: "What a rule lets you choose; `composelint --explain RULE` tells.",
			shape: &shape{kind: mapping, keys: ruleName(), of: &shape{kind: mapping, keys: anyText(), of: listOf(anyText())}}},
		{name: "not-ignorable", about: "Rules that comments in the files cannot suppress.", shape: ruleNames()},
	}}
}

func exception() *shape {
	return &shape{kind: object, fields: []field{
		{name: "rules", about: "The rules that do not count.", required: true, shape: ruleNames()},
		{name: "paths", shape: listOf(pattern()),
			about: "Files, relative to the configuration file: * within a name, ** across directories. Without it, all files."},
		{name: "services", about: "Services, by name; * stands for anything. Without it, all services.", shape: listOf(pattern())},
		{name: "reason", about: "Why.", required: true, shape: written()},
		{name: "until", about: "The last day on which the exception counts.", shape: date()},
	}}
}

func socketProxy() *shape {
	return &shape{kind: object, fields: []field{
		{name: "kind", about: "The proxy to add.", shape: words(rules.ProxyKinds()...)},
		{name: "allow-mixed", about: "Take another kind for a service to which this one would have to grant more than it needs.",
			shape: &shape{kind: boolean}},
		{name: "permissions", about: "What services may do whose needs the program does not know, by service name.",
			shape: &shape{kind: mapping, keys: anyText(), of: listOf(words(switches()...))}},
	}}
}

func ownRule() *shape {
	return &shape{kind: object, fields: []field{
		{name: "name", about: "A name of its own, in small letters with hyphens.", required: true, shape: newName()},
		{name: "message", about: "What is wanted. It is shown with each finding.", required: true, shape: written()},
		{name: "why", about: "Why it is wanted.", shape: written()},
		{name: "severity", about: "The severity of its findings; medium without it.", shape: severity()},
		{name: "services", shape: listOf(pattern()),
			about: "The services that it is about, by name; * stands for anything. Without it, all."},
		{name: "required-keys", shape: listOf(attribute()),
			about: "Attributes that services have to have; a dot leads inwards."},
		{name: "forbidden-keys", shape: listOf(attribute()),
			about: "Attributes that services must not have; a dot leads inwards."},
		{name: "required-labels", shape: &shape{kind: mapping, keys: anyText(), of: expression()},
			about: "Labels that services have to have, each with a regular expression (RE2) that its value has to match."},
		{name: "allowed-images", shape: listOf(pattern()),
			about: "The only images that may be used, with or without tag: * within a part of the name, ** across parts."},
		{name: "denied-images", shape: listOf(pattern()), about: "Images that must not be used."},
		{name: "allowed-registries", shape: listOf(written()),
			about: "The only registries to take images from; docker.io is Docker Hub."},
	}}
}

func words(list ...string) *shape { return &shape{kind: text, words: list} }

func listOf(item *shape) *shape { return &shape{kind: list, of: item} }

func anyText() *shape { return &shape{kind: text} }

func ruleName() *shape { return &shape{kind: text, rules: true} }

func ruleNames() *shape { return listOf(ruleName()) }

func severity() *shape { return words(rules.SeverityNames()...) }

// switches are the names of all permissions that a socket proxy knows.
func switches() []string {
	var names []string
	for _, s := range knowledge.Switches() {
		names = append(names, s.Name)
	}
	return names
}

// written is a text that says something.
func written() *shape {
	return &shape{kind: text, pattern: `\S`, check: func(s string) error {
		if strings.TrimSpace(s) == "" {
			return errors.New("say something")
		}
		return nil
	}}
}

func pattern() *shape {
	return &shape{kind: text, pattern: `.`, check: func(s string) error {
		_, err := glob.Compile(s)
		return err
	}}
}

func expression() *shape {
	return &shape{kind: text, check: func(s string) error {
		_, err := regexp.Compile(s)
		return err
	}}
}

func date() *shape {
	return &shape{kind: text, pattern: `^\d{4}-\d{2}-\d{2}$`, check: func(s string) error {
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return fmt.Errorf("%q is not a date; write it as 2027-01-31", s)
		}
		return nil
	}}
}

// newName is the name of a rule that is not there yet.
func newName() *shape {
	name := matching(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`, "a name for a rule: use small letters and hyphens")
	form := name.check
	name.check = func(s string) error {
		if _, taken := rules.ByName(s); taken {
			return fmt.Errorf("there is a rule %q already", s)
		}
		return form(s)
	}
	return name
}

func attribute() *shape {
	return matching(`^[^.\s]+(\.[^.\s]+)*$`, "an attribute of services: write it like deploy.resources")
}

// matching is a text of a form.
func matching(pattern, form string) *shape {
	compiled := regexp.MustCompile(pattern)
	return &shape{kind: text, pattern: pattern, check: func(s string) error {
		if !compiled.MatchString(s) {
			return fmt.Errorf("%q is not %s", s, form)
		}
		return nil
	}}
}
