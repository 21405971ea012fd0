package rules

import "composelint/internal/compose"

var memoryUnlimited = &Rule{
	Name:     "memory-unlimited",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service may use all memory of the host.",
	Why: "A program that leaks memory takes it from all others, until the kernel ends one of them, not always the " +
		"one to blame. With a limit, that one is ended and started anew. How much a service needs, only its load " +
		"can tell: `docker stats` shows it.",
	Bad: `services:
  web:
    image: example/web:3.2
`,
	Good: `services:
  web:
    image: example/web:3.2
    mem_limit: 512m
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.11", ""},
		{"Docker Engine documentation, resource constraints",
			"https://docs.docker.com/engine/containers/resource_constraints/"},
	},
	Check: func(p *Pass) {
		p.Lacking(func(s compose.Service) bool { return isUnlimited(s, "mem_limit", "memory") },
			func(services []compose.Service) Finding {
				return Finding{Message: serviceNames(services) +
					" can take the memory of everything else on the host: there is no limit"}
			})
	},
}
