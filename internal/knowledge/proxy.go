package knowledge

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"composelint/internal/spelling"
)

// ProxyRules is the way a proxy is told what to let through.
type ProxyRules string

// The ways of configuring a proxy.
const (
	RulesSwitches ProxyRules = "switches" // environment variables, one per section of the API
	RulesFlags    ProxyRules = "flags"    // a regular expression per method
	RulesFile     ProxyRules = "rules"    // lines of methods and expressions
	RulesFixed    ProxyRules = "fixed"    // nothing to configure
	RulesResponse ProxyRules = "response" // filters answers, and needs another proxy before the socket
)

// TagRange tells which tags of a proxy's image a fact holds for. Empty ends are open.
type TagRange struct {
	From   string `yaml:"from"`
	Before string `yaml:"before"`
}

// Contains tells whether the fact holds for a tag. Tags are compared by their numbers, one after the other; a tag
// without any, such as "latest", counts as the newest.
func (r TagRange) Contains(tag string) bool {
	numbers := tagNumbers(tag)
	if len(numbers) == 0 {
		return r.Before == ""
	}
	if r.From != "" && slices.Compare(numbers, tagNumbers(r.From)) < 0 {
		return false
	}
	return r.Before == "" || slices.Compare(numbers, tagNumbers(r.Before)) < 0
}

// tagNumbers returns the numbers in a tag: 3, 4, 3, 0 and 92 of "3.4.3-r0-ls92".
func tagNumbers(tag string) []int {
	var numbers []int
	isDigit := func(r rune) bool { return r >= '0' && r <= '9' }
	for text := range strings.FieldsFuncSeq(tag, func(r rune) bool { return !isDigit(r) }) {
		number, err := strconv.Atoi(text)
		if err != nil { // more digits than an int holds: no version
			return nil
		}
		numbers = append(numbers, number)
	}
	return numbers
}

// BadTag is a tag that must not be used, and why.
type BadTag struct {
	Tag string `yaml:"tag"`
	Why string `yaml:"why"`
}

// Hardening is what a proxy's container is known to run with.
type Hardening struct {
	// ReadOnly says that a read-only root filesystem works, with Tmpfs mounted.
	ReadOnly bool `yaml:"read_only"`
	// ReadOnlyTags limits ReadOnly to some tags.
	ReadOnlyTags TagRange `yaml:"read_only_tags"`
	// Tmpfs are the directories that must be writable under a read-only root.
	Tmpfs []string `yaml:"tmpfs"`
	// DropAllCapabilities and NoNewPrivileges say that the proxy runs without either.
	DropAllCapabilities bool `yaml:"drop_all_capabilities"`
	NoNewPrivileges     bool `yaml:"no_new_privileges"`
	// User is the user the image must or does run as, in words if it depends on the host.
	User string `yaml:"user"`
	// Notes are the limits of the above.
	Notes string `yaml:"notes"`
}

// Healthcheck tells how a proxy's health is checked.
type Healthcheck struct {
	// BuiltIn says that the image has a HEALTHCHECK of its own.
	BuiltIn bool `yaml:"built_in"`
	// Command is a check that works inside the image, in the form of Compose's "test".
	Command []string `yaml:"command"`
	// NeedsFlag is what the proxy must be started with for the command to work.
	NeedsFlag string `yaml:"needs_flag"`
}

// Flag is a command-line flag of a proxy that has no switches.
type Flag struct {
	Name    string `yaml:"name"`
	Env     string `yaml:"env"`
	Default string `yaml:"default"`
	Meaning string `yaml:"meaning"`
}

