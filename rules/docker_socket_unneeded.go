package rules

import (
	"fmt"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var dockerSocketUnneeded = &Rule{
	Name:     "docker-socket-unneeded",
	Severity: High,
	Tier:     Default,
	Summary:  "A service has the engine's socket, and its image does nothing with it.",
	Why: `Who takes over a service with the socket is root on the host. Some images are given it by habit, because an example had it
long ago, or for a feature that the service's settings do not use.`,
	Fix: "Removes the mount. It is safe: nothing looks at the socket.",
	Bad: `services:
  kafka:
    image: wurstmeister/kafka:2.13-2.8.1
    environment:
      KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock
`,
	Good: `services:
  kafka:
    image: wurstmeister/kafka:2.13-2.8.1
    environment:
      KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka:9092
`,
	References: []Reference{
		{"wurstmeister/kafka, start-kafka.sh",
			"https://github.com/wurstmeister/kafka-docker/blob/901c084811/start-kafka.sh"},
		{"OWASP Docker Security Cheat Sheet, rule 1",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
	},
	Limits: "It knows few images. What it reports, docker-socket-mount does not report again.",
	Check:  checkUnneededSockets,
}

func checkUnneededSockets(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		if p.Facts.socketUnneeded(s) == "" {
			return
		}
		eachSocket(p.Project, s, func(v *compose.Value, path ...string) {
			if path[0] != "volumes_from" {
				found(v, path...)
			}
		})
	}, func(c Cause) Finding {
		access, _ := accessOf(p.Project, c.Uses[0])
		return Finding{
			Message: fmt.Sprintf("%s %s the %s socket without using it: %s", names(c.Services()),
				agree(c.Services(), "gets", "get"), access.engine.name, p.Facts.socketUnneeded(c.Uses[0].Service)),
			Evidence: access.host, Confidence: Likely,
			Repair: func() Fix { return p.removeUnneeded(c) },
		}
	})
}

// removeUnneeded takes the socket away, unless another service has it from there.
func (p *Pass) removeUnneeded(c Cause) Fix {
	title := "Remove the socket from " + names(c.Services())
	for _, s := range c.distinct() {
		if others := borrowers(p.Project, s); len(others) > 0 {
			return manual(title, names(others)+" "+agree(others, "takes", "take")+" over the mounts of "+s.Name+", and may need it.")
		}
	}
	return c.removal(title, Safe)()
}

// socketUnneeded says why a service is known to do without the socket that it may have; empty where that is not known.
func (f *Facts) socketUnneeded(s compose.Service) string {
	image := imageOf(s)
	if idle, ok := knowledge.SocketNeverUsed(image); ok {
		return idle.Reason
	}
	client, ok := knowledge.ClientFor(image)
	if !ok {
		return ""
	}
	why, _ := client.SocketUnneeded(f.configuration(s))
	return why
}
