package rules

import (
	"slices"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
)

var rootUser = &Rule{
	Name:     "root-user",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A service is told to run as root: `user: root` or `user: \"0\"`.",
	Why: `Root in a container is root on the host, but for the walls around it: it owns all files that are mounted,
and most known ways out of a container need it. Images that would run as another user by themselves lose that
protection.

Files that another user has to write can be given to that user, once, with chown.`,
	Fix: "Removes `user` from a client of the container engine that uses a socket proxy, where the image is known to have a " +
		"user of its own and nothing else of the host is in reach: root served the socket. It is unsafe, because files that it " +
		"made as root stay root's.",
	Bad: `services:
  web:
    image: example/web:3.2
    user: root
`,
	Good: `services:
  web:
    image: example/web:3.2
    user: "1000:1000"
`,
	References: []Reference{
		{"OWASP Docker Security Cheat Sheet, rule 2",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
		{"CIS Docker Benchmark v1.6.0, 4.1", ""},
	},
	Limits: "Services without `user` are what root-by-default is about. Left alone are services that exist to set up " +
		"files and owners or that others wait for to end, images that start as root and change to a user by themselves, " +
		"and Airflow, which has rules of its own.",
	Check: checkRootUser,
}

func checkRootUser(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		user := s.Get("user")
		if user.Str() == "" || user.Unset || user.Unknown || !knowledge.ParseUser(user.Str()).IsRoot() {
			return
		}
		if !startsAsRoot(s) && !isProxy(s) && !setsUpFiles(s) && !p.Facts.runsOnce(s) && !p.Facts.isAirflow(s) {
			found(user, "user")
		}
	}, func(c Cause) Finding {
		f := Finding{
			Message:  "whoever takes over " + oneOf(c.distinct()) + " is root there, and owns all files that are mounted",
			Evidence: c.Value().Str(),
		}
		if c.Value().Raw != "" {
			f.Confidence = Likely
		}
		if !slices.ContainsFunc(c.distinct(), func(s compose.Service) bool { return !p.rootServedSocket(s) }) {
			f.Repair = c.removal("Remove user: the image has a user of its own", Unsafe)
		}
		return f
	})
}

// startsAsRoot tells that an image is documented to start as root, or to be started so, and to go on as another user.
func startsAsRoot(s compose.Service) bool {
	contract, known := knowledge.UserContractFor(imageOf(s))
	return known && (contract.StartsAs == "root" || len(contract.DropsWith) > 0)
}

// rootServedSocket tells that a service was root to open the engine's socket, which it has no more: its image is a known
// client with a user of its own, it meets a proxy, and nothing else of the host is in its reach.
func (p *Pass) rootServedSocket(s compose.Service) bool {
	contract, _ := knowledge.UserContractFor(imageOf(s))
	_, certain, isClient := p.Facts.client(s)
	if contract.StartsAs != "user" || !isClient || !certain || hasSocket(p.Project, s) {
		return false
	}
	ofHost := func(mount *compose.Value) bool {
		return mount.Get("type").Str() != "volume" && mount.Get("type").Str() != "tmpfs"
	}
	if s.Get("devices") != nil || s.Get("cap_add") != nil || s.Get("privileged").True() ||
		slices.ContainsFunc(items(s.Get("volumes")), ofHost) {
		return false
	}
	return slices.ContainsFunc(p.Facts.proxies(), func(proxy proxyService) bool {
		return slices.ContainsFunc(fields(proxy.Get("networks")), func(f compose.Field) bool {
			return s.At("networks", f.Key) != nil
		})
	})
}

// isProxy tells that a service is a proxy in front of the engine's socket, which root alone may read.
func isProxy(s compose.Service) bool {
	_, proxy := knowledge.ProxyFor(imageOf(s))
	return proxy
}

// setupName matches names of services that run once, before the others.
var setupName = pattern.New(`(^|[-_.])(init|setup|permissions)([-_.]|$)`)

// fileSetup matches commands that only root can give, and that are the reason to be root for a moment.
var fileSetup = pattern.New(`\b(chown|chmod|chgrp|install|adduser|useradd|usermod|mkdir|apt-get|apk|` +
	`su|gosu|setpriv|su-exec|runuser)\b`)

// setsUpFiles tells that a service prepares files, or starts as root to change to another user in its own commands.
func setsUpFiles(s compose.Service) bool {
	return setupName().MatchString(s.Name) ||
		fileSetup().MatchString(commandText(s.Get("entrypoint"))+" "+commandText(s.Get("command")))
}
