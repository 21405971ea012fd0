package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

// socketClient is a service that is given an engine's socket and is to use a proxy in its place.
type socketClient struct {
	compose.Service
	// known is the client that the service's image is; without ID where that is not known.
	known knowledge.Client
	// certain tells that the service's own image says so.
	certain bool
	// stated tells that the user has said what it needs.
	stated bool
	// kind is the proxy that suits it, need what it needs of that.
	kind knowledge.Proxy
	need knowledge.Need
	// evidence says what the need follows from, where that is not the image alone.
	evidence string
	// unmoved says what of it will look for the socket in vain; empty where nothing is known to.
	unmoved string
	// byArgs tells that words of its command point it at an address, and not variables.
	byArgs bool
	// pointed tells that it is pointed at an address already, so that nothing looks at the socket; server is the proxy of the
	// project that answers there and grants all that it needs of the same engine, or "".
	pointed bool
	server  string
	// onHost tells that it uses the host's network; leaves is the network_mode that it is to leave for networks: "bridge",
	// which is Docker's own, or "none". Otherwise it uses the networks of the service network, mostly itself.
	onHost  bool
	leaves  string
	network compose.Service
	// keeps is a directory that it still gets, in which a socket lies; "" for none.
	keeps string
}

// dockerHost is how programs that nothing else is known of are pointed at an engine. See
// https://docs.docker.com/reference/cli/docker/#environment-variables.
var dockerHost = knowledge.Wiring{
	Kind: knowledge.WiringEnv, EnvForms: []knowledge.EnvVar{{Name: "DOCKER_HOST", Value: "tcp://{host}:{port}"}},
}

// wiring returns how the client is pointed at an address. Of one that is not known, variables of its own may show it.
func (c *socketClient) wiring() knowledge.Wiring {
	if c.known.ID != "" {
		return c.known.Wiring
	}
	wiring, own := dockerHost, socketURLs(c.Service)
	for i := range own {
		own[i].Value = dockerHost.EnvForms[0].Value
	}
	if len(own) > 0 {
		wiring.EnvForms = own
	}
	return wiring
}

// socketURLs returns the variables of a service that name a socket with the scheme unix, with its path.
func socketURLs(s compose.Service) []knowledge.EnvVar {
	var found []knowledge.EnvVar
	for _, e := range environment(s).Settings() {
		if path, ok := strings.CutPrefix(e.Value.Str(), "unix://"); ok && isSocketFile(path) {
			found = append(found, knowledge.EnvVar{Name: e.Key, Value: path})
		}
	}
	return found
}

// isSocketFile tells that a path is one of a socket at which an engine answers Docker's API.
func isSocketFile(path string) bool {
	e, directory, ok := socketAt(path)
	return ok && !directory && e.speaksDocker
}

// newClient establishes what a proxy must do for a service. The text is why none can take the place of the socket; it is
// empty where one can.
func (p *Pass) newClient(s compose.Service, socket hostSocket) (c *socketClient, refusal string) {
	c = &socketClient{Service: s}
	c.known, c.certain, _ = p.Facts.client(s)
	if refusal := p.refusal(c); refusal != "" {
		return c, refusal
	}
	c.byArgs = c.takesArgs()
	p.findServer(c, socket)
	p.setNeed(c)
	if said := cmp.Or(c.socketScript(p), c.socketVariable()); said != "" {
		c.unmoved = said
	}
	if refusal := p.unwirable(c, socket); refusal != "" && !c.pointed {
		return c, refusal
	}
	return c, p.findNetwork(c)
}

// findServer establishes where the client is pointed already.
func (p *Pass) findServer(c *socketClient, socket hostSocket) {
	c.pointed = c.isPointed()
	for _, proxy := range p.Facts.proxies() {
		if !proxy.isUsedBy(c.Name) {
			continue
		}
		c.pointed = true
		if hasSocketAt(p.Project, proxy.Service, socket) && proxy.grants(p, c) {
			c.server = proxy.Name
		}
	}
}

