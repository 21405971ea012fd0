package rules

import "composelint/internal/compose"

var cpuUnlimited = &Rule{
	Name:     "cpu-unlimited",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service may use all processors of the host.",
	Why: "A program in an endless loop slows down everything else on the host, the way in to stop it included. How " +
		"much a service needs, only its load can tell: `docker stats` shows it.",
	Bad: `services:
  web:
    image: example/web:3.2
`,
	Good: `services:
  web:
    image: example/web:3.2
    cpus: 1.5
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.12", ""},
		{"Docker Engine documentation, resource constraints",
			"https://docs.docker.com/engine/containers/resource_constraints/"},
	},
	Check: func(p *Pass) {
		p.Lacking(func(s compose.Service) bool { return isUnlimited(s, "cpus", "cpus") && !hasProcessors(s) },
			func(services []compose.Service) Finding {
				return Finding{Message: serviceNames(services) +
					" can take the processors from everything else on the host: there is no limit"}
			})
	},
}

// hasProcessors tells that a service is limited in another way than by cpus: to some of the time, or to some of the
// processors.
func hasProcessors(s compose.Service) bool {
	return isLimit(s.Get("cpu_quota")) || isLimit(s.Get("cpu_count")) || isLimit(s.Get("cpu_percent")) ||
		s.Get("cpuset").Str() != ""
}
