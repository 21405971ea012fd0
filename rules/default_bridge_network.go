package rules

import "composelint/internal/compose"

var defaultBridgeNetwork = &Rule{
	Name:     "default-bridge-network",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service is on the network that all containers of the host share: `network_mode: bridge`.",
	Why: "Docker's own bridge is not that of the project: everything else on the host that is started without a " +
		"network is on it, too, and reaches every port of the service. Names of other services do not resolve there.",
	Fix: "Removes `network_mode`, so that the service is on the project's own network. It is unsafe, because " +
		"containers outside of the project may be meant to reach it.",
	Bad: `services:
  web:
    image: example/web:3.2
    network_mode: bridge
`,
	Good: `services:
  web:
    image: example/web:3.2
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.30", ""},
		{"Docker Engine documentation, bridge network driver: user-defined and default bridge",
			"https://docs.docker.com/engine/network/drivers/bridge/#differences-between-user-defined-bridges-and-the-default-bridge"},
	},
	Check: func(p *Pass) {
		p.Flag(func(s compose.Service, found Visit) {
			eachEngineNetwork(p.Project, s, "bridge", found)
		}, func(c Cause) Finding {
			f := Finding{
				Message: names(c.Services()) + " can be reached by every container that is on the host's own bridge, and " +
					"cannot find other services by their names",
			}
			if c.Uses[0].Path[0] == "network_mode" {
				f.Repair = func() Fix { return c.ownNetwork(p.Project) }
			}
			return f
		})
	},
}

// ownNetwork builds the fix that puts services on the network of their project.
func (c Cause) ownNetwork(p *compose.Project) Fix {
	var r repair
	if p.Model.At("networks", "default") == nil {
		r.declare(nil, map[string]any{"name": p.Name + "_default"}, "networks", "default")
	}
	for _, s := range c.distinct() {
		r.remove(s.Get("network_mode"))
		r.change(s, nil, "network_mode")
		r.change(s, map[string]any{"default": nil}, "networks")
	}
	return r.fix("Remove network_mode", Unsafe)
}

// eachEngineNetwork calls found for what puts a service on a network of the engine itself: network_mode, or a network
// from outside that has its name.
func eachEngineNetwork(p *compose.Project, s compose.Service, name string, found Visit) {
	if v := s.Get("network_mode"); v.Str() == name {
		found(v, "network_mode")
	}
	for _, f := range fields(s.Get("networks")) {
		network := p.Model.At("networks", f.Key)
		if network.Get("external").True() && network.Get("name").Str() == name {
			found(f.Value, "networks", f.Key)
		}
	}
}
