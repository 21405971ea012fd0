package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var dockerSocketProxyExposed = &Rule{
	Name:     "docker-socket-proxy-exposed",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A filtering proxy in front of the engine's socket can be reached by more than its clients.",
	Why: `The proxy asks nobody for a password: whoever reaches its port may do what its permissions allow. Published on all addresses,
that is everybody who reaches the host; Docker's own rules let them past the firewall of the host. On a network with other
services, it is each of those. Traefik makes a way to each container that it reaches, under the name of the service, unless its
exposedByDefault is off or the container has the label traefik.enable=false.`,
	Fix: "Removes a port that the clients in the file do not need, because they find the proxy by its name, or binds it to " +
		"127.0.0.1; that is safe where clients are known. Puts the proxy on an internal network with its clients alone; that is " +
		"safe where all that is kept away are databases and the like, which use no engine. Hides the proxy from Traefik.",
	Bad: `services:
  socket-proxy:
    image: tecnativa/docker-socket-proxy:v0.4.2
    environment:
      CONTAINERS: "1"
    ports:
      - "2375:2375"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
`,
	Good: `services:
  socket-proxy:
    image: tecnativa/docker-socket-proxy:v0.4.2
    environment:
      CONTAINERS: "1"
    ports:
      - "127.0.0.1:2375:2375"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
`,
	References: []Reference{
		{"Docker Socket Proxy v0.4.1, README: never expose this container's port to a public network",
			"https://github.com/Tecnativa/docker-socket-proxy/blob/a6fbf38/README.md"},
		{"Traefik, Docker provider: exposedByDefault, defaultRule",
			"https://doc.traefik.io/traefik/reference/install-configuration/providers/docker/"},
		{"Docker Engine, packet filtering and firewalls",
			"https://docs.docker.com/engine/network/packet-filtering-firewalls/"},
	},
	Limits: "Which services use a proxy is read from their variables and commands. Proxies without a known user in the file " +
		"are looked at for their ports alone. What Traefik does is read from its arguments and variables, not from its files. That programs outside of the file use a port is not known.",
	Check: checkExposedProxies,
}

func checkExposedProxies(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		if !isProxy(s) {
			return
		}
		for _, port := range items(s.Get("ports")) {
			if hasOwnNetwork(s) && isBeyondLoopback(port) {
				found(port, "ports")
			}
		}
		if mode := s.Get("network_mode"); mode.Str() == "host" && !listensToItself(s) {
			found(mode, "network_mode")
		}
	}, func(c Cause) Finding {
		severity, who := Critical, "everybody who reaches the host"
		if address := c.Value().Get("host_ip"); address != nil && !isAnyAddress(c.Value()) {
			severity, who = Medium, "everybody who reaches "+address.Str()
		}
		return Finding{
			Message: fmt.Sprintf("%s %s %s: whoever does may use the engine as far as its permissions go",
				names(c.Services()), agree(c.Services(), "answers", "answer"), who),
			Severity: severity, Evidence: exposedAs(c.Value()),
			Repair: func() Fix { return p.closeProxy(c) },
		}
	})
	if all := p.Facts.proxies(); len(all) > 0 {
		around := p.engineUsers()
		for _, proxy := range all {
			p.checkProxyNetworks(proxy, around)
		}
		p.checkRoutedProxies(all)
	}
}

// listensToItself tells that a proxy listens on its own loopback address, which it does unless it is told otherwise.
func listensToItself(s compose.Service) bool {
	kind, _ := knowledge.ProxyFor(imageOf(s))
	isTold := slices.ContainsFunc(s.Get("environment").Settings(), func(e compose.Field) bool { return e.Key == "SP_LISTENIP" })
	return kind.LoopbackOnly && !isTold && !strings.Contains(startText(s), "-listenip")
}

func exposedAs(v *compose.Value) string {
	if v.Kind == compose.Map {
		return portText(v)
	}
	return v.Str()
}

// isBeyondLoopback tells that a port is published on other addresses of the host than its own, as far as that is known.
func isBeyondLoopback(port *compose.Value) bool {
	if port.Kind != compose.Map || port.Get("published").Str() == "" {
		return false
	}
	address := port.Get("host_ip")
	if address == nil || isAnyAddress(port) {
		return isAnyAddress(port)
	}
	return !address.Unset && !slices.Contains([]string{loopback4, loopback6, "localhost"}, address.Str())
}

// checkProxyNetworks looks for services that reach a proxy without being pointed at it.
func (p *Pass) checkProxyNetworks(proxy proxyService, around engineUsers) {
	if len(proxy.users) == 0 {
		return
	}
	for _, network := range fields(proxy.Get("networks")) {
		clients := p.clientsOn(proxy, network.Key, around)
		others := p.othersOn(proxy, network.Key, clients, around)
		if len(others) == 0 {
			continue
		}
		p.Report(Finding{
			Message: fmt.Sprintf("%s answers %s, too, by the network %s: whoever takes one of them over may use the engine",
				proxy.Name, serviceNames(others), network.Key),
			Confidence: Likely,
			Origin:     proxy.Origin, Span: keySpan(proxy.Value), Services: []string{proxy.Name},
			Path: "services." + proxy.Name + ".networks", Evidence: network.Key,
			Repair: func() Fix { return p.isolate(proxy, network.Key, clients, others) },
		})
	}
}

// engineUsers are the services of a project that are known to use an engine.
type engineUsers struct {
	// known holds the names of all of them, proxies included; free are those that may use any proxy.
	known map[string]bool
	free  []*socketClient
}

// engineUsers finds the services that are known to use an engine. One that has the socket, or is pointed elsewhere, does
// not use any proxy.
func (p *Pass) engineUsers() engineUsers {
	users := engineUsers{known: map[string]bool{}}
	for _, s := range p.Project.Services() {
		known, _, isClient := p.Facts.client(s)
		c := &socketClient{Service: s, known: known}
		users.known[s.Name] = isClient || isProxy(s)
		if isClient && !isProxy(s) && !hasSocket(p.Project, s) && !c.isPointed() && p.findNetwork(c) == "" {
			users.free = append(users.free, c)
		}
	}
	return users
}

// clientsOn returns the services that may use a proxy by a network: those that are pointed at it, and those that are
// known to use an engine and may be pointed at it where this does not show.
func (p *Pass) clientsOn(proxy proxyService, network string, around engineUsers) []*socketClient {
	var clients []*socketClient
	add := func(c *socketClient) {
		if c.network.At("networks", network) != nil {
			clients = append(clients, c)
		}
	}
	for _, s := range proxy.users {
		if c := (&socketClient{Service: s}); p.findNetwork(c) == "" {
			add(c)
		}
	}
	for _, c := range around.free {
		if !proxy.isUsedBy(c.Name) {
			add(c)
		}
	}
	return clients
}

// othersOn returns the services of a network that are neither a proxy nor one of its clients.
func (p *Pass) othersOn(proxy proxyService, network string, clients []*socketClient, around engineUsers) []compose.Service {
	lends := map[string]bool{proxy.Name: true}
	for _, c := range clients {
		lends[c.network.Name] = true
	}
	return slices.DeleteFunc(slices.Clone(p.Project.Services()), func(s compose.Service) bool {
		return lends[s.Name] || around.known[s.Name] || s.At("networks", network) == nil
	})
}
