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
	taken := map[string][]compose.Service{}
	for _, s := range p.Project.Services() {
		name := s.Get("container_name")
		if name.Str() == "" || name.Unset || name.Unknown || isIdle(s) {
			continue
		}
		for _, other := range taken[name.Str()] {
			if !runTogether(s, other) {
				continue
			}
			if p.partOf() != "" {
				return // its services may be there for others to extend
			}
			p.Report(Finding{
				Message: fmt.Sprintf("%s and %s both have the name %s: the one that starts last fails",
					other.Name, s.Name, name.Str()),
				Origin: name.Origin, Path: "services." + s.Name + ".container_name",
				Services: []string{other.Name, s.Name}, Evidence: name.Str(),
				Related: []Related{{other.Get("container_name").Origin, other.Name + " has the name here"}},
			})
			break
		}
		taken[name.Str()] = append(taken[name.Str()], s)
	}
}
