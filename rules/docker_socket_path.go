package rules

import (
	"path"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
)

// engine is a program of the host that starts containers, or anything else, for whoever reaches its socket.
type engine struct {
	// id is how the code calls it, name how a message does: "the Docker socket".
	id, name string
	// sockets matches the socket's path, with /var/run already shortened to /run.
	sockets pattern.Pattern
	// speaksDocker tells that it answers the Docker API, so that a filtering proxy can stand before it.
	speaksDocker bool
}

// The places are those of the engines' own documentation:
// https://docs.docker.com/engine/security/rootless/,
// https://docs.podman.io/en/stable/markdown/podman-system-service.1.html,
// https://github.com/containerd/containerd/blob/v2.1.0/docs/ops.md,
// https://github.com/cri-o/cri-o/blob/v1.33.0/docs/crio.8.md, https://docs.k3s.io/cli/agent,
// https://www.freedesktop.org/software/systemd/man/255/org.freedesktop.systemd1.html.
var engines = []engine{
	{"docker", "Docker", pattern.New(`(^|/)docker\.sock(et)?$|^npipe:|pipe/docker_engine$`), true},
	{"podman", "Podman", pattern.New(`(^|/)podman\.sock$`), true},
	{"containerd", "containerd", pattern.New(`(^|/)containerd\.sock$`), false},
	{"cri-o", "CRI-O", pattern.New(`(^|/)crio\.sock$`), false},
	{"systemd", "systemd", pattern.New(`^/run/systemd/private$`), false},
}

// socketDirectories are directories in which an engine's socket lies, or on some hosts lies: /var/run is mostly a link.
var socketDirectories = []struct {
	path   pattern.Pattern
	engine string
}{
	{pattern.New(`^/$`), "docker"},
	{pattern.New(`^/(run|var)$`), "docker"},
	{pattern.New(`^/run/user(/[0-9]+)?$`), "docker"},
	{pattern.New(`^/run(/user/[0-9]+)?/podman$`), "podman"},
	{pattern.New(`^/run(/k3s)?/containerd$`), "containerd"},
	{pattern.New(`^/run/crio$`), "cri-o"},
	{pattern.New(`^/run/systemd$`), "systemd"},
}

// mayBeSocket is a quick look that spares nearly all mounts the patterns.
func mayBeSocket(place string) bool {
	return place == "/" || strings.HasPrefix(place, "/run") || strings.HasPrefix(place, "/var") ||
		strings.Contains(place, ".sock") || strings.Contains(place, "pipe")
}

// socketAt returns the engine whose socket a path of the host is, or which a directory holds.
func socketAt(source string) (found engine, directory, ok bool) {
	place := hostPlace(source)
	if !mayBeSocket(place) {
		return engine{}, false, false
	}
	for _, e := range engines {
		if e.sockets().MatchString(place) {
			return e, false, true
		}
	}
	for _, d := range socketDirectories {
		if d.path().MatchString(place) {
			i := slices.IndexFunc(engines, func(e engine) bool { return e.id == d.engine })
			return engines[i], true, true
		}
	}
	return engine{}, false, false
}

