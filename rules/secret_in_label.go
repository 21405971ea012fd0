package rules

import (
	"fmt"

	"composelint/internal/compose"
)

var secretInLabel = &Rule{
	Name:     "secret-in-label",
	Severity: High,
	Tier:     Default,
	Summary:  "A password, token or key is written into a label.",
	Why: `Labels are read by everything that may list containers: reverse proxies, dashboards, update watchers, and
every service that has the engine's socket, if only through a proxy. In the file, everybody who can read the
repository has them, too.`,
	Bad: `services:
  web:
    image: example/web:3.2
    labels:
      deploy.token: 9fQ2mX7LrT0vB4kZ
`,
	Good: `services:
  web:
    image: example/web:3.2
    labels:
      deploy.stage: production
`,
	References: []Reference{
		{"Docker documentation, Docker object labels", "https://docs.docker.com/engine/manage-resources/labels/"},
		{"CWE-798: Use of Hard-coded Credentials, CWE 4.16", "https://cwe.mitre.org/data/definitions/798.html"},
	},
	Limits: "Secrets are recognised by the last part of the label's name, and tokens of well-known services by " +
		"their form. Hashes of passwords, as reverse proxies take them, are left alone.",
	Check: func(p *Pass) {
		p.Flag(func(s compose.Service, found Visit) {
			for _, f := range s.Get("labels").Settings() {
				if _, _, ok := literalSecret(f.Key, f.Value); ok {
					found(f.Value, "labels", f.Key)
				}
			}
		}, func(c Cause) Finding {
			name := c.Uses[0].Path[1]
			what, certain, _ := literalSecret(name, c.Value())
			f := Finding{
				Message: fmt.Sprintf("%s of %s is in a label: whatever may list containers can read it",
					what, names(c.Services())),
				Evidence: name,
			}
			f.weigh(c, certain)
			return f
		})
	},
}
