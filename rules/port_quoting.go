package rules

import (
	"composelint/internal/source"
)

var portQuoting = &Rule{
	Name:     "port-quoting",
	Severity: Info,
	Tier:     Pedantic,
	Summary:  "A port is not in quotes, or not in those that were chosen.",
	Why: `Which ports a program reads as a number depends on the program and on the port. In quotes all of them are texts
for everybody, and nobody has to think about it when the next one is added.`,
	Fix: "Puts the ports in quotes. It is safe: Docker Compose reads the same as before.",
	Bad: `services:
  web:
    image: nginx:1.27.2
    ports:
      - 127.0.0.1:8080:80
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    ports:
      - "127.0.0.1:8080:80"
`,
	References: []Reference{
		{"Compose specification, services: ports", "https://docs.docker.com/reference/compose-file/services/#ports"},
	},
	Limits: "Ports that are misread without quotes are the matter of unquoted-port.",
	Options: []Option{{
		Name: "quotes", Summary: "The quotes to use.", Default: []string{"any"}, Allowed: []string{"any", "double", "single"},
	}},
	Check: checkPortQuoting,
}

func checkPortQuoting(p *Pass) {
	q := quoting{
		attributes: []string{"ports", "expose"},
		quote:      habitualQuotes(),
		which: func(item *source.Node) bool {
			return item.Style == source.Plain && !baseSixty().MatchString(item.Value)
		},
		message: "%s: put %s of %s in quotes: not all programs read a port without them as a text",
		title:   "Put the ports in quotes",
	}
	if quotes := p.choice("quotes"); quotes != "any" {
		q.use(quotes)
		q.which = func(item *source.Node) bool {
			return item.Style != source.Plain || !baseSixty().MatchString(item.Value)
		}
	}
	q.flag(p)
}