// hostPlace returns the one spelling of a path of the host: with plain slashes, without needless parts, and with /run
// for /var/run, which has been a link to it for years.
func hostPlace(source string) string {
	place := path.Clean(strings.ReplaceAll(source, `\`, "/"))
	place = "/" + strings.TrimLeft(place, "/")
	if !strings.HasPrefix(source, "/") && !strings.HasPrefix(source, `\`) {
		place = place[1:]
	}
	if rest, ok := strings.CutPrefix(place, "/var/run"); ok && (rest == "" || rest[0] == '/') {
		return "/run" + rest
	}
	return place
}

// socketAccess is one way in which a service is given an engine's socket.
type socketAccess struct {
	engine engine
	// directory tells that a directory is given that holds the socket, among other things.
	directory bool
	// host is the socket's path on the host, for people.
	host string
	// guessed tells that the path on the host is not known, but where it appears in the container tells what it is.
	guessed bool
}

// mountedSocket returns the socket that an item of a service's volumes gives to it.
func mountedSocket(p *compose.Project, mount *compose.Value) (socketAccess, bool) {
	source, target := mount.Get("source"), mount.Get("target").Str()
	if mount.Kind == compose.String || mount.Unknown {
		return variableSocket(mount)
	}
	switch mount.Get("type").Str() {
	case "bind", "npipe":
		if e, directory, ok := socketAt(source.Str()); ok {
			return socketAccess{engine: e, directory: directory, host: mountSource(mount)}, true
		}
		if e, directory, ok := socketAt(target); ok && !directory && (source.Unset || source.Unknown) {
			return socketAccess{engine: e, host: mountSource(mount), guessed: true}, true
		}
	case "volume":
		device := p.Model.At("volumes", source.Str(), "driver_opts", "device")
		if e, directory, ok := socketAt(device.Str()); ok {
			return socketAccess{engine: e, directory: directory, host: device.Str()}, true
		}
	}
	return socketAccess{}, false
}

// variableSocket recognises a short mount whose source is a variable without value, so that Compose cannot read it.
func variableSocket(mount *compose.Value) (socketAccess, bool) {
	source := mountSource(mount)
	target, ok := strings.CutPrefix(asWritten(mount), source+":")
	if !ok || !strings.HasPrefix(source, "$") {
		return socketAccess{}, false
	}
	target, _, _ = strings.Cut(target, ":")
	e, directory, ok := socketAt(target)
	if !ok || directory {
		return socketAccess{}, false
	}
	return socketAccess{engine: e, host: source, guessed: true}, true
}

// filedSocket returns the socket that a config or secret of a service gives to it: one whose file is the socket.
func filedSocket(p *compose.Project, section string, use *compose.Value) (socketAccess, bool) {
	file := p.Model.At(section, use.Get("source").Str(), "file")
	if e, directory, ok := socketAt(file.Str()); ok && !directory {
		return socketAccess{engine: e, host: file.Str()}, true
	}
	return socketAccess{}, false
}

// accessOf returns the socket that a value of a service gives to it: an item of its volumes, configs or secrets, or the
// switch use_api_socket, or a mount of a service whose mounts it takes over, or of a container that runs before it.
func accessOf(p *compose.Project, u Use) (socketAccess, bool) {
	switch u.Path[0] {
	case "volumes", "volumes_from", "pre_start":
		return mountedSocket(p, u.Value)
	case "configs", "secrets":
		return filedSocket(p, u.Path[0], u.Value)
	case "use_api_socket":
		return socketAccess{engine: engines[0], host: "/var/run/docker.sock"}, u.Value.True()
	}
	return socketAccess{}, false
}

// eachSocket calls found for every value of a service that gives it an engine's socket. A mount that it takes over from
// another service is where that one says it.
func eachSocket(p *compose.Project, s compose.Service, found Visit) {
	look := func(list []*compose.Value, path string) {
		for _, item := range list {
			access, ok := accessOf(p, Use{Service: s, Value: item, Path: []string{path}})
			if ok && !(access.directory && opensNoSocket(s)) {
				found(item, path)
			}
		}
	}
	for _, list := range []string{"volumes", "configs", "secrets"} {
		look(items(s.Get(list)), list)
	}
	for _, lender := range lenders(p, s) {
		look(items(lender.Get("volumes")), "volumes_from")
	}
	for _, hook := range items(s.Get("pre_start")) {
		look(items(hook.Get("volumes")), "pre_start")
	}
	if v := s.Get("use_api_socket"); v.True() {
		found(v, "use_api_socket")
	}
}

// opensNoSocket tells that a service runs as the user that its image is known to have, who is not root and in no group
// that may open the sockets of engines.
func opensNoSocket(s compose.Service) bool {
	for _, key := range []string{"user", "group_add", "cap_add", "privileged", "build"} {
		if s.Get(key) != nil {
			return false
		}
	}
	contract, _ := knowledge.UserContractFor(imageOf(s))
	return contract.StartsAs == "user"
}

// maxLenders is how many services are followed that take over each other's mounts in turn.
const maxLenders = 16

// lenders returns the services whose mounts a service takes over, and those whose mounts they take over in turn.
func lenders(p *compose.Project, s compose.Service) []compose.Service {
	var found []compose.Service
	for next := []compose.Service{s}; len(next) > 0 && len(found) < maxLenders; next = next[1:] {
		for _, from := range items(next[0].Get("volumes_from")) {
			name, _, _ := strings.Cut(from.Str(), ":")
			lender := p.Service(name)
			known := func(other compose.Service) bool { return other.Name == name }
			if lender.Value != nil && name != s.Name && !slices.ContainsFunc(found, known) {
				found, next = append(found, lender), append(next, lender)
			}
		}
	}
	return found
}

// borrowers returns the services that take over the mounts of a service.
func borrowers(p *compose.Project, s compose.Service) []string {
	var list []string
	for _, other := range p.Services() {
		if slices.ContainsFunc(lenders(p, other), func(lender compose.Service) bool { return lender.Name == s.Name }) {
			list = append(list, other.Name)
		}
	}
	return list
}
