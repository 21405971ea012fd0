package rules

import (
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

// connection is a fix in the making that moves clients from a socket to proxies.
type connection struct {
	repair
	project *compose.Project
	clients []*socketClient
	// homes are the files that the clients are in. What is added is added there, so that the other files of a project
	// still work without them.
	homes []*source.File
	// refusal says why a change cannot be made; empty as long as all could.
	refusal string
	// bystanders are services that are reached by a change without being clients.
	bystanders []string
	// routed are the clients that Traefik was told the network of, unrouted those of which its name is not known.
	routed, unrouted []string

	mapped map[*source.Node]bool // lists of dependencies that were turned into mappings
}

func (x *connection) refuse(text string) {
	if x.refusal == "" {
		x.refusal = text
	}
}

// namesOf returns the names of the services for which a condition holds.
func (x *connection) namesOf(holds func(compose.Service) bool) []string {
	var list []string
	for _, s := range x.project.Services() {
		if holds(s) {
			list = append(list, s.Name)
		}
	}
	return list
}

// alike returns services that are no clients and have their image or build from where one of the clients has it: the
// other services of an anchor. An address that they cannot reach does nothing to them, and waiting for the proxy little.
func (x *connection) alike(g *proxyGroup) []string {
	isClient := func(s compose.Service) bool {
		return slices.ContainsFunc(x.clients, func(c *socketClient) bool { return c.Name == s.Name })
	}
	return x.namesOf(func(s compose.Service) bool {
		return !isClient(s) && slices.ContainsFunc(g.clients, func(c *socketClient) bool { return isAlike(s, c.Service) })
	})
}

func isAlike(a, b compose.Service) bool {
	for _, attribute := range []string{"image", "build"} {
		x, y := a.Get(attribute), b.Get(attribute)
		if x != nil && y != nil && x.Origin.Node == y.Origin.Node {
			return true
		}
	}
	return false
}

// unmount takes the socket away from all that causes give it to: aliases first, which come later in the file than the
// anchor that they repeat.
func (x *connection) unmount(causes ...Cause) {
	var uses []Use
	for _, c := range causes {
		uses = append(uses, c.Uses...)
	}
	slices.SortStableFunc(uses, func(a, b Use) int {
		return b.Value.Origin.Site().Span.Start - a.Value.Origin.Site().Span.Start
	})
	for _, u := range uses {
		x.remove(u.Value)
		switch {
		case u.Path[0] == "volumes_from": // it is the lender that loses it
		case u.isItem():
			x.changeItem(u.Service, u.Plain(), nil, u.Path...)
		default:
			x.change(u.Service, nil, u.Path...)
		}
	}
}

// connect points the clients of a group at its proxy.
func (x *connection) connect(g *proxyGroup) {
	for _, c := range g.clients {
		if c.byArgs {
			x.addArgs(c, c.wiring().Args(g.host(), g.port))
			continue
		}
		for _, v := range c.variables(g) {
			said := environment(c.Service).Setting(v.Name)
			if said != nil && said.Raw != "" && strings.Contains(v.Value, ",") {
				x.refuse(v.Name + " of " + c.Name + " holds variables. Add " + c.wiring().Env(g.host(), g.port)[0].Value + " to it.")
			}
			if x.isOurs(g, said, v) {
				x.resetVariable(c.Service, said, v)
			}
		}
	}
	x.addVariables(g)
	x.addEnvironments(g)
	x.dropVariables(g)
	if g.network != "" && !g.onHost {
		x.join(g)
	}
	x.wait(g)
}

// places is the function of that name for the files that the clients are in.
func (x *connection) places(key string, part func(compose.Service) *compose.Value) []place {
	return slices.DeleteFunc(places(x.project, key, part), func(p place) bool { return !slices.Contains(x.homes, p.file) })
}

// says tells that one of the files that the clients are in says something of a part of a service.
func (x *connection) says(v *compose.Value) bool {
	if v == nil || v.Implicit {
		return false
	}
	return slices.ContainsFunc(append([]compose.Origin{v.Origin}, v.Also...), func(o compose.Origin) bool {
		return slices.Contains(x.homes, o.File)
	})
}

func itself(s compose.Service) *compose.Value { return s.Value }

// refuseShared gives up on services that have nothing of their own to which an attribute could be added.
func (x *connection) refuseShared(services []string, attribute string) {
	for _, name := range services {
		s := x.project.Service(name)
		if said := s.Get(attribute); said != nil && !said.Implicit && !x.says(said) && s.Origin.Node.Lookup(attribute) != nil {
			x.refuse(said.Origin.File.Name + " replaces the " + attribute + " of " + name + ": nothing that is added elsewhere counts. " +
				"Change it by hand.")
		}
		x.refuse("All that is said of " + names(services) + " is said of services without the socket, too. Give it " + attribute +
			" of its own.")
	}
}

// reached calls declare for the services that a place reaches, and remembers those that are no clients.
func (x *connection) reached(p place, declare func(compose.Service)) {
	for _, name := range p.reach {
		declare(x.project.Service(name))
		isClient := slices.ContainsFunc(x.clients, func(c *socketClient) bool { return c.Name == name || c.network.Name == name })
		if !isClient && !slices.Contains(x.bystanders, name) {
			x.bystanders = append(x.bystanders, name)
		}
	}
}

// own gives a service that shares a part with others one of its own, that has what the shared one has and more.
func (x *connection) own(s compose.Service, attribute string,
	with func(shared compose.Origin, body *source.Node) (patch.Value, error),
) bool {
	shared, body := s.Get(attribute).Origin, s.Origin.Node
	advice := s.Name + " shares its " + attribute + " with other services"
	if len(s.Also)+len(s.Get(attribute).Also) > 0 || shared.File != s.Origin.File || body.Kind != source.Mapping ||
		!isOwn(x.project, s, body) || body.Lookup(attribute) == shared.Node {
		x.refuse(advice + ": give it one of its own.")
		return false
	}
	value, err := with(shared, body)
	if err != nil {
		x.refuse(advice + ", and " + err.Error() + ".")
		return false
	}
	if said := body.Lookup(attribute); said != nil {
		x.draft(s.Origin.File).Replace(said, value)
	} else {
		x.draft(s.Origin.File).Insert(body, attribute, value)
	}
	return true
}

// isOwn tells that what is added to a mapping is added to one service alone.
func isOwn(p *compose.Project, s compose.Service, body *source.Node) bool {
	for _, other := range p.Services() {
		if other.Name != s.Name && other.Origin.Node == body {
			return false
		}
	}
	return true
}

// extending returns what makes a mapping that has what a shared one has and more entries. Where that one has an anchor
// it is merged, else restated. A list gets more items.
func extending(added patch.Map, items ...string) func(shared compose.Origin, body *source.Node) (patch.Value, error) {
	return func(shared compose.Origin, body *source.Node) (patch.Value, error) {
		node := shared.Node
		if node.Kind == source.Mapping && node.Anchor != "" && node.Span.Start < body.Span.Start {
			return append(patch.Map{{Key: "<<", Value: patch.Alias(node.Anchor)}}, added...), nil
		}
		value, err := patch.ValueOf(shared.File, node)
		if err != nil {
			return nil, err
		}
		switch value := value.(type) {
		case patch.Map:
			return append(value, added...), nil
		case patch.List:
			for _, item := range items {
				value.Items = append(value.Items, patch.String(item))
			}
			return value, nil
		}
		return added, nil
	}
}
