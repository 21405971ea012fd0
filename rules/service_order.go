package rules

import (
	"fmt"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

var serviceOrder = &Rule{
	Name:     "service-order",
	Severity: Info,
	Tier:     Pedantic,
	Summary:  "The services of a file are not in alphabetical order.",
	Why: `In a long file, a service that stands in its place in the alphabet is found without a search, and two people
who add services do not both add them at the end, which is where changes collide. Compose starts services in the order
that ` + "`depends_on`" + ` asks for, whatever the order in the file.`,
	Fix: "Moves the services, each with the comments that belong to it. It is safe: Compose reads the same as before. An " +
		"anchor stays before the services that use it, and no service crosses a comment that stands by itself.",
	Bad: `services:
  web:
    image: nginx:1.27.2
  db:
    image: postgres:17.2
`,
	Good: `services:
  db:
    image: postgres:17.2
  web:
    image: nginx:1.27.2
`,
	References: []Reference{
		{"Compose specification, services: depends_on",
			"https://docs.docker.com/reference/compose-file/services/#depends_on"},
	},
	Limits: "A mapping of services that stands between braces and holds comments is left alone.",
	Check:  checkServiceOrder,
}

func checkServiceOrder(p *Pass) {
	for _, file := range p.Project.Files {
		for _, document := range file.Documents {
			services := document.Lookup("services")
			if services == nil || services.Kind != source.Mapping {
				continue
			}
			at := compose.Origin{File: file, Node: services}
			d := disorderOf(at, alphabetical(entryKeys(services)), patch.HeadingBorder)
			if d == nil {
				continue
			}
			name, before := d.first()
			p.Report(Finding{
				Message: fmt.Sprintf("put %s before %s: services in alphabetical order are found without a search",
					name.Value, before.Value),
				Origin: at, Span: name.Content, Path: "services", Evidence: name.Value,
				Repair: func() Fix { return d.fix("Put the services in alphabetical order") },
			})
		}
	}
}
