package rules

import (
	"composelint/internal/compose"
	"composelint/patch"
)

var logDisabled = &Rule{
	Name:     "log-disabled",
	Severity: Low,
	Tier:     Default,
	Summary:  "The log of a service is thrown away: `driver: none`.",
	Why: `When the service fails, nothing tells why, and when it was attacked, nothing tells how. A log that is too
long can be limited instead of thrown away.`,
	Fix: "Keeps the log in files that Docker limits to 100 megabytes: `driver: local`. It is unsafe, because that " +
		"takes space.",
	Bad: `services:
  proxy:
    image: example/proxy:1.0
    logging:
      driver: none
`,
	Good: `services:
  proxy:
    image: example/proxy:1.0
    logging:
      driver: local
`,
	References: []Reference{
		{"Docker Engine documentation, configure logging drivers",
			"https://docs.docker.com/engine/logging/configure/"},
		{"Docker Engine documentation, local file logging driver",
			"https://docs.docker.com/engine/logging/drivers/local/"},
		{"OWASP Docker Security Cheat Sheet, rule 10",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
	},
	Check: func(p *Pass) {
		p.Flag(func(s compose.Service, found Visit) {
			if driver := s.At("logging", "driver"); driver.Str() == "none" {
				found(driver, "logging", "driver")
			}
		}, func(c Cause) Finding {
			return Finding{
				Message: "nothing tells what happened in " + names(c.Services()) + ": the log is thrown away",
				Repair:  c.keepLog,
			}
		})
	},
}

// keepLog builds the fix that takes the driver whose files are limited by themselves.
func (c Cause) keepLog() Fix {
	const limited = "local"
	var r repair
	for _, u := range c.Uses {
		r.set(u.Value, patch.String(limited))
		r.change(u.Service, limited, u.Path...)
	}
	return r.fix("Keep the log in limited files", Unsafe)
}
