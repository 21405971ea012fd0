package main

import (
	"net/http"
	"regexp"
	"strings"
)

// switchKind is a proxy that is configured with switches: environment
// variables that each open a part of the API. Both proxies of this kind are
// an HAProxy with a list of rules of which the first match decides.
type switchKind struct {
	// defaults are the variables that the image itself sets.
	defaults map[string]string
	// beforeMethod are the rules that are asked before the method is.
	beforeMethod []rule
	// afterMethod are the rules for the requests whose method passed.
	afterMethod []rule
	// ipv4Only are the values of DISABLE_IPV6 that the proxy understands.
	ipv4Only []string
}

// rule decides about the requests whose path it matches: they pass while its
// switch is on or, with deny, are refused while it is off.
type rule struct {
	name string
	path *regexp.Regexp
	deny bool
}

// methodSwitch opens every method but GET and HEAD, DELETE and PUT included.
const methodSwitch = "POST"

// tecnativa asks for the method first, so its ALLOW_ switches do nothing
// without POST.
var tecnativa = switchKind{
	defaults: map[string]string{"EVENTS": "1", "PING": "1", "VERSION": "1"},
	afterMethod: append([]rule{
		{name: "ALLOW_RESTARTS", path: containerPath("", "stop|restart|kill")},
		{name: "ALLOW_START", path: containerPath("", "start")},
		{name: "ALLOW_STOP", path: containerPath("", "stop")},
	}, sections...),
	ipv4Only: []string{"1", "true", "yes"},
}

// linuxserver asks for its ALLOW_ switches before the method, so that they
// work without POST, and refuses some paths below a container whatever
// CONTAINERS says. Its LIBPOD_ switches are left out: nothing here is podman.
var linuxserver = switchKind{
	defaults: map[string]string{"EVENTS": "1", "PING": "1", "VERSION": "1"},
	beforeMethod: []rule{
		{name: "ALLOW_ARCHIVE", path: containerPath(podman, "archive"), deny: true},
		{name: "ALLOW_CHANGES", path: containerPath(podman, "changes"), deny: true},
		{name: "ALLOW_EXPORT", path: containerPath(podman, "export"), deny: true},
		{name: "ALLOW_LOGS", path: containerPath(podman, "logs"), deny: true},
		{name: "ALLOW_TOP", path: containerPath(podman, "top"), deny: true},
		{name: "ALLOW_RESTARTS", path: containerPath(podman, "stop|restart|kill")},
		{name: "ALLOW_START", path: containerPath(podman, "start")},
		{name: "ALLOW_STOP", path: containerPath(podman, "stop")},
		{name: "ALLOW_PAUSE", path: containerPath(podman, "pause")},
		{name: "ALLOW_UNPAUSE", path: containerPath(podman, "unpause")},
	},
	afterMethod: sections,
	ipv4Only:    []string{"1"},
}

// podman is the part of a path that podman's own API has and Docker's has not.
const podman = "(/libpod)?"

// sections are the switches that open everything below one path of the API.
var sections = []rule{
	section("AUTH", "auth"),
	section("BUILD", "build"),
	section("COMMIT", "commit"),
	section("CONFIGS", "configs"),
	section("CONTAINERS", "containers"),
	section("DISTRIBUTION", "distribution"),
	section("EVENTS", "events"),
	section("EXEC", "exec"),
	section("GRPC", "grpc"),
	section("IMAGES", "images"),
	section("INFO", "info"),
	section("NETWORKS", "networks"),
	section("NODES", "nodes"),
	section("PING", "_ping"),
	section("PLUGINS", "plugins"),
	section("SECRETS", "secrets"),
	section("SERVICES", "services"),
	section("SESSION", "session"),
	section("SWARM", "swarm"),
	section("SYSTEM", "system"),
	section("TASKS", "tasks"),
	section("VERSION", "version"),
	section("VOLUMES", "volumes"),
}

// anchored compiles a path as the proxies write theirs: an API version may
// come first, case does not matter, and anything may follow.
func anchored(path string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(/v[\d.]+)?` + path)
}

func section(name, path string) rule {
	return rule{name: name, path: anchored("/" + path)}
}

func containerPath(prefix, actions string) *regexp.Regexp {
	return anchored(prefix + "/containers/[a-zA-Z0-9_.-]+/(" + actions + ")")
}

// check returns 0 for a request that may reach the engine, else the status of
// the answer.
func (k switchKind) check(env map[string]string, r *http.Request) int {
	on := func(name string) bool { return k.on(env, name) }
	if k.allows(on, r.Method, r.URL.Path) {
		return 0
	}
	return http.StatusForbidden
}

// allows decides about a method and a decoded path, given the switches that
// are on.
func (k switchKind) allows(on func(string) bool, method, path string) bool {
	for _, r := range k.beforeMethod {
		switch {
		case !r.path.MatchString(path):
		case r.deny && !on(r.name):
			return false
		case !r.deny && on(r.name):
			return true
		}
	}
	if method != http.MethodGet && method != http.MethodHead && !on(methodSwitch) {
		return false
	}
	for _, r := range k.afterMethod {
		if on(r.name) && r.path.MatchString(path) {
			return true
		}
	}
	return false
}

func (k switchKind) on(env map[string]string, name string) bool {
	value, set := env[name]
	if !set {
		value = k.defaults[name]
	}
	return enabled(value)
}

// enabled reports whether a switch with this value is on. HAProxy reads the
// value as an integer, a sign and digits up to the first other character, and
// a switch is on if that is not zero: "1" and "2x" are on, "true" and "yes"
// are off. Measured with HAProxy 2.6.12.
func enabled(value string) bool {
	if value != "" && strings.ContainsRune("+-", rune(value[0])) {
		value = value[1:]
	}
	for _, c := range value {
		if c < '0' || c > '9' {
			return false
		}
		if c != '0' {
			return true
		}
	}
	return false
}

func (k switchKind) socketPath(env map[string]string) string {
	if path := env["SOCKET_PATH"]; path != "" {
		return path
	}
	return defaultSocket
}

func (k switchKind) listenAddress(env map[string]string) string {
	for _, value := range k.ipv4Only {
		if env["DISABLE_IPV6"] == value {
			return "0.0.0.0:2375"
		}
	}
	return "[::]:2375"
}
