package rules

import (
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
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
	mapped     map[*source.Node]bool // lists of dependencies that were turned into mappings
}

func (x *connection) refuse(text string) {
	if x.refusal == "" {
		x.refusal = text
	}
}

// names returns the names of the services for which a condition holds.
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

// unmount takes the socket away from all that the cause gives it to.
func (x *connection) unmount(c Cause) {
	for _, u := range c.Uses {
		x.remove(u.Value)
		if u.isItem() {
			x.changeItem(u.Service, u.Plain(), nil, u.Path...)
		} else {
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
			if said := lookup(environment(c.Service), v.Name); x.isOurs(g, said, v) {
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

func environment(s compose.Service) *compose.Value { return s.Get("environment") }

func itself(s compose.Service) *compose.Value { return s.Value }

// variables returns the variables that point a client at the proxy of its group.
func (c *socketClient) variables(g *proxyGroup) []knowledge.EnvVar {
	if c.byArgs {
		return nil
	}
	return c.wiring().Env(g.host(), g.port)
}

// addVariables gives the variables to clients that have an environment without them, once for those that share it.
func (x *connection) addVariables(g *proxyGroup) {
	takers := map[knowledge.EnvVar][]string{}
	var order []knowledge.EnvVar
	for _, c := range g.clients {
		for _, v := range c.variables(g) {
			if !x.says(environment(c.Service)) || x.isOurs(g, lookup(environment(c.Service), v.Name), v) {
				continue
			}
			if takers[v] == nil {
				order = append(order, v)
			}
			takers[v] = append(takers[v], c.Name)
		}
	}
	for _, v := range order {
		chosen, missed := cover(x.places(v.Name, environment), takers[v], x.alike(g))
		for _, p := range chosen {
			x.addVariable(p, v)
		}
		for _, name := range missed {
			x.ownEnvironment(x.project.Service(name), v)
		}
	}
}

// addEnvironments gives an environment with their variables to clients that have none.
func (x *connection) addEnvironments(g *proxyGroup) {
	bare := map[string]bool{}
	for _, c := range g.clients {
		bare[c.Name] = !c.byArgs && !x.says(environment(c.Service))
	}
	for _, c := range g.clients {
		if !bare[c.Name] {
			continue
		}
		var same []string
		for _, other := range g.clients {
			if bare[other.Name] && slices.Equal(other.variables(g), c.variables(g)) {
				same, bare[other.Name] = append(same, other.Name), false
			}
		}
		chosen, missed := cover(x.places("environment", itself), same, x.alike(g))
		for _, p := range chosen {
			x.addEnvironment(p, c.variables(g))
		}
		x.refuseShared(missed, "an environment")
	}
}

// refuseShared gives up on services that have nothing of their own to which a thing could be added.
func (x *connection) refuseShared(services []string, what string) {
	if len(services) > 0 {
		x.refuse("All that is said of " + names(services) + " is said of services without the socket, too. Give " +
			what + " to it alone.")
	}
}

// isOurs tells that a variable has a value that is said for clients of the group alone, so that it can be changed where
// it was said. Otherwise the clients get one of their own, nearer to them.
func (x *connection) isOurs(g *proxyGroup, said *compose.Value, v knowledge.EnvVar) bool {
	if said == nil || !slices.Contains(x.homes, said.Origin.File) {
		return false
	}
	users := x.namesOf(func(s compose.Service) bool {
		other := lookup(environment(s), v.Name)
		return other != nil && other.Origin.Node == said.Origin.Node
	})
	return within(users, g.names())
}

// resetVariable changes a variable that has a value, where it was said.
func (x *connection) resetVariable(s compose.Service, said *compose.Value, v knowledge.EnvVar) {
	node := said.Origin.Node
	text := v.Value
	if node.Parent != nil && node.Parent.Kind == source.Sequence {
		text = v.Name + "=" + v.Value
	}
	if x.once(node) {
		x.draft(said.Origin.File).Set(node, patch.String(text))
	}
	x.declareVariable(s, nil, v)
}

// declareVariable declares that a variable of a service gets a value, where added to the collection that is given.
func (x *connection) declareVariable(s compose.Service, added *source.Node, v knowledge.EnvVar) {
	env := environment(s)
	if env == nil || env.Kind != compose.List {
		x.change(s, v.Value, "environment", v.Name)
		return
	}
	line := v.Name + "=" + v.Value
	at := slices.IndexFunc(env.Items, func(item *compose.Value) bool { return nameOf(item.Text) == v.Name })
	switch {
	case at >= 0:
		x.changeItem(s, env.Items[at].Text, line, "environment")
	case len(env.Also) == 0:
		x.changeItem(s, nil, line, "environment")
	default:
		after := env.Plain().([]any)
		if at := listedAt(env, added, v.Name); at >= 0 && at < len(after) {
			after = slices.Insert(after, at, any(line))
		} else {
			after = append(after, line)
		}
		x.change(s, after, "environment")
	}
}

// nameOf returns the name in NAME=value.
func nameOf(line string) string {
	name, _, _ := strings.Cut(line, "=")
	return name
}

// listedAt returns where a variable stands in an environment that is put together from several places, once it is added
// to one of them: Compose lists each variable where it was first said, and those of a mapping in order.
func listedAt(env *compose.Value, added *source.Node, name string) int {
	var order []string
	for _, origin := range append(slices.Clone(env.Also), env.Origin) {
		for _, n := range listedNames(origin.Node.Resolved(), added, name) {
			if !slices.Contains(order, n) {
				order = append(order, n)
			}
		}
	}
	return slices.Index(order, name)
}

// listedNames returns the names of the variables that a place says, with one more where it is added.
func listedNames(place, added *source.Node, name string) []string {
	var list []string
	if place.Kind == source.Sequence {
		for _, item := range place.Items {
			list = append(list, nameOf(item.Resolved().Value))
		}
		if place == added {
			list = append(list, name)
		}
		return list
	}
	eachLayer(place, "", nil, func(layer *source.Node) {
		for _, e := range layer.Entries {
			if !e.Key.IsMerge() {
				list = append(list, e.Key.Value)
			}
		}
		if layer == added {
			list = append(list, name)
		}
	})
	return sorted(list)
}

// addVariable adds a variable to an environment.
func (x *connection) addVariable(p place, v knowledge.EnvVar) {
	if p.node.Kind == source.Sequence {
		x.draft(p.file).Append(p.node, patch.String(v.Name+"="+v.Value))
	} else {
		x.draft(p.file).Insert(p.node, v.Name, patch.String(v.Value))
	}
	x.reached(p, func(s compose.Service) { x.declareVariable(s, p.node, v) })
}

// addEnvironment adds an environment with variables to services that have none in the files that the clients are in.
func (x *connection) addEnvironment(p place, variables []knowledge.EnvVar) {
	inList := listsEnvironment(p.file)
	body, lines := patch.Map{}, []string{}
	for _, v := range variables {
		body = append(body, patch.Pair{Key: v.Name, Value: patch.String(v.Value)})
		lines = append(lines, v.Name+"="+v.Value)
	}
	if inList {
		x.draft(p.file).Insert(p.node, "environment", patch.Strings(lines...))
	} else {
		x.draft(p.file).Insert(p.node, "environment", body)
	}
	x.reached(p, func(s compose.Service) {
		switch env := environment(s); {
		case env != nil && !env.Implicit:
			x.change(s, append(listed(env), anyList(lines)...), "environment")
		case inList:
			x.change(s, anyList(lines), "environment")
		default:
			for _, v := range variables {
				x.change(s, v.Value, "environment", v.Name)
			}
		}
	})
}

// listed returns an environment in the form of a list. That is what Compose makes of environments from several files.
func listed(env *compose.Value) []any {
	if env.Kind == compose.List {
		return env.Plain().([]any)
	}
	lines := []string{}
	for _, f := range fields(env) {
		line := f.Key
		if !f.Value.IsNull() {
			line += "=" + f.Value.Str()
		}
		lines = append(lines, line)
	}
	return anyList(sorted(lines))
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

// ownEnvironment gives a service that shares its environment with others one of its own, with a variable more.
func (x *connection) ownEnvironment(s compose.Service, v knowledge.EnvVar) {
	added := patch.Pair{Key: v.Name, Value: patch.String(v.Value)}
	if x.own(s, "environment", extending(added, v.Name+"="+v.Value)) {
		x.declareVariable(s, nil, v)
	}
}

// own gives a service that shares a part with others one of its own, that has what the shared one has and more.
func (x *connection) own(s compose.Service, attribute string, with func(shared compose.Origin, body *source.Node) (patch.Value, error)) bool {
	shared, body := s.Get(attribute).Origin, s.Origin.Node
	advice := s.Name + " shares its " + attribute + " with services that do not get the socket"
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

// extending returns what makes a mapping that has what a shared one has and an entry more. Where that one has an anchor
// it is merged, else restated. A list gets an item more.
func extending(added patch.Pair, item string) func(shared compose.Origin, body *source.Node) (patch.Value, error) {
	return func(shared compose.Origin, body *source.Node) (patch.Value, error) {
		node := shared.Node
		if node.Kind == source.Mapping && node.Anchor != "" && node.Span.Start < body.Span.Start {
			return patch.Map{{Key: "<<", Value: patch.Alias(node.Anchor)}, added}, nil
		}
		value, err := patch.ValueOf(shared.File, node)
		if err != nil {
			return nil, err
		}
		switch value := value.(type) {
		case patch.Map:
			return append(value, added), nil
		case patch.List:
			value.Items = append(value.Items, patch.String(item))
			return value, nil
		}
		return patch.Map{added}, nil
	}
}

// dropVariables removes the variables that would keep the clients from talking to a proxy: those for TLS, and those of
// the client that name the socket.
func (x *connection) dropVariables(g *proxyGroup) {
	for _, c := range g.clients {
		patterns := append(knowledge.DockerTLSVariables(), c.known.DropEnv...)
		for _, e := range settings(environment(c.Service)) {
			if e.value == nil || !matchesAny(patterns, e.name) {
				continue
			}
			site := *e.value
			x.remove(&site)
			if environment(c.Service).Kind == compose.List {
				x.changeItem(c.Service, e.name+"="+e.value.Text, nil, "environment")
			} else {
				x.change(c.Service, nil, "environment", e.name)
			}
		}
	}
}

// matchesAny compares a name with patterns in which one "*" stands for anything.
func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		head, tail, wild := strings.Cut(pattern, "*")
		if !wild {
			return pattern == name
		}
		return len(name) >= len(head)+len(tail) && strings.HasPrefix(name, head) && strings.HasSuffix(name, tail)
	})
}
