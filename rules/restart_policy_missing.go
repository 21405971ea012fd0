package rules

import (
	"composelint/internal/compose"
	"composelint/patch"
)

var restartPolicyMissing = &Rule{
	Name:     "restart-policy-missing",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service has no `restart`: it stays down when it ends, and after a restart of the host.",
	Why: `A program that crashes once is down until somebody notices. The same goes for all services when the host, or
Docker on it, is started anew.`,
	Fix: "Adds `restart: unless-stopped`. It is unsafe, because a job that is meant to end would run for ever.",
	Bad: `services:
  web:
    image: example/web:3.2
`,
	Good: `services:
  web:
    image: example/web:3.2
    restart: unless-stopped
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.15", ""},
		{"Compose specification, services: restart", "https://docs.docker.com/reference/compose-file/services/#restart"},
	},
	Limits: "Jobs that another service waits for, those whose name says that they run once or by hand, such as init, " +
		"migrate and cli, and services that only run in a profile are left alone, and so are files that are evidently " +
		"meant for Swarm, which restarts everything.",
	Check: func(p *Pass) {
		if p.Facts.isForSwarm() {
			return
		}
		p.Lacking(func(s compose.Service) bool {
			isSet := s.Get("restart") != nil || !s.At("deploy", "restart_policy").IsNull()
			return !isSet && len(items(s.Get("profiles"))) == 0 && !p.Facts.runsOnce(s)
		}, func(services []compose.Service) Finding {
			return Finding{
				Message: "a crash, or a restart of the host, ends " + serviceNames(services) +
					" for good: restart is not set",
				Repair: func() Fix { return addRestart(services) },
			}
		})
	},
}

func addRestart(services []compose.Service) Fix {
	const policy = "unless-stopped"
	var r repair
	r.addEntry(services, "restart", patch.String(policy))
	for _, s := range services {
		r.change(s, policy, "restart")
	}
	return r.fix("Add restart: "+policy, Unsafe)
}
