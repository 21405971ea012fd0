package rules

import (
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/patch"
)

var healthcheckMissing = &Rule{
	Name:     "healthcheck-missing",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service has no health check, and its image has none that is known of.",
	Why: `A program that hangs is running, as far as Docker can tell. Without a health check nothing shows that it
does not answer any more, and no other service can wait until it is ready.`,
	Fix: "Adds the check that the image documents, for PostgreSQL, MySQL, MariaDB, Redis and RabbitMQ. It is " +
		"unsafe, because a server with a port or certificates of its own may not answer it.",
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
		"service waits for, those whose name says that they run once or by hand, and services that only run in a " +
		"profile are left alone, and so are those that are built from a Dockerfile that is not there.",
	Check: checkMissingHealth,
}

func checkMissingHealth(p *Pass) {
	isBare := func(s compose.Service) bool { return p.runsUnwatched(s) && p.Facts.health(s) == healthNone }
	message := func(services []compose.Service) string {
		return "nothing shows a hang of " + serviceNames(services) + ": there is no health check"
	}
	p.Lacking(func(s compose.Service) bool { return isBare(s) && knownHealth(s) == nil },
		func(services []compose.Service) Finding { return Finding{Message: message(services)} })
	p.Lacking(func(s compose.Service) bool { return isBare(s) && knownHealth(s) != nil },
		func(services []compose.Service) Finding {
			return Finding{Message: message(services), Repair: func() Fix { return addHealth(services) }}
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

// knownHealth returns the test that the image of a service documents, as it is written; nil where none is known or the
// service has settings for a check of its own.
func knownHealth(s compose.Service) []string {
	recipe, ok := recipeOf(s)
	if !ok || s.Get("healthcheck") != nil {
		return nil
	}
	return recipe.Health
}

// addHealth builds the fix that gives each service the check of its image.
func addHealth(services []compose.Service) Fix {
	var r repair
	getting := nodesOf(services)
	for _, s := range services {
		test := knownHealth(s)
		effective := slices.Clone(test)
		for i := range effective {
			effective[i] = strings.ReplaceAll(effective[i], "$$", "$")
		}
		r.change(s, map[string]any{"test": anyList(effective)}, "healthcheck")
		if !getting[extended(s)] {
			written := patch.List{Items: patch.Strings(test...).Items, Flow: true}
			r.addEntry([]compose.Service{s}, "healthcheck", patch.Map{{Key: "test", Value: written}})
		}
	}
	return r.fix("Add a health check", Unsafe)
}
