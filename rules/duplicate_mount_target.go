package rules

import (
	"fmt"
	"path"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
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
	replaced := map[*source.Node]*source.Node{} // by the mount that counts
	p.Flag(func(s compose.Service, found func(*compose.Value, ...string)) {
		mounts := items(s.Get("volumes"))
		collectReplaced(mounts, replaced)
		for _, mount := range mounts {
			if replaced[mount.Origin.Node] != nil {
				found(mount, "volumes")
			}
		}
	}, func(c Cause) Finding {
		target, origin := c.Value().Get("target").Str(), c.Value().Origin
		f := Finding{
			Message: fmt.Sprintf("%s: another line of the list is for %s, too, and Compose takes the last one without a word: remove one",
				names(c.Services()), target),
			Evidence: target,
			Related:  []Related{{compose.Origin{File: origin.File, Node: replaced[origin.Node]}, "this one does not count"}},
		}
		if c.Value().Raw != "" {
			f.Confidence = Likely
		}
		return f
	})
}

// collectReplaced finds the items that a later one of the same list takes the place of, because it is for the same
// target. What a file replaces in another one is meant to be replaced.
func collectReplaced(mounts []*compose.Value, replaced map[*source.Node]*source.Node) {
	counts := map[*source.Node]bool{}
	byTarget := map[string]*source.Node{}
	lists := map[*source.Node]bool{}
	for _, mount := range mounts {
		if node := mount.Origin.Node; node != nil && node.Parent != nil {
			counts[node], byTarget[mount.Get("target").Str()], lists[node.Parent] = true, node, true
		}
	}
	for list := range lists {
		for _, item := range list.Items {
			said := item.Resolved()
			last := byTarget[saidTarget(said)]
			if !counts[said] && last != nil && last.Parent == list {
				replaced[last] = item
			}
		}
	}
}

// saidTarget returns the target that an item of a list of mounts is written with.
func saidTarget(item *source.Node) string {
	if item.Kind == source.Mapping {
		target := item.Lookup("target")
		if target == nil {
			return ""
		}
		return path.Clean(target.Resolved().Value)
	}
	parts := strings.Split(strings.TrimSuffix(strings.TrimSuffix(item.Value, ":ro"), ":rw"), ":")
	return path.Clean(parts[len(parts)-1])
}