// Proxy is an image that stands between a container engine's socket and its clients and filters what they may do.
type Proxy struct {
	ID               string     `yaml:"id"`
	Images           []string   `yaml:"images"`
	UnverifiedImages []string   `yaml:"images_unverified"`
	Rules            ProxyRules `yaml:"rules"`
	// PinnedTag is the tag to write for a new service. Empty means: do not write this image.
	PinnedTag string   `yaml:"pinned_tag"`
	BadTags   []BadTag `yaml:"bad_tags"`
	Port      int      `yaml:"port"`
	// LoopbackOnly says that the proxy listens on its own loopback address unless told otherwise.
	LoopbackOnly bool `yaml:"loopback_only"`
	// Switches are the permissions; OnByDefault those of them that are on unless set to 0; NewerSwitches the ones
	// that only releases after PinnedTag know; OtherEnv the settings that are no permissions. A "*" at the end stands
	// for any ending.
	Switches      []string `yaml:"switches"`
	OnByDefault   []string `yaml:"on_by_default"`
	NewerSwitches []string `yaml:"newer_switches"`
	OtherEnv      []string `yaml:"other_env"`
	// AllowNeedsPost says that the ALLOW_ switches for actions do nothing unless POST is on.
	AllowNeedsPost bool `yaml:"allow_needs_post"`
	// LogsNeedAllowLogs says that reading logs needs ALLOW_LOGS even where CONTAINERS is on, for LogsTags.
	LogsNeedAllowLogs bool     `yaml:"logs_need_allow_logs"`
	LogsTags          TagRange `yaml:"logs_tags"`
	// GetOnly says that the proxy lets no method but GET and HEAD through, whatever is configured.
	GetOnly bool `yaml:"get_only"`
	// RestrictsBinds says that the proxy can limit which host paths new containers may mount.
	RestrictsBinds bool `yaml:"restricts_binds"`
	// UnixSocket says that the proxy can offer its filtered API as a socket file.
	UnixSocket bool `yaml:"unix_socket"`
	// SilenceLimit is after how long without a byte a connection is cut; empty if that is not known.
	SilenceLimit string      `yaml:"silence_limit"`
	Hardening    Hardening   `yaml:"hardening"`
	Healthcheck  Healthcheck `yaml:"healthcheck"`
	Flags        []Flag      `yaml:"flags"`
	Notes        string      `yaml:"notes"`
	Provenance   `yaml:",inline"`
}

// Forwarder is an image that re-publishes a socket as it is, without filtering anything.
type Forwarder struct {
	ID         string   `yaml:"id"`
	Images     []string `yaml:"images"`
	Notes      string   `yaml:"notes"`
	Provenance `yaml:",inline"`
}

// ProxyByID returns the proxy with that ID: "tecnativa", "linuxserver", "wollomatic", ….
func ProxyByID(id string) (Proxy, bool) {
	i := slices.IndexFunc(proxyTable, func(p Proxy) bool { return p.ID == id })
	if i < 0 {
		return Proxy{}, false
	}
	return proxyTable[i], true
}

var proxyIndex = sync.OnceValue(func() map[string]*Proxy {
	index := map[string]*Proxy{}
	for i := range proxyTable {
		proxy := &proxyTable[i]
		for _, names := range [][]string{proxy.Images, proxy.UnverifiedImages} {
			for _, name := range names {
				index[name] = proxy
			}
		}
	}
	return index
})

// ProxyFor returns the filtering proxy that the image is. Forwarders, which filter nothing, are not among them.
func ProxyFor(img Image) (Proxy, bool) {
	proxy, ok := lookup(proxyIndex(), img)
	if !ok {
		return Proxy{}, false
	}
	return *proxy, true
}

// ForwarderFor returns the forwarder that the image is: it can do other work too, so look at what it is told to do.
func ForwarderFor(img Image) (Forwarder, bool) {
	for _, forwarder := range forwarderTable {
		if slices.ContainsFunc(forwarder.Images, img.Matches) {
			return forwarder, true
		}
	}
	return Forwarder{}, false
}

// KnowsEnv tells whether the proxy looks at a variable of that name, in the release that a tag stands for. Proxies ignore
// the others without a word, so a misspelt switch stays off. It is only meaningful for proxies with switches.
func (p Proxy) KnowsEnv(name, tag string) bool {
	if matchesAny(p.Switches, name) || matchesAny(p.OtherEnv, name) {
		return true
	}
	numbers := tagNumbers(tag)
	isNewer := len(numbers) == 0 || slices.Compare(numbers, tagNumbers(p.PinnedTag)) > 0
	return isNewer && matchesAny(p.NewerSwitches, name)
}

// SwitchNamed returns the switch that a name is most likely a misspelling of, or "".
func (p Proxy) SwitchNamed(name string) string { return spelling.Misspelt(name, p.Switches) }

// IsBadTag returns why a tag of the proxy must not be used, if it is known that it must not.
func (p Proxy) IsBadTag(tag string) (why string, bad bool) {
	i := slices.IndexFunc(p.BadTags, func(b BadTag) bool { return b.Tag == tag })
	if i < 0 {
		return "", false
	}
	return p.BadTags[i].Why, true
}

// allowsSingleActions tells whether the proxy has switches for single actions that work without POST.
func (p Proxy) allowsSingleActions() bool {
	return !p.AllowNeedsPost && slices.Contains(p.Switches, "ALLOW_RESTARTS")
}

// SwitchIsOn tells whether a proxy built on HAProxy takes a switch's value for yes: HAProxy reads an integer, and
// anything but a number other than zero is no; "true" and "yes" are no.
// See https://github.com/haproxy/haproxy/blob/v3.2.0/src/sample.c (string to boolean goes through an integer).
func SwitchIsOn(value string) bool {
	value = strings.TrimLeft(strings.TrimPrefix(value, "-"), "0")
	return value != "" && value[0] >= '1' && value[0] <= '9'
}

