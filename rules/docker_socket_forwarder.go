package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
	"composelint/patch"
)

var dockerSocketForwarder = &Rule{
	Name:     "docker-socket-forwarder",
	Severity: Critical,
	Tier:     Default,
	Summary:  "A service hands the engine's socket on over the network, as it is.",
	Why: `A forwarder such as socat looks like a proxy and filters nothing: everybody who reaches its port may do with the engine
whatever it can do, and so becomes root on the host, whatever the service is called.`,
	Fix: "Puts a filtering proxy in its place, under the same name, where the services that use it are known and need the same. " +
		"It is safe. Otherwise it is advice.",
	Bad: `services:
  docker-proxy:
    image: alpine/socat:1.8.0.0
    command: TCP-LISTEN:2375,fork,reuseaddr UNIX-CONNECT:/var/run/docker.sock
    volumes:
      # composelint: ignore[docker-socket-mount] it passes the socket on
      - /var/run/docker.sock:/var/run/docker.sock
`,
	Good: `services:
  docker-proxy:
    image: tecnativa/docker-socket-proxy:v0.4.2
    environment:
      CONTAINERS: "1"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
`,
	References: []Reference{
		{"socat, UNIX-CONNECT and TCP-LISTEN", "http://www.dest-unreach.org/socat/doc/socat.html"},
		{"Docker Engine security, attack surface of the daemon", "https://docs.docker.com/engine/security/"},
	},
	Limits: "Web servers whose own configuration passes the socket on are not recognised. The socket's mount itself is reported " +
		"by docker-socket-mount.",
	Check: checkForwarders,
}

// forwardsSocket matches the arguments of a forwarder that connects to an engine's socket.
var forwardsSocket = pattern.New(`(?i)\bunix(-connect|-client)?:/[^/\s]\S*(docker|podman)\.sock\b`)

// listensAt matches the port that a forwarder listens at.
var listensAt = pattern.New(`(?i)\btcp[46]?-l(?:isten)?:([0-9]+)\b`)

func checkForwarders(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, attribute := range []string{"command", "entrypoint"} {
			text := commandText(s.Get(attribute))
			if strings.Contains(text, ":/") && forwardsSocket().MatchString(text) && listensAt().MatchString(text) {
				found(s.Get(attribute), attribute)
				return
			}
		}
	}, func(c Cause) Finding {
		s := c.Uses[0].Service
		reach := "everybody on its networks"
		if isExposed(s) {
			reach = "everybody who reaches the host"
		}
		return Finding{
			Message: fmt.Sprintf("%s %s the Docker socket to %s, unfiltered: each of them can become root on the host",
				names(c.Services()), agree(c.Services(), "hands", "hand"), reach),
			Evidence: "port " + listensAt().FindStringSubmatch(commandText(c.Value()))[1],
			Repair:   func() Fix { return p.forwarderFix(c) },
		}
	})
}

// forwarderFix puts a proxy in the place of a forwarder, for the services of the project that use it.
func (p *Pass) forwarderFix(c Cause) Fix {
	const title = "Put a filtering proxy in its place"
	s := c.Uses[0].Service
	users := usersOf(p.Project, s)
	port := listensAt().FindStringSubmatch(commandText(c.Value()))[1]
	switch {
	case len(c.Uses) > 1 || s.Get("build") != nil || len(s.Also) > 0 || !mountsSocketAsUsual(s):
		return manual(title, "Use a filtering proxy such as tecnativa/docker-socket-proxy, with what its users need.")
	case len(items(s.Get("ports"))) > 0 || port != fmt.Sprint(proxyPort):
		return manual(title, "Use a filtering proxy such as tecnativa/docker-socket-proxy, on port 2375 of an internal network. Who uses the "+
			"published port is not said here.")
	}
	kind := p.proxyKind()
	permissions, ok := p.sharedNeed(users, kind)
	given, expressible := kind.Settings(permissions, []string{"0.0.0.0/0"})
	if !ok || !expressible || len(given.Args) > 0 {
		return manual(title, "Use a filtering proxy such as tecnativa/docker-socket-proxy. What its users need is not said here, or is not the "+
			"same: state it as socket-proxy.permissions in the configuration file.")
	}
	return replaceForwarder(s, kind, given)
}

// mountsSocketAsUsual tells that a service has the socket in the place where proxies look for it.
func mountsSocketAsUsual(s compose.Service) bool {
	return slices.ContainsFunc(items(s.Get("volumes")), func(mount *compose.Value) bool {
		return hostPlace(mount.Get("target").Str()) == hostPlace(socketTarget)
	})
}

// sharedNeed returns what all users of a proxy need, where that is known and the same.
func (p *Pass) sharedNeed(users []compose.Service, kind knowledge.Proxy) (permissions []string, ok bool) {
	for i, user := range users {
		c := &socketClient{Service: user}
		c.known, c.certain, _ = p.Facts.client(user)
		_, need := p.needOf(c, kind)
		if c.safety() != Safe || i > 0 && !slices.Equal(permissions, need.Permissions) {
			return nil, false
		}
		permissions = need.Permissions
	}
	return permissions, len(users) > 0
}

// replaceForwarder makes a proxy of a forwarder.
func replaceForwarder(s compose.Service, kind knowledge.Proxy, given knowledge.ProxySettings) Fix {
	var r repair
	image := kind.Images[0] + ":" + kind.PinnedTag
	r.set(s.Get("image"), patch.String(image))
	r.change(s, image, "image")
	for _, attribute := range []string{"command", "entrypoint", "environment"} {
		if v := s.Get(attribute); v != nil && !v.Implicit {
			r.remove(v)
			r.change(s, nil, attribute)
		}
	}
	written, model := patch.Map{}, map[string]any{}
	for _, e := range given.Env {
		written = append(written, patch.Pair{Key: e.Name, Value: patch.Quoted(e.Value, patch.DoubleQuote)})
		model[e.Name] = e.Value
	}
	r.draft(s.Origin.File).Insert(s.Origin.Node, "environment", written)
	r.change(s, model, "environment")
	return r.fix("Make a filtering proxy of "+s.Name, Safe)
}
