package rules

import (
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/source"
	"composelint/patch"
)

func environment(s compose.Service) *compose.Value { return s.Get("environment") }

// variables returns the variables that point a client at the proxy of its group.
func (c *socketClient) variables(g *proxyGroup) []knowledge.EnvVar {
	if c.byArgs {
		return nil
	}
	variables := c.wiring().Env(g.host(), g.port)
	for i, v := range variables {
		variables[i].Value = besideOthers(environment(c.Service).Setting(v.Name).Str(), v.Value)
	}
	return variables
}

// besideOthers puts an address into the list of a variable, in the place of the socket; other hosts stay.
func besideOthers(list, address string) string {
	addresses := strings.Split(list, ",")
	others := slices.DeleteFunc(slices.Clone(addresses), func(a string) bool { return !isAddress(a) })
	switch {
	case len(others) == 0 || len(addresses) == 1 && !strings.Contains(list, "://"):
		return address
	case isAddress(addresses[0]):
		return strings.Join(append(others, address), ",")
	}
	return strings.Join(append([]string{address}, others...), ",")
}

// addVariables gives the variables to clients that have an environment without them, once for those that share it.
func (x *connection) addVariables(g *proxyGroup) {
	takers := map[knowledge.EnvVar][]string{}
	var order []knowledge.EnvVar
	for _, c := range g.clients {
		for _, v := range c.variables(g) {
			if !x.says(environment(c.Service)) || x.isOurs(g, environment(c.Service).Setting(v.Name), v) {
				continue
			}
			if takers[v] == nil {
				order = append(order, v)
			}
			takers[v] = append(takers[v], c.Name)
		}
	}
	own := map[string][]knowledge.EnvVar{}
	for _, v := range order {
		chosen, missed := cover(x.places(v.Name, environment), takers[v], x.alike(g))
		for _, p := range chosen {
			x.addVariable(p, v)
		}
		for _, name := range missed {
			own[name] = append(own[name], v)
		}
	}
	for _, c := range g.clients {
		if len(own[c.Name]) > 0 {
			x.ownEnvironment(c.Service, own[c.Name])
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
		x.refuseShared(missed, "environment")
	}
}

// isOurs tells that a variable has a value that is said for clients of the group alone, so that it can be changed where
// it was said. Otherwise the clients get one of their own, nearer to them.
func (x *connection) isOurs(g *proxyGroup, said *compose.Value, v knowledge.EnvVar) bool {
	if said == nil || !slices.Contains(x.homes, said.Origin.File) {
		return false
	}
	users := x.namesOf(func(s compose.Service) bool {
		other := environment(s).Setting(v.Name)
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
	x.declareVariable(s, v)
}

// declareVariable declares that a variable of a service gets a value.
func (x *connection) declareVariable(s compose.Service, v knowledge.EnvVar) {
	x.declareSetting(s, "environment", v.Name, v.Value)
}

// declareSetting declares that a setting of a service gets a value, such as a variable or a label.
func (x *connection) declareSetting(s compose.Service, attribute, name, value string) {
	settings := s.Get(attribute)
	if settings == nil || settings.Kind != compose.List {
		x.change(s, value, attribute, name)
		return
	}
	var before any
	for _, item := range settings.Items {
		if nameOf(item.Text) == name {
			before = item.Text
		}
	}
	x.changeItem(s, before, name+"="+value, attribute)
}

// nameOf returns the name in NAME=value.
func nameOf(line string) string {
	name, _, _ := strings.Cut(line, "=")
	return name
}

// addVariable adds a variable to an environment.
func (x *connection) addVariable(p place, v knowledge.EnvVar) {
	x.addSetting(p.file, p.node, patch.Pair{Key: v.Name, Value: patch.String(v.Value)})
	x.reached(p, func(s compose.Service) { x.declareVariable(s, v) })
}

// addSetting adds a setting, of which the value is a text, to those of a service, in the form that they have.
func (x *connection) addSetting(file *source.File, settings *source.Node, added patch.Pair) {
	if settings.Kind == source.Sequence {
		x.draft(file).Append(settings, patch.String(asLine(added)))
	} else {
		x.draft(file).Insert(settings, added.Key, added.Value)
	}
}

// asLine returns a setting as an item of a list.
func asLine(setting patch.Pair) string { return setting.Key + "=" + setting.Value.(patch.Scalar).Text }

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
			x.change(s, overlaid(listed(env), lines), "environment")
		case inList:
			x.change(s, anyList(lines), "environment")
		default:
			for _, v := range variables {
				x.change(s, v.Value, "environment", v.Name)
			}
		}
	})
}

// overlaid returns an environment in list form with variables more; one that is there already keeps its place.
func overlaid(env []any, lines []string) []any {
	for _, line := range lines {
		at := slices.IndexFunc(env, func(item any) bool { return nameOf(item.(string)) == nameOf(line) })
		if at < 0 {
			env = append(env, line)
		} else {
			env[at] = line
		}
	}
	return env
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

// ownEnvironment gives a service that shares its environment with others one of its own, with more variables.
func (x *connection) ownEnvironment(s compose.Service, variables []knowledge.EnvVar) {
	added, lines := patch.Map{}, []string{}
	for _, v := range variables {
		added = append(added, patch.Pair{Key: v.Name, Value: patch.String(v.Value)})
		lines = append(lines, v.Name+"="+v.Value)
	}
	if !x.own(s, "environment", extending(added, lines...)) {
		return
	}
	for _, v := range variables {
		x.declareVariable(s, v)
	}
}

// dropVariables removes the variables that would keep the clients from talking to a proxy: those for TLS, those of the
// client that name the socket, and a DOCKER_HOST that does where another variable is set.
func (x *connection) dropVariables(g *proxyGroup) {
	mayLose := append(g.names(), x.alike(g)...)
	for _, c := range g.clients {
		patterns := append(knowledge.DockerTLSVariables(), c.known.DropEnv...)
		isSet := func(v knowledge.EnvVar) bool { return v.Name == "DOCKER_HOST" }
		for _, e := range environment(c.Service).Settings() {
			namesSocket := e.Key == "DOCKER_HOST" && e.Value.Str() != "" && !isAddress(e.Value.Str())
			if namesSocket && slices.ContainsFunc(c.variables(g), isSet) {
				continue
			}
			if e.Value != nil && (namesSocket || matchesAny(patterns, e.Key)) {
				x.dropVariable(e, mayLose)
			}
		}
	}
}

// dropVariable removes a variable where it was said, for all services that have it from there.
func (x *connection) dropVariable(e compose.Field, mayLose []string) {
	users := x.namesOf(func(s compose.Service) bool {
		other := environment(s).Setting(e.Key)
		return other != nil && other.Origin.Node == e.Value.Origin.Node
	})
	if !within(users, mayLose) {
		x.refuse(e.Key + " keeps " + names(users) + " from using a proxy, and services without the socket share it. Remove it first.")
		return
	}
	if !x.once(e.Value.Origin.Site()) {
		return
	}
	x.draft(e.Value.Origin.File).Remove(nil, e.Value.Origin.Site())
	for _, name := range users {
		s := x.project.Service(name)
		if environment(s).Kind == compose.List {
			x.changeItem(s, listedAs(s, e.Key), nil, "environment")
		} else {
			x.change(s, nil, "environment", e.Key)
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
