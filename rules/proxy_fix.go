package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

const proxyTitle = "Put a filtering proxy in the place of the socket"

// proxyFix returns the fix that takes a socket away from the services of a cause and gives them filtering proxies. all are
// the causes that sockets have in the project.
func (p *Pass) proxyFix(c Cause, access socketAccess, all []Cause) Fix {
	socket := hostSocketOf(p.Project, c.Uses[0], access)
	same, first := p.otherSockets(c, socket, all)
	for _, advice := range []string{p.misreadAdvice(), socketAdvice(c, access), first} {
		if advice != "" {
			return manual(proxyTitle, advice)
		}
	}
	x := connection{project: p.Project}
	for _, u := range c.Uses {
		x.homes = append(x.homes, homeOf(u).file)
	}
	for _, s := range c.distinct() {
		client, refusal := p.newClient(s, socket)
		if refusal == "" && access.directory && !client.needsSocketAlone(c) {
			refusal = s.Name + " gets all of " + access.host + ". Mount only what it needs of it."
		}
		if refusal != "" {
			return manual(proxyTitle, refusal)
		}
		p.findKept(client, c)
		x.clients = append(x.clients, client)
	}
	groups := groupClients(x.clients)
	taken := map[string]bool{}
	for _, g := range groups {
		g.locate(p, socket, homeOf(c.Uses[0]).file, taken)
		x.connect(g)
	}
	if socket.unread && (c.Value().Kind != compose.String || socket.mount() != asWritten(c.Value())) {
		x.refuse("Give " + socket.written + " a value first: without one Compose cannot read the mount.")
	}
	x.addProxies(groups, homeOf(c.Uses[0]), socket)
	// Only now, so that a service of which a file says nothing else does not go with its mount.
	x.unmount(append(same, c)...)
	x.dropGroups(groups)
	if x.refusal != "" {
		return manual(proxyTitle, x.refusal)
	}
	fix := x.fix(title(x.clients, groups), leastSafe(x.clients))
	fix.Notes = p.proxyNotes(&x, groups)
	return fix
}

// otherSockets returns the other places at which services of a cause, and no others, are given the same socket: the
// proxy takes the place of them all. The advice is what to do first where they are given another socket, or the same
// one together with more services; empty where there is nothing to do.
func (p *Pass) otherSockets(c Cause, socket hostSocket, all []Cause) (same []Cause, advice string) {
	if access, _ := accessOf(p.Project, c.Uses[0]); access.directory {
		return nil, "" // which of the sockets in it are meant is not said
	}
	for _, other := range all {
		access, _ := accessOf(p.Project, other.Uses[0])
		shared := without(c.Services(), without(c.Services(), other.Services()))
		if other.Value().Origin.Node == c.Value().Origin.Node || len(shared) == 0 ||
			access.directory || socketAdvice(other, access) != "" {
			continue
		}
		switch isSame := hostSocketOf(p.Project, other.Uses[0], access).is(socket); {
		case !isSame:
			advice = fmt.Sprintf("%s %s %s, too. Decide which engine to use, and remove the other mount first.", names(shared),
				agree(shared, "gets", "get"), access.host)
		case within(other.Services(), c.Services()):
			same = append(same, other)
		case within(c.Services(), other.Services()):
			at := other.Value().Origin
			advice = fmt.Sprintf("%s %s it together with more services at line %d of %s, too: what helps there takes this one away.",
				names(shared), agree(shared, "gets", "get"), at.File.Position(at.Span().Start).Line, at.File.Name)
		}
	}
	return same, advice
}

// misreadAdvice refuses projects of which Compose makes something else than is written, or nothing at all: who shares
// what cannot be told before that is mended.
func (p *Pass) misreadAdvice() string {
	for _, problem := range p.Project.Problems {
		if problem.Kind == compose.DuplicateKey || problem.Kind == compose.Syntax {
			file, span := problem.Place()
			if file == nil {
				continue
			}
			return fmt.Sprintf("Mend line %d of %s first: %s.", file.Position(span.Start).Line, file.Name, problem.Message)
		}
	}
	return ""
}

