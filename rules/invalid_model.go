package rules

import (
	"path/filepath"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
)

var invalidModel = &Rule{
	Name:     "invalid-model",
	Severity: High,
	Tier:     Default,
	Summary: "The parts of a project do not fit together: a network, volume, secret or service that is not there, services " +
		"that wait for each other, keys that exclude each other.",
	Why: `Compose refuses the project and tells one of the mistakes, not always the same one, without a line. All of
them are reported here, each at its place; what is missing is reported once, with all the places that use it.

A file that is evidently a part of a project is not reported for what its other parts define: one whose name has the
word override, one with its base beside it (compose.prod.yaml beside compose.yaml), one that a Compose file in a
directory above takes in, one that docker compose does not find by itself and in which a service has neither an image
nor a build, or nothing but services is declared. What Umbrel and Runtipi are known to add is not reported, either.
With the strictness "strict", one finding tells so. Lint the files together, as in
` + "`composelint -f compose.yaml -f compose.prod.yaml`" + `, to have everything checked.`,
	Bad: `services:
  web:
    image: nginx:1.27.2
    depends_on:
      - databse
  database:
    image: postgres:17.2
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    depends_on:
      - database
  database:
    image: postgres:17.2
`,
	References: []Reference{{"compose-go v2.16.2, loader/validate.go and graph/cycle.go", "https://github.com/compose-spec/compose-go"}},
	Check:      checkModel,
}

func checkModel(p *Pass) {
	var fragments []compose.Problem
	for _, q := range p.problems(compose.Model, compose.Limit) {
		switch {
		case !q.Fragment:
			p.Report(p.problemFinding(q))
		case !p.lacksBase(q):
			fragments = append(fragments, q)
		}
	}
	if len(fragments) > 0 && !p.lacksInclude() {
		p.reportFragments(fragments)
	}
	p.reportEmpty()
}

// lacksInclude reports whether a project is taken in that is remote or not there, and that nobody can know the services
// of: missing-file tells so.
func (p *Pass) lacksInclude() bool {
	return slices.ContainsFunc(p.Project.Problems, func(q compose.Problem) bool {
		return q.Path == "include" && (q.Kind == compose.RemoteFile || q.Kind == compose.MissingFile)
	})
}

// reportFragments reports what is natural in a part of a project: as a mistake, unless it evidently is one.
func (p *Pass) reportFragments(problems []compose.Problem) {
	if evidence := p.partOf(); evidence != "" {
		p.Report(p.partFinding(problems, evidence))
		return
	}
	var undefined problemGroups
	var supplied []compose.Problem
	for _, q := range problems {
		if platforms[inPlace(q)] != "" {
			supplied = append(supplied, q)
		} else {
			undefined.add(q)
		}
	}
	if len(supplied) > 0 {
		what := inPlace(supplied[0])
		p.Report(p.partFinding(supplied, platforms[what]+" adds "+what))
	}
	if p.allIdle() {
		p.reportIdle()
		return // nothing else matters before that
	}
	for _, group := range undefined.all {
		p.Report(p.groupFinding(group))
	}
}

// lacksBase reports whether a problem is that a service has nothing to run, where it should have that from one that
// it extends.
func (p *Pass) lacksBase(q compose.Problem) bool {
	name, _ := strings.CutPrefix(q.Path, "services.")
	s := p.Project.Service(name)
	return s.Value != nil && s.Origin == q.Origin && extends(s)
}

// isIdle reports whether there is nothing to run for a service. One that extends another one has that from there.
func isIdle(s compose.Service) bool {
	return s.Get("image").IsNull() && s.Get("build").IsNull() && s.Get("provider").IsNull() && !extends(s)
}

// hasContainer reports whether Docker runs a container for the service: one with a provider is run by another program.
func hasContainer(s compose.Service) bool { return !isIdle(s) && s.Get("provider").IsNull() }

func extends(s compose.Service) bool { return s.Origin.Node.Lookup("extends") != nil }

// allIdle reports whether there are services, and nothing to run for any of them.
func (p *Pass) allIdle() bool {
	services := p.Project.Services()
	return len(services) > 0 && !slices.ContainsFunc(services, func(s compose.Service) bool { return !isIdle(s) })
}

// partFinding tells once that a file is a part of a project.
func (p *Pass) partFinding(needed []compose.Problem, reason string) Finding {
	f := p.problemFinding(needed[0])
	f.Severity, f.Confidence, f.Tier = Info, Likely, Strict
	f.Services, f.Path, f.Evidence = nil, "", ""
	name := filepath.Base(f.Origin.File.Name)
	f.Message = name + " is a part of a project (" + reason + "): " + plural(len(needed), "thing that it needs is", "things that it needs are") +
		" not in it; lint it together with the other files"
	return f
}

// reportIdle reports a project in which no service has anything to run.
func (p *Pass) reportIdle() {
	services := p.Project.Services()
	list := make([]string, len(services))
	for i, s := range services {
		list[i] = s.Name
	}
	p.Report(Finding{
		Message: "Compose refuses the project: there is neither an image nor a build for " + names(list) +
			"; add one, or lint the file together with the one that it is meant to be merged with",
		Severity: Medium, Origin: services[0].Origin, Span: keySpan(services[0].Value), Path: "services", Services: list,
	})
}

// reportEmpty reports a project without any service. What else is wrong with its files explains it.
func (p *Pass) reportEmpty() {
	if len(p.Project.Services()) > 0 || len(p.Project.Problems) > 0 || !p.Project.Model.Get("jobs").IsNull() {
		return
	}
	file := p.Project.Files[0]
	if includes(file) {
		return
	}
	f := Finding{
		Message: "docker compose has nothing to start: there are no services", Severity: Low,
		Origin: compose.Origin{File: file, Node: file.Root()},
	}
	if !isDefaultFile(p.Project) || p.partOf() != "" {
		f.Severity, f.Tier = Info, Strict
	}
	p.Report(f)
}

func includes(file *source.File) bool {
	for _, document := range file.Documents {
		if document.Lookup("include") != nil {
			return true
		}
	}
	return false
}
