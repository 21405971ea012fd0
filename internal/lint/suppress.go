package lint

import (
	"slices"
	"strings"
	"sync"
	"time"

	"composelint/internal/compose"
	"composelint/rules"
)

// Choice is what a configuration decides for one rule.
type Choice struct {
	// Always reports the rule's findings whatever the strictness of the run.
	Always bool
	// Severity is given to all findings of the rule; zero leaves them theirs.
	Severity rules.Severity
	// Locked tells that comments cannot suppress the rule.
	Locked bool
}

// Exception is a place for which rules do not count, by decision of the configuration.
type Exception struct {
	// Rules are the names of the rules.
	Rules []string
	// File tells whether it is about a file, by the name that the file is shown with; nil means every file.
	File func(name string) bool
	// Service tells whether it is about a service; nil means all services, and findings that are about none.
	Service func(name string) bool
	Reason  string
	// Until is the last day on which it counts; zero where it has no end.
	Until time.Time
}

// Suppressed is a finding that a comment or the configuration suppresses. It is neither counted nor fixed.
type Suppressed struct {
	rules.Finding
	// Reason is the one that was given; it may be empty.
	Reason string
}

// outcome is what the rules found in a project.
type outcome struct {
	// counted are the findings that count, sorted.
	counted    []rules.Finding
	suppressed []Suppressed
	used       []Use
	// known are the findings that the baseline lists.
	known []rules.Finding
}

// examine runs the rules over a project and sets aside what does not count.
func examine(p *compose.Project, o *Options) outcome {
	s := newSuppressor(p, o)
	settings := o.Settings
	if s.active() {
		settings.Excepted = s.excepted
	}
	if len(s.coverage.directives) > 0 || o.always() {
		// Whether a comment is needed must not depend on the strictness of the run that looks at it.
		settings.Tier = rules.Pedantic
	}
	var out outcome
	for _, f := range rules.Run(p, o.Rules, settings) {
		reason, suppressed := s.judge(&f)
		out.take(f, o, suppressed, reason)
	}
	out.used = s.coverage.used()
	for _, f := range s.complaints() {
		out.take(f, o, false, "")
	}
	rules.SortFindings(p, out.counted)
	for i := range out.counted {
		if repair := out.counted[i].Repair; repair != nil {
			out.counted[i].Repair = sync.OnceValue(repair) // it is asked for again in the passes that make fixes
		}
	}
	return out
}

// Wanted returns those of the findings about a run itself that the options ask for, with the severities that they
// choose.
func (o *Options) Wanted(findings []rules.Finding) []rules.Finding {
	var out outcome
	for _, f := range findings {
		if slices.Contains(o.Rules, f.Rule) {
			out.take(f, o, false, "")
		}
	}
	return out.counted
}

// take puts a finding where it belongs. One that the run does not want is left out.
func (out *outcome) take(f rules.Finding, o *Options, suppressed bool, reason string) {
	choice := o.Choices[f.Rule.Name]
	if choice.Severity != 0 {
		f.Severity = choice.Severity
	}
	switch {
	case f.Severity < o.MinSeverity || f.Tier > o.Settings.Tier && !choice.Always:
	case suppressed:
		out.suppressed = append(out.suppressed, Suppressed{f, reason})
	case o.Baseline.Covers(&f):
		out.known = append(out.known, f)
	default:
		out.counted = append(out.counted, f)
	}
}

// always reports whether a rule is wanted whatever the strictness.
func (o *Options) always() bool {
	for _, c := range o.Choices {
		if c.Always {
			return true
		}
	}
	return false
}

// suppressor decides which findings are suppressed.
type suppressor struct {
	project    *compose.Project
	options    *Options
	coverage   *coverage
	exceptions []Exception // those that count today
}

func newSuppressor(p *compose.Project, o *Options) *suppressor {
	s := &suppressor{project: p, options: o, coverage: &coverage{}}
	if !o.NoIgnores {
		s.coverage = cover(p, o.Now)
	}
	for _, e := range o.Exceptions {
		if !Expired(e.Until, o.Now) {
			s.exceptions = append(s.exceptions, e)
		}
	}
	return s
}

// active reports whether anything might be suppressed.
func (s *suppressor) active() bool { return len(s.coverage.directives)+len(s.exceptions) > 0 }

// judge reports whether a finding is suppressed, and the reason that was given. A finding that is suppressed for some
// of its services alone loses those, and its fix must not change them.
func (s *suppressor) judge(f *rules.Finding) (reason string, suppressed bool) {
	if !s.active() {
		return "", false
	}
	if reason, ok := s.atPlace(f); ok {
		return reason, true
	}
	var excepted []string
	for _, service := range f.Services {
		if why, ok := s.forService(f.Rule, service); ok {
			excepted, reason = append(excepted, service), why
		}
	}
	switch len(excepted) {
	case 0:
		return "", false
	case len(f.Services):
		return reason, true
	}
	spare(f, excepted)
	return "", false
}

