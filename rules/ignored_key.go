package rules

import (
	"fmt"

	"composelint/internal/compose"
)

var ignoredKey = &Rule{
	Name:     "ignored-key",
	Severity: Low,
	Tier:     Default,
	Summary:  "A service for Docker Compose has keys under `deploy` that only Swarm reads.",
	Why: `Compose reads the number of replicas, the resources and the restart policy under deploy. Placement, updates
and rollbacks are for Swarm: Compose takes them without a word, and nothing happens.`,
	Fix: "Removes the key. It is safe: Compose does not read it.",
	Bad: `services:
  web:
    image: example/web:3.2
    profiles: [shop]
    deploy:
      placement:
        constraints:
          - node.role == manager
`,
	Good: `services:
  web:
    image: example/web:3.2
    profiles: [shop]
`,
	References: []Reference{
		{"Compose specification, deploy", "https://docs.docker.com/reference/compose-file/deploy/"},
		{"Docker CLI v27.3.1, compose/types/types.go, UnsupportedProperties",
			"https://github.com/docker/cli/blob/v27.3.1/cli/compose/types/types.go"},
	},
	Limits: "A file that may be meant for Swarm is left alone: one in which nothing stands that \"docker stack " +
		"deploy\" refuses, such as profiles, or a condition under depends_on.",
	Check: checkIgnoredKeys,
}

func checkIgnoredKeys(p *Pass) {
	if !isForCompose(p.Project) {
		return
	}
	for _, key := range swarmKeys {
		p.Flag(func(s compose.Service, found Visit) {
			if v := s.At("deploy", key); !v.IsNull() {
				found(v, "deploy", key)
			}
		}, func(c Cause) Finding {
			return Finding{
				Message:  fmt.Sprintf("deploy.%s of %s does nothing: only Swarm reads it", key, names(c.Services())),
				Evidence: key, Repair: func() Fix { return c.removeUnder("deploy", key) },
			}
		})
	}
}

// removeUnder builds the fix that takes a key out of a mapping, and the mapping too where it says nothing else.
func (c Cause) removeUnder(section, key string) Fix {
	var r repair
	for _, u := range c.Uses {
		r.remove(u.Value)
		if len(u.Service.Get(section).Fields) == 1 {
			r.change(u.Service, nil, section)
		} else {
			r.change(u.Service, nil, u.Path...)
		}
	}
	return r.fix("Remove "+section+"."+key, Safe)
}
