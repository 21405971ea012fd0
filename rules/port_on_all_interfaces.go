package rules

import (
	"fmt"

	"composelint/internal/compose"
)

var portOnAllInterfaces = &Rule{
	Name:     "port-on-all-interfaces",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A port is published on every address of the host: `\"8080:8080\"`.",
	Why: `Every machine that reaches the host reaches the service, and Docker opens the port in front of the host's
firewall. Where a reverse proxy on the same host is the only one to connect, 127.0.0.1 is enough.`,
	Fix: "Binds the port to 127.0.0.1, or to ::1 where an IPv6 address stood. It is unsafe, because other machines " +
		"may be meant to connect.",
	Bad: `services:
  api:
    image: example/api:2.1
    ports:
      - "8080:8080"
`,
	Good: `services:
  api:
    image: example/api:2.1
    ports:
      - "127.0.0.1:8080:8080"
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.14", ""},
		{"Docker Engine documentation, packet filtering and firewalls: Docker and ufw",
			"https://docs.docker.com/engine/network/packet-filtering-firewalls/#docker-and-ufw"},
	},
	Limits: "Ports 80 and 443 of the host mostly are there for everyone: they are told in the pedantic tier, and " +
		"without a fix. Databases and the like are reported by sensitive-port-published.",
	Check: checkOpenPorts,
}

func checkOpenPorts(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, port := range openPorts(s) {
			_, _, sensitive := sensitivePort(s, port)
			if !sensitive && !port.Get("target").IsNull() {
				found(port, "ports")
			}
		}
	}, func(c Cause) Finding {
		f := Finding{
			Message: fmt.Sprintf("%s: port %s is open to every network the host is on, past firewalls such as ufw",
				names(c.Services()), openAt(c.Value())),
			Evidence: portText(c.Value()), Repair: p.closePort(c),
		}
		if published := c.Value().Get("published").Str(); published == "80" || published == "443" {
			f.Severity, f.Tier, f.Repair = Info, Pedantic, nil
		}
		return f
	})
}
