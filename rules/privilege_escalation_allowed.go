package rules

import (
	"composelint/internal/compose"
)

var privilegeEscalationAllowed = &Rule{
	Name:     "privilege-escalation-allowed",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service lacks `no-new-privileges:true`.",
	Why: "A program that belongs to root and has the setuid bit, such as su or ping, runs as root whoever starts " +
		"it. An attacker who is another user in a container becomes root in it by a mistake in such a program. " +
		"With `no-new-privileges` the bit counts for nothing.",
	Fix: "Adds `no-new-privileges:true` to `security_opt` of each service. It is unsafe, because images that use " +
		"sudo, or that change their user with a setuid program, stop working.",
	Bad: `services:
  web:
    image: nginx:1.27.2
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    security_opt:
      - no-new-privileges:true
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.26", ""},
		{"OWASP Docker Security Cheat Sheet, rule 4",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
	},
	Check: checkNewPrivileges,
}

func checkNewPrivileges(p *Pass) {
	const option = "no-new-privileges:true"
	p.Lacking(func(s compose.Service) bool {
		for _, item := range items(s.Get("security_opt")) {
			switch securityOption(item) {
			case "no-new-privileges", "no-new-privileges=true":
				return false
			}
		}
		return true
	}, func(services []compose.Service) Finding {
		return Finding{
			Message: "programs with the setuid bit become root in " + serviceNames(services) +
				": no-new-privileges is not set",
			Repair: func() Fix {
				var r repair
				r.addItem(services, "security_opt", option)
				return r.fix("Add "+option, Unsafe)
			},
		}
	})
}
