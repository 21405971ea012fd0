package rules

import (
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
)

// Settings are the choices that change what rules do.
type Settings struct {
	// Tier is the strictness of the run: findings of a higher tier are dropped.
	Tier Tier
	// Proxy says which socket proxy to add.
	Proxy ProxyChoice
	// ReadFile reads a file that the project refers to, such as a Dockerfile; nil where nothing may be read.
	ReadFile func(path string) ([]byte, error)
	// ListDir lists the names in a directory that the project mounts; nil where nothing may be read.
	ListDir func(path string) ([]string, error)
}

// Pass is one run of one rule over a project.
type Pass struct {
	Project  *compose.Project
	Settings Settings
	// Facts are what several rules need to know of the project, established once.
	Facts *Facts

	rule     *Rule
	findings []Finding
}

// Run runs rules over a project and returns what they found, sorted.
func Run(project *compose.Project, rules []*Rule, settings Settings) []Finding {
	var findings []Finding
	facts := &Facts{project: project, settings: settings}
	for _, rule := range rules {
		pass := Pass{Project: project, Settings: settings, Facts: facts, rule: rule}
		rule.Check(&pass)
		findings = append(findings, pass.findings...)
	}
	SortFindings(project, findings)
	return findings
}

// Report adds a finding. What it leaves open is taken from the rule.
func (p *Pass) Report(f Finding) {
	f.Rule = p.rule
	if f.Severity == 0 {
		f.Severity = p.rule.Severity
	}
	if f.Confidence == 0 {
		f.Confidence = Certain
	}
	if f.Tier == 0 {
		f.Tier = p.rule.Tier
	}
	if f.Tier > p.Settings.Tier {
		return
	}
	p.findings = append(p.findings, f)
}

// Use is a value of the effective model with the service that it counts in.
type Use struct {
	Service compose.Service
	*compose.Value
	// Path are the keys from the service down to the value.
	Path []string
}

// Cause is a value as it was said once, with every use of it: an anchored value is said once and used by all services
// that merge it.
type Cause struct {
	Uses []Use
}

// Value returns the value of the first use.
func (c Cause) Value() *compose.Value { return c.Uses[0].Value }

// Services returns the names of the services that use the value.
func (c Cause) Services() []string {
	var names []string
	for _, u := range c.Uses {
		if len(names) == 0 || names[len(names)-1] != u.Service.Name {
			names = append(names, u.Service.Name)
		}
	}
	return names
}

// Path returns the place of the first use in the model.
func (c Cause) Path() string {
	u := c.Uses[0]
	return "services." + u.Service.Name + "." + strings.Join(u.Path, ".")
}

// Causes collects the values that a rule objects to and groups them by where they were said, in the order they are met.
func (p *Pass) Causes(find func(s compose.Service, found func(v *compose.Value, path ...string))) []Cause {
	var causes []Cause
	index := map[*source.Node]int{}
	for _, s := range p.Project.Services() {
		find(s, func(v *compose.Value, path ...string) {
			use := Use{Service: s, Value: v, Path: path}
			if i, ok := index[v.Origin.Node]; ok && v.Origin.Node != nil {
				causes[i].Uses = append(causes[i].Uses, use)
				return
			}
			index[v.Origin.Node] = len(causes)
			causes = append(causes, Cause{Uses: []Use{use}})
		})
	}
	return causes
}

// names lists services for a message: "web", "web and db", "web, db and 3 more services".
func names(list []string) string {
	const most = 3
	switch n := len(list); {
	case n == 0:
		return "no service"
	case n == 1:
		return list[0]
	case n <= most:
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	default:
		return strings.Join(list[:most], ", ") + " and " + plural(n-most, "more service", "more services")
	}
}
