package rules

import "composelint/internal/compose"

var fixedNameWithReplicas = &Rule{
	Name:     "fixed-name-with-replicas",
	Severity: High,
	Tier:     Default,
	Summary:  "A service has a `container_name`, and is to run in more than one container.",
	Why: `A name belongs to one container. Compose refuses the project. Other services reach all containers of a
service by the service's own name, so the fixed name is seldom needed.`,
	Bad: `services:
  worker:
    image: example/worker:2.0
    container_name: worker
    deploy:
      replicas: 3
`,
	Good: `services:
  worker:
    image: example/worker:2.0
    deploy:
      replicas: 3
`,
	References: []Reference{
		{"Compose specification, services: container_name",
			"https://docs.docker.com/reference/compose-file/services/#container_name"},
	},
	Check: func(p *Pass) {
		for _, problem := range p.problems(compose.FixedName) {
			p.Report(p.problemFinding(problem))
		}
	},
}
