package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/source"
)

const (
	defaultProxyName = "docker-socket-proxy"
	// proxyPort is where all proxies of the catalogue listen.
	proxyPort = 2375
	// firstLoopbackPort is tried where 2375 is taken on the host. 2376 is left out: clients take it for one with TLS.
	firstLoopbackPort = 23750
)

// proxyGroup is a proxy with the clients that are to use it: those that need the same of the same proxy in the same
// place. Clients with different needs do not share, so that none gets what another one needs.
type proxyGroup struct {
	kind        knowledge.Proxy
	permissions []string
	onHost      bool
	clients     []*socketClient
	// service is the proxy's name, network that of the network where its clients meet it, port the one that they use.
	service, network string
	port             int
	// there is the proxy where the project has one that fits.
	there *compose.Service
}

// host returns the name or address at which clients find the proxy.
func (g *proxyGroup) host() string {
	if g.onHost {
		return "127.0.0.1"
	}
	return g.service
}

func (g *proxyGroup) names() []string {
	list := make([]string, len(g.clients))
	for i, c := range g.clients {
		list[i] = c.Name
	}
	return list
}

// groupClients puts clients that can share a proxy together. Clients that are pointed elsewhere already need none.
func groupClients(clients []*socketClient) []*proxyGroup {
	var groups []*proxyGroup
	for _, c := range clients {
		if c.pointed {
			continue
		}
		i := slices.IndexFunc(groups, func(g *proxyGroup) bool {
			return g.kind.ID == c.kind.ID && g.onHost == c.onHost && slices.Equal(g.permissions, c.need.Permissions)
		})
		if i < 0 {
			i = len(groups)
			groups = append(groups, &proxyGroup{kind: c.kind, permissions: c.need.Permissions, onHost: c.onHost})
		}
		groups[i].clients = append(groups[i].clients, c)
	}
	return groups
}

// locate finds the proxy of a group in the project that stands before a socket and is there whenever the file of the
// clients is used, or gives it names that are free.
func (g *proxyGroup) locate(p *Pass, socket hostSocket, home *source.File, taken map[string]bool) {
	for _, s := range p.Project.Services() {
		if hasSocketAt(p.Project, s, socket) && comesWith(p.Project, s, home) && g.use(p, s) {
			return
		}
	}
	g.service = freeName(p.Project, g.names(), taken)
	g.network, g.port = g.service, proxyPort
	if g.onHost {
		g.port = freePort(p.Project, taken)
	}
	taken[g.service] = true
}

// use makes a service of the project the proxy of the group, and reports whether that can be: it is a proxy, of any kind,
// that grants what the clients need of that kind and nothing else, at a place that only clients reach.
func (g *proxyGroup) use(p *Pass, s compose.Service) bool {
	kind, ok := knowledge.ProxyFor(imageOf(s))
	if !ok || kind.Rules != knowledge.RulesSwitches {
		return false
	}
	permissions := granted(kind, s)
	for _, c := range g.clients {
		asked := *c // what it needs of another kind is not what it is to get otherwise
		if _, need := p.needOf(&asked, kind); !slices.Equal(need.Permissions, permissions) {
			return false
		}
	}
	network, port := clientNetwork(p.Project, s), kind.Port
	if g.onHost {
		network, port = "", loopbackPort(s)
	}
	if network == "" && !g.onHost || port == 0 {
		return false
	}
	g.there, g.service, g.kind, g.permissions, g.network, g.port = &s, s.Name, kind, permissions, network, port
	return true
}

// granted returns the permissions that a proxy with switches grants beyond those that are on by default, sorted.
func granted(kind knowledge.Proxy, s compose.Service) []string {
	names := []string{}
	for _, e := range s.Get("environment").Settings() {
		if slices.Contains(kind.Switches, e.Key) && !slices.Contains(kind.OnByDefault, e.Key) &&
			knowledge.SwitchIsOn(e.Value.Str()) {
			names = append(names, e.Key)
		}
	}
	return sorted(names)
}

// clientNetwork returns the network of a proxy that leads nowhere else, or "" where it has none.
func clientNetwork(p *compose.Project, s compose.Service) string {
	for _, f := range fields(s.Get("networks")) {
		if p.Model.At("networks", f.Key, "internal").True() {
			return f.Key
		}
	}
	return ""
}

// loopbackPort returns the port at which a service's port 2375 is published on the host's loopback address, or 0.
func loopbackPort(s compose.Service) int {
	for _, port := range items(s.Get("ports")) {
		target, _ := port.Get("target").Int()
		published, err := strconv.Atoi(port.Get("published").Str())
		if target == proxyPort && port.Get("host_ip").Str() == "127.0.0.1" && err == nil {
			return published
		}
	}
	return 0
}

// freeName returns a name that no service and no network has: the usual one, or one with the name of a client.
func freeName(p *compose.Project, clients []string, taken map[string]bool) string {
	free := func(name string) bool {
		return !taken[name] && p.Service(name).Value == nil && p.Model.At("networks", name) == nil
	}
	name := defaultProxyName
	for i := 1; !free(name); i++ {
		name = defaultProxyName + "-" + clients[0]
		if i > 1 {
			name += "-" + strconv.Itoa(i)
		}
	}
	return name
}

// freePort returns a port of the host that no service publishes.
func freePort(p *compose.Project, taken map[string]bool) int {
	used := func(port int) bool {
		text := strconv.Itoa(port)
		for _, s := range p.Services() {
			for _, published := range items(s.Get("ports")) {
				if published.Get("published").Str() == text {
					return true
				}
			}
		}
		return taken[text]
	}
	port := proxyPort
	for used(port) {
		port = max(port+1, firstLoopbackPort)
	}
	taken[strconv.Itoa(port)] = true
	return port
}

// isHealthChecked tells that a proxy's health is known, so that its clients can wait for it.
func (g *proxyGroup) isHealthChecked() bool {
	if g.there == nil || g.kind.Healthcheck.BuiltIn {
		return g.kind.Healthcheck.BuiltIn || len(g.kind.Healthcheck.Command) > 0
	}
	check := g.there.Get("healthcheck")
	return check != nil && !check.Get("disable").True() && commandText(check.Get("test")) != "NONE"
}

// summary says which clients go through which proxy, for the title of the fix.
func (g *proxyGroup) summary() string {
	return fmt.Sprintf("%s through %s with %s", names(g.names()), g.service, permissionText(g.permissions))
}

// why says what the permissions of a group follow from; empty where it is the image alone.
func (g *proxyGroup) why() string {
	for _, c := range g.clients {
		because := ""
		if len(c.need.Features) > 0 {
			because = "because " + strings.Join(c.need.Features, " and ")
		}
		if c.evidence != "" || because != "" {
			return cmp.Or(c.evidence, because)
		}
	}
	return ""
}
