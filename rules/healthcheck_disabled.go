package rules

import (
	"slices"

	"composelint/internal/compose"
)

var healthcheckDisabled = &Rule{
	Name:     "healthcheck-disabled",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A health check is switched off: `disable: true`, or `test: [NONE]`.",
	Why: `The image, or the service that is extended, has a check, and nothing shows any more when the program hangs.
Where the check does not fit, another one is better than none.`,
	Fix: "Removes the entry where the image is known to have a check of its own. It is unsafe, because the check may " +
		"have been switched off for a reason.",
	Bad: `services:
  search:
    image: example/search:8.1
    healthcheck:
      disable: true
`,
	Good: `services:
  search:
    image: example/search:8.1
    healthcheck:
      test: ["CMD", "curl", "--fail", "http://localhost:9200"]
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.27", ""},
		{"Compose specification, services: healthcheck",
			"https://docs.docker.com/reference/compose-file/services/#healthcheck"},
	},
	Check: checkDisabledHealth,
}

func checkDisabledHealth(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		if check := s.Get("healthcheck"); isDisabled(check) && !p.Facts.runsOnce(s) {
			found(check, "healthcheck")
		}
	}, func(c Cause) Finding {
		f := Finding{Message: "nothing shows a hang of " + names(c.Services()) + ": the health check is switched off"}
		if !slices.ContainsFunc(c.distinct(), isWithoutHealth) {
			f.Repair = c.removal("Use the health check of the image", Unsafe)
		}
		return f
	})
}

// isWithoutHealth tells that the image of a service is not known to have a health check.
func isWithoutHealth(s compose.Service) bool { return imageHealth(imageOf(s)) != healthChecked }
