package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/pattern"
	"composelint/internal/source"
	"composelint/patch"
)

var yamlTrap = &Rule{
	Name:     "yaml-trap",
	Severity: Medium,
	Tier:     Default,
	Summary:  "YAML reads a value without quotes as another one: 3.10 as 3.1, 022 as 18, 1e3 as 1000.",
	Why: `Without quotes it is a number, and the service gets the number, not what is written: PYTHON_VERSION: 3.10
installs 3.1, and UMASK: 022 is 18. For file modes it is the reverse: without a zero in front, 440 is not 0440.`,
	Fix: "Puts the value in quotes. It is unsafe, because the service may run well with what it got so far. File " +
		"modes are left to you.",
	Bad: `services:
  web:
    image: example/web:3.2
    environment:
      PYTHON_VERSION: 3.10
`,
	Good: `services:
  web:
    image: example/web:3.2
    environment:
      PYTHON_VERSION: "3.10"
`,
	References: []Reference{
		{"YAML 1.1, integer and floating-point types", "https://yaml.org/type/"},
		{"Compose specification, services: environment",
			"https://docs.docker.com/reference/compose-file/services/#environment"},
	},
	Limits: "Docker Compose reads yes, no, on and off as text, and they are left alone, though other programs take " +
		"them for truth values.",
	Check: checkYAMLTraps,
}

func checkYAMLTraps(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, path := range [][]string{{"environment"}, {"labels"}, {"build", "args"}} {
			for _, f := range fields(s.At(path...)) {
				if isMisread(f.Value) {
					found(f.Value, append(slices.Clone(path), f.Key)...)
				}
			}
		}
	}, func(c Cause) Finding {
		path := c.Uses[0].Path
		read, text := c.Value().Str(), c.Value().Origin.Node.Value
		f := Finding{
			Message: fmt.Sprintf("%s of %s is %s, not %s: put it in quotes",
				path[len(path)-1], names(c.Services()), read, text),
			Evidence: path[len(path)-1], Repair: c.quote,
		}
		if isSameNumber(text, read) && !versionName().MatchString(f.Evidence) {
			f.Severity, f.Confidence, f.Tier = Low, Possible, Strict
		}
		return f
	})
	p.Flag(func(s compose.Service, found Visit) {
		for _, attribute := range []string{"secrets", "configs"} {
			for _, use := range items(s.Get(attribute)) {
				if mode := use.Get("mode"); isDecimalMode(mode) {
					found(mode, attribute)
				}
			}
		}
	}, func(c Cause) Finding {
		text := c.Value().Origin.Node.Value
		n, _ := c.Value().Int()
		return Finding{
			Message: fmt.Sprintf("the mode of %s is %04o, not 0%s: write it with a zero in front",
				names(c.Services()), n, text),
			Evidence: c.Uses[0].Path[0] + " " + text,
		}
	})
}

// versionName matches names whose value is a version, where 2.0 and 2 are not the same.
var versionName = pattern.New(`(?i)version|tag|release`)

// isSameNumber tells that what was written and what is read are one to a program that takes them for a number: 002 and
// 2, 1.0 and 1.
func isSameNumber(text, read string) bool {
	return strings.TrimLeft(text, "0") == read || strings.TrimRight(text, "0") == read+"."
}

// isMisread tells that a value without quotes is a number or date, and prints as another text than the one written.
func isMisread(v *compose.Value) bool {
	node := v.Origin.Node
	isNumber := v.Kind == compose.Number || v.Kind == compose.Time
	return isNumber && node != nil && node.Style == source.Plain && node.Value != v.Str() && v.Raw == ""
}

// fileMode matches a mode as it is written in octal, without the zero.
var fileMode = pattern.New(`^[2-7][0-7]{2}$`)

func isDecimalMode(mode *compose.Value) bool {
	if mode == nil || mode.Kind != compose.Number || mode.Origin.Node == nil {
		return false
	}
	return mode.Origin.Node.Style == source.Plain && fileMode().MatchString(mode.Origin.Node.Value)
}

// quote builds the fix that puts a value in quotes.
func (c Cause) quote() Fix {
	var r repair
	text := c.Value().Origin.Node.Value
	r.set(c.Value(), patch.Quoted(text, patch.DoubleQuote))
	for _, u := range c.Uses {
		r.change(u.Service, text, u.Path...)
	}
	return r.fix("Put "+text+" in quotes", Unsafe)
}
