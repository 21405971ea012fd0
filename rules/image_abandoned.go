package rules

import (
	"cmp"
	"fmt"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var imageAbandoned = &Rule{
	Name:     "image-abandoned",
	Severity: Medium,
	Tier:     Default,
	Summary:  "An image gets no more updates, or cannot be pulled any more: its project was closed, renamed or moved.",
	Why: `Holes that are found in it, or in what it is built on, stay open. Sooner or later the image is deleted, as those
of Bitnami and MinIO were, and a new host cannot pull it. A host that has it already notices nothing.`,
	Fix: "Names the successor where it takes the image's place with the same tag, and nothing else has to change. " +
		"That is safe where the images were moved, and unsafe where the successor may not have every old tag. " +
		"Elsewhere it tells the successor.",
	Bad: `services:
  kv:
    image: consul:1.15.4
`,
	Good: `services:
  kv:
    image: hashicorp/consul:1.15.4
`,
	References: []Reference{
		{"Docker Official Images, deprecated images as of 9a94ae1 (2024)",
			"https://github.com/docker-library/docs/tree/9a94ae1827fcde48dfc1d83e5d7a14ce20b0c7a5"},
	},
	Limits: "Only images that are known to be abandoned are reported; age alone is not.",
	Check:  checkAbandonedImages,
}

func checkAbandonedImages(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		if _, retired := knowledge.RetiredImageFor(imageOf(s)); retired && !p.Facts.isBuilt(s) {
			found(s.Get("image"), "image")
		}
	}, func(c Cause) Finding {
		img := imageOf(c.Uses[0].Service)
		retired, _ := knowledge.RetiredImageFor(img)
		what := "gets no more updates"
		if retired.Gone {
			what = "cannot be pulled any more"
		}
		f := Finding{
			Message:  fmt.Sprintf("%s of %s %s: %s", img.Repository, names(c.Services()), what, whatBecameOf(retired, img)),
			Evidence: img.Repository,
		}
		if retired.Notes != "" {
			f.Notes = []string{retired.Notes}
		}
		if retired.Successor == "" {
			f.Severity = Low // there is nothing to change to
		} else {
			f.Repair = func() Fix { return c.rename(img, retired) }
		}
		if retired.Gone {
			f.Severity = High
		}
		return f
	})
}

// whatBecameOf says it in words: "it was archived in 2025, use nickfedor/watchtower".
func whatBecameOf(retired knowledge.RetiredImage, img knowledge.Image) string {
	became := map[knowledge.RetiredState]string{
		knowledge.RetiredMoved:        "it was moved",
		knowledge.RetiredRenamed:      "it was renamed",
		knowledge.RetiredDeprecated:   "its makers advise against it",
		knowledge.RetiredArchived:     "its project was closed",
		knowledge.RetiredUnmaintained: "nobody looks after it",
	}
	text := cmp.Or(became[retired.State], "nobody looks after it")
	if retired.Since != "" {
		text += " (" + retired.Since + ")"
	}
	if successor := retired.SuccessorOf(img); successor != "" {
		text += ", and " + successor + " takes its place"
	}
	return text
}

// rename builds the fix that names the successor of an image, or tells it where more has to change.
func (c Cause) rename(img knowledge.Image, retired knowledge.RetiredImage) Fix {
	successor := retired.SuccessorOf(img)
	title := "Use " + successor
	v := c.Value()
	old := img.Path
	if hub := "docker.io/" + old; knowledge.ParseImage(successor).Registry != "" && strings.Contains(asWritten(v), hub) {
		old = hub // the successor has a registry of its own
	}
	at := strings.Index(asWritten(v), old)
	if !retired.DropIn || at < 0 || img.Registry != "" {
		return manual(title, "It is not the same image: read what changed before you change to it.")
	}
	var r repair
	r.setPart(v, at, at+len(old), successor)
	for _, u := range c.Uses {
		r.change(u.Service, strings.Replace(u.Str(), old, successor, 1), u.Path...)
	}
	if retired.State != knowledge.RetiredMoved {
		return r.fix(title, Unsafe) // its makers went on elsewhere, and did not take along every tag
	}
	return r.fix(title, Safe)
}
