package rules

import (
	"maps"
	"slices"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

const defaultNetwork = "default"

// networkNames returns the services whose networks the clients use, each once.
func (g *proxyGroup) networkNames(without func(compose.Service) bool) []string {
	var list []string
	for _, c := range g.clients {
		if c.leaves == "" && !without(c.network) && !slices.Contains(list, c.network.Name) {
			list = append(list, c.network.Name)
		}
	}
	return list
}

// join puts the clients on the proxy's network without taking their own away. A service that names no networks is on
// the default one, and has to name it now.
func (x *connection) join(g *proxyGroup) {
	networks := func(s compose.Service) *compose.Value { return s.Get("networks") }
	explicit := func(s compose.Service) bool { return !networks(s).Implicit && !networks(s).IsNull() }
	member := func(s compose.Service) bool { return networks(s).Get(g.network) != nil }

	said := func(s compose.Service) bool { return explicit(s) && x.says(networks(s)) }

	named := g.networkNames(func(s compose.Service) bool { return member(s) || !said(s) })
	chosen, missed := cover(x.shieldable(x.places(g.network, networks), named), named, x.everyone())
	for _, p := range chosen {
		x.addNetwork(p, named, g.network)
	}
	for _, name := range missed {
		x.ownNetworks(x.project.Service(name), g.network)
	}
	elsewhere := g.networkNames(func(s compose.Service) bool { return member(s) || said(s) || !explicit(s) })
	x.nameNetworks(elsewhere, g.network)
	bare := g.networkNames(func(s compose.Service) bool { return member(s) || explicit(s) })
	x.nameNetworks(x.fillNetworks(bare, g.network), defaultNetwork, g.network)
	for _, c := range g.clients {
		if c.leaves != "" {
			x.leaveMode(c, g.network)
		}
	}
	x.keepRoutes(g)
}

// fillNetworks names the networks of services whose networks are there but empty, which stands for the default one. It
// returns the others.
func (x *connection) fillNetworks(bare []string, network string) (left []string) {
	for _, name := range bare {
		s := x.project.Service(name)
		if s.Origin.Node.Lookup("networks") == nil || len(s.Also) > 0 || !isOwn(x.project, s, s.Origin.Node) {
			left = append(left, name)
			continue
		}
		x.draft(s.Origin.File).SetEntry(s.Origin.Node, "networks", patch.Strings(defaultNetwork, network))
		x.change(s, map[string]any{defaultNetwork: nil, network: nil}, "networks")
		x.declareDefaultNetwork(x.project)
	}
	return left
}

// leaveMode gives a client networks in the place of its network_mode: of Docker's own bridge, where no service has a
// name, or of none.
func (x *connection) leaveMode(c *socketClient, network string) {
	networks := []string{network}
	if c.leaves == "bridge" {
		networks = []string{defaultNetwork, network}
		x.declareDefaultNetwork(x.project)
	}
	x.remove(c.Get("network_mode"))
	x.change(c.Service, nil, "network_mode")
	x.draft(c.Origin.File).Insert(c.Origin.Node, "networks", patch.Strings(networks...))
	after := map[string]any{}
	for _, name := range networks {
		after[name] = nil
	}
	x.change(c.Service, after, "networks")
}

// declareDefaultNetwork declares that a project has its default network, which it had not when no service was on it.
func (r *repair) declareDefaultNetwork(p *compose.Project) {
	declared := slices.ContainsFunc(r.changes, func(c compose.Change) bool {
		return slices.Equal(c.Path, []string{"networks", defaultNetwork})
	})
	if !declared && p.Model.At("networks", defaultNetwork) == nil {
		r.declare(nil, map[string]any{"name": p.Name + "_" + defaultNetwork}, "networks", defaultNetwork)
	}
}

// nameNetworks names networks of services that name none where they stand.
func (x *connection) nameNetworks(wanted []string, networks ...string) {
	chosen, missed := cover(x.shieldable(x.places("networks", itself), wanted), wanted, x.everyone())
	x.refuseShared(missed, "networks")
	for _, p := range chosen {
		x.draft(p.file).Insert(p.node, "networks", patch.Strings(networks...))
		x.declareReach(p, wanted, networks[len(networks)-1])
	}
}

func (x *connection) everyone() []string {
	return x.namesOf(func(compose.Service) bool { return true })
}

// shieldable returns the places in which networks can be added: those that reach no others than the wanted services,
// and those where giving the others networks of their own is shorter than adding to each wanted service by itself. A
// template is left alone for one service, since whatever merges it one day would get to the proxy, too.
func (x *connection) shieldable(all []place, wanted []string) []place {
	return slices.DeleteFunc(all, func(p place) bool {
		strangers := without(p.reach, wanted)
		reached := len(p.reach) - len(strangers)
		if reached == 1 && inTemplate(p.node) {
			return true
		}
		return len(strangers) > 0 && (len(strangers)+1 >= reached || !x.canShield(strangers))
	})
}

// addNetwork adds a network to those that services name.
func (x *connection) addNetwork(p place, wanted []string, network string) {
	if p.node.Kind == source.Sequence {
		x.draft(p.file).Append(p.node, patch.String(network))
	} else {
		x.draft(p.file).Insert(p.node, network, patch.Null())
	}
	x.declareReach(p, wanted, network)
}

func (x *connection) declareReach(p place, wanted []string, network string) {
	for _, name := range p.reach {
		if s := x.project.Service(name); slices.Contains(wanted, name) {
			x.declareNetworks(s, network)
		} else {
			x.shield(s)
		}
	}
}

// declareNetworks declares that a service has one more network.
func (x *connection) declareNetworks(s compose.Service, network string) {
	after := map[string]any{}
	if before, ok := s.Get("networks").Plain().(map[string]any); ok {
		after = maps.Clone(before)
	}
	after[network] = nil
	x.change(s, after, "networks")
}

// ownNetworks gives a service that shares its networks with others networks of its own, with one more.
func (x *connection) ownNetworks(s compose.Service, network string) {
	if x.own(s, "networks", extending(patch.Map{{Key: network, Value: patch.Null()}}, network)) {
		x.declareNetworks(s, network)
	}
}

// canShield tells that services can be given networks of their own.
func (x *connection) canShield(list []string) bool {
	return !slices.ContainsFunc(list, func(name string) bool {
		s := x.project.Service(name)
		return s.Get("networks") == nil || len(s.Also)+len(s.Get("networks").Also) > 0 ||
			s.Origin.Node.Kind != source.Mapping || s.Origin.Node.Lookup("networks") != nil || !isOwn(x.project, s, s.Origin.Node)
	})
}

// shield keeps a service on the networks that it has.
func (x *connection) shield(s compose.Service) {
	if !x.once(s.Origin.Node) {
		return
	}
	var own patch.Value = patch.Strings(defaultNetwork)
	if networks := s.Get("networks"); !networks.Implicit {
		value, err := patch.ValueOf(networks.Origin.File, networks.Origin.Node)
		if err != nil {
			x.refuse(s.Name + " shares its networks with services that get the socket, and " + err.Error() + ".")
			return
		}
		own = value
	}
	x.draft(s.Origin.File).Insert(s.Origin.Node, "networks", own)
}

// wait makes the clients wait until the proxy answers.
func (x *connection) wait(g *proxyGroup) {
	dependencies := func(s compose.Service) *compose.Value { return s.Get("depends_on") }
	var with, bare []string
	for _, c := range g.clients {
		switch d := dependencies(c.Service); {
		case d.Get(g.service) != nil:
		case !x.says(d):
			bare = append(bare, c.Name)
		default:
			with = append(with, c.Name)
		}
	}
	tolerated := x.alike(g)
	chosen, missed := cover(x.places(g.service, dependencies), with, tolerated)
	for _, p := range chosen {
		x.addDependency(p, g)
	}
	for _, name := range missed {
		s := x.project.Service(name)
		if x.own(s, "depends_on", g.depending) {
			x.declareDependency(s, g)
		}
	}
	chosen, missed = cover(x.places("depends_on", itself), bare, tolerated)
	for _, p := range chosen {
		x.draft(p.file).Insert(p.node, "depends_on", patch.Map{{Key: g.service, Value: g.conditionValue()}})
		x.reached(p, func(s compose.Service) { x.declareDependency(s, g) })
	}
	x.refuseShared(missed, "depends_on")
}

func (g *proxyGroup) condition() string {
	if g.isHealthChecked() {
		return "service_healthy"
	}
	return "service_started"
}

func (g *proxyGroup) conditionValue() patch.Value {
	return patch.Map{{Key: "condition", Value: patch.String(g.condition())}}
}

func (x *connection) declareDependency(s compose.Service, g *proxyGroup) {
	x.change(s, map[string]any{"condition": g.condition(), "required": true}, "depends_on", g.service)
}

// addDependency adds the proxy to what services wait for. A list of names cannot say what to wait for, and becomes a
// mapping.
func (x *connection) addDependency(p place, g *proxyGroup) {
	draft := x.draft(p.file)
	if p.node.Kind == source.Sequence && !x.mapped[p.node] {
		if x.mapped == nil {
			x.mapped = map[*source.Node]bool{}
		}
		x.mapped[p.node] = true
		draft.Replace(p.node, mappedDependencies(p.node))
	}
	draft.Insert(p.node, g.service, g.conditionValue())
	x.reached(p, func(s compose.Service) { x.declareDependency(s, g) })
}

// depending returns the dependencies of a service that shares them with others, with the proxy as one more.
func (g *proxyGroup) depending(shared compose.Origin, body *source.Node) (patch.Value, error) {
	added := patch.Pair{Key: g.service, Value: g.conditionValue()}
	if shared.Node.Kind == source.Sequence {
		return append(mappedDependencies(shared.Node), added), nil
	}
	return extending(patch.Map{added})(shared, body)
}

// mappedDependencies returns the mapping that says the same as a list of dependencies.
func mappedDependencies(list *source.Node) patch.Map {
	var m patch.Map
	for _, item := range list.Items {
		m = append(m, patch.Pair{
			Key: item.Resolved().Value, Value: patch.Map{{Key: "condition", Value: patch.String("service_started")}},
		})
	}
	return m
}
