package rules

import (
	"slices"

	"composelint/internal/compose"
	"composelint/internal/source"
)

var obsoleteVersion = &Rule{
	Name:     "obsolete-version",
	Severity: Low,
	Tier:     Default,
	Summary:  "The file has a `version` at its top.",
	Why: "Compose has ignored it since 1.27 (2020), and warns about it at every command. It tells readers that some version's " +
		"limits apply, and none do.",
	Fix: "Removes the line. It is safe: Compose does not read it.",
	Limits: "In files that are evidently meant for Swarm it is left alone: `docker stack deploy` warns about nothing, and " +
		"before Docker 23.0 it refuses a file without.",
	Bad: `version: "3.8"
services:
  web:
    image: nginx:1.27.2
`,
	Good: `services:
  web:
    image: nginx:1.27.2
`,
	References: []Reference{
		{"Compose specification, version and name top-level elements",
			"https://docs.docker.com/reference/compose-file/version-and-name/"},
		{"Docker's command line, #3257: the version is optional for stacks", "https://github.com/docker/cli/pull/3257"},
	},
	Check: checkVersion,
}

func checkVersion(p *Pass) {
	if p.Facts.isForSwarm() {
		return
	}
	for _, file := range p.Project.Files {
		for _, document := range file.Documents {
			_, entry := document.Entry("version")
			if entry == nil || document.Lookup("services") == nil && document.Lookup("include") == nil {
				continue // a fragment of something else, or a file of the first format, where services stand at the top
			}
			isProblem := func(q compose.Problem) bool { return q.Origin.Node == entry.Value }
			if slices.ContainsFunc(p.problems(compose.Schema), isProblem) {
				continue // schema-violation tells that it is no text
			}
			at := compose.Origin{File: file, Node: entry.Value, Key: entry.Key}
			p.Report(Finding{
				Message: "version is obsolete: Compose ignores it and warns about it",
				Origin:  at, Span: source.Span{Start: entry.Key.Span.Start, End: entry.Value.Span.End}, Path: "version",
				Repair: removeVersion(at),
			})
		}
	}
}

// removeVersion builds the fix that takes a version out of its document.
func removeVersion(at compose.Origin) func() Fix {
	return func() Fix {
		var r repair
		r.draft(at.File).Remove(at.Node.Parent, at.Node)
		return r.fix("Remove version", Safe)
	}
}
