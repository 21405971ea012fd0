package rules

import (
	"fmt"

	"composelint/internal/compose"
)

var privilegedContainer = &Rule{
	Name:     "privileged-container",
	Severity: Critical,
	Tier:     Default,
	Summary:  "A service runs, or is built, with `privileged: true`.",
	Why: `A privileged container has every capability, every device of the host and no seccomp or AppArmor profile. Whoever takes it
over is root on the host.

Nearly always less will do: the one device under ` + "`devices`" + `, or the one capability under ` + "`cap_add`" + `.

A build that is privileged, or has the entitlement security.insecure, may run steps of its Dockerfile in the same way.`,
	Fix: "Removes `privileged`. It is unsafe, because a program that needs a device or a capability stops working until it " +
		"is given that alone. An engine such as docker:dind keeps it: it does not start without.",
	Bad: `services:
  scanner:
    image: example/scanner:1.4
    privileged: true
`,
	Good: `services:
  scanner:
    image: example/scanner:1.4
    cap_add:
      - NET_RAW
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.5", ""},
		{"OWASP Docker Security Cheat Sheet, rule 3",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
		{"Dockerfile reference, RUN --security", "https://docs.docker.com/reference/dockerfile/#run---security"},
		{"Docker's own image, starting a daemon instance",
			"https://github.com/docker-library/docs/blob/master/docker/content.md#start-a-daemon-instance"},
	},
	Check: checkPrivileged,
}

func checkPrivileged(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		if v := s.Get("privileged"); v.True() {
			found(v, "privileged")
		}
	}, func(c Cause) Finding {
		return Finding{
			Message: names(c.Services()) + " can do everything on the host: privileged gives all capabilities and devices",
			Repair:  withoutPrivileged(c),
		}
	})
	checkPrivilegedHooks(p)
	checkPrivilegedBuilds(p)
}

func checkPrivilegedHooks(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, hooks := range hookAttributes {
			for _, hook := range items(s.Get(hooks)) {
				if v := hook.Get("privileged"); v.True() {
					found(v, hooks)
				}
			}
		}
	}, func(c Cause) Finding {
		return Finding{
			Message: fmt.Sprintf("a hook of %s gets all capabilities, which reach the host: %s runs privileged",
				names(c.Services()), c.Uses[0].Path[0]),
			Severity: High,
		}
	})
}

// checkPrivilegedBuilds reports builds in which steps may leave the sandbox.
func checkPrivilegedBuilds(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		if v := s.At("build", "privileged"); v.True() {
			found(v, "build", "privileged")
		}
		for _, entitlement := range items(s.At("build", "entitlements")) {
			if entitlement.Str() == "security.insecure" {
				found(entitlement, "build", "entitlements")
			}
		}
	}, func(c Cause) Finding {
		return Finding{
			Message: fmt.Sprintf("the build of %s can do everything on the host: steps with --security=insecure run without a sandbox",
				names(c.Services())),
			Severity: High, Evidence: c.Uses[0].Path[1],
			Repair: c.removal("Build in the sandbox", Unsafe),
		}
	})
}

// withoutPrivileged removes privileged, but not from a Docker engine, which is of no use without it.
func withoutPrivileged(c Cause) func() Fix {
	for _, s := range c.distinct() {
		if isEngine(s) {
			return func() Fix {
				return manual("Keep the engine apart", "The Docker engine in "+s.Name+" does not start without privileged. "+
					"Run it on a machine that holds nothing else, or use the host's engine through a filtering proxy.")
			}
		}
	}
	return c.removal("Remove privileged", Unsafe)
}
