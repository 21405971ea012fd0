package rules

import (
	"cmp"
	"slices"
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
	// Options are what the configuration chooses for rules: by the name of the rule and that of the option.
	Options map[string]map[string][]string
	// Excepted tells that a rule does not count for a service; nil where there are no exceptions. It is asked about
	// services that the rule objects to, and only about those.
	Excepted func(rule *Rule, service string) bool
	// ReadFile reads a file that the project refers to, such as a Dockerfile; nil where nothing may be read.
	ReadFile func(path string) ([]byte, error)
	// ListDir lists the names in a directory that the project mounts; nil where nothing may be read.
	ListDir func(path string) ([]string, error)
}

// Pass is one run of one rule over a project.
type Pass struct {
	Project  *compose.Project
	Settings *Settings
	// Facts are what several rules need to know of the project, established once.
	Facts *Facts

	rule     *Rule
	findings []Finding
}

// Run runs rules over a project and returns what they found, sorted.
func Run(project *compose.Project, rules []*Rule, settings Settings) []Finding {
	var findings []Finding
	facts := &Facts{project: project, settings: &settings}
	var pass *Pass
	for _, rule := range rules {
		if rule.Check == nil || rule.Tier > settings.Tier {
			continue // what a rule reports is of its own tier or of a higher one
		}
		if pass == nil || len(pass.findings) > 0 { // findings hold on to theirs, to build their fixes
			pass = &Pass{Project: project, Settings: &settings, Facts: facts}
		}
		pass.rule = rule
		rule.Check(pass)
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
	if f.Tier <= p.Settings.Tier {
		p.findings = append(p.findings, f)
	}
}

// Visit is called with a value of a service, and with the keys from the service down to it.
type Visit func(v *compose.Value, path ...string)

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

// by returns the names of the services that have the value at a key of theirs.
func (c Cause) by(key string) []string {
	var names []string
	for _, u := range c.Uses {
		if u.Path[0] == key && !slices.Contains(names, u.Service.Name) {
			names = append(names, u.Service.Name)
		}
	}
	return names
}

// distinct returns the services that use the value, each once.
func (c Cause) distinct() []compose.Service {
	var services []compose.Service
	for _, u := range c.Uses {
		if len(services) == 0 || services[len(services)-1].Name != u.Service.Name {
			services = append(services, u.Service)
		}
	}
	return services
}

// Path returns the place of a use in the model: that in the service whose name comes first in the alphabet, which stays
// when services are moved.
func (c Cause) Path() string {
	u := slices.MinFunc(c.Uses, func(a, b Use) int { return strings.Compare(a.Service.Name, b.Service.Name) })
	return strings.Join(append([]string{"services", u.Service.Name}, u.Path...), ".")
}

// Causes collects the values that a rule objects to and groups them by where they were said, in the order they are met.
func (p *Pass) Causes(find func(s compose.Service, found Visit)) []Cause {
	var g grouping
	found := g.add
	for _, g.at = range p.Project.Services() {
		find(g.at, found)
	}
	for i := range g.causes {
		g.causes[i].Uses = counted(p, g.causes[i].Uses, func(u Use) string { return u.Service.Name })
	}
	return g.causes
}

// grouping puts values together that were said at one place.
type grouping struct {
	causes []Cause
	index  map[*source.Node]int // of the causes
	at     compose.Service      // that the values count in
}

func (g *grouping) add(v *compose.Value, path ...string) {
	if v == nil {
		return // nobody says it, so that there is no place to report
	}
	use := Use{Service: g.at, Value: v, Path: path}
	if i, ok := g.index[v.Origin.Node]; ok && v.Origin.Node != nil {
		g.causes[i].Uses = append(g.causes[i].Uses, use)
		return
	}
	if g.index == nil {
		g.index = map[*source.Node]int{}
	}
	g.index[v.Origin.Node] = len(g.causes)
	g.causes = append(g.causes, Cause{Uses: []Use{use}})
}

// counted leaves out what concerns services for which the rule does not count. Where it counts for none of them, all
// stay: such a finding is suppressed as a whole, and can be listed as that.
func counted[T any](p *Pass, all []T, service func(T) string) []T {
	if p.Settings.Excepted == nil {
		return all
	}
	var left []T
	for _, item := range all {
		if !p.Settings.Excepted(p.rule, service(item)) {
			left = append(left, item)
		}
	}
	if len(left) == 0 {
		return all
	}
	return left
}

// Option returns what the configuration chooses for an option of the rule, or the option's default.
func (p *Pass) Option(name string) []string {
	if chosen, ok := p.Settings.Options[p.rule.Name][name]; ok {
		return chosen
	}
	for _, o := range p.rule.Options {
		if o.Name == name {
			return o.Default
		}
	}
	return nil
}

// choice returns what is chosen for an option that takes one word.
func (p *Pass) choice(name string) string { return strings.Join(p.Option(name), " ") }

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

// Flag reports one finding for each cause among the values that find meets. describe returns what is particular to the
// finding; its origin, path and services are those of the cause.
func (p *Pass) Flag(find func(s compose.Service, found Visit), describe func(c Cause) Finding) {
	for _, c := range p.Causes(find) {
		f := describe(c)
		f.Origin, f.Path, f.Services = c.Value().Origin, c.Path(), c.Services()
		p.Report(f)
	}
}

// Lacking reports one finding for all services that lack something, at the first of them: one for each service would
// say the same over and over. A service without image or build is left alone: it is there to be extended, overrides
// another one, or a provider runs it. describe returns what is particular to the finding.
func (p *Pass) Lacking(lacks func(s compose.Service) bool, describe func(services []compose.Service) Finding) {
	if p.rule.Tier > p.Settings.Tier {
		return
	}
	var services []compose.Service
	for _, s := range p.Project.Services() {
		if hasContainer(s) && lacks(s) {
			services = append(services, s)
		}
	}
	if len(services) == 0 {
		return
	}
	services = counted(p, services, func(s compose.Service) string { return s.Name })
	var list []string
	for _, s := range services {
		list = append(list, s.Name)
	}
	f := describe(services)
	f.Origin, f.Span = services[0].Origin, keySpan(services[0].Value)
	f.Path, f.Services, f.Evidence = "services", list, strings.Join(slices.Sorted(slices.Values(list)), " ")
	p.Report(f)
}

// items returns the items of a List, and none of anything else.
func items(v *compose.Value) []*compose.Value {
	if v == nil {
		return nil
	}
	return v.Items
}

// fields returns the entries of a Map, and none of anything else.
func fields(v *compose.Value) []compose.Field {
	if v == nil {
		return nil
	}
	return v.Fields
}

// keySpan is the key that a value stands under; empty where it stands under none.
func keySpan(v *compose.Value) source.Span {
	if v.Origin.Key == nil {
		return source.Span{}
	}
	return v.Origin.Key.Content
}

// asWritten returns a text before variables were replaced and paths were made whole; "" where there is no value.
func asWritten(v *compose.Value) string {
	if v == nil {
		return ""
	}
	return cmp.Or(v.Raw, v.Written, v.Str(), v.Text)
}

// serviceNames lists services for a message.
func serviceNames(services []compose.Service) string {
	list := make([]string, len(services))
	for i, s := range services {
		list[i] = s.Name
	}
	return names(list)
}

// oneOf lists services for a message about any one of them.
func oneOf(services []compose.Service) string {
	if len(services) == 1 {
		return services[0].Name
	}
	return "one of " + serviceNames(services)
}

// commandText returns a command in one line as it is written, whether it is a text or a list.
func commandText(command *compose.Value) string {
	if command != nil && command.Kind == compose.String {
		return asWritten(command)
	}
	list := items(command)
	parts := make([]string, len(list))
	for i, part := range list {
		parts[i] = asWritten(part)
	}
	return strings.Join(parts, " ")
}

// words returns the items of a list, or a text as the only one.
func words(v *compose.Value) []*compose.Value {
	if v != nil && v.Kind == compose.String {
		return []*compose.Value{v}
	}
	return items(v)
}
