package rules

import "composelint/internal/compose"

var duplicateMountTarget = &Rule{
	Name:     "duplicate-mount-target",
	Severity: High,
	Tier:     Default,
	Summary:  "A service has two mounts at one place in the container.",
	Why: "Only one of them could be seen. Compose refuses the project. The two are often far apart: one in " +
		"`volumes`, the other in `tmpfs`, or one in another file.",
	Bad: `services:
  web:
    image: nginx:1.27.2
    volumes:
      - ./cache:/var/cache/nginx
    tmpfs:
      - /var/cache/nginx
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    tmpfs:
      - /var/cache/nginx
`,
	References: []Reference{
		{"compose-go v2.16.2, loader/validate.go",
			"https://github.com/compose-spec/compose-go/blob/v2.16.2/loader/validate.go"},
	},
	Check: func(p *Pass) {
		for _, problem := range p.problems(compose.DuplicateMount) {
			p.Report(p.problemFinding(problem))
		}
	},
}
