package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var imageTagMutable = &Rule{
	Name:     "image-tag-mutable",
	Severity: Medium,
	Tier:     Default,
	Summary: "An image that runs or is mounted has no tag, or one that stands for whatever is newest: `latest`, `main`, `nightly`, " +
		"`stable`.",
	Why: `The tag is moved to every new release. What runs depends on the day on which a host pulled the image: two
hosts differ, an update comes with the next restart whether it fits or not, and nobody can say which version worked
yesterday.`,
	Bad: `services:
  web:
    image: nginx:latest
`,
	Good: `services:
  web:
    image: nginx:1.27.2
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.28", ""},
		{"Docker Build documentation, best practices: pin base image versions",
			"https://docs.docker.com/build/building/best-practices/#pin-base-image-versions"},
	},
	Limits: "A tag such as 16 or 3.12-slim moves, too, though within one version: image-digest-missing tells of " +
		"those. Images that are built from a Dockerfile in the same project, and images whose tag is a variable without " +
		"a default, are left alone, and so are those that get no more updates, and socket proxies: image-abandoned and " +
		"docker-socket-proxy-ineffective tell of them. Images whose name shows that they are built by hand are told in " +
		"the pedantic tier.",
	Check: checkMutableTags,
}

func checkMutableTags(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		img := imageOf(s)
		_, isRetired := knowledge.RetiredImageFor(img)
		if movingTag(img) != "" && !isRetired && !hasBadTag(s) && !p.Facts.isBuiltHere(s) {
			found(s.Get("image"), "image")
		}
		for _, mount := range items(s.Get("volumes")) {
			source := mount.Get("source")
			if mount.Get("type").Str() == "image" && movingTag(imageIn(source)) != "" && !p.Facts.builds(source.Str()) {
				found(source, "volumes")
			}
		}
	}, func(c Cause) Finding {
		img := imageIn(c.Value())
		f := Finding{
			Message: fmt.Sprintf("%s:%s of %s is whatever is newest on the day it is pulled: name a version",
				img.Repository, img.Tag, names(c.Services())),
			Evidence: movingTag(img),
		}
		if img.Tag == "" {
			f.Message = fmt.Sprintf("%s of %s is whatever is newest on the day it is pulled: add a tag with a version",
				img.Repository, names(c.Services()))
		}
		if img.Defaulted {
			f.Confidence = Likely
		}
		if knowledge.IsLocal(img) {
			f.Tier, f.Severity = Pedantic, Low
			f.Message = fmt.Sprintf("%s of %s is whatever was built last under that name on the host: give it a version",
				img.Repository, names(c.Services()))
		}
		return f
	})
}

// movingTag returns the tag of an image if it moves, "latest" where there is none, and nothing for one that stays or
// is not known.
func movingTag(img knowledge.Image) string {
	if _, moving := knowledge.MovingTag(img); moving {
		return img.Tag
	}
	if img.Tag == "" && img.Digest == "" && (!img.Uncertain || endsInName(img.Reference)) {
		return "latest"
	}
	return ""
}

// endsInName tells that a reference has no tag whatever the variables before its last part are: ${REGISTRY}/web.
func endsInName(reference string) bool {
	i := strings.LastIndexByte(reference, '/')
	return i >= 0 && i < len(reference)-1 && !strings.ContainsAny(reference[i:], ":@${}")
}
