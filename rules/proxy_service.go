package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/source"
	"composelint/patch"
)

// socketTarget is where a proxy looks for the socket.
const socketTarget = "/var/run/docker.sock"

// proxyBody is a proxy's service, as it is written and as it is in the effective model.
type proxyBody struct {
	written patch.Map
	model   map[string]any
}

func (b *proxyBody) add(key string, written patch.Value, model any) {
	b.written = append(b.written, patch.Pair{Key: key, Value: written})
	b.model[key] = model
}

// addList adds a list of texts that are the same in the model.
func (b *proxyBody) addList(key string, texts ...string) {
	b.add(key, patch.Strings(texts...), anyList(texts))
}

// addTexts adds a mapping of texts that are the same in the model.
func (b *proxyBody) addTexts(key string, texts patch.Map) {
	model := map[string]any{}
	for _, p := range texts {
		model[p.Key] = p.Value.(patch.Scalar).Text
	}
	b.add(key, texts, model)
}

func anyList(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}

// hostSocket is a socket on the host as a mount says it.
type hostSocket struct {
	// written is the path as it is written, with variables; resolved is what Compose makes of it.
	written, resolved string
	// selinux is the relabelling that the mount asks for; rootless tells that the socket need not belong to root.
	selinux  string
	rootless bool
	// unread tells that Compose cannot read a mount of it, because a variable has no value.
	unread bool
}

// hostSocketOf returns the socket that a use of a mount, a config or a secret gives.
func hostSocketOf(p *compose.Project, u Use, access socketAccess) hostSocket {
	if u.Value.Kind == compose.String || u.Value.Unknown {
		return unreadSocket(u.Value)
	}
	from := u.Value.Get("source")
	s := hostSocket{
		written: mountSource(u.Value), resolved: from.Str(), selinux: u.Value.At("bind", "selinux").Str(), unread: access.guessed,
	}
	switch section := u.Path[0]; {
	case section == "use_api_socket":
		return hostSocket{written: socketTarget, resolved: socketTarget}
	case section == "configs", section == "secrets":
		file := p.Model.At(section, from.Str(), "file")
		s.written, s.resolved = asWritten(file), file.Str()
	case u.Value.Get("type").Str() == "volume":
		device := p.Model.At("volumes", from.Str(), "driver_opts", "device")
		s.written, s.resolved = asWritten(device), device.Str()
	}
	if access.directory {
		s.written, s.resolved = path.Join(s.written, "docker.sock"), path.Join(s.resolved, "docker.sock")
	}
	s.rootless = !strings.HasPrefix(hostPlace(s.resolved), "/run/") || strings.HasPrefix(hostPlace(s.resolved), "/run/user/")
	return s
}

// is tells that two sockets are the same on every host: what a variable chooses may be another one than its default.
func (s hostSocket) is(other hostSocket) bool {
	if strings.Contains(s.written+other.written, "$") {
		return s.written == other.written
	}
	return hostPlace(s.resolved) == hostPlace(other.resolved)
}

// hasSocketAt tells that a service is given a socket.
func hasSocketAt(p *compose.Project, s compose.Service, socket hostSocket) (has bool) {
	eachSocket(p, s, func(v *compose.Value, path ...string) {
		u := Use{Service: s, Value: v, Path: path}
		access, _ := accessOf(p, u)
		has = has || hostSocketOf(p, u, access).is(socket)
	})
	return has
}

// unreadSocket returns the socket of a short mount that Compose cannot read. Its options may follow the target.
func unreadSocket(mount *compose.Value) hostSocket {
	s := hostSocket{written: mountSource(mount), unread: true}
	_, options, _ := strings.Cut(strings.TrimPrefix(asWritten(mount), s.written+":"), ":")
	for option := range strings.SplitSeq(options, ",") {
		if option == "z" || option == "Z" {
			s.selinux = option
		}
	}
	return s
}

// newBody returns the service of a new proxy.
func (g *proxyGroup) newBody(socket hostSocket, listedEnv bool) (*proxyBody, bool) {
	given, ok := g.kind.Settings(g.permissions, g.names())
	b := &proxyBody{model: map[string]any{}}
	image := g.kind.Images[0] + ":" + g.kind.PinnedTag
	b.add("image", patch.String(image), image)
	b.addSettings(given, listedEnv)
	b.addSocket(socket)
	b.add("networks", patch.Strings(g.network), map[string]any{g.network: nil})
	if g.onHost {
		b.addPort(g.port)
	}
	b.harden(g.kind.Hardening, socket, g.labels())
	if g.leavesUserNamespace() {
		b.add("userns_mode", patch.String("host"), "host")
	}
	if check := g.kind.Healthcheck.Command; len(check) > 0 {
		b.addHealthcheck(check)
	}
	b.add("restart", patch.String("unless-stopped"), "unless-stopped")
	return b, ok
}

