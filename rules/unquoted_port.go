package rules

import (
	"fmt"

	"composelint/internal/compose"
	"composelint/internal/pattern"
	"composelint/internal/source"
	"composelint/patch"
)

var unquotedPort = &Rule{
	Name:     "unquoted-port",
	Severity: Low,
	Tier:     Default,
	Summary:  "A port without quotes can be read as a number to the base of 60: `22:22`.",
	Why: `In YAML 1.1 two numbers with a colon between them are one number, as in hours and minutes, where the second
is below 60: 22:22 is 1342. Docker Compose reads it as it is meant. podman-compose, Ansible, the first Compose and
many editors follow YAML 1.1, and publish port 1342, or none.`,
	Fix: "Puts the port in quotes. It is safe: Docker Compose reads the same as before.",
	Bad: `services:
  git:
    image: gitea/gitea:1.22.3
    ports:
      - 2222:22
`,
	Good: `services:
  git:
    image: gitea/gitea:1.22.3
    ports:
      - "2222:22"
`,
	References: []Reference{
		{"YAML 1.1, integer language-independent type", "https://yaml.org/type/int.html"},
		{"Compose specification, services: ports", "https://docs.docker.com/reference/compose-file/services/#ports"},
	},
	Check: checkUnquotedPorts,
}

// baseSixty matches what YAML 1.1 reads as one number. Source: https://yaml.org/type/int.html.
var baseSixty = pattern.New(`^[1-9][0-9_]*(:[0-5]?[0-9])+$`)

func checkUnquotedPorts(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, port := range items(s.Get("ports")) {
			node := port.Origin.Node
			if isShort(port) && node.Style == source.Plain && baseSixty().MatchString(node.Value) {
				found(port, "ports")
			}
		}
	}, func(c Cause) Finding {
		text := c.Value().Origin.Node.Value
		return Finding{
			Message: fmt.Sprintf("%s: some programs read %s as one number, not as two ports: put it in quotes",
				names(c.Services()), text),
			Evidence: text,
			Repair: func() Fix {
				var r repair
				r.set(c.Value(), patch.Quoted(text, patch.DoubleQuote))
				return r.fix("Quote the port", Safe)
			},
		}
	})
}
