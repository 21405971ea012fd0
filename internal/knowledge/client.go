package knowledge

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

// WiringKind is the preferred way to point a client at an endpoint other than the default socket.
type WiringKind string

// The kinds of wiring. Only the first two can be done from the Compose file alone.
const (
	WiringEnv        WiringKind = "env"
	WiringArgs       WiringKind = "args"
	WiringConfigFile WiringKind = "config_file"
	WiringUI         WiringKind = "ui_only"
	WiringImpossible WiringKind = "impossible"
	WiringDropMount  WiringKind = "drop_mount"
	WiringUnknown    WiringKind = "unknown"
)

// EnvVar is an environment variable and its value.
type EnvVar struct {
	Name  string `yaml:"name"`
	Value string `yaml:"value"`
}

// Wiring tells how a client is pointed at an endpoint. The forms hold "{host}" and "{port}" where the endpoint goes;
// whether a scheme stands before them is part of the form, because some clients need one and others break on it.
type Wiring struct {
	Kind WiringKind `yaml:"kind"`
	// EnvForms are to be set together.
	EnvForms []EnvVar `yaml:"env"`
	// ArgForms are words to append to the command.
	ArgForms []string `yaml:"args"`
	// ConfigForm is the line to write into the client's own configuration, with the file it belongs to.
	ConfigForm string `yaml:"config_file"`
	// UIForm tells where in the client's own interface the endpoint is set.
	UIForm string `yaml:"ui"`
	// SocketToo says that the client uses its socket beside the addresses that its variables list.
	SocketToo bool `yaml:"socket_too"`
	// OtherEnv are variables that work too, each under its own condition.
	OtherEnv []EnvAlternative `yaml:"other_env"`
}

// EnvAlternative is another set of variables that points the client at an endpoint.
type EnvAlternative struct {
	EnvForms []EnvVar `yaml:"env"`
	// When tells under which condition it works, in plain words.
	When string `yaml:"when"`
}

// Env returns the variables to set for an endpoint, all of them together.
func (w Wiring) Env(host string, port int) []EnvVar {
	var vars []EnvVar
	for _, form := range w.EnvForms {
		vars = append(vars, EnvVar{form.Name, render(form.Value, host, port)})
	}
	return vars
}

// Args returns the words to append to the command for an endpoint.
func (w Wiring) Args(host string, port int) []string {
	var args []string
	for _, form := range w.ArgForms {
		args = append(args, render(form, host, port))
	}
	return args
}

// ConfigFile returns what to write into the client's own configuration for an endpoint.
func (w Wiring) ConfigFile(host string, port int) string { return render(w.ConfigForm, host, port) }

// UI returns what to set in the client's own interface for an endpoint.
func (w Wiring) UI(host string, port int) string { return render(w.UIForm, host, port) }

func render(form, host string, port int) string {
	return strings.NewReplacer("{host}", host, "{port}", strconv.Itoa(port)).Replace(form)
}

// PostNeed tells when a client calls methods other than GET and HEAD.
type PostNeed string

// When a client needs POST and the other changing methods.
const (
	PostNever    PostNeed = "never"
	PostFullOnly PostNeed = "full_only"
	PostAlways   PostNeed = "always"
	PostUnknown  PostNeed = "unknown"
)

// RootEquivalence tells whether what a client needs amounts to root on the host.
type RootEquivalence string

// RootFineGrainedOnly means: needs little, but a proxy that knows only sections must grant creation of any container
// along with it; a proxy with per-path rules need not.
const (
	RootNo              RootEquivalence = "no"
	RootFineGrainedOnly RootEquivalence = "fine_grained_only"
	RootFullOnly        RootEquivalence = "full_only"
	RootYes             RootEquivalence = "yes"
)

// FullNeed tells whether the service's own configuration shows that a client uses more than its base features.
type FullNeed string

// FullSame: there is no more than the base. FullSigns: the signs tell, all of them or the ones that are known.
// FullUnknown: nothing in a Compose file is known to tell.
const (
	FullSame    FullNeed = "same"
	FullSigns   FullNeed = "signs"
	FullUnknown FullNeed = "unknown"
)

// SocketPassing tells whether a client mounts the host's socket into containers that it starts. A proxy in front of
// the client does not stop that.
type SocketPassing string

// When a client passes the host's socket on.
const (
	PassesNever        SocketPassing = ""
	PassesAlways       SocketPassing = "always"
	PassesByDefault    SocketPassing = "by_default"
	PassesIfConfigured SocketPassing = "if_configured"
)

// Sign is a trace in a Compose file that a client uses more than its base features. Exactly one of Env, Arg and
// Label is set.
type Sign struct {
	// Env is a variable's name; a final "*" stands for any ending.
	Env string `yaml:"env"`
	// Value is what the variable or the argument must be, case aside; "true" stands for every spelling of yes, and
	// for an argument without a value. Empty means any.
	Value string `yaml:"value"`
	// Contains is a part that the variable's value must have.
	Contains string `yaml:"contains"`
	// Arg is the beginning of an argument of the command, case and the number of dashes aside; if there is a Value,
	// it is the argument's whole name.
	Arg string `yaml:"arg"`
	// Label is the beginning of a label's name, on any service of the project.
	Label string `yaml:"label"`
	// Adds are the permissions that the feature needs besides the base.
	Adds []string `yaml:"adds"`
	// LinuxserverAdds replaces Adds for a proxy whose ALLOW_ switches work without POST, as linuxserver's do.
	LinuxserverAdds []string `yaml:"linuxserver_adds"`
	// Feature names what the sign shows, to follow "because": "actions are enabled".
	Feature string `yaml:"feature"`
}

