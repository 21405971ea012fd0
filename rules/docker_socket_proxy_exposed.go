package rules

import (
	"fmt"
	"slices"

	"composelint/internal/compose"
)

var dockerSocketProxyExposed = &Rule{
	Name:     "docker-socket-proxy-exposed",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A filtering proxy in front of the engine's socket can be reached by more than its clients.",
	Why: `The proxy asks nobody for a password: whoever reaches its port may do what its permissions allow. Published on all addresses,
that is everybody who reaches the host; Docker's own rules let them past the firewall of the host. On a network with other
services, it is each of those.`,
	Fix: "None for a published port: other machines may use it on purpose. The advice is to give the proxy an internal network " +
		"that it shares with its clients alone.",
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
		{"Docker Engine, packet filtering and firewalls",
			"https://docs.docker.com/engine/network/packet-filtering-firewalls/"},
	},
	Limits: "Which services use a proxy is read from their variables and commands. Proxies without a known user in the file " +
		"are looked at for their ports alone.",
	Check: checkExposedProxies,
}

func checkExposedProxies(p *Pass) {
	p.Flag(func(s compose.Service, found func(*compose.Value, ...string)) {
		if !isProxy(s) {
			return
		}
		for _, port := range items(s.Get("ports")) {
			if hasOwnNetwork(s) && isBeyondLoopback(port) {
				found(port, "ports")
			}
		}
		if mode := s.Get("network_mode"); mode.Str() == "host" {
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
			Repair: func() Fix {
				return manual("Close the port", "Remove the port and put the clients on an internal network with the proxy. Where something on the "+
					"host itself needs it, publish it on 127.0.0.1.")
			},
		}
	})
	for _, proxy := range proxies(p.Project) {
		p.checkProxyNetworks(proxy)
	}
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
func (p *Pass) checkProxyNetworks(proxy proxyService) {
	if len(proxy.users) == 0 {
		return
	}
	for _, network := range fields(proxy.Get("networks")) {
		var others []string
		for _, s := range p.Project.Services() {
			if s.Name != proxy.Name && s.At("networks", network.Key) != nil && !p.mayUse(s, proxy) {
				others = append(others, s.Name)
			}
		}
		if len(others) == 0 {
			continue
		}
		p.Report(Finding{
			Message: fmt.Sprintf("%s answers %s, too, by the network %s: whoever takes one of them over may use the engine",
				proxy.Name, names(others), network.Key),
			Confidence: Likely,
			Origin:     proxy.Origin, Span: keySpan(proxy.Value), Services: []string{proxy.Name},
			Path: "services." + proxy.Name + ".networks", Evidence: network.Key,
			Repair: func() Fix {
				return manual("Give the proxy a network of its own", "Put "+proxy.Name+" on an internal network with its clients alone, and take it "+
					"off "+network.Key+".")
			},
		})
	}
}

// mayUse tells that a service is pointed at a proxy, or is known to use an engine and may be pointed at it where this
// does not show.
func (p *Pass) mayUse(s compose.Service, proxy proxyService) bool {
	_, _, isClient := p.Facts.client(s)
	return isClient || isProxy(s) || slices.ContainsFunc(proxy.users, func(u compose.Service) bool { return u.Name == s.Name })
}