// socketAdvice returns what to do about a socket that no proxy can stand in for; empty where one can.
func socketAdvice(c Cause, access socketAccess) string {
	who := names(c.Services())
	switch {
	case !access.engine.speaksDocker:
		return fmt.Sprintf("No filtering proxy is known for %s. Remove the mount if %s can do without it.", access.engine.name, who)
	case len(c.by("pre_start")) > 0:
		return "A container that runs before " + who + " gets it. Let " + who + " do its work, or give it a socket proxy by hand."
	case len(c.by("volumes_from")) > 0 && len(c.by("volumes")) == 0:
		return who + " " + agree(c.Services(), "takes", "take") + " over all mounts of a socket proxy. Give it mounts of its own."
	case c.Value().Get("type").Str() == "npipe":
		return "The proxies that are known need the socket of an engine on Linux."
	}
	return ""
}

// needsSocketAlone tells that a client gets a directory of the host only for the socket in it: where it looks for the
// socket is within the place that the directory has in the container.
func (c *socketClient) needsSocketAlone(cause Cause) bool {
	target := cause.Value().Get("target").Str()
	sockets := slices.Clone(c.known.SocketTargets)
	for _, v := range socketURLs(c.Service) {
		sockets = append(sockets, v.Value)
	}
	return slices.ContainsFunc(sockets, func(socket string) bool {
		return target != "/" && strings.HasPrefix(socket, strings.TrimSuffix(target, "/")+"/")
	})
}

// title says what the fix does to which service.
func title(clients []*socketClient, groups []*proxyGroup) string {
	if len(groups) == 0 {
		var list []string
		for _, c := range clients {
			list = append(list, c.Name)
		}
		return "Remove the socket from " + names(list)
	}
	parts := make([]string, len(groups))
	for i, g := range groups {
		parts[i] = g.summary()
		if why := g.why(); why != "" {
			parts[i] += " (" + why + ")"
		}
	}
	return "Route " + strings.Join(parts, ", and ")
}

func leastSafe(clients []*socketClient) Safety {
	least := Safe
	for _, c := range clients {
		least = min(least, c.safety())
	}
	return least
}

// addProxies adds the proxies that are not there yet, and the networks on which their clients meet them, to the document
// that a client is in.
func (x *connection) addProxies(groups []*proxyGroup, at homeDocument, socket hostSocket) {
	file, services := at.file, at.services()
	var networks patch.Map
	for _, g := range groups {
		if g.there != nil {
			continue
		}
		body, ok := g.newBody(socket, listsEnvironment(file))
		if services == nil || !ok {
			x.refuse(g.noPlace(file, ok))
			return
		}
		if labels := x.labelsOf(g); len(labels) > 0 {
			body.addTexts("labels", labels)
		}
		if profiles := x.commonProfiles(g); len(profiles) > 0 {
			body.addList("profiles", profiles...)
		}
		x.draft(file).Insert(services, g.service, body.written)
		x.declare(nil, body.model, "services", g.service)
		networks = append(networks, x.newNetwork(g))
	}
	x.addTopNetworks(file, services, networks)
}

// noPlace says why a proxy cannot be added.
func (g *proxyGroup) noPlace(file *source.File, expressible bool) string {
	if !expressible {
		return g.kind.ID + " has no permissions that match " + permissionText(g.permissions) + ". Choose another proxy."
	}
	return file.Name + " has no services of its own to add the proxy to."
}

// newNetwork returns a proxy's network. It leads nowhere else, but for a proxy that is published on the host: Docker
// publishes no ports of internal networks.
func (x *connection) newNetwork(g *proxyGroup) patch.Pair {
	name := x.project.Name + "_" + g.network
	if g.onHost {
		x.declare(nil, map[string]any{"name": name}, "networks", g.network)
		return patch.Pair{Key: g.network, Value: patch.Null()}
	}
	x.declare(nil, map[string]any{"name": name, "internal": true}, "networks", g.network)
	return patch.Pair{Key: g.network, Value: patch.Map{{Key: "internal", Value: patch.Bool(true)}}}
}

// addTopNetworks adds networks to those of the document that services stand in.
func (x *connection) addTopNetworks(file *source.File, services *source.Node, networks patch.Map) {
	if len(networks) == 0 {
		return
	}
	section := services.Parent.Lookup("networks")
	if section == nil {
		x.draft(file).Insert(services.Parent, "networks", networks)
		return
	}
	for _, n := range networks {
		x.draft(file).Insert(section, n.Key, n.Value)
	}
}

// commonProfiles returns the profiles that all that wait for a proxy have; a service without profiles always runs, and
// so must what it waits for.
func (x *connection) commonProfiles(g *proxyGroup) []string {
	var common []string
	waiting := append(g.names(), x.bystanders...)
	for i, name := range waiting {
		var profiles []string
		for _, item := range items(x.project.Service(name).Get("profiles")) {
			profiles = append(profiles, item.Str())
		}
		if i == 0 {
			common = profiles
		}
		if !slices.Equal(common, profiles) {
			return nil
		}
	}
	return common
}

