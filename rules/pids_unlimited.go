package rules

import "composelint/internal/compose"

var pidsUnlimited = &Rule{
	Name:     "pids-unlimited",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service may start any number of processes.",
	Why: `The number of processes of a host is limited. A program that starts others without end, by mistake or on
purpose, uses them up, and nothing can be started any more: not even a shell to stop it.`,
	Bad: `services:
  web:
    image: example/web:3.2
`,
	Good: `services:
  web:
    image: example/web:3.2
    pids_limit: 200
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.29", ""},
		{"Docker Engine documentation, resource constraints",
			"https://docs.docker.com/engine/containers/resource_constraints/"},
	},
	Check: func(p *Pass) {
		p.Lacking(func(s compose.Service) bool { return isUnlimited(s, "pids_limit", "pids") },
			func(services []compose.Service) Finding {
				return Finding{Message: serviceNames(services) +
					" can use up the processes of the host: there is no limit"}
			})
	},
}
