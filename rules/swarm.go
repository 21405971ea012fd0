package rules

import (
	"path/filepath"
	"slices"

	"composelint/internal/compose"
)

// swarmKeys are what only Swarm reads under deploy. See https://docs.docker.com/reference/compose-file/deploy/.
var swarmKeys = []string{"placement", "update_config", "rollback_config", "endpoint_mode"}

func hasSwarmKeys(s compose.Service) bool {
	return slices.ContainsFunc(swarmKeys, func(key string) bool { return !s.At("deploy", key).IsNull() })
}

// isForSwarm tells that the project is evidently meant for Swarm: its file is called a stack, or it has keys that only
// Swarm reads, and nothing in it is what Swarm refuses.
func (f *Facts) isForSwarm() bool {
	if f.forSwarm == nil {
		is := !isForCompose(f.project) &&
			(isStackFile(f.project) || slices.ContainsFunc(f.project.Services(), hasSwarmKeys))
		f.forSwarm = &is
	}
	return *f.forSwarm
}

// isRunBySwarm tells that a service of the project has what only a Swarm looks at, and that nothing in the project is
// what Swarm refuses.
func (f *Facts) isRunBySwarm() bool {
	if f.bySwarm == nil {
		is := !isForCompose(f.project) && slices.ContainsFunc(f.project.Services(), f.isPlacedBySwarm)
		f.bySwarm = &is
	}
	return *f.bySwarm
}

// isPlacedBySwarm tells that a service has keys, a mode or a network that only a Swarm looks at.
func (f *Facts) isPlacedBySwarm(s compose.Service) bool {
	onOverlay := func(n compose.Field) bool {
		return f.project.Model.At("networks", n.Key, "driver").Str() == "overlay"
	}
	return hasSwarmKeys(s) || s.At("deploy", "mode").Str() == "global" ||
		slices.ContainsFunc(fields(s.Get("networks")), onOverlay)
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
