package rules

import (
	"strconv"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
)

// problems returns what Compose would stop at, of some kinds. A value that is only wrong because a variable in it is
// blank is left out: that is for unset-variable to tell.
func (p *Pass) problems(kinds ...compose.ProblemKind) []compose.Problem {
	blank := blankPlaces(p.Project)
	var found []compose.Problem
	for _, q := range p.Project.Problems {
		for _, kind := range kinds {
			if q.Kind == kind && !blank[q.Origin.Node] {
				found = append(found, q)
			}
		}
	}
	return found
}

// blankPlaces are the texts that hold a variable without value.
func blankPlaces(project *compose.Project) map[*source.Node]bool {
	places := map[*source.Node]bool{}
	for _, m := range project.Missing {
		if m.Origin.Node != nil {
			places[m.Origin.Node] = true
		}
	}
	return places
}

// problemFinding returns what a problem has in common with other findings: its place, services and evidence. The
// message is the problem's own, with what comes of it in front.
func (p *Pass) problemFinding(q compose.Problem) Finding {
	f := Finding{Origin: q.Origin, Span: q.Span, Path: q.Path, Services: p.reached(q.Origin, q.Path)}
	if f.Origin.File == nil {
		f.Origin.File = p.Project.Files[0]
	}
	f.Evidence = firstLine(f.Place())
	if q.Related != nil {
		f.Related = []Related{{*q.Related, "the other one"}}
	}
	f.Message = refusal(f.Services, q)
	return f
}

func refusal(services []string, q compose.Problem) string {
	return "Compose refuses " + whom(services) + ": " + q.Message
}

// whom returns the services of a finding for a message, or what to say where it is about none.
func whom(services []string) string {
	if len(services) == 0 {
		return "the project"
	}
	return names(services)
}

// problemGroups are problems by what they say and the file that they are in, in the order they were met: a network
// that is not defined is one mistake, however many services use it.
type problemGroups struct {
	all   [][]compose.Problem
	index map[problemKey]int
}

type problemKey struct {
	file    *source.File
	message string
}

func (g *problemGroups) add(q compose.Problem) {
	key := problemKey{q.Origin.File, q.Message}
	i, ok := g.index[key]
	if !ok {
		if g.index == nil {
			g.index = map[problemKey]int{}
		}
		i = len(g.all)
		g.index[key], g.all = i, append(g.all, nil)
	}
	g.all[i] = append(g.all[i], q)
}

// groupFinding reports problems that say the same at the first of their places.
func (p *Pass) groupFinding(group []compose.Problem) Finding {
	f := p.problemFinding(group[0])
	f.Evidence = inPlace(group[0])
	services := [][]string{f.Services}
	var others []compose.Origin
	for _, q := range group[1:] {
		services, others = append(services, p.reached(q.Origin, q.Path)), append(others, q.Origin)
	}
	f.Services = union(services...)
	f.relate(others, "it is used here, too")
	f.Message = refusal(f.Services, group[0])
	return f
}

// union returns the names of several lists, each once.
func union(lists ...[]string) []string {
	var all []string
	seen := map[string]bool{}
	for _, list := range lists {
		for _, name := range list {
			if !seen[name] {
				seen[name] = true
				all = append(all, name)
			}
		}
	}
	return all
}

// maxRelated is how many other places are told one by one.
const maxRelated = 3

// relate adds other places to a finding: the first of them, and how many there are more.
func (f *Finding) relate(others []compose.Origin, message string) {
	for _, at := range others[:min(len(others), maxRelated)] {
		f.Related = append(f.Related, Related{at, message})
	}
	if more := len(others) - maxRelated; more > 0 {
		f.Notes = append(f.Notes, "It is the same in "+plural(more, "more place.", "more places."))
	}
}

// maxEvidence is how much of a text is enough to tell it from others.
const maxEvidence = 80

// firstLine returns the beginning of a place in a file.
func firstLine(file *source.File, span source.Span) string {
	span.End = min(span.End, span.Start+maxEvidence)
	line, _, _ := strings.Cut(file.Text(span), "\n")
	return strings.ToValidUTF8(strings.TrimRight(line, " \r"), "")
}

// reached returns the services that a place in a file counts in: those whose effective values come from there. path
// is where the place was met in the model; it tells the service of what is not in the model.
func (p *Pass) reached(at compose.Origin, path string) []string {
	if services := p.Facts.servicesFrom(at.Node); len(services) > 0 {
		return services
	}
	rest, ok := strings.CutPrefix(path, "services.")
	for i := 0; ok && i <= len(rest); i++ {
		name := rest[:i] // it may hold dots
		if (i == len(rest) || rest[i] == '.') && p.Project.Service(name).Value != nil {
			return []string{name}
		}
	}
	return nil
}

// servicesFrom returns the services that have values from a node that something is wrong at: the node itself, or one
// that it is the key or the alias of. They are in the order of the project.
func (f *Facts) servicesFrom(node *source.Node) []string {
	if f.served == nil {
		f.served = map[*source.Node][]string{}
		for _, q := range f.project.Problems {
			f.served[q.Origin.Node] = nil
			if q.Related != nil {
				f.served[q.Related.Node] = nil
			}
		}
		for _, m := range f.project.Missing {
			f.served[m.Origin.Node] = nil
		}
		for _, r := range f.project.Repetitions {
			f.served[r.Kept.Node] = nil
		}
		delete(f.served, nil)
		for _, s := range f.project.Services() {
			s.Walk(func(v *compose.Value) bool {
				f.serve(s.Name, v.Origin.Node, v.Origin.Key, v.Origin.Alias)
				return true
			})
		}
	}
	return f.served[node]
}

func (f *Facts) serve(service string, nodes ...*source.Node) {
	for _, node := range nodes {
		list, asked := f.served[node]
		if asked && (len(list) == 0 || list[len(list)-1] != service) {
			f.served[node] = append(list, service)
		}
	}
}

// inPlace is the key that a problem is about, or the text at its place, without quotes.
func inPlace(q compose.Problem) string {
	file, span := q.Place()
	if file == nil {
		return ""
	}
	text := firstLine(file, span)
	if unquoted, err := strconv.Unquote(text); err == nil {
		return unquoted
	}
	return strings.Trim(text, "'")
}
