package rules

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"composelint/internal/compose"
)

var duplicateHostPort = &Rule{
	Name:     "duplicate-host-port",
	Severity: High,
	Tier:     Default,
	Summary:  "Two services, or one of them twice, publish the same port of the host.",
	Why: `A port of the host belongs to one container. The one that starts second fails with "port is already
allocated", and which one that is changes from start to start.`,
	Bad: `services:
  web:
    image: example/web:3.2
    ports:
      - "127.0.0.1:8080:80"
  api:
    image: example/api:2.1
    ports:
      - "127.0.0.1:8080:3000"
`,
	Good: `services:
  web:
    image: example/web:3.2
    ports:
      - "127.0.0.1:8080:80"
  api:
    image: example/api:2.1
    ports:
      - "127.0.0.1:8081:3000"
`,
	References: []Reference{
		{"Compose specification, services: ports", "https://docs.docker.com/reference/compose-file/services/#ports"},
	},
	Limits: "Services that never run together because they have no profile in common are left alone. Ports that " +
		"only a variable without default gives are not known.",
	Check: checkDuplicatePorts,
}

// hostPort is a port of the host that a service publishes.
type hostPort struct {
	service compose.Service
	value   *compose.Value
	address netip.Addr
}

func checkDuplicatePorts(p *Pass) {
	taken := map[string][]hostPort{}
	var order []string
	for _, s := range p.Project.Services() {
		if !hasOwnNetwork(s) || isIdle(s) {
			continue // without image or build it is there to be extended, and does not run
		}
		for _, port := range items(s.Get("ports")) {
			key, held, ok := publishedPort(s, port)
			if !ok {
				continue
			}
			if taken[key] == nil {
				order = append(order, key)
			}
			taken[key] = append(taken[key], held)
		}
	}
	for _, key := range order {
		reportDuplicatePort(p, key, taken[key])
	}
}

// publishedPort returns the port of the host that a port takes, "8080/tcp", if it takes a certain one.
func publishedPort(s compose.Service, port *compose.Value) (key string, held hostPort, ok bool) {
	number := port.Get("published").Str()
	if port.Unknown || port.Unset || number == "" || number == "0" || strings.Contains(number, "-") {
		return "", held, false
	}
	address := netip.IPv4Unspecified()
	if host := port.Get("host_ip").Str(); host != "" {
		var err error
		if address, err = netip.ParseAddr(strings.Trim(host, "[]")); err != nil {
			return "", held, false
		}
	}
	return number + "/" + port.Get("protocol").Str(), hostPort{s, port, address}, true
}

// reportDuplicatePort reports a port for the first service that cannot have it, with all that want it.
func reportDuplicatePort(p *Pass, key string, held []hostPort) {
	for i, second := range held {
		first := slices.IndexFunc(held[:i], second.meets)
		if first < 0 {
			continue
		}
		services := []string{held[first].service.Name}
		for _, other := range held[first+1:] {
			if other.meets(held[first]) && other.service.Name != services[len(services)-1] {
				services = append(services, other.service.Name)
			}
		}
		f := Finding{
			Message: fmt.Sprintf("%s all want port %s of the host: the one that starts last fails", names(services), key),
			Origin:  second.value.Origin, Path: "services." + second.service.Name + ".ports",
			Services: services, Evidence: key,
			Related: []Related{{held[first].value.Origin, held[first].service.Name + " takes it here"}},
		}
		switch len(services) {
		case 1:
			f.Message = fmt.Sprintf("%s does not start: it wants port %s of the host twice", services[0], key)
		case 2:
			f.Message = fmt.Sprintf("%s both want port %s of the host: the one that starts last fails", names(services), key)
		}
		if second.value.Raw != "" || held[first].value.Raw != "" {
			f.Confidence = Likely
		}
		p.Report(f)
		return
	}
}

// meets tells that two ports of the same number cannot be there at the same time.
func (h hostPort) meets(other hostPort) bool {
	sameFamily := h.address.Is4() == other.address.Is4()
	sameAddress := h.address == other.address || h.address.IsUnspecified() || other.address.IsUnspecified()
	return sameFamily && sameAddress && runTogether(h.service, other.service)
}
