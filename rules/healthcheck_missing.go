package rules

import "composelint/internal/compose"

var healthcheckMissing = &Rule{
	Name:     "healthcheck-missing",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service has no health check, and its image has none that is known of.",
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
	Limits: "Images that nobody has looked into may have a check: that is told in the pedantic tier. Jobs that another " +
		"service waits for, those that are named init or setup, and services that only run in a profile are left " +
		"alone, and so are those that are built from a Dockerfile that is not there.",
	Check: checkMissingHealth,
}

func checkMissingHealth(p *Pass) {
	p.Lacking(func(s compose.Service) bool { return p.runsUnwatched(s) && p.Facts.health(s) == healthNone },
		func(services []compose.Service) Finding {
			return Finding{Message: "nothing shows a hang of " + serviceNames(services) + ": there is no health check"}
		})
	p.Lacking(func(s compose.Service) bool {
		isReadable := s.Get("build").IsNull() || p.Facts.dockerfile(s) != nil
		return p.runsUnwatched(s) && isReadable && p.Facts.health(s) == healthUnknown
	}, func(services []compose.Service) Finding {
		return Finding{
			Message: "nothing shows a hang of " + serviceNames(services) + ", unless the image brings a health check",
			Tier:    Pedantic, Confidence: Possible,
		}
	})
}

// runsUnwatched tells that a service is to go on running, so that a hang of it would matter.
func (p *Pass) runsUnwatched(s compose.Service) bool {
	return !p.Facts.runsOnce(s) && len(items(s.Get("profiles"))) == 0
}
