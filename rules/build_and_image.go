package rules

import (
	"fmt"

	"composelint/internal/compose"
)

var buildAndImage = &Rule{
	Name:     "build-and-image",
	Severity: Low,
	Tier:     Pedantic,
	Summary:  "A service has `build` and `image`, and does not say which of the two counts.",
	Why: `Without ` + "`pull_policy`" + `, Compose first tries to pull the image, and builds only where there is none. Once
somebody pushes an image of that name, hosts run that instead of the source beside the file, and a name without a
registry may be anybody's on Docker Hub. ` + "`pull_policy: build`" + ` always builds; ` + "`pull_policy: missing`" + `
says that the image is meant to be pulled.`,
	Bad: `services:
  web:
    build: .
    image: shop/web:3.2
`,
	Good: `services:
  web:
    build: .
    image: shop/web:3.2
    pull_policy: build
`,
	References: []Reference{
		{"Compose build specification, using build and image",
			"https://docs.docker.com/reference/compose-file/build/#using-build-and-image"},
	},
	Options: []Option{{
		Name: "pull-policy", Summary: "Whether a pull_policy makes up for it.",
		Default: []string{"accepted"}, Allowed: []string{"accepted", "ignored"},
	}},
	Check: checkBuildAndImage,
}

func checkBuildAndImage(p *Pass) {
	accepted := p.choice("pull-policy") == "accepted"
	p.Flag(func(s compose.Service, found Visit) {
		image := s.Get("image")
		if isSaid(image) && isSaid(s.Get("build")) && !(accepted && isSaid(s.Get("pull_policy"))) {
			found(image, "image")
		}
	}, func(c Cause) Finding {
		return Finding{
			Message: fmt.Sprintf("%s: an image that somebody pushed as %s would run instead of what is built: set pull_policy",
				names(c.Services()), asWritten(c.Value())),
		}
	})
}
