package rules

import (
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

// proxyService is a service that is a filtering proxy in front of an engine's socket.
type proxyService struct {
	compose.Service
	kind knowledge.Proxy
	// users are the services that are pointed at it, as far as their variables and commands show.
	users []compose.Service
}

// maxProxies is how many proxies of a project are looked at, so that a hostile file cannot keep the program busy. Real
// projects have up to a dozen.
const maxProxies = 50

// proxies returns the filtering proxies of the project.
func (f *Facts) proxies() []proxyService {
	if f.proxied != nil {
		return f.proxied
	}
	f.proxied = []proxyService{}
	for _, s := range f.project.Services() {
		if len(f.proxied) == maxProxies {
			break
		}
		if kind, ok := knowledge.ProxyFor(imageOf(s)); ok {
			f.proxied = append(f.proxied, proxyService{s, kind, usersOf(f.project, s)})
		}
	}
	return f.proxied
}

// usersOf returns the other services whose variables or commands name a service as a host. A proxy that names another
// service tells who may use it, unless it stands before another proxy.
func usersOf(p *compose.Project, host compose.Service) []compose.Service {
	var users []compose.Service
	for _, s := range p.Services() {
		kind, proxy := knowledge.ProxyFor(imageOf(s))
		if s.Name != host.Name && (!proxy || kind.Rules == knowledge.RulesResponse) && mentions(s, hostNames(host)) {
			users = append(users, s)
		}
	}
	return users
}

// hostNames returns the names at which other containers find a service.
func hostNames(s compose.Service) []string {
	names := append([]string{s.Name}, strings.Fields(s.Get("container_name").Str())...)
	for _, f := range fields(s.Get("networks")) {
		for _, alias := range items(f.Value.Get("aliases")) {
			names = append(names, alias.Str())
		}
	}
	return names
}

// mentions tells that a service's variables or its command name one of several hosts.
func mentions(s compose.Service, hosts []string) bool {
	return slices.ContainsFunc(addressTexts(s), func(text string) bool {
		return slices.ContainsFunc(hosts, func(host string) bool { return namesHost(text, host) })
	})
}

// addressTexts returns the texts of a service that may hold an address: the words of its command, and its variables.
func addressTexts(s compose.Service) []string {
	texts := commandWords(s.Get("command"))
	for _, e := range s.Get("environment").Settings() {
		texts = append(texts, e.Value.Str())
	}
	return texts
}

// namesHost tells that a text is a host, or an address with that host: "tcp://host:2375", "--flag=http://host".
func namesHost(text, host string) bool {
	for {
		at := strings.Index(text, host)
		if at < 0 {
			return false
		}
		before, behind := text[:at], text[at+len(host):]
		starts := before == "" || strings.ContainsAny(before[len(before)-1:], "/=@, ")
		ends := behind == "" || strings.ContainsAny(behind[:1], ":/, ")
		if starts && ends {
			return true
		}
		text = behind
	}
}

// isUsedBy tells that a service is pointed at the proxy, as far as its variables and its command show.
func (s proxyService) isUsedBy(name string) bool {
	return slices.ContainsFunc(s.users, func(u compose.Service) bool { return u.Name == name })
}

// grants tells that the proxy lets a client do all that it needs, as far as switches show.
func (s proxyService) grants(p *Pass, c *socketClient) bool {
	_, need := p.needOf(c, s.kind)
	return s.kind.Rules == knowledge.RulesSwitches && within(need.Permissions, granted(s.kind, s.Service))
}

// needs returns what the users of a proxy need of it at most, by their documentation, and whether that is known of all
// of them. What the configuration states for a service is part of it.
func (s proxyService) needs(p *Pass) (most []string, known bool) {
	if len(s.users) == 0 {
		return nil, false
	}
	for _, user := range s.users {
		c := &socketClient{Service: user}
		c.known, c.certain, _ = p.Facts.client(user)
		_, need := p.needOf(c, s.kind)
		if c.known.ID == "" && !c.stated {
			return nil, false
		}
		most = append(append(most, need.Permissions...), need.MayNeed...)
		if !c.stated {
			most = append(most, c.known.PermissionsFull...)
		}
	}
	return sorted(most), true
}

// hasOtherUsers tells that services outside of the project may use a proxy: through a port that is published, or a
// network that other projects share.
func (s proxyService) hasOtherUsers(p *Pass) bool {
	if len(items(s.Get("ports"))) > 0 || s.Get("network_mode") != nil {
		return true
	}
	return slices.ContainsFunc(fields(s.Get("networks")), func(f compose.Field) bool {
		network := p.Project.Model.At("networks", f.Key)
		return network == nil || network.Get("external").True()
	})
}
