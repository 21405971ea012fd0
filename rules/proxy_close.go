package rules

import (
	"strconv"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

// closeProxy builds the fix for a proxy that answers other machines. Its clients in the project find it by name, so that
// they can do without; on the host itself they find it at 127.0.0.1.
func (p *Pass) closeProxy(c Cause) Fix {
	s := c.Uses[0].Service
	onHost := c.Value().Kind != compose.Map // network_mode, and not a port
	published := strconv.Itoa(proxyPort)
	if !onHost {
		published = c.Value().Get("published").Str()
	}
	named := len(usersOf(p.Project, s)) > 0
	local, remote := p.usersOfPort(published)
	var fix Fix
	switch {
	case remote != "":
		return manual("Close the port", remote+" uses the port by an address of the host. Let it use "+s.Name+" by its name, on an "+
			"internal network, then remove the port.")
	case onHost:
		fix = p.leaveHostNetwork(c)
	case named && !local:
		fix = c.removal("Remove the port, which the clients of "+s.Name+" do not use", Unsafe)()
	default:
		fix = c.bindToLoopback()
	}
	isMeant := c.Value().Get("host_ip") != nil && !isAnyAddress(c.Value())
	if fix.Safety == Unsafe && (named || local) && !isMeant {
		fix.Safety = Safe
	}
	return fix
}

// usersOfPort tells whether services use a port at which a proxy is published on the host itself, and returns one that
// uses it by another address.
func (p *Pass) usersOfPort(published string) (local bool, remote string) {
	services := p.everyName()
	here := []string{loopback4 + ":" + published, "localhost:" + published}
	for _, s := range p.Project.Services() {
		if s.Get("network_mode").Str() == "host" && mentions(s, here) {
			local = true
			continue
		}
		for _, text := range addressTexts(s) {
			host, ok := strings.CutSuffix(strings.TrimRight(text, "/"), ":"+published)
			if ok && !services[host[strings.LastIndexAny(host, "/=@, ")+1:]] {
				remote = s.Name
			}
		}
	}
	return local, remote
}

// everyName returns the names at which the services of the project find each other.
func (p *Pass) everyName() map[string]bool {
	names := map[string]bool{}
	for _, s := range p.Project.Services() {
		for _, name := range hostNames(s) {
			names[name] = true
		}
	}
	return names
}

// leaveHostNetwork gives a proxy networks of its own, and publishes it where the host itself finds it.
func (p *Pass) leaveHostNetwork(c Cause) Fix {
	var r repair
	const title = "Publish the proxy on 127.0.0.1 instead of using the host's network"
	kind, _ := knowledge.ProxyFor(imageOf(c.Uses[0].Service))
	if kind.Rules != knowledge.RulesSwitches {
		return manual(title, "Take it off the host's network, publish 127.0.0.1:2375:2375, and let it listen on all its addresses.")
	}
	for _, s := range c.distinct() {
		if s.Get("ports") != nil || s.Get("networks") != nil && !s.Get("networks").Implicit {
			return manual(title, "Remove network_mode, and publish the port as 127.0.0.1:2375:2375.")
		}
		body := proxyBody{model: map[string]any{}}
		body.addPort(proxyPort)
		r.remove(c.Value())
		r.change(s, nil, "network_mode")
		r.addEntry([]compose.Service{s}, "ports", body.written[0].Value)
		r.change(s, body.model["ports"], "ports")
		r.change(s, map[string]any{defaultNetwork: nil}, "networks")
	}
	r.declareDefaultNetwork(p.Project)
	return r.fix(title, Unsafe)
}
