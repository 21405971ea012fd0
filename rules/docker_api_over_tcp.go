package rules

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/pattern"
)

var dockerAPIOverTCP = &Rule{
	Name:     "docker-api-over-tcp",
	Severity: High,
	Tier:     Default,
	Summary:  "A container engine's own API is reachable over the network without TLS.",
	Why: `The engine asks nobody for a password, and does what it is told as root. On a port without TLS it does so for everybody who
reaches the port. Such ports are looked for on the internet all day.

Use a filtering proxy on an internal network, or TLS with client certificates.`,
	Bad: `services:
  jobs:
    image: docker:27.3.1-cli
    environment:
      DOCKER_HOST: tcp://192.168.7.2:2375
`,
	Good: `services:
  jobs:
    image: docker:27.3.1-cli
    environment:
      DOCKER_HOST: tcp://192.168.7.2:2376
      DOCKER_TLS_VERIFY: "1"
      DOCKER_CERT_PATH: /certs
    volumes:
      - ./certs:/certs:ro
`,
	References: []Reference{
		{"Docker Engine, protect the Docker daemon socket", "https://docs.docker.com/engine/security/protect-access/"},
	},
	Limits: "A DOCKER_HOST with the name of a service is taken to be fine: what answers there is looked at by itself.",
	Check:  checkAPIOverTCP,
}

// listensOpenly matches the argument of an engine that opens its API on all addresses.
var listensOpenly = pattern.New(`\b(-H|--host)[ =]?"?tcp://(0\.0\.0\.0|\[::\]|:|$)`)

func checkAPIOverTCP(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, e := range s.Get("environment").Settings() {
			if e.Key == "DOCKER_HOST" && e.Value != nil && p.Facts.isEngineInTheClear(s, e.Value) {
				found(e.Value, "environment", e.Key)
			}
		}
	}, func(c Cause) Finding {
		return Finding{
			Message: fmt.Sprintf("%s %s the Docker engine at %s without TLS: whoever reaches that port is root on that host",
				names(c.Services()), agree(c.Services(), "uses", "use"), c.Value().Str()),
			Evidence: c.Value().Str(), Confidence: Likely,
		}
	})
	p.Flag(func(s compose.Service, found Visit) {
		if command := s.Get("command"); isOpenEngine(s) {
			for _, port := range openEnginePorts(s) {
				found(port, "ports")
			}
			if s.Get("network_mode").Str() == "host" && command != nil {
				found(command, "command")
			}
		}
	}, func(c Cause) Finding {
		return Finding{
			Message: fmt.Sprintf("%s %s an engine to everybody who reaches the host, without TLS: whoever does is root there",
				names(c.Services()), agree(c.Services(), "offers", "offer")),
			Evidence: exposedAs(c.Value()),
		}
	})
}

// isEngineInTheClear tells that an address leads to an engine outside of the project, without TLS.
func (f *Facts) isEngineInTheClear(s compose.Service, value *compose.Value) bool {
	address, err := url.Parse(value.Str())
	if err != nil || value.Unset || value.Unknown || address.Scheme != "tcp" || address.Port() == "2376" {
		return false
	}
	verify := s.Get("environment").Setting("DOCKER_TLS_VERIFY")
	if verify.Str() != "" || s.Get("environment").Setting("DOCKER_TLS") != nil {
		return false
	}
	host := address.Hostname()
	if host == loopback4 || host == "localhost" {
		return s.Get("network_mode").Str() == "host" && !f.proxyPublishes(address.Port())
	}
	return host == "host.docker.internal" || net.ParseIP(host) != nil
}

// proxyPublishes tells that a filtering proxy of the project has a port of the host.
func (f *Facts) proxyPublishes(port string) bool {
	return slices.ContainsFunc(f.proxies(), func(proxy proxyService) bool {
		return slices.ContainsFunc(items(proxy.Get("ports")), func(v *compose.Value) bool {
			return v.Get("published").Str() == port
		})
	})
}

// isEngine tells that a service runs a Docker engine of its own.
func isEngine(s compose.Service) bool {
	image := imageOf(s)
	return strings.Contains(startText(s), "dockerd") || image.Matches("docker") && strings.Contains(image.Tag, "dind")
}

// isOpenEngine tells that a service runs an engine that listens on the network without TLS.
func isOpenEngine(s compose.Service) bool {
	start := startText(s)
	if !isEngine(s) || strings.Contains(start, "--tlsverify") {
		return false
	}
	certificates := s.Get("environment").Setting("DOCKER_TLS_CERTDIR")
	return listensOpenly().MatchString(start) || certificates != nil && certificates.Str() == "" && !certificates.Unset ||
		strings.Contains(start, "--tls=false")
}

// openEnginePorts returns the ports of an engine that are published on all addresses of the host.
func openEnginePorts(s compose.Service) []*compose.Value {
	return slices.DeleteFunc(openPorts(s), func(port *compose.Value) bool {
		target, _ := port.Get("target").Int()
		return target != proxyPort && target != 2376
	})
}