// SwitchKind tells what a switch of a proxy does.
type SwitchKind string

// The kinds of switches.
const (
	SwitchSection     SwitchKind = "section"      // opens one section of the API
	SwitchMethods     SwitchKind = "methods"      // opens every method but GET and HEAD, in the sections that are open
	SwitchAction      SwitchKind = "action"       // opens single actions on a container
	SwitchSubresource SwitchKind = "sub_resource" // lifts a denial inside an open section
)

// Switch is a permission of a switch-based proxy.
type Switch struct {
	Name string     `yaml:"name"`
	Kind SwitchKind `yaml:"kind"`
	// Path is the beginning of the API paths that the switch is about, without the version.
	Path string `yaml:"path"`
	// Opens tells in plain words what a client can do once it is on.
	Opens string `yaml:"opens"`
	// Risk tells what an attacker gains, if that is more than one would expect.
	Risk       string `yaml:"risk"`
	Provenance `yaml:",inline"`
}

// Switches returns all known switches, sorted by name.
func Switches() []Switch { return slices.Clip(switchTable) }

// SwitchByName returns the switch with that name.
func SwitchByName(name string) (Switch, bool) {
	return findSorted(switchTable, name, func(s Switch) string { return s.Name })
}

// ProxySettings are what a proxy's service is given.
type ProxySettings struct {
	Env  []EnvVar
	Args []string
}

// Settings returns what the proxy must be given to grant the permissions to the clients, which are host names. It is
// false for proxies that have no such permissions, or not all of them.
func (p Proxy) Settings(permissions, clients []string) (ProxySettings, bool) {
	switch p.Rules {
	case RulesSwitches:
		var settings ProxySettings
		for _, name := range permissions {
			if !matchesAny(p.Switches, name) {
				return ProxySettings{}, false
			}
			settings.Env = append(settings.Env, EnvVar{Name: name, Value: "1"})
		}
		return settings, true
	case RulesFlags:
		flags, ok := expressionFlags(permissions)
		if !ok {
			return ProxySettings{}, false
		}
		args := []string{"-listenip=0.0.0.0", "-allowfrom=" + strings.Join(clients, ",")}
		if p.Healthcheck.NeedsFlag != "" {
			args = append(args, p.Healthcheck.NeedsFlag)
		}
		return ProxySettings{Args: append(args, flags...)}, true
	}
	return ProxySettings{}, false
}

// expressionFlags returns the flags that give wollomatic's proxy the same permissions as the switches would give
// Tecnativa's: an expression for each method, over the sections that are open. Switches for single actions have no
// counterpart among them.
func expressionFlags(permissions []string) ([]string, bool) {
	var sections []string
	post := false
	for _, name := range append([]string{"PING", "VERSION"}, permissions...) {
		found, ok := SwitchByName(name)
		switch {
		case ok && found.Kind == SwitchSection:
			sections = append(sections, strings.TrimPrefix(found.Path, "/"))
		case ok && found.Kind == SwitchMethods:
			post = true
		default:
			return nil, false
		}
	}
	slices.Sort(sections)
	// The proxy anchors expressions at both ends by itself.
	expression := `(/v1\..{1,2})?/(` + strings.Join(slices.Compact(sections), "|") + `)(/.*)?`
	flags := []string{"-allowGET=" + expression, "-allowHEAD=" + expression}
	if post {
		for _, method := range []string{"POST", "PUT", "DELETE"} {
			flags = append(flags, "-allow"+method+"="+expression)
		}
	}
	return flags, true
}

// Operation is something that a client does with the engine, and the least a switch-based proxy must allow for it.
type Operation struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	// Switches must be on besides PING, VERSION and EVENTS, which are on by default.
	Switches []string `yaml:"switches"`
	// OtherSwitches is a second minimal set, if there is one.
	OtherSwitches []string `yaml:"other_switches"`
	// LinuxserverAdds must be on besides Switches in linuxserver's proxy.
	LinuxserverAdds []string `yaml:"linuxserver_adds"`
	// WhenSilent tells what happens to a connection that is silent for longer than the proxy's limit.
	WhenSilent string `yaml:"when_silent"`
	Provenance `yaml:",inline"`
}

// Operations returns all known operations, sorted by ID.
func Operations() []Operation { return slices.Clip(operationTable) }

// OperationByID returns the operation with that ID: "docker-operator", "exec", "run", ….
func OperationByID(id string) (Operation, bool) {
	return findSorted(operationTable, id, func(o Operation) string { return o.ID })
}
