package rules

import (
	"fmt"
	"strings"
	"sync"

	"composelint/internal/compose"
)

var dockerSocketMount = &Rule{
	Name:     "docker-socket-mount",
	Severity: Critical,
	Tier:     Default,
	Summary:  "A service is given the socket of Docker or another container engine.",
	Why: `The engine does whatever it is asked through its socket, as root: start a container that mounts the host's disk, for one. It
asks for no password. So whoever takes over a service that has the socket has the host. Mounting the socket with ` + "`:ro`" + `
changes nothing: that is about the file, and requests pass all the same.

Most services need a few requests only: to list containers, or to restart one. A proxy in front of the socket lets just
those through. A service that may create containers can still create one that owns the host, so there the proxy narrows
what is possible, and logs it, but does not isolate.`,
	Fix: "Takes the socket away, adds a filtering proxy on a network of its own with the permissions that the service is " +
		"known to need, and points the service at it. It is safe for images whose needs are known, and for Airflow; unsafe for " +
		"others, which get CONTAINERS alone. It is advice where only the service's own configuration can be pointed at a proxy.",
	Bad: `services:
  logs:
    image: amir20/dozzle:v8.14.8
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock
`,
	Good: `services:
  logs:
    image: amir20/dozzle:v8.14.8
    environment:
      DOZZLE_REMOTE_HOST: tcp://docker-socket-proxy:2375
    networks:
      - default
      - docker-socket-proxy
    depends_on:
      docker-socket-proxy:
        condition: service_healthy
  docker-socket-proxy:
    image: tecnativa/docker-socket-proxy:v0.4.2
    environment:
      CONTAINERS: "1"
      INFO: "1"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
    networks:
      - docker-socket-proxy
    read_only: true
    tmpfs:
      - /run
      - /tmp
    cap_drop:
      - ALL
    security_opt:
      - no-new-privileges:true
    healthcheck:
      test: ["CMD", "wget", "-q", "--spider", "http://127.0.0.1:2375/_ping"]
      interval: 5s
    restart: unless-stopped
networks:
  docker-socket-proxy:
    internal: true
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.32", ""},
		{"OWASP Docker Security Cheat Sheet, rule 1",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
		{"Docker Engine security, attack surface of the daemon", "https://docs.docker.com/engine/security/"},
		{"Docker Socket Proxy v0.4.1, README", "https://github.com/Tecnativa/docker-socket-proxy/blob/a6fbf38/README.md"},
	},
	Limits: "A socket under a name of its own is not recognised, nor one that a service takes over from a container outside of " +
		"the project, nor one in a directory where the image is known to run as a user who cannot open it.",
	Check: checkSocketMounts,
}

// maxSocketClients is how many services of a project may get proxies by a fix, so that a hostile file cannot keep the
// program busy. Real projects have up to a dozen.
const maxSocketClients = 100

func checkSocketMounts(p *Pass) {
	clients := 0
	all := sync.OnceValue(func() []Cause { return p.Causes(p.findSockets) })
	p.Flag(p.findSockets, func(c Cause) Finding {
		access, _ := accessOf(p.Project, c.Uses[0])
		finding := Finding{Message: socketMessage(c.Services(), access), Evidence: access.host, Confidence: socketConfidence(c, access)}
		if others := c.by("volumes_from"); len(others) > 0 {
			finding.Notes = []string{names(others) + " " + agree(others, "takes", "take") + " it over with volumes_from."}
		}
		clients += len(c.Services())
		finding.Repair = func() Fix {
			if clients > maxSocketClients {
				return manual("Put a filtering proxy in the place of the socket",
					fmt.Sprintf("%d services get the socket, more than are changed at once. Give each kind of them a proxy by hand.", clients))
			}
			return p.proxyFix(c, access, all())
		}
		if access.directory && c.Value().Get("read_only").True() {
			finding.Severity = High
		}
		return finding
	})
}

// findSockets meets the sockets that a service is given, and that a proxy may take the place of.
func (p *Pass) findSockets(s compose.Service, found Visit) {
	if !isProxy(s) && p.Facts.socketUnneeded(s) == "" {
		eachSocket(p.Project, s, found)
	}
}

// socketMessage says which services get which socket, and what follows.
func socketMessage(services []string, access socketAccess) string {
	what := "the " + access.engine.name + " socket"
	if access.directory {
		what = access.host + ", and with it " + what
	}
	gains := "is root on the host"
	if strings.HasPrefix(hostPlace(access.host), "/run/user/") {
		gains = "can do on the host what its user can" // the engine is rootless
	}
	return fmt.Sprintf("%s %s %s: whoever %s %s", names(services), agree(services, "gets", "get"), what,
		agree(services, "takes it over", "takes over one of them"), gains)
}

// agree returns the words that fit one service, or those that fit several.
func agree(services []string, one, several string) string {
	if len(services) > 1 {
		return several
	}
	return one
}

func socketConfidence(c Cause, access socketAccess) Confidence {
	switch {
	case access.guessed || access.directory && c.Value().Get("read_only").True():
		return Likely
	case hostPlace(access.host) == "/var":
		return Possible
	}
	return Certain
}
