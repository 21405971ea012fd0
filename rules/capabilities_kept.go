package rules

import (
	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var capabilitiesKept = &Rule{
	Name:     "capabilities-kept",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service keeps the capabilities that Docker gives by default: it lacks `cap_drop: [ALL]`.",
	Why: "Docker gives root in a container 14 capabilities: to change owners, to become any user, to send packets " +
		"of any kind. Most services need none of them once they run, and an attacker uses them all.\n\n" +
		"An image that starts as root and changes to a user by itself needs some of them back, mostly CHOWN, " +
		"SETUID and SETGID: add those under `cap_add` and try it.",
	Fix: "Adds `cap_drop: [ALL]` to services that run as another user than root, which have no use for most of " +
		"them. It is unsafe, because a program may have been given capabilities by its file.",
	Bad: `services:
  web:
    image: example/web:3.2
    user: "1000:1000"
`,
	Good: `services:
  web:
    image: example/web:3.2
    user: "1000:1000"
    cap_drop:
      - ALL
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.4", ""},
		{"OWASP Docker Security Cheat Sheet, rule 3",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
		{"Docker Engine documentation, docker run: runtime privilege and Linux capabilities",
			"https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities"},
	},
	Limits: "Which capabilities an image needs is not known: there is no fix for services that may run as root.",
	Check:  checkKeptCapabilities,
}

func checkKeptCapabilities(p *Pass) {
	p.Lacking(func(s compose.Service) bool { return keepsCapabilities(s) && !isUnprivileged(s) },
		func(services []compose.Service) Finding {
			return Finding{Message: serviceNames(services) + " may do what Docker allows root by default: " +
				"drop all capabilities and add those that are needed"}
		})
	p.Lacking(func(s compose.Service) bool { return keepsCapabilities(s) && isUnprivileged(s) },
		func(services []compose.Service) Finding {
			return Finding{
				Message: serviceNames(services) + " can get back what Docker allows root by default: drop all capabilities",
				Repair: func() Fix {
					var r repair
					r.addItems(services, "cap_drop", "ALL")
					return r.fix("Drop all capabilities", Unsafe)
				},
			}
		})
}

func keepsCapabilities(s compose.Service) bool {
	for _, item := range items(s.Get("cap_drop")) {
		if capabilityName(item) == "ALL" {
			return false
		}
	}
	return true
}

// isUnprivileged tells that a service is told to run as another user than root.
func isUnprivileged(s compose.Service) bool {
	user := s.Get("user")
	return user.Str() != "" && user.Raw == "" && !knowledge.ParseUser(user.Str()).IsRoot()
}
