package rules

import (
	"fmt"
	"path/filepath"
	"slices"

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

// swarmKeys are what only Swarm reads under deploy.
var swarmKeys = []string{"placement", "update_config", "rollback_config", "endpoint_mode"}

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

// isForSwarm tells that the project is evidently meant for Swarm: its file is called a stack, or it has keys that only
// Swarm reads, and nothing in it is what Swarm refuses.
func (f *Facts) isForSwarm() bool {
	if f.forSwarm == nil {
		ofSwarm := func(s compose.Service) bool {
			return slices.ContainsFunc(swarmKeys, func(key string) bool { return !s.At("deploy", key).IsNull() })
		}
		is := !isForCompose(f.project) && (isStackFile(f.project) || slices.ContainsFunc(f.project.Services(), ofSwarm))
		f.forSwarm = &is
	}
	return *f.forSwarm
}

// isStackFile tells by the name of a file that it is one for "docker stack deploy".
func isStackFile(p *compose.Project) bool {
	return len(p.Files) > 0 && slices.ContainsFunc(nameWords(stem(filepath.Base(p.Files[0].Name))), func(word string) bool {
		return word == "stack" || word == "swarm"
	})
}

// isForCompose tells that a project has something that "docker stack deploy" refuses.
func isForCompose(project *compose.Project) bool {
	if project.Model.Get("include") != nil {
		return true
	}
	return slices.ContainsFunc(project.Services(), func(s compose.Service) bool {
		for _, d := range fields(s.Get("depends_on")) {
			if condition := d.Value.Get("condition"); condition != nil && !condition.Implicit {
				return true
			}
		}
		return !s.Get("profiles").IsNull() || !s.Get("develop").IsNull() || !s.Get("pull_policy").IsNull()
	})
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
