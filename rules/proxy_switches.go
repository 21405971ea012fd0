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

// idleSwitch is a variable of a proxy that does not do what it seems to do.
type idleSwitch struct {
	message string
	repair  func(Cause) Fix
}

// checkSwitches looks at the variables of proxies with switches.
func (p *Pass) checkSwitches() {
	p.Flag(func(s compose.Service, found Visit) {
		if !isProxy(s) {
			return
		}
		for _, e := range s.Get("environment").Settings() {
			if p.idleSwitch(s, e) != nil {
				found(e.Value, "environment", e.Key)
			}
		}
	}, func(c Cause) Finding {
		s, name := c.Uses[0].Service, c.Uses[0].Path[1]
		idle := p.idleSwitch(s, compose.Field{Key: name, Value: s.Get("environment").Setting(name)})
		return Finding{Message: idle.message, Evidence: name, Repair: func() Fix { return idle.repair(c) }}
	})
}

// isSwitchShaped matches what looks like a permission: capitals alone.
var isSwitchShaped = pattern.New(`^[A-Z][A-Z_]*$`)

// commonVariables are read by the base images of proxies, or by nobody, and are no permissions.
var commonVariables = []string{"TZ", "PUID", "PGID", "UMASK", "LANG", "PATH", "HOME"}

// idleSwitch says what is wrong with a variable of a proxy; nil where nothing is.
func (p *Pass) idleSwitch(s compose.Service, e compose.Field) *idleSwitch {
	kind, ok := knowledge.ProxyFor(imageOf(s))
	if !ok || kind.Rules != knowledge.RulesSwitches || e.Value == nil || e.Value.Unset || e.Value.Unknown ||
		!isSwitchShaped().MatchString(e.Key) || slices.Contains(commonVariables, e.Key) {
		return nil
	}
	value := e.Value.Str()
	switch {
	case !kind.KnowsEnv(e.Key, imageOf(s).Tag):
		return unknownSwitch(s, kind, e.Key)
	case !slices.Contains(kind.Switches, e.Key):
		return nil
	case isWordForYes(value):
		return &idleSwitch{
			fmt.Sprintf("%s takes %s: %s for no: only a number other than 0 turns a permission on", s.Name, e.Key, value),
			func(c Cause) Fix { return setSwitches(c, "1", "Turn "+e.Key+" on with 1", Safe) },
		}
	case kind.AllowNeedsPost && strings.HasPrefix(e.Key, "ALLOW_") && hasSwitch(s, e.Key) && !hasSwitch(s, "POST"):
		return &idleSwitch{
			fmt.Sprintf("%s does nothing for %s: %s refuses all changes as long as POST is off", e.Key, s.Name, kind.ID),
			p.allowSingleActions,
		}
	}
	return nil
}

func isWordForYes(value string) bool {
	return slices.Contains([]string{"true", "yes", "on", "enabled"}, strings.ToLower(value))
}

// hasSwitch tells that a permission of a proxy is on.
func hasSwitch(s compose.Service, name string) bool {
	return knowledge.SwitchIsOn(s.Get("environment").Setting(name).Str())
}

// unknownSwitch tells of a variable that a proxy does not look at.
func unknownSwitch(s compose.Service, kind knowledge.Proxy, name string) *idleSwitch {
	right := kind.SwitchNamed(name)
	switch {
	case slices.Contains(kind.NewerSwitches, name):
		return &idleSwitch{
			fmt.Sprintf("%s ignores %s: %s has that permission in releases after %s", s.Name, name, kind.ID, kind.PinnedTag),
			func(c Cause) Fix { return dropVariable(c, name) },
		}
	case right == "":
		return &idleSwitch{
			fmt.Sprintf("%s ignores %s: %s knows no permission of that name", s.Name, name, kind.ID),
			func(Cause) Fix {
				return manual("Correct the permission", "Give the permission by a name that the proxy knows, or remove the line.")
			},
		}
	case s.Get("environment").Setting(right) != nil:
		return &idleSwitch{
			fmt.Sprintf("%s ignores %s: %s calls the permission %s, which is set, too", s.Name, name, kind.ID, right),
			func(c Cause) Fix { return dropVariable(c, name) },
		}
	}
	return &idleSwitch{
		fmt.Sprintf("%s ignores %s: %s calls the permission %s", s.Name, name, kind.ID, right),
		func(c Cause) Fix {
			fix := renameVariable(c, name, right)
			fix.Safety = min(fix.Safety, Unsafe) // it may open what is closed now
			return fix
		},
	}
}

// allowSingleActions puts linuxserver's proxy, which allows single actions without POST, in the place of one that does
// not. The other permissions mean the same to both, but for reading logs.
func (p *Pass) allowSingleActions(c Cause) Fix {
	const title = "Use linuxserver's proxy, which allows single actions without POST"
	kind, ok := knowledge.ProxyByID("linuxserver")
	if !ok || hasLogReader(p, proxyService{Service: c.Uses[0].Service, users: usersOf(p.Project, c.Uses[0].Service)}) {
		return manual(title, "With it, clients that read logs need ALLOW_LOGS. Turning POST on instead allows all changes.")
	}
	image := kind.Images[0] + ":" + kind.PinnedTag
	var r repair
	for _, s := range c.distinct() {
		if s.Get("image").Raw != "" {
			return manual(title, "The image is a variable: set it to "+image+".")
		}
		r.set(s.Get("image"), patch.String(image))
		r.change(s, image, "image")
	}
	return r.fix(title, Unsafe)
}

// hasLogReader tells that a client of a proxy is known to read the logs of containers.
func hasLogReader(p *Pass, proxy proxyService) bool {
	return slices.ContainsFunc(proxy.users, func(s compose.Service) bool {
		client, _, _ := p.Facts.client(s)
		return client.ReadsLogs
	})
}

// checkLogReaders looks for proxies that keep logs from clients that read them: linuxserver's wants a permission of its
// own for that.
func (p *Pass) checkLogReaders() {
	const name = "ALLOW_LOGS"
	withheld := map[string]bool{}
	for _, proxy := range p.Facts.proxies() {
		withheld[proxy.Name] = proxy.kind.LogsNeedAllowLogs && proxy.kind.LogsTags.Contains(imageOf(proxy.Service).Tag) &&
			proxy.Get("environment").Setting(name) == nil && hasLogReader(p, proxy)
	}
	p.Flag(func(s compose.Service, found Visit) {
		if withheld[s.Name] && hasSwitch(s, "CONTAINERS") {
			found(s.Get("environment").Setting("CONTAINERS"), "environment", "CONTAINERS")
		}
	}, func(c Cause) Finding {
		return Finding{
			Message: fmt.Sprintf("%s keeps the logs of containers from clients that read them: %s opens them, CONTAINERS does not",
				names(c.Services()), name),
			Evidence: name,
			Repair:   func() Fix { return addSwitch(c, name) },
		}
	})
}

// addSwitch turns a permission on, beside another one.
func addSwitch(c Cause, name string) Fix {
	var r repair
	node := c.Value().Origin.Site()
	draft := r.draft(c.Value().Origin.File)
	if c.Value().Origin.Key == nil {
		draft.Append(node.Parent, patch.String(name+"=1"))
	} else {
		draft.Insert(node.Parent, name, patch.Quoted("1", patch.DoubleQuote))
	}
	for _, s := range c.distinct() {
		r.addSetting(s, name, "1")
	}
	return r.fix("Turn "+name+" on", Safe)
}
