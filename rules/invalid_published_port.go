package rules

import (
	"fmt"
	"maps"
	"net/netip"
	"strconv"
	"strings"

	"composelint/internal/compose"
	"composelint/patch"
)

var invalidPublishedPort = &Rule{
	Name:     "invalid-published-port",
	Severity: High,
	Tier:     Default,
	Summary:  "`published` holds something else than a port: `published: 127.0.0.1:8080`.",
	Why: "Compose takes any text there, and Docker refuses the container: the service does not start. In the long form " +
		"the address stands in an entry of its own, `host_ip`.",
	Fix: "Moves the address to `host_ip`. It is safe: the service did not start.",
	Bad: `services:
  api:
    image: example/api:2.1
    ports:
      - target: 8080
        published: "127.0.0.1:8080"
`,
	Good: `services:
  api:
    image: example/api:2.1
    ports:
      - target: 8080
        published: "8080"
        host_ip: 127.0.0.1
`,
	References: []Reference{
		{"Moby 29.6.1, daemon/container.go: validatePortBindings",
			"https://github.com/moby/moby/blob/docker-v29.6.1/daemon/container.go#L333-L353"},
		{"Compose specification, services: ports", "https://docs.docker.com/reference/compose-file/services/#ports"},
	},
	Check: checkPublishedPorts,
}

func checkPublishedPorts(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, port := range items(s.Get("ports")) {
			if hasOwnNetwork(s) && isMispublished(port) {
				found(port, "ports")
			}
		}
	}, func(c Cause) Finding {
		published := c.Value().Get("published").Str()
		f := Finding{
			Message: fmt.Sprintf("Docker refuses to start %s: %q under published is no port", names(c.Services()), published),
		}
		if address, _, ok := splitPublished(c.Value()); ok {
			f.Message += ": write the address " + address + " under host_ip"
			f.Repair = c.moveAddress
		}
		return f
	})
}

// isMispublished tells that a port in long form is published at something that is neither a port nor a range of ports.
func isMispublished(port *compose.Value) bool {
	published := port.Get("published")
	if published == nil || isShort(port) || published.Unset || published.Unknown || published.Str() == "" {
		return false
	}
	first, last, isRange := strings.Cut(published.Str(), "-")
	from, err := strconv.ParseUint(first, 10, 16)
	if err != nil || !isRange {
		return err != nil
	}
	to, err := strconv.ParseUint(last, 10, 16)
	return err != nil || to < from
}

// splitPublished returns the address and the port that a port in long form is published at, where published says both.
func splitPublished(port *compose.Value) (address, published string, ok bool) {
	at, err := netip.ParseAddrPort(port.Get("published").Str())
	if err != nil || port.Get("host_ip") != nil {
		return "", "", false
	}
	return at.Addr().String(), strconv.Itoa(int(at.Port())), true
}

// moveAddress builds the fix that writes the address of a port under host_ip.
func (c Cause) moveAddress() Fix {
	var r repair
	address, published, _ := splitPublished(c.Value())
	r.set(c.Value().Get("published"), patch.String(published))
	r.draft(c.Value().Origin.File).Insert(c.Value().Origin.Node, "host_ip", patch.String(address))
	for _, u := range c.Uses {
		moved := maps.Clone(u.Plain().(map[string]any))
		moved["published"], moved["host_ip"] = published, address
		r.changeItem(u.Service, u.Plain(), moved, u.Path...)
	}
	return r.fix("Move the address to host_ip", Safe)
}