// atPlace reports whether the place of a finding is covered. One that is about several services as wholes, and stands
// at the first of them, is judged by its services.
func (s *suppressor) atPlace(f *rules.Finding) (reason string, ok bool) {
	file, _ := f.Place()
	for _, e := range s.exceptions {
		if e.Service == nil && slices.Contains(e.Rules, f.Rule.Name) && file != nil && e.covers(file.Name) {
			return e.Reason, true
		}
	}
	if isAboutServices(s.project, f) {
		return "", false
	}
	nodes := []compose.Origin{f.Origin}
	if len(f.Services) <= 1 {
		// A value that is used once may also be suppressed where it is taken over.
		nodes = append(nodes, compose.Origin{Node: f.Origin.Alias})
		for _, hop := range f.Origin.Hops() {
			nodes = append(nodes, compose.Origin{Node: hop.Node})
		}
	}
	return s.byComment(f.Rule, nodes...)
}

// isAboutServices reports whether a finding is about several services as wholes.
func isAboutServices(p *compose.Project, f *rules.Finding) bool {
	if len(f.Services) < 2 || f.Origin.Node == nil {
		return false
	}
	first := p.Service(f.Services[0])
	return first.Value != nil && first.Origin.Node == f.Origin.Node
}

// byComment reports whether a comment suppresses a rule at one of several places.
func (s *suppressor) byComment(rule *rules.Rule, places ...compose.Origin) (reason string, ok bool) {
	if s.options.Choices[rule.Name].Locked {
		return "", false
	}
	for _, place := range places {
		if found := s.coverage.find(rule.Name, place); found != nil {
			found.used = true
			return found.directive.reason, true
		}
	}
	return "", false
}

// excepted reports whether a rule does not count for a service.
func (s *suppressor) excepted(rule *rules.Rule, service string) bool {
	_, ok := s.forService(rule, service)
	return ok
}

// forService reports whether a rule does not count for a service: by the configuration, or by a comment that covers
// the service where it is said, or where an override file goes on with it.
func (s *suppressor) forService(rule *rules.Rule, name string) (reason string, ok bool) {
	service := s.project.Service(name)
	if service.Value == nil {
		return "", false
	}
	file := ""
	if service.Origin.File != nil {
		file = service.Origin.File.Name
	}
	for _, e := range s.exceptions {
		if e.Service != nil && slices.Contains(e.Rules, rule.Name) && e.Service(name) && e.covers(file) {
			return e.Reason, true
		}
	}
	places := []compose.Origin{{Node: service.Origin.Alias}, service.Origin}
	for _, also := range service.Also {
		places = append(places, compose.Origin{Node: also.Node})
	}
	return s.byComment(rule, places...)
}

func (e *Exception) covers(file string) bool { return e.File == nil || e.File(file) }

// spare takes services out of a finding. A fix that would change them all the same becomes advice.
func spare(f *rules.Finding, services []string) {
	f.Services = slices.DeleteFunc(slices.Clone(f.Services), func(name string) bool { return slices.Contains(services, name) })
	f.Notes = append(slices.Clone(f.Notes), "Suppressed for "+strings.Join(services, ", ")+".")
	repair := f.Repair
	if repair == nil {
		return
	}
	f.Repair = func() rules.Fix {
		fix := repair()
		for _, change := range fix.Changes {
			if slices.Contains(services, change.Service()) {
				return rules.Fix{Title: fix.Title, Safety: rules.Manual,
					Advice: "The fix would also change " + change.Service() + ", for which the rule is suppressed."}
			}
		}
		return fix
	}
}

// hides returns a finding that counted before a fix and is suppressed after it: a comment that stood at something
// else now stands at it. It returns nil where there is none. suppressed are the findings that were so from the start.
func hides(suppressed []Suppressed, counted []rules.Finding, after []Suppressed) *rules.Finding {
	if len(after) == 0 {
		return nil
	}
	before := map[string]int{}
	for i := range suppressed {
		before[suppressed[i].Identity()]++
	}
	for i := range after {
		id := after[i].Identity()
		if before[id]--; before[id] >= 0 {
			continue
		}
		if slices.ContainsFunc(counted, func(f rules.Finding) bool { return f.Identity() == id }) {
			return &after[i].Finding
		}
	}
	return nil
}

// knownRules are the names that a comment may use: those of all rules, the run's own included.
func (s *suppressor) knownRules() []string {
	var known []string
	for _, r := range rules.All() {
		known = append(known, r.Name)
	}
	for _, r := range s.options.Rules {
		known = append(known, r.Name)
	}
	return known
}