// proxyNotes says what the reader must know of the fix.
func (p *Pass) proxyNotes(x *connection, groups []*proxyGroup) []string {
	var notes, built []string
	add := func(format string, values ...any) {
		if note := fmt.Sprintf(format, values...); !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	for _, c := range x.clients {
		c.notes(add)
		if !c.pointed && c.known.ID != "" && !c.certain {
			built = append(built, c.Name)
		}
	}
	if len(built) > 0 {
		add("%s %s built here, from an image that is known: the needs are taken to be the same.", names(built),
			agree(built, "is", "are"))
	}
	for _, g := range groups {
		p.groupNotes(g, add)
	}
	if len(x.routed) > 0 {
		add("Traefik takes any network of a container that has several: %s says where it reaches %s.", routeLabel, names(x.routed))
	}
	if len(x.unrouted) > 0 {
		add("Traefik takes any network of a container that has several: add the label %s to %s, with the name of the one to take.",
			routeLabel, names(x.unrouted))
	}
	if len(x.bystanders) > 0 {
		add("%s %s the same address by the same anchor, but no way to the proxy.", names(x.bystanders),
			agree(x.bystanders, "gets", "get"))
	}
	return notes
}

// notes says what the reader must know of a client.
func (c *socketClient) notes(add func(format string, values ...any)) {
	if c.unmoved != "" {
		add("%s: that fails once the socket is gone. Change it, too.", c.unmoved)
	}
	switch {
	case c.server != "":
		add("%s uses %s already, which grants what it needs.", c.Name, c.server)
	case c.pointed:
		add("%s is pointed at another address already.", c.Name)
	case c.known.ID == "" && !c.stated:
		host := ""
		if slices.Equal(c.wiring().EnvForms, dockerHost.EnvForms) && environment(c.Service).Setting("DOCKER_HOST") == nil {
			host = ", nor whether it looks at DOCKER_HOST"
		}
		add("What %s needs is not known%s: it gets CONTAINERS, to list and inspect containers. State its needs as "+
			"socket-proxy.permissions.%s in the configuration file.", c.Name, host, c.Name)
	}
	switch c.leaves {
	case "bridge":
		add("%s leaves Docker's own bridge for the network of the project. Other containers on that bridge no longer reach it by "+
			"its address, nor it them.", c.Name)
	case "none":
		add("%s has no network now, and gets that of the proxy, which leads nowhere else.", c.Name)
	}
	if c.givesLogins() {
		add("%s loses the logins to registries that use_api_socket passes on, too.", c.Name)
	}
	if c.keeps != "" {
		add("%s still gets %s, and with it the socket.", c.Name, c.keeps)
	}
	if c.isBehindTunnel() {
		add("%s uses the network of %s, which may change routes and name service: try whether it finds the proxy there.", c.Name,
			c.network.Name)
	}
	if len(c.need.MayNeed) > 0 {
		add("%s may need %s, too, depending on what it is used for.", c.known.ID, permissionText(c.need.MayNeed))
	}
}

// groupNotes says what the reader must know of a proxy.
func (p *Pass) groupNotes(g *proxyGroup, add func(format string, values ...any)) {
	c := g.clients[0]
	if c.isRootEquivalent() {
		creates := "CONTAINERS"
		if !slices.Contains(g.permissions, creates) {
			creates = "SERVICES"
		}
		add("%s with POST can still create any container: this narrows access, it does not isolate.", creates)
	}
	if g.onHost {
		add("%s %s the host's network, so the proxy is published on 127.0.0.1, where every program of the host can use it.",
			names(g.names()), agree(g.names(), "uses", "use"))
	}
	if c.known.ID == "airflow" {
		if c.evidence == "" {
			add("No DAGs were found to tell what they need. docker exec needs EXEC, DockerSwarmOperator SERVICES and TASKS.")
		}
		add("Tasks that set docker_url themselves, and the Docker provider before 3.10.0, need docker_url=\"tcp://%s:%d\".",
			g.host(), g.port)
	} else if c.known.Notes != "" {
		add("%s: %s", c.known.ID, c.known.Notes)
	}
	if g.kind.SilenceLimit == "10m" && c.isRootEquivalent() && c.startsContainers() {
		add("The proxy cuts connections that are silent for ten minutes: let long tasks print something.")
	}
}
