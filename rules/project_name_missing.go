package rules

import "composelint/internal/compose"

var projectNameMissing = &Rule{
	Name:     "project-name-missing",
	Severity: Info,
	Tier:     Pedantic,
	Summary:  "The project has no `name`, and is called after its directory.",
	Why: `Compose keeps containers, networks and volumes by the name of the project. Where the directory is renamed, or
checked out under another name, the next start finds none of them: it makes new, empty volumes beside the old ones. Two
projects in directories of one name, such as two called docker, share theirs.`,
	Bad: `services:
  web:
    image: nginx:1.27.2
`,
	Good: `name: shop
services:
  web:
    image: nginx:1.27.2
`,
	References: []Reference{
		{"Compose file reference, name", "https://docs.docker.com/reference/compose-file/version-and-name/"},
	},
	Limits: "Nothing is said of a project whose name is in COMPOSE_PROJECT_NAME, nor of a file that is part of another " +
		"project. There is no fix: another name than the present one would leave the volumes behind, and which one " +
		"is present on the hosts is not in the files.",
	Check: checkProjectName,
}

func checkProjectName(p *Pass) {
	if p.Project.Env["COMPOSE_PROJECT_NAME"] != "" || p.partOf() != "" || len(p.Project.Services()) == 0 {
		return
	}
	main := p.Project.Files[:p.Project.Main]
	for _, file := range main {
		for _, document := range file.Documents {
			if document.Lookup("name") != nil {
				return
			}
		}
	}
	root := main[0].Root()
	p.Report(Finding{
		Message: "the project is called after its directory, and loses its volumes when that is renamed: give it a name",
		Origin:  compose.Origin{File: main[0], Node: root},
		Span:    childAt(root, 0).Content,
		Path:    "name",
	})
}
