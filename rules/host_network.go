package rules

import "composelint/internal/compose"

var hostNetwork = &Rule{
	Name:     "host-network",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A service uses the host's network: `network_mode: host`.",
	Why: "Every port that the service listens on is open on all addresses of the host, and the service reaches " +
		"everything that listens on the host's loopback address: databases, metadata services and debug ports that " +
		"were never meant to be reached from a container. Names of other services do not resolve in it, either.\n\n" +
		"A bridge network with the ports that are needed under `ports` nearly always does. Programs that look for " +
		"devices by broadcast are the exception.",
	Bad: `services:
  web:
    image: example/web:3.2
    network_mode: host
`,
	Good: `services:
  web:
    image: example/web:3.2
    ports:
      - "127.0.0.1:8080:8080"
`,
	References: []Reference{{"CIS Docker Benchmark v1.6.0, 5.10", ""}},
	Limits: "`network_mode` does not tell whether the service needs it, as finders of devices in the house do. Where the " +
		"documentation of the image asks for it, it is told from the strict tier on.",
	Check: func(p *Pass) {
		p.Flag(func(s compose.Service, found Visit) {
			eachEngineNetwork(p.Project, s, "host", found)
		}, func(c Cause) Finding {
			f := Finding{Message: names(c.Services()) +
				" can open any port on the host, and reach everything that listens on its loopback address: publish ports instead"}
			f.excuse(c.distinct(), "network_mode: host")
			return f
		})
	},
}
