package rules

import (
	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var rootByDefault = &Rule{
	Name:     "root-by-default",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service runs as root, because neither the file nor its image names another user.",
	Why: "Root in a container is root on the host, but for the walls around it, and most known ways out of a " +
		"container need it. Most programs have no use for root.\n\n" +
		"Name a user under `user`, or with `USER` in the Dockerfile, and give that user what the service writes.",
	Bad: `services:
  api:
    image: python:3.13-slim
    command: python -m http.server
`,
	Good: `services:
  api:
    image: python:3.13-slim
    command: python -m http.server
    user: "1000:1000"
`,
	References: []Reference{
		{"OWASP Docker Security Cheat Sheet, rule 2",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
		{"CIS Docker Benchmark v1.6.0, 4.1", ""},
		{"Dockerfile reference 1.12, USER", "https://docs.docker.com/reference/dockerfile/#user"},
	},
	Limits: "Images that are not known are taken to name a user. Jobs that another service waits for, and services " +
		"that set up files, are left alone. `user: root` is what root-user is about.",
	Check: checkRootByDefault,
}

func checkRootByDefault(p *Pass) {
	p.Lacking(func(s compose.Service) bool {
		return s.Get("user") == nil && p.Facts.startsRoot(s) && !p.Facts.runsOnce(s) && !setsUpFiles(s)
	}, func(services []compose.Service) Finding {
		return Finding{
			Message: "whoever takes over " + oneOf(services) + " is root there: neither the file nor the image names " +
				"another user",
			Confidence: Likely,
		}
	})
}

// startsRoot tells that the image of a service, or the Dockerfile that it is built from, is known to leave it root.
func (f *Facts) startsRoot(s compose.Service) bool {
	if s.Get("build").IsNull() {
		return !f.isBuilt(s) && knowledge.RunsAsRoot(imageOf(s))
	}
	user := ""
	for _, instruction := range knowledge.DockerfileInstructions(f.dockerfile(s)) {
		if instruction.Keyword == "USER" {
			user = instruction.Text
		}
	}
	if user != "" {
		return knowledge.ParseUser(user).IsRoot()
	}
	return knowledge.RunsAsRoot(f.base(s))
}
