package rules

import "composelint/internal/compose"

var imageDigestMissing = &Rule{
	Name:     "image-digest-missing",
	Severity: Low,
	Tier:     Strict,
	Summary:  "An image is named by its tag alone, without a digest.",
	Why: "Whoever controls the repository can put another image under the same tag, and the next pull runs it. A " +
		"digest names the content: `nginx:1.27.2@sha256:…` is the same everywhere and for ever. `docker compose " +
		"config --lock-image-digests` prints the digests, and tools such as Renovate and Dependabot keep them up " +
		"to date.",
	Bad: `services:
  web:
    image: nginx:1.27.2
`,
	Good: `services:
  web:
    image: nginx:1.27.2@sha256:bc5eac5eafc581aeda3008b4b1f07ebba230de2f27d47767129a6a905c84f470
`,
	References: []Reference{
		{"Docker Build documentation, best practices: pin base image versions",
			"https://docs.docker.com/build/building/best-practices/#pin-base-image-versions"},
	},
	Limits: "Images that are built from a Dockerfile in the same project are left alone, and so are those whose " +
		"tag moves, which image-tag-mutable tells of.",
	Check: func(p *Pass) {
		p.Lacking(func(s compose.Service) bool {
			img := imageOf(s)
			isTagged := img.Repository != "" && img.Digest == "" && !img.Uncertain && movingTag(img) == ""
			return isTagged && !p.Facts.isBuilt(s)
		}, func(services []compose.Service) Finding {
			what, lack := "the image", "it has"
			if len(services) > 1 {
				what, lack = "the images", "they have"
			}
			return Finding{Message: what + " of " + serviceNames(services) + " can be replaced under the same tag: " + lack + " no digest"}
		})
	},
}
