package rules

import (
	"slices"
	"strconv"
	"strings"

	"composelint/internal/compose"
	"composelint/patch"
)

var privilegeEscalationAllowed = &Rule{
	Name:     "privilege-escalation-allowed",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service lacks `no-new-privileges:true`.",
	Why: "A program that belongs to root and has the setuid bit, such as su or ping, runs as root whoever starts " +
		"it. An attacker who is another user in a container becomes root in it by a mistake in such a program. " +
		"With `no-new-privileges` the bit counts for nothing.",
	Fix: "Adds `no-new-privileges:true` to `security_opt` of each service, or switches it on. It is unsafe, because " +
		"images that use sudo, or that change their user with a setuid program, stop working.",
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
	p.Lacking(mayEscalate, func(services []compose.Service) Finding {
		return Finding{
			Message: "programs with the setuid bit become root in " + serviceNames(services) +
				": no-new-privileges is not set",
			Repair: func() Fix { return forbidNewPrivileges(services) },
		}
	})
}

// mayEscalate tells that a service does not have no-new-privileges, or switches it off: the engine reads what stands
// behind it as Go reads a boolean.
func mayEscalate(s compose.Service) bool {
	option := newPrivileges(s)
	_, value, isGiven := strings.Cut(securityOption(option), "=")
	on, err := strconv.ParseBool(value)
	return option == nil || isGiven && (err != nil || !on)
}

// newPrivileges returns the last item of security_opt that is about new privileges, which counts; nil where none is.
func newPrivileges(s compose.Service) *compose.Value {
	for _, item := range slices.Backward(items(s.Get("security_opt"))) {
		if name, _, _ := strings.Cut(securityOption(item), "="); name == "no-new-privileges" {
			return item
		}
	}
	return nil
}

func forbidNewPrivileges(services []compose.Service) Fix {
	const option = "no-new-privileges:true"
	var r repair
	var without []compose.Service
	for _, s := range services {
		if off := newPrivileges(s); off != nil {
			r.set(off, patch.String(option))
			r.changeItem(s, off.Str(), option, "security_opt")
		} else {
			without = append(without, s)
		}
	}
	r.addItems(without, "security_opt", option)
	return r.fix("Add "+option, Unsafe)
}
