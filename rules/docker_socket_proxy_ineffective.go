package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/patch"
)

var dockerSocketProxyIneffective = &Rule{
	Name:     "docker-socket-proxy-ineffective",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A setting of a filtering proxy in front of the engine's socket does not do what it seems to do.",
	Why: `The proxies ignore what they do not understand, without a word. A permission that is misspelt, or given as ` + "`true`" + `, stays
off; the client gets "403 Forbidden", and the way out is often to open more than is needed. A tag that moves is worse: the
next release gives the permissions another meaning.`,
	Fix: "Writes 1 for true, adds the writable directories that a read-only proxy needs and ALLOW_LOGS for clients that read " +
		"logs, and pins the tag. That is safe. Corrects the name of a misspelt permission, and puts linuxserver's proxy in the place " +
		"of one that allows no single actions without POST. That is unsafe.",
	Bad: `services:
  socket-proxy:
    image: tecnativa/docker-socket-proxy:v0.4.2
    environment:
      CONTAINERS: "true"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
`,
	Good: `services:
  socket-proxy:
    image: tecnativa/docker-socket-proxy:v0.4.2
    environment:
      CONTAINERS: "1"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
`,
	References: []Reference{
		{"Docker Socket Proxy v0.4.1, haproxy.cfg", "https://github.com/Tecnativa/docker-socket-proxy/blob/a6fbf38/haproxy.cfg"},
		{"Docker Socket Proxy, issue 180 (v0.5.0)", "https://github.com/Tecnativa/docker-socket-proxy/issues/180"},
		{"LinuxServer socket-proxy, README", "https://github.com/linuxserver/docker-socket-proxy/blob/ab9f088/README.md"},
	},
	Limits: "Proxies that are configured with expressions are looked at for their tag alone.",
	Check:  checkIneffectiveProxies,
}

func checkIneffectiveProxies(p *Pass) {
	p.checkSwitches()
	p.checkLogReaders()
	p.checkProxyTags()
	p.checkReadOnlyProxies()
}

// checkProxyTags looks for tags that move, and for those that are known not to work.
func (p *Pass) checkProxyTags() {
	p.Flag(func(s compose.Service, found Visit) {
		if hasBadTag(s) {
			found(s.Get("image"), "image")
		}
	}, func(c Cause) Finding {
		image := imageOf(c.Uses[0].Service)
		kind, _ := knowledge.ProxyFor(image)
		return Finding{
			Message: fmt.Sprintf("%s has the tag %s: %s", names(c.Services()), cmp.Or(image.Tag, "latest"), badTag(kind, image)),
			// Written out, so that the finding stays the same when the tag is left out.
			Evidence: image.Repository + ":" + image.Tag,
			Repair:   func() Fix { return pinTag(c, kind, image) },
		}
	})
}

// hasBadTag tells that a service is a proxy whose tag is reported here.
func hasBadTag(s compose.Service) bool {
	kind, ok := knowledge.ProxyFor(imageOf(s))
	return ok && badTag(kind, imageOf(s)) != ""
}

// badTag says why a proxy's tag should not be used; empty where nothing is wrong with it.
func badTag(kind knowledge.Proxy, image knowledge.Image) string {
	if image.Digest != "" || image.Uncertain {
		return ""
	}
	if why, bad := kind.IsBadTag(cmp.Or(image.Tag, "latest")); bad {
		return why
	}
	if _, moving := knowledge.MovingTag(image); moving && kind.Rules == knowledge.RulesSwitches {
		return "its next release may give the permissions another meaning"
	}
	return ""
}

func pinTag(c Cause, kind knowledge.Proxy, image knowledge.Image) Fix {
	usesNewer := slices.ContainsFunc(c.Uses[0].Service.Get("environment").Settings(), func(e compose.Field) bool {
		return slices.Contains(kind.NewerSwitches, e.Key)
	})
	if kind.PinnedTag == "" || c.Value().Raw != "" || usesNewer {
		return manual("Pin the tag", "Choose a released tag whose permissions you know.")
	}
	var r repair
	pinned := strings.TrimSuffix(image.Reference, ":"+image.Tag) + ":" + kind.PinnedTag
	for _, u := range c.Uses {
		r.set(u.Value, patch.String(pinned))
		r.change(u.Service, pinned, "image")
	}
	return r.fix("Use "+kind.PinnedTag, Safe)
}

// checkReadOnlyProxies looks for read-only proxies that cannot write what they must.
func (p *Pass) checkReadOnlyProxies() {
	p.Flag(func(s compose.Service, found Visit) {
		if v := s.Get("read_only"); v.True() && len(missingTmpfs(s)) > 0 {
			found(v, "read_only")
		}
	}, func(c Cause) Finding {
		missing := missingTmpfs(c.Uses[0].Service)
		return Finding{
			Message: fmt.Sprintf("%s stops at the start: it is read-only and has to write to %s", names(c.Services()),
				strings.Join(missing, " and ")),
			Repair: func() Fix {
				var r repair
				r.addItems(c.distinct(), "tmpfs", missing...)
				return r.fix("Add a tmpfs for "+strings.Join(missing, " and "), Safe)
			},
		}
	})
}

// missingTmpfs returns the directories that a proxy writes to and that are not writable in a read-only container.
func missingTmpfs(s compose.Service) []string {
	image := imageOf(s)
	kind, ok := knowledge.ProxyFor(image)
	if !ok || !kind.Hardening.ReadOnly || !kind.Hardening.ReadOnlyTags.Contains(image.Tag) {
		return nil
	}
	return without(kind.Hardening.Tmpfs, mountPlaces(s))
}
