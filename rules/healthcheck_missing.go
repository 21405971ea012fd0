package rules

import "composelint/internal/compose"

var healthcheckMissing = &Rule{
	Name:     "healthcheck-missing",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service has no health check, and its image has none.",
	Why: `A program that hangs is running, as far as Docker can tell. Without a health check nothing shows that it
does not answer any more, and no other service can wait until it is ready.`,
	Bad: `services:
  db:
    image: postgres:17.2
`,
	Good: `services:
  db:
    image: postgres:17.2
    healthcheck:
      test: ["CMD", "pg_isready", "-U", "postgres"]
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.27", ""},
		{"Compose specification, services: healthcheck",
			"https://docs.docker.com/reference/compose-file/services/#healthcheck"},
	},
	Limits: "Images that nobody has looked into are taken to have no check. Jobs that another service waits for, " +
		"those that are named init or setup, and services that only run in a profile are left alone, and so are " +
		"those that are built from a Dockerfile that is not there.",
	Check: func(p *Pass) {
		p.Lacking(func(s compose.Service) bool {
			if p.Facts.runsOnce(s) || len(items(s.Get("profiles"))) > 0 {
				return false
			}
			switch p.Facts.health(s) {
			case healthNone:
				return true
			case healthUnknown:
				return s.Get("build").IsNull() || p.Facts.dockerfile(s) != nil
			}
			return false
		}, func(services []compose.Service) Finding {
			return Finding{Message: "nothing shows a hang of " + serviceNames(services) + ": there is no health check"}
		})
	},
}
