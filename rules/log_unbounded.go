package rules

import (
	"composelint/internal/compose"
	"composelint/patch"
)

var logUnbounded = &Rule{
	Name:     "log-unbounded",
	Severity: Low,
	Tier:     Strict,
	Summary:  "The log of a service grows until the disk is full.",
	Why: `Docker keeps logs in files without a limit, unless the host is set up otherwise. A service that fails in a
loop fills a disk in days, and a full disk stops everything on the host.`,
	Fix: "Adds a `logging` with three files of 10 megabytes to services that have none. It is unsafe, because the " +
		"host may be set up to send logs elsewhere.",
	Bad: `services:
  web:
    image: example/web:3.2
`,
	Good: `services:
  web:
    image: example/web:3.2
    logging:
      driver: json-file
      options:
        max-size: 10m
        max-file: "3"
`,
	References: []Reference{
		{"Docker Engine documentation, JSON file logging driver",
			"https://docs.docker.com/engine/logging/drivers/json-file/"},
	},
	Limits: "What the host is set up to do with logs cannot be seen from the file.",
	Check:  checkLogs,
}

func checkLogs(p *Pass) {
	p.Lacking(func(s compose.Service) bool { return s.Get("logging").IsNull() },
		func(services []compose.Service) Finding {
			return Finding{
				Message: "the logs of " + serviceNames(services) + " can fill the disk: there is no limit",
				Repair:  func() Fix { return limitLogs(services) },
			}
		})
	p.Lacking(func(s compose.Service) bool {
		driver := s.At("logging", "driver").Str()
		return !s.Get("logging").IsNull() && (driver == "" || driver == "json-file") &&
			s.At("logging", "options", "max-size") == nil
	}, func(services []compose.Service) Finding {
		return Finding{Message: "the logs of " + serviceNames(services) +
			" can fill the disk: add max-size to the options of logging"}
	})
}

func limitLogs(services []compose.Service) Fix {
	const driver, size, files = "json-file", "10m", "3"
	var r repair
	r.addEntry(services, "logging", patch.Map{
		{Key: "driver", Value: patch.String(driver)},
		{Key: "options", Value: patch.Map{
			{Key: "max-size", Value: patch.String(size)},
			{Key: "max-file", Value: patch.Quoted(files, patch.DoubleQuote)},
		}},
	})
	limited := map[string]any{"driver": driver, "options": map[string]any{"max-size": size, "max-file": files}}
	for _, s := range services {
		r.change(s, limited, "logging")
	}
	return r.fix("Limit the logs to 30 megabytes", Unsafe)
}
