package rules

import (
	"slices"

	"composelint/internal/compose"
	"composelint/internal/source"
)

// homeDocument is where a service stands: a file, and the document in it.
type homeDocument struct {
	file     *source.File
	document *source.Node
}

// homeOf returns where the service of a use stands: the one that extends, where the use comes from what is extended,
// else the one that says it. What a service takes over is said by another service.
func homeOf(u Use) homeDocument {
	if u.Path[0] == "volumes_from" {
		return homeDocument{u.Service.Origin.File, documentOf(u.Service.Origin.Node)}
	}
	for _, hop := range u.Value.Origin.Hops() {
		if hop.Kind == compose.ByExtends {
			return homeDocument{hop.File, documentOf(hop.Node)}
		}
	}
	return homeDocument{u.Value.Origin.File, documentOf(u.Value.Origin.Site())}
}

// documentOf returns the document that a node stands in.
func documentOf(n *source.Node) *source.Node {
	for n != nil && n.Parent != nil {
		n = n.Parent
	}
	return n
}

// services returns the services of the document, or of the first one of the file that has any. Compose puts the
// documents of a file together, as it does with several files.
func (h homeDocument) services() *source.Node {
	for _, document := range append([]*source.Node{h.document}, h.file.Documents...) {
		if services := document.Lookup("services"); services != nil && services.Kind == source.Mapping {
			return services
		}
	}
	return nil
}

// comesWith tells that a service is there whenever a file is used: it is said there, in what that includes, or in a file
// that is given before.
func comesWith(p *compose.Project, s compose.Service, home *source.File) bool {
	isIncluded := func(hop *compose.Hop) bool { return hop.Kind == compose.ByInclude && hop.File == home }
	if s.Origin.File == home || slices.ContainsFunc(s.Origin.Hops(), isIncluded) {
		return true
	}
	given := p.Files[:p.Main]
	at := slices.Index(given, s.Origin.File)
	return at >= 0 && at < slices.Index(given, home)
}
