package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var sensitivePortPublished = &Rule{
	Name:     "sensitive-port-published",
	Severity: High,
	Tier:     Default,
	Summary: "A database, cache, message broker, admin console or the like is published on every address of the " +
		"host.",
	Why: `A published port is open on all networks of the host unless it is bound to an address. Docker opens it in
front of the host's firewall: a rule of ufw or firewalld does not close it again. Databases and brokers that were
meant for the neighbours in the stack are found by scanners within hours, and many of them have no password or a
well-known one.

Services of one Compose project reach each other without published ports.`,
	Fix: "Binds the port to 127.0.0.1, or to ::1 where an IPv6 address stood. It is unsafe, because another " +
		"machine may be meant to connect. Where nothing outside of the project connects, removing the port is " +
		"better still, and all that helps in a file for Swarm, which listens on all addresses anyway.",
	Bad: `services:
  db:
    image: postgres:17.2
    ports:
      - "5432:5432"
`,
	Good: `services:
  db:
    image: postgres:17.2
    ports:
      - "127.0.0.1:5432:5432"
`,
	References: []Reference{
		{"Docker Engine documentation, packet filtering and firewalls: Docker and ufw",
			"https://docs.docker.com/engine/network/packet-filtering-firewalls/#docker-and-ufw"},
		{"CIS Docker Benchmark v1.6.0, 5.14", ""},
	},
	Limits: "Services are recognised by their port inside the container, and by their image where the number alone " +
		"says too little. A port that is bound to an address other than loopback is taken for meant. Socket proxies, " +
		"container engines without TLS and Airflow's Flower have rules of their own.",
	Check: checkSensitivePorts,
}

func checkSensitivePorts(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, port := range openPorts(s) {
			if _, _, ok := sensitivePort(s, port); ok {
				found(port, "ports")
			}
		}
	}, func(c Cause) Finding {
		known, certain, _ := sensitivePort(c.Uses[0].Service, c.Value())
		f := Finding{
			Message: fmt.Sprintf("%s: %s (port %s) is open to every network the host is on, past firewalls such as ufw",
				names(c.Services()), known.Service, openAt(c.Value())),
			Severity: portSeverity(known), Evidence: portText(c.Value()), Repair: p.closePort(c),
		}
		if !certain {
			f.Confidence = Likely
		}
		return f
	})
}

// sensitivePort returns what is behind a port of a service, if it should not be open to everyone.
func sensitivePort(s compose.Service, port *compose.Value) (known knowledge.Port, certain, ok bool) {
	if hasEngineRule(s) {
		return known, false, false
	}
	img := imageOf(s)
	number, _ := port.Get("target").Int()
	known, certain, ok = knowledge.PortFor(number, port.Get("protocol").Str(), img)
	ok = ok && (certain || isTelling(known) || isNamedAfter(s, known.Images)) && !isNamedAfter(s, known.Except)
	return known, certain, ok
}

// hasEngineRule tells that other rules look after the ports of a service: it gives access to a container engine.
func hasEngineRule(s compose.Service) bool {
	img := imageOf(s)
	_, isForwarder := knowledge.ForwarderFor(img)
	return isProxy(s) || isForwarder || isOpenEngine(s)
}

// isTelling tells that the number of a port says by itself what is behind it. Numbers of consoles, brokers and search
// engines are used by other programs, too.
func isTelling(known knowledge.Port) bool {
	switch known.Kind {
	case knowledge.PortDatabase, knowledge.PortCache, knowledge.PortEngine, knowledge.PortShell, knowledge.PortDesktop,
		knowledge.PortFiles, knowledge.PortDirectory:
		return true
	}
	return false
}

// isNamedAfter tells that a service or its image has a word of an image's name in its own: "my-kafka" of apache/kafka.
func isNamedAfter(s compose.Service, images []string) bool {
	const shortest = 4
	own := strings.ToLower(s.Name) + " " + imageOf(s).Path
	isSeparator := func(r rune) bool { return strings.ContainsRune("/-_.", r) }
	for _, image := range images {
		name := image[strings.LastIndexByte(image, '/')+1:]
		for word := range strings.FieldsFuncSeq(name, isSeparator) {
			if len(word) >= shortest && word != "server" && strings.Contains(own, word) {
				return true
			}
		}
	}
	return false
}

// portSeverity is critical where the port gives the host away, and medium for pages that mostly ask for a password and
// for stores that are often meant to be used from elsewhere.
func portSeverity(known knowledge.Port) Severity {
	switch known.Kind {
	case knowledge.PortEngine:
		return Critical
	case knowledge.PortConsole, knowledge.PortStorage:
		return Medium
	}
	return High
}
