package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
)

var restartConflict = &Rule{
	Name:     "restart-conflict",
	Severity: Low,
	Tier:     Default,
	Summary:  "`restart` and `deploy.restart_policy` of a service say different things.",
	Why: `Only one of them counts: Compose takes the one under deploy, and so does Swarm. Whoever reads the other one
expects a service to come back that does not, or the reverse.`,
	Bad: `services:
  web:
    image: example/web:3.2
    restart: always
    deploy:
      restart_policy:
        condition: none
`,
	Good: `services:
  web:
    image: example/web:3.2
    deploy:
      restart_policy:
        condition: any
`,
	References: []Reference{
		{"Compose specification, deploy: restart_policy",
			"https://docs.docker.com/reference/compose-file/deploy/#restart_policy"},
		{"Docker Compose v2.40.0, pkg/compose/create.go, getRestartPolicy",
			"https://github.com/docker/compose/blob/v2.40.0/pkg/compose/create.go"},
	},
	Check: func(p *Pass) {
		p.Flag(func(s compose.Service, found Visit) {
			if restart := s.Get("restart"); contradicts(restart, s.At("deploy", "restart_policy")) {
				found(restart, "restart")
			}
		}, func(c Cause) Finding {
			policy := c.Uses[0].Service.At("deploy", "restart_policy")
			return Finding{
				Message: fmt.Sprintf("restart: %s of %s does not count: deploy.restart_policy says otherwise",
					c.Value().Str(), names(c.Services())),
				Related: []Related{{policy.Origin, "this one counts"}},
			}
		})
	},
}

// contradicts tells that a restart policy under deploy means something else than restart.
func contradicts(restart, policy *compose.Value) bool {
	if restart.Str() == "" || restart.Unset || policy.IsNull() {
		return false
	}
	name, _, _ := strings.Cut(restart.Str(), ":")
	switch policy.Get("condition").Str() {
	case "none":
		return name != "no"
	case "on-failure":
		return name != "on-failure"
	}
	return name != "always" && name != "unless-stopped"
}
