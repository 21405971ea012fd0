package rules

import (
	"fmt"
	"slices"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/source"
	"composelint/patch"
)

// maxNeighbours is how many services a project may have for a proxy to be moved, so that a hostile file cannot keep the
// program busy. Larger projects get advice.
const maxNeighbours = 60

// isolate builds the fix that moves a proxy from a network with other services to one that it shares with its clients
// alone.
func (p *Pass) isolate(proxy proxyService, network string, clients []*socketClient, others []compose.Service) Fix {
	x := connection{project: p.Project, clients: clients, homes: []*source.File{proxy.Origin.File}}
	for _, c := range clients {
		x.homes = append(x.homes, c.network.Origin.File)
	}
	switch {
	case len(p.Project.Services()) > maxNeighbours:
		return manual("Give the proxy a network of its own", "Put "+proxy.Name+" on an internal network with its clients alone, and "+
			"take it off "+network+". The project has too many services to do it for you.")
	case slices.ContainsFunc(items(proxy.Get("ports")), isBeyondLoopback):
		x.refuse("other machines may use its port. Close that first.")
	case proxy.kind.Rules != knowledge.RulesSwitches:
		x.refuse("who may connect is part of the settings of " + proxy.Name + ", too.")
	case proxy.At("networks", network).Kind == compose.Map:
		x.refuse(proxy.Name + " has an address or a name of its own on " + network + ".")
	}
	g := &proxyGroup{kind: proxy.kind, service: proxy.Name, network: ownNetwork(p.Project, proxy), clients: clients}
	x.join(g)
	x.move(proxy.Service, network, g.network)
	x.addOwnNetwork(proxy, g)
	if x.refusal != "" {
		return manual("Give the proxy a network of its own", fmt.Sprintf("Put %s on an internal network with its clients alone, and "+
			"take it off %s. Why this is not done for you: %s", proxy.Name, network, x.refusal))
	}
	return x.fix(fmt.Sprintf("Put %s on a network with %s alone", proxy.Name, names(g.names())), p.isolationSafety(network, others))
}

// ownNetwork returns the network where a proxy is to meet its clients: one that it has and that leads nowhere else, or
// a new one with its name. Docker publishes no ports of internal networks, so that a proxy with ports gets a new one.
func ownNetwork(project *compose.Project, proxy proxyService) string {
	if network := clientNetwork(project, proxy.Service); network != "" && proxy.Get("ports") == nil {
		return network
	}
	name := proxy.Name
	for project.Model.At("networks", name) != nil {
		name += "-clients"
	}
	return name
}

// isolationSafety tells how safe it is to keep the other services of a network from a proxy. What is not a plain store
// of data may be told to use the proxy by a file or an interface of its own, and so may what other projects run.
func (p *Pass) isolationSafety(network string, others []compose.Service) Safety {
	mayUse := func(s compose.Service) bool { return !knowledge.IsStore(imageOf(s)) }
	if p.Project.Model.At("networks", network, "external").True() || slices.ContainsFunc(others, mayUse) {
		return Unsafe
	}
	return Safe
}

// move takes a service from one network to another one.
func (x *connection) move(s compose.Service, from, to string) {
	networks := s.Get("networks")
	after := map[string]any{to: nil}
	for _, f := range fields(networks) {
		if f.Key != from {
			after[f.Key] = f.Value.Plain()
		}
	}
	x.change(s, after, "networks")
	if networks.Implicit {
		chosen, missed := cover(x.places("networks", itself), []string{s.Name}, nil)
		for _, p := range chosen {
			x.draft(p.file).Insert(p.node, "networks", patch.Strings(to))
		}
		x.refuseShared(missed, "networks")
		return
	}
	node := networks.Origin.Node.Resolved()
	shared := x.namesOf(func(other compose.Service) bool {
		n := other.Get("networks")
		return other.Name != s.Name && n != nil && n.Origin.Node == networks.Origin.Node
	})
	if len(shared)+len(networks.Also) > 0 {
		x.refuse(s.Name + " shares the list of its networks.")
		return
	}
	x.replaceNetwork(networks.Origin.File, node, from, to, networks.Get(to) != nil)
}

// replaceNetwork writes one network in the place of another one, or removes that where the other is there already.
func (x *connection) replaceNetwork(file *source.File, networks *source.Node, from, to string, there bool) {
	said := networks.Lookup(from)
	for _, item := range networks.Items {
		if item.Resolved().Value == from {
			said = item
		}
	}
	switch {
	case said == nil:
		x.refuse("The network " + from + " is named in another place.")
	case there:
		x.draft(file).Remove(nil, said)
	case networks.Kind == source.Sequence:
		x.draft(file).Set(said, patch.String(to))
	default:
		x.draft(file).Insert(networks, to, patch.Null())
		x.draft(file).Remove(nil, said)
	}
}

// addOwnNetwork declares the network of a proxy where it is a new one.
func (x *connection) addOwnNetwork(proxy proxyService, g *proxyGroup) {
	if x.project.Model.At("networks", g.network) != nil {
		return
	}
	services := homeDocument{proxy.Origin.File, documentOf(proxy.Origin.Node)}.services()
	if services == nil {
		x.refuse(proxy.Origin.File.Name + " has no services of its own.")
		return
	}
	g.onHost = proxy.Get("ports") != nil
	x.addTopNetworks(proxy.Origin.File, services, patch.Map{x.newNetwork(g)})
}
