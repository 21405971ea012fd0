package knowledge

import (
	"slices"
	"strings"
)

// Configuration is what a Compose file says about a client.
type Configuration struct {
	// Environment is the service's; a variable without a known value has an empty one.
	Environment map[string]string
	// Command holds the words of the service's command.
	Command []string
	// Labels are the names of the labels of all the project's services.
	Labels []string
	// Mounts are the places in the container where something of the host is mounted.
	Mounts []string
}

// Need is what a client needs of a proxy.
type Need struct {
	// Permissions are the switches to turn on, sorted, without those that are on by default. Empty means that nobody
	// has established them.
	Permissions []string
	// Features tell why more than the base is needed, sorted; each completes "because …".
	Features []string
	// MayNeed are further switches for features whose use does not show in the configuration.
	MayNeed []string
}

// Need returns what the client needs of that proxy, given its configuration.
func (c Client) Need(proxy Proxy, config Configuration) Need {
	granted := slices.Clone(c.PermissionsBase)
	if proxy.allowsSingleActions() && len(c.LinuxserverBase) > 0 {
		granted = slices.Clone(c.LinuxserverBase)
	}
	if proxy.LogsNeedAllowLogs && c.ReadsLogs {
		granted = append(granted, "ALLOW_LOGS")
	}
	need := Need{}
	for _, sign := range c.Signs {
		if !sign.foundIn(config) {
			continue
		}
		need.Features = append(need.Features, sign.Feature)
		if proxy.allowsSingleActions() && len(sign.LinuxserverAdds) > 0 {
			granted = append(granted, sign.LinuxserverAdds...)
			continue
		}
		granted = append(granted, sign.Adds...)
	}
	slices.Sort(need.Features)
	need.Features = slices.Compact(need.Features)
	need.Permissions = sortedWithout(granted, proxy.OnByDefault)
	isHidden := func(mount string) bool { return matchesAny(c.ConfiguredAt, mount) }
	if c.FullNeed == FullUnknown || slices.ContainsFunc(config.Mounts, isHidden) {
		need.MayNeed = sortedWithout(c.PermissionsFull, append(slices.Clone(proxy.OnByDefault), granted...))
	}
	return need
}

// sortedWithout returns the names, sorted, each once, without the unwanted ones.
func sortedWithout(names, unwanted []string) []string {
	var kept []string
	for _, name := range names {
		if !slices.Contains(unwanted, name) {
			kept = append(kept, name)
		}
	}
	slices.Sort(kept)
	return slices.Compact(kept)
}

func (s Sign) foundIn(config Configuration) bool {
	if s.Env != "" {
		for name, value := range config.Environment {
			if matches(s.Env, name) && s.accepts(value) {
				return true
			}
		}
		return false
	}
	if s.Arg != "" {
		return slices.ContainsFunc(config.Command, s.isArgument)
	}
	return s.Label != "" && slices.ContainsFunc(config.Labels, func(label string) bool {
		return strings.HasPrefix(label, s.Label)
	})
}

func (s Sign) isArgument(word string) bool {
	if !strings.HasPrefix(word, "-") {
		return false
	}
	word = strings.ToLower(strings.TrimLeft(word, "-"))
	wanted := strings.ToLower(strings.TrimLeft(s.Arg, "-"))
	if s.Value == "" {
		return strings.HasPrefix(word, wanted)
	}
	name, value, hasValue := strings.Cut(word, "=")
	return name == wanted && (s.accepts(value) || !hasValue && s.Value == "true")
}

func (s Sign) accepts(value string) bool {
	if s.Contains != "" {
		return strings.Contains(value, s.Contains)
	}
	if s.Value == "true" {
		return isYes(value)
	}
	return s.Value == "" || strings.EqualFold(s.Value, value)
}

func isYes(value string) bool {
	switch strings.ToLower(value) {
	case "true", "1", "t", "yes", "y", "on":
		return true
	}
	return false
}

// SocketUnneeded tells whether the client is known to do without the socket in this configuration, and why.
func (c Client) SocketUnneeded(config Configuration) (reason string, ok bool) {
	for _, name := range c.DropMount.UsedByEnv {
		if _, set := config.Environment[name]; set {
			return "", false
		}
	}
	for _, name := range c.DropMount.WhenEnv {
		if _, set := config.Environment[name]; set {
			return name + " is set", true
		}
	}
	if len(c.DropMount.UnlessEnv) == 0 {
		return "", false
	}
	for _, name := range c.DropMount.UnlessEnv {
		if _, set := config.Environment[name]; set {
			return "", false
		}
	}
	return strings.Join(c.DropMount.UnlessEnv, " and ") + " is not set", true
}

// NeedsSocket returns the word or the setting with which the client can use nothing but a socket, or "".
func (c Client) NeedsSocket(config Configuration) string {
	for _, with := range c.SocketOnlyWith {
		name, value, isSetting := strings.Cut(with, "=")
		if isSetting && config.Environment[name] == value || !isSetting && slices.Contains(config.Command, with) {
			return with
		}
	}
	return ""
}
