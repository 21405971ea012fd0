package rules

import (
	"fmt"

	"composelint/internal/compose"
)

var duplicateContainerName = &Rule{
	Name:     "duplicate-container-name",
	Severity: High,
	Tier:     Default,
	Summary:  "Two services have the same `container_name`.",
	Why: `A name belongs to one container. The service that starts second fails with "the container name is already in
use", and which one that is changes from start to start.`,
	Bad: `services:
  web:
    image: example/web:3.2
    container_name: shop
  api:
    image: example/api:2.1
    container_name: shop
`,
	Good: `services:
  web:
    image: example/web:3.2
    container_name: shop-web
  api:
    image: example/api:2.1
    container_name: shop-api
`,
	References: []Reference{
		{"Compose specification, services: container_name",
			"https://docs.docker.com/reference/compose-file/services/#container_name"},
	},
	Limits: "Services that never run together because they have no profile in common are left alone.",
	Check:  checkContainerNames,
}

func checkContainerNames(p *Pass) {
	p.Compete(func(s compose.Service, wants func(string, *compose.Value, ...string)) {
		if name := s.Get("container_name"); name.Str() != "" {
			wants(name.Str(), name, "container_name")
		}
	}, func(name string, c Cause) Finding {
		return Finding{Message: fmt.Sprintf("%s want the name %s: the first that starts gets it, and the rest fails",
			names(c.Services()), name)}
	})
}
