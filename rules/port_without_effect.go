package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
)

var portWithoutEffect = &Rule{
	Name:     "port-without-effect",
	Severity: Low,
	Tier:     Default,
	Summary:  "A service has `ports` beside a `network_mode` with which they cannot be published.",
	Why: `In the host's network, or without one, Docker drops the ports with a warning that is easily missed, and the
file tells of ports that are not there. In the network of another container Docker refuses to start the service; the
ports belong to that other service.`,
	Fix: "Removes the ports. It is safe: they were not published.",
	Bad: `services:
  job:
    image: example/job:1.0
    network_mode: none
    ports:
      - "127.0.0.1:8080:8080"
`,
	Good: `services:
  job:
    image: example/job:1.0
    network_mode: none
`,
	References: []Reference{
		{"Compose specification, services: network_mode",
			"https://docs.docker.com/reference/compose-file/services/#network_mode"},
		{"Docker Engine documentation, host network driver", "https://docs.docker.com/engine/network/drivers/host/"},
	},
	Check: checkIdlePorts,
}

func checkIdlePorts(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		if ports := s.Get("ports"); len(items(ports)) > 0 && !hasOwnNetwork(s) {
			found(ports, "ports")
		}
	}, func(c Cause) Finding {
		mode := c.Uses[0].Service.Get("network_mode")
		f := Finding{
			Message: fmt.Sprintf("the ports of %s are not published: network_mode is %s", names(c.Services()), mode.Str()),
			Related: []Related{{mode.Origin, "network_mode is set here"}},
			Repair:  c.removal("Remove the ports", Safe),
		}
		if strings.Contains(mode.Str(), ":") {
			f.Severity = High
			f.Message = fmt.Sprintf("Docker does not start %s with ports: the network is that of %s, where they belong",
				names(c.Services()), mode.Str()[strings.IndexByte(mode.Str(), ':')+1:])
		}
		return f
	})
}
