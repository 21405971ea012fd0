package rules

import (
	"fmt"

	"composelint/internal/compose"
)

var secretInBuildArg = &Rule{
	Name:     "secret-in-build-arg",
	Severity: High,
	Tier:     Default,
	Summary:  "A password, token or key is written into the arguments of a build.",
	Why: "Arguments of a build are kept in the image's history: everybody who can pull the image reads them with " +
		"`docker history`. In the file, everybody who can read the repository has them, too.\n\n" +
		"`build.secrets` gives a secret to one step of the build and leaves nothing behind.",
	Bad: `services:
  api:
    build:
      context: .
      args:
        NPM_TOKEN: 9fQ2mX7LrT0vB4kZ
`,
	Good: `services:
  api:
    build:
      context: .
      secrets:
        - npm_token
secrets:
  npm_token:
    environment: NPM_TOKEN
`,
	References: []Reference{
		{"Docker Build documentation, build secrets", "https://docs.docker.com/build/building/secrets/"},
		{"Dockerfile reference 1.12, ARG", "https://docs.docker.com/reference/dockerfile/#arg"},
	},
	Limits: "Secrets are recognised by the name of the argument, and tokens of well-known services by their form.",
	Check: func(p *Pass) {
		p.Flag(func(s compose.Service, found Visit) {
			for _, f := range s.At("build", "args").Settings() {
				if _, _, ok := literalSecret(f.Key, f.Value); ok {
					found(f.Value, "build", "args", f.Key)
				}
			}
		}, func(c Cause) Finding {
			name := c.Uses[0].Path[2]
			what, certain, _ := literalSecret(name, c.Value())
			f := Finding{
				Message: fmt.Sprintf("%s of %s is in the file and in the history of the image: whoever can pull it has it",
					what, names(c.Services())),
				Evidence: name,
			}
			f.weigh(c, certain)
			return f
		})
	},
}
