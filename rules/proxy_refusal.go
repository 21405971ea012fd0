package rules

import (
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

// refusal says why no proxy can take the place of a client's socket, whatever the client needs and however it is pointed
// at one; empty where one can.
func (p *Pass) refusal(c *socketClient) string {
	if c.known.ID == "" && imageOf(c.Service).Repository == "" && c.Get("build").IsNull() {
		return "This file does not say which image " + c.Name + " has. Give all files of the project together, in the order " +
			"that Compose gets them."
	}
	for _, refusal := range []string{
		c.runsBefore(), c.opensSocket(), c.forwards(), c.passesSocketOn(), p.needsSocket(c), c.listsHosts(),
		c.isPointedByEntrypoint(), p.runsInSwarm(c),
	} {
		if refusal != "" {
			return refusal
		}
	}
	return ""
}

// needsSocket refuses clients that run in a way in which they can use nothing but a socket.
func (p *Pass) needsSocket(c *socketClient) string {
	if with := c.known.NeedsSocket(p.Facts.configuration(c.Service)); with != "" {
		return c.Name + " runs as \"" + with + "\", which uses the socket and cannot be pointed at a proxy."
	}
	return ""
}

// listsHosts refuses clients whose command lists the hosts that they use beside the socket.
func (c *socketClient) listsHosts() string {
	w := c.wiring()
	if !w.SocketToo || !c.hasArg(w.ArgForms) {
		return ""
	}
	return "The command of " + c.Name + " lists other hosts. Add " + strings.Join(w.Args(defaultProxyName, proxyPort), " ") +
		" to it, and the proxy to the project."
}

// isPointedByEntrypoint refuses clients whose entrypoint has the argument that points them at an engine.
func (c *socketClient) isPointedByEntrypoint() string {
	if w := c.wiring(); hasArg(c.Get("entrypoint"), w.ArgForms) {
		return "The entrypoint of " + c.Name + " says which engine it uses. Let it say " +
			strings.Join(w.Args(defaultProxyName, proxyPort), " ") + ", and add the proxy to the project."
	}
	return ""
}

// passesSocketOn refuses clients that mount the host's socket into what they start.
func (c *socketClient) passesSocketOn() string {
	passes := c.known.PassesSocketOn
	if passes == knowledge.PassesAlways || passes == knowledge.PassesByDefault || c.runsRyuk() {
		return c.Name + " mounts the socket of the host into containers that it starts, past any proxy. Run it on a machine " +
			"of its own, or give it an engine of its own (rootless, or docker:dind)."
	}
	return ""
}

// runsRyuk tells that a service runs tests with Testcontainers, which start a helper with the host's socket, Ryuk, unless
// told otherwise. See https://java.testcontainers.org/features/configuration/#customizing-ryuk-resource-reaper.
func (c *socketClient) runsRyuk() bool {
	env := c.Get("environment")
	if env.Setting("TESTCONTAINERS_RYUK_DISABLED").Str() == "true" {
		return false
	}
	return slices.ContainsFunc(env.Settings(), func(e compose.Field) bool { return strings.HasPrefix(e.Key, "TESTCONTAINERS_") })
}

// opensSocket refuses what needs the socket itself, to open it for others.
func (c *socketClient) opensSocket() string {
	if onlyOpensSocket(c.Service) {
		return c.Name + " exists to open the socket. Remove it once no other service has it."
	}
	return ""
}

// forwards refuses what hands the whole socket on to others.
func (c *socketClient) forwards() string {
	_, forwarder := knowledge.ForwarderFor(imageOf(c.Service))
	if start := startText(c.Service); forwarder || forwardsSocket().MatchString(start) && listensAt().MatchString(start) {
		return c.Name + " passes on whatever it is asked. Put a filtering proxy in its place (docker-socket-forwarder)."
	}
	return ""
}

// runsBefore refuses services with containers that run before them: those take over their variables and networks.
func (c *socketClient) runsBefore() string {
	if len(items(c.Get("pre_start"))) == 0 {
		return ""
	}
	return "The containers that run before " + c.Name + " take over its settings, which are to point at a proxy. Make services " +
		"of them."
}

// runsInSwarm refuses services that a Swarm runs: the proxy would have to be on the same node. One service that only a
// Swarm understands is enough, since a Swarm refuses the conditions of depends_on for all of them.
func (p *Pass) runsInSwarm(c *socketClient) string {
	if !p.Facts.isRunBySwarm() {
		return ""
	}
	return c.Name + " runs in a Swarm, where a proxy has to be on the same node and depends_on takes no conditions. Add one by " +
		"hand, with the same placement and an internal overlay network."
}
