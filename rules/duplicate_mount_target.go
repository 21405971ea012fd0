package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
)

var duplicateMountTarget = &Rule{
	Name:     "duplicate-mount-target",
	Severity: High,
	Tier:     Default,
	Summary:  "A service has two mounts at one place in the container.",
	Why: "Only one of them can be seen. Compose refuses the project, or, where both are in one list, takes the last one " +
		"without a word. The two are often far apart: one in `volumes`, the other in `tmpfs`, or one in another file.",
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
	Check: checkDuplicateMounts,
}

func checkDuplicateMounts(p *Pass) {
	for _, problem := range p.problems(compose.DuplicateMount) {
		p.Report(p.problemFinding(problem))
	}
	for _, r := range p.Project.Repetitions {
		if isReplacedMount(r) {
			p.Report(p.replacedMount(r))
		}
	}
}

// isReplacedMount tells that a list of mounts says another one for the same target.
func isReplacedMount(r compose.Repetition) bool {
	return r.Differs && strings.HasSuffix(r.Path, ".volumes")
}

func (p *Pass) replacedMount(r compose.Repetition) Finding {
	f := Finding{Origin: r.Kept, Path: r.Path, Services: p.reached(r.Kept, r.Path), Evidence: r.Key}
	f.Message = fmt.Sprintf("%s: another line of the list is for %s, too, and Compose takes the last one without a word: remove one",
		whom(f.Services), r.Key)
	f.relate(r.Lost, "this one does not count")
	return f
}
