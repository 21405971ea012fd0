package rules

import (
	"fmt"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

var topLevelOrder = &Rule{
	Name:     "top-level-order",
	Severity: Info,
	Tier:     Pedantic,
	Summary:  "The sections of a file are not in the usual order.",
	Why: `Who opens a file expects the name and the templates at its top, then the services, then the networks and volumes
that they use: it is the order of the documentation and of most public Compose files. A section that stands elsewhere
is overlooked.`,
	Fix: "Moves the sections, each with the comments that belong to it. It is safe: Compose reads the same as before. An " +
		"anchor stays before what uses it, and no section crosses a comment that stands by itself.",
	Bad: `volumes:
  data: {}
services:
  db:
    image: postgres:17.2
    volumes:
      - data:/var/lib/postgresql/data
`,
	Good: `services:
  db:
    image: postgres:17.2
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data: {}
`,
	References: []Reference{
		{"Compose file reference", "https://docs.docker.com/reference/compose-file/"},
	},
	Options: []Option{{
		Name: "order",
		Summary: "The sections in their order. A word with * at its end stands for all that begin so; sections that are not " +
			"named come last, in the order they have.",
		Default: []string{
			"version", "name", "include", "x-*", "services", "models", "networks", "volumes", "configs", "secrets",
		},
	}},
	Check: checkTopLevelOrder,
}

func checkTopLevelOrder(p *Pass) {
	order := p.Option("order")
	for _, file := range p.Project.Files {
		for _, document := range file.Documents {
			if document.Kind != source.Mapping {
				continue
			}
			at := compose.Origin{File: file, Node: document}
			d := disorderOf(at, ranksIn(order, entryKeys(document)), patch.HeadingBorder)
			if d == nil {
				continue
			}
			key, before := d.first()
			p.Report(Finding{
				Message: fmt.Sprintf("put %s before %s, where readers look for it", key.Value, before.Value),
				Origin:  at, Span: key.Content, Path: key.Value, Evidence: key.Value,
				Repair: func() Fix { return d.fix("Put the sections in order") },
			})
		}
	}
}