// takesArgs tells that words of the command are the way to point the client at an address. Where a client can be
// configured in several ways that exclude each other, the one that it uses already is right.
func (c *socketClient) takesArgs() bool {
	w := c.wiring()
	if w.Kind != knowledge.WiringArgs {
		return c.hasArg(w.ArgForms) // a flag goes before a variable
	}
	isFlag := func(word string) bool { return strings.HasPrefix(word, "-") }
	started := slices.Concat(commandWords(c.Get("entrypoint")), commandWords(c.Get("command")))
	return len(w.EnvForms) == 0 && w.ConfigForm == "" || slices.ContainsFunc(started, isFlag)
}

// hasArg tells that the command has an argument, in one word or in two, with another value.
func (c *socketClient) hasArg(form []string) bool { return hasArg(c.Get("command"), form) }

func hasArg(command *compose.Value, form []string) bool {
	if len(form) == 0 {
		return false
	}
	at, _ := replaced(commandWords(command), form, 0)
	return at >= 0
}

// takesEnv tells that variables are the way to point the client at an address.
func (c *socketClient) takesEnv() bool {
	w := c.wiring()
	switch {
	case len(w.EnvForms) == 0 || c.byArgs:
		return false
	case w.Kind == knowledge.WiringEnv:
		return true
	}
	family, _, _ := strings.Cut(w.EnvForms[0].Name, "_")
	return w.Kind == knowledge.WiringArgs && slices.ContainsFunc(c.Get("environment").Settings(), func(s compose.Field) bool {
		return strings.HasPrefix(s.Key, family+"_")
	})
}

// isPointed tells that the client's own variables or arguments name an address that is no socket file.
func (c *socketClient) isPointed() bool {
	w := c.wiring()
	variables := w.EnvForms
	for _, other := range w.OtherEnv {
		variables = append(slices.Clone(variables), other.EnvForms...)
	}
	for _, v := range variables {
		if said := c.Get("environment").Setting(v.Name); said != nil && isAddress(said.Str()) {
			return !w.SocketToo
		}
	}
	words := commandWords(c.Get("command"))
	for i, form := range w.ArgForms {
		if name, _, ok := strings.Cut(form, "="); ok {
			if at := indexOfFlag(words, name); at >= 0 && isAddress(words[at][len(name)+1:]) {
				return true
			}
		} else if at := slices.Index(words, form); i+1 < len(w.ArgForms) && at >= 0 && at+1 < len(words) {
			return isAddress(words[at+1])
		}
	}
	return false
}

// indexOfFlag returns where a word "--name=…" stands, or -1.
func indexOfFlag(words []string, name string) int {
	return slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, name+"=") })
}

// isAddress tells that an engine's address is one of the network, or a list of such addresses.
func isAddress(address string) bool {
	for part := range strings.SplitSeq(address, ",") {
		for _, file := range []string{"unix:", "npipe:", "fd:", "/"} {
			if strings.HasPrefix(strings.TrimSpace(part), file) {
				return false
			}
		}
	}
	return address != ""
}

// unwirable says why the client cannot be pointed at a proxy from the Compose file, with what to do by hand.
func (p *Pass) unwirable(c *socketClient, socket hostSocket) string {
	w := c.wiring()
	switch {
	case c.byArgs || c.takesEnv():
		return ""
	case w.Kind == knowledge.WiringUnknown:
		return "It is not known how to point " + c.Name + " at a proxy." + c.dropAdvice()
	case w.ConfigForm == "" && w.UIForm == "":
		return c.Name + " looks for the socket in one place and cannot be pointed at a proxy." + c.dropAdvice()
	}
	host, port := defaultProxyName, proxyPort
	first := "Add " + c.kind.Images[0] + ":" + c.kind.PinnedTag + " with " + permissionText(c.need.Permissions) + " as " + host +
		", on a network that it shares with " + c.Name + " alone"
	for _, proxy := range p.Facts.proxies() {
		if hasSocketAt(p.Project, proxy.Service, socket) && proxy.grants(p, c) {
			host, port = proxy.Name, proxy.kind.Port
			first = "Let it share a network with " + host + ", which grants what it needs"
			break
		}
	}
	line := w.UI(host, port)
	if w.ConfigForm != "" {
		line = w.ConfigFile(host, port)
	}
	return "Only its own configuration points " + c.Name + " at a proxy. " + first + "; set there: " + line +
		"; then remove the mount." + c.dropAdvice()
}