// addSettings adds what grants the permissions, in the form that the file has for environments.
func (b *proxyBody) addSettings(given knowledge.ProxySettings, listedEnv bool) {
	if len(given.Args) > 0 {
		// The image runs as nobody, who may not open the socket; which group may differs from host to host.
		b.add("user", patch.Quoted("0:0", patch.DoubleQuote), "0:0")
		b.add("command", patch.Strings(given.Args...), anyList(given.Args))
	}
	if len(given.Env) == 0 {
		return
	}
	if listedEnv {
		var lines []string
		for _, e := range given.Env {
			lines = append(lines, e.Name+"="+e.Value)
		}
		b.addList("environment", lines...)
		return
	}
	var variables patch.Map
	for _, e := range given.Env {
		variables = append(variables, patch.Pair{Key: e.Name, Value: patch.Quoted(e.Value, patch.DoubleQuote)})
	}
	b.addTexts("environment", variables)
}

// mount returns the mount that gives the socket to a proxy, in short form.
func (s hostSocket) mount() string {
	text := s.written + ":" + socketTarget + ":ro"
	if s.selinux != "" {
		text += "," + s.selinux
	}
	return text
}

func (b *proxyBody) addSocket(socket hostSocket) {
	if socket.unread {
		b.add("volumes", patch.Strings(socket.mount()), []any{strings.TrimPrefix(socket.mount(), socket.written)})
		return
	}
	bind := map[string]any{"create_host_path": true}
	if socket.selinux != "" {
		bind["selinux"] = socket.selinux
	}
	b.add("volumes", patch.Strings(socket.mount()), []any{map[string]any{
		"type": "bind", "source": socket.resolved, "target": socketTarget, "read_only": true, "bind": bind,
	}})
}

func (b *proxyBody) addPort(port int) {
	text := fmt.Sprintf("127.0.0.1:%d:%d", port, proxyPort)
	b.add("ports", patch.List{Items: []patch.Value{patch.Quoted(text, patch.DoubleQuote)}}, []any{map[string]any{
		"mode": "ingress", "host_ip": "127.0.0.1", "target": proxyPort, "published": fmt.Sprint(port), "protocol": "tcp",
	}})
}

// harden adds what the proxy is known to run with, beside SELinux labels. Without capabilities it opens only a socket that
// belongs to root.
func (b *proxyBody) harden(h knowledge.Hardening, socket hostSocket, labels []string) {
	if h.ReadOnly {
		b.add("read_only", patch.Bool(true), true)
		if len(h.Tmpfs) > 0 {
			b.addList("tmpfs", h.Tmpfs...)
		}
	}
	if h.DropAllCapabilities && !socket.rootless {
		b.addList("cap_drop", "ALL")
	}
	options := labels
	if h.NoNewPrivileges {
		options = append([]string{"no-new-privileges:true"}, labels...)
	}
	if len(options) > 0 {
		b.addList("security_opt", options...)
	}
}

// labels returns the SELinux labels of a group's clients: without them their containers may not open the socket, and
// neither may the proxy.
func (g *proxyGroup) labels() []string {
	var labels []string
	for _, c := range g.clients {
		for _, item := range items(c.Get("security_opt")) {
			if isSELinuxLabel(item) && !slices.Contains(labels, item.Str()) {
				labels = append(labels, item.Str())
			}
		}
	}
	return labels
}

// leavesUserNamespace tells that a client is root of the host even where Docker maps users, as who opens the socket has
// to be.
func (g *proxyGroup) leavesUserNamespace() bool {
	return slices.ContainsFunc(g.clients, func(c *socketClient) bool { return c.Get("userns_mode").Str() == "host" })
}

func (b *proxyBody) addHealthcheck(command []string) {
	test := patch.List{Flow: true}
	for _, word := range command {
		test.Items = append(test.Items, patch.Quoted(word, patch.DoubleQuote))
	}
	b.add("healthcheck", patch.Map{{Key: "test", Value: test}, {Key: "interval", Value: patch.String("5s")}},
		map[string]any{"test": anyList(command), "interval": "5s"})
}

// listsEnvironment tells that most services of a file write their environment as a list.
func listsEnvironment(file *source.File) bool {
	lists, maps := 0, 0
	for _, document := range file.Documents {
		document.Walk(func(n *source.Node) bool {
			switch env := n.Lookup("environment").Resolved(); {
			case env == nil:
			case env.Kind == source.Sequence:
				lists++
			case env.Kind == source.Mapping:
				maps++
			}
			return true
		})
	}
	return lists > maps
}
