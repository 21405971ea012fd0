package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
)

var insecureRegistry = &Rule{
	Name:     "insecure-registry",
	Severity: Medium,
	Tier:     Default,
	Summary:  "Images are pulled without encryption: from a registry on port 80, or with `--insecure-registry`.",
	Why: `Everybody on the way can put another image in the place of the one that is pulled, and read the password for
the registry. A certificate for a registry costs nothing; one of one's own can be given to Docker in
/etc/docker/certs.d.`,
	Bad: `services:
  web:
    image: registry.example:80/web:3.2
`,
	Good: `services:
  web:
    image: registry.example/web:3.2
`,
	References: []Reference{
		{"Docker Engine documentation, dockerd: insecure registries",
			"https://docs.docker.com/reference/cli/dockerd/#insecure-registries"},
		{"CIS Docker Benchmark v1.6.0, 2.5", ""},
	},
	Limits: "A registry on another port may be without encryption, too; that is said in the configuration of " +
		"Docker, not here.",
	Check: checkRegistries,
}

func checkRegistries(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		if strings.HasSuffix(imageOf(s).Registry, ":80") {
			found(s.Get("image"), "image")
		}
	}, func(c Cause) Finding {
		registry := imageOf(c.Uses[0].Service).Registry
		return Finding{
			Message: fmt.Sprintf("the image of %s is pulled without encryption, and can be replaced on the way: %s",
				names(c.Services()), registry),
			Evidence: registry,
		}
	})
	p.Flag(func(s compose.Service, found Visit) {
		for _, attribute := range []string{"command", "entrypoint"} {
			if command := s.Get(attribute); strings.Contains(commandText(command), "--insecure-registry") {
				found(command, attribute)
			}
		}
	}, func(c Cause) Finding {
		return Finding{
			Message: "images for " + names(c.Services()) +
				" are pulled without encryption, and can be replaced on the way: --insecure-registry",
			Evidence: "--insecure-registry",
		}
	})
}