// DropMount tells when a client's socket mount can go without a substitute.
type DropMount struct {
	// WhenEnv: the client does not look at the socket once one of these variables is set.
	WhenEnv []string `yaml:"when_env"`
	// UnlessEnv: the client does not use the socket unless one of these variables is set.
	UnlessEnv []string `yaml:"unless_env"`
	// UsedByEnv: whatever the others say, the client may use the socket once one of these variables is set.
	UsedByEnv []string `yaml:"used_by_env"`
	// Advice is what to tell when only the user can know.
	Advice string `yaml:"advice"`
}

// Client is an image that is given access to the container engine.
type Client struct {
	ID    string `yaml:"id"`
	Group string `yaml:"group"`
	// Images are repository names seen in use; UnverifiedImages are plausible ones that were not seen.
	Images           []string `yaml:"images"`
	UnverifiedImages []string `yaml:"images_unverified"`
	Wiring           Wiring   `yaml:"wiring"`
	// PermissionsRead are the switches for the read-only features, PermissionsBase those that the client needs to be
	// of any use, PermissionsFull those for everything it documents; each contains the one before. EVENTS, which is
	// on by default, is listed where it is used; PING and VERSION never are. Empty means not established.
	PermissionsRead []string `yaml:"permissions_read"`
	PermissionsBase []string `yaml:"permissions_base"`
	PermissionsFull []string `yaml:"permissions_full"`
	// LinuxserverBase replaces PermissionsBase for a proxy whose ALLOW_ switches work without POST, as linuxserver's
	// do, if they can express the need.
	LinuxserverBase []string `yaml:"linuxserver_base"`
	// ReadsLogs says that the client needs ALLOW_LOGS of a proxy that withholds logs without it.
	ReadsLogs bool `yaml:"reads_logs"`
	// FullNeed and Signs tell when more than the base is needed.
	FullNeed FullNeed `yaml:"full_need"`
	Signs    []Sign   `yaml:"signs"`
	// ConfiguredAt are places in the container where people mount a configuration that can ask for more than the signs
	// show; a final "*" stands for any ending.
	ConfiguredAt   []string        `yaml:"configured_at"`
	PostRequired   PostNeed        `yaml:"post_required"`
	RootEquivalent RootEquivalence `yaml:"root_equivalent"`
	PassesSocketOn SocketPassing   `yaml:"passes_socket_on"`
	DropMount      DropMount       `yaml:"drop_mount"`
	// DropEnv are variables that must go when the client is pointed elsewhere, besides DockerTLSVariables; a "*"
	// stands for anything.
	DropEnv []string `yaml:"drop_env"`
	// SocketOnlyWith are words of the command, or settings NAME=value, with which the client can use nothing but a socket.
	SocketOnlyWith []string `yaml:"socket_only_with"`
	// SocketTargets are the places in the container where the image looks for the socket, if not the usual one.
	SocketTargets []string `yaml:"socket_targets"`
	// ProxyLabel is a label for the client's own proxy that keeps the client from making a way to it or replacing it, as it
	// does with containers that do not say otherwise.
	ProxyLabel EnvVar `yaml:"proxy_label"`
	// IgnoresDockerHost says that setting DOCKER_HOST is known to do nothing.
	IgnoresDockerHost bool `yaml:"ignores_docker_host"`
	// HostNetwork says that the image is commonly run with network_mode: host, where service names do not resolve.
	HostNetwork bool `yaml:"host_network"`
	// Tags restricts the client to images with one of these tags; "*" stands for anything.
	Tags []string `yaml:"tags"`
	// Notes are caveats for the report, in plain words.
	Notes      string `yaml:"notes"`
	Provenance `yaml:",inline"`
}

// DockerTLSVariables returns the variables that must go from every service that is pointed at a plain-text endpoint:
// most clients turn TLS on for any value of the first, "0" included.
// See https://github.com/docker/cli/blob/28f756087e/cli/command/cli.go.
func DockerTLSVariables() []string { return []string{"DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"} }

// Clients returns all known clients, sorted by ID.
func Clients() []Client { return slices.Clip(clientTable) }

var clientIndex = sync.OnceValue(func() map[string]*Client {
	index := make(map[string]*Client, 2*len(clientTable))
	for i := range clientTable {
		client := &clientTable[i]
		for _, names := range [][]string{client.Images, client.UnverifiedImages} {
			for _, name := range names {
				index[name] = client
			}
		}
	}
	return index
})

// ClientFor returns the client that the image is.
func ClientFor(img Image) (Client, bool) {
	client, ok := lookup(clientIndex(), img)
	if !ok || len(client.Tags) > 0 && !matchesAny(client.Tags, img.Tag) {
		return Client{}, false
	}
	return *client, true
}

// ClientByID returns the client with that ID.
func ClientByID(id string) (Client, bool) {
	return findSorted(clientTable, id, func(c Client) string { return c.ID })
}

// findSorted returns the record with that key of a table that is sorted by key.
func findSorted[T any](table []T, key string, keyOf func(T) string) (T, bool) {
	i, ok := slices.BinarySearchFunc(table, key, func(record T, key string) int {
		return strings.Compare(keyOf(record), key)
	})
	if !ok {
		var none T
		return none, false
	}
	return table[i], true
}

// IdleImage is an image that people give the socket although nothing in it uses it.
type IdleImage struct {
	Images     []string `yaml:"images"`
	Reason     string   `yaml:"reason"`
	Provenance `yaml:",inline"`
}

// SocketNeverUsed returns the image's entry if it is known not to use the socket at all.
func SocketNeverUsed(img Image) (IdleImage, bool) {
	for _, idle := range idleImageTable {
		if slices.ContainsFunc(idle.Images, img.Matches) {
			return idle, true
		}
	}
	return IdleImage{}, false
}