func (c *socketClient) dropAdvice() string {
	if c.known.DropMount.Advice == "" {
		return ""
	}
	return " Or do without: " + c.known.DropMount.Advice + "."
}

// socketScript says which of the client's own commands names the socket, apart from the words that point it at an engine.
func (c *socketClient) socketScript(p *Pass) string {
	said := ""
	eachScript(p, c.Service, func(v *compose.Value, path ...string) {
		for _, word := range strings.Fields(commandText(v)) {
			named := strings.Contains(word, "docker.sock") && (!c.byArgs || !strings.Contains(word, "unix:"))
			if named && said == "" {
				said = fmt.Sprintf("%s names %s in its %s", c.Name, strings.Trim(word, `"'`), path[0])
			}
		}
	})
	return said
}

// socketVariable says which of the client's variables names the socket, apart from those that point it at an engine and
// those that go.
func (c *socketClient) socketVariable() string {
	pointing := []string{"DOCKER_HOST"}
	for _, v := range c.wiring().EnvForms {
		pointing = append(pointing, v.Name)
	}
	for _, e := range environment(c.Service).Settings() {
		path := strings.TrimPrefix(e.Value.Str(), "unix://")
		if isSocketFile(path) && !slices.Contains(pointing, e.Key) && !matchesAny(c.known.DropEnv, e.Key) {
			return c.Name + " names " + path + " in its variable " + e.Key
		}
	}
	return ""
}

// findNetwork establishes whose networks the client uses, or says why it can have none.
func (p *Pass) findNetwork(c *socketClient) (refusal string) {
	const most = 16 // services that use each other's networks in turn
	c.network = c.Service
	for range most {
		said := c.network.Get("network_mode")
		if said == nil {
			return ""
		}
		mode := said.Str()
		if mode == "" {
			return c.Name + " has a network_mode that is blank here, and so no networks. Give it networks of its own first."
		}
		c.onHost = mode == "host"
		if (mode == "bridge" || mode == "none") && p.canLeaveMode(c) {
			c.leaves = mode
		}
		if c.onHost || c.leaves != "" {
			return ""
		}
		name, ok := strings.CutPrefix(mode, "service:")
		if !ok || p.Project.Service(name).Value == nil {
			return c.Name + " has network_mode " + mode + ", where no proxy can be reached. Give it networks of its own first."
		}
		c.network = p.Project.Service(name)
	}
	return c.Name + " uses the network of a service that uses its own: say in one of them which networks it has."
}

// findKept establishes what else gives a socket to a client than a cause.
func (p *Pass) findKept(c *socketClient, cause Cause) {
	eachSocket(p.Project, c.Service, func(v *compose.Value, path ...string) {
		access, _ := accessOf(p.Project, Use{Service: c.Service, Value: v, Path: path})
		if access.directory && v.Origin.Node != cause.Value().Origin.Node {
			c.keeps = access.host
		}
	})
}

// givesLogins tells that the client gets the user's logins to registries along with the socket. See
// https://github.com/docker/compose/blob/01ce8001/pkg/compose/apiSocket.go.
func (c *socketClient) givesLogins() bool { return c.Get("use_api_socket").True() }

// isBehindTunnel tells that the client uses the network of a service that may change routes, the firewall and where names
// are looked up, as a VPN does: the names of other services are often not found there. See
// https://github.com/qdm12/gluetun/issues/1899.
func (c *socketClient) isBehindTunnel() bool {
	if c.network.Name == c.Name {
		return false
	}
	return c.network.Get("privileged").True() || slices.ContainsFunc(items(c.network.Get("cap_add")), func(item *compose.Value) bool {
		return capabilityName(item) == "NET_ADMIN" || capabilityName(item) == "ALL"
	})
}

// canLeaveMode tells that a client's network_mode is its own, and said in one place.
func (p *Pass) canLeaveMode(c *socketClient) bool {
	mode, body := c.Get("network_mode"), c.Origin.Node
	return c.network.Name == c.Name && len(c.Also)+len(mode.Also) == 0 && mode.Origin.Site().Parent == body &&
		isOwn(p.Project, c.Service, body)
}
