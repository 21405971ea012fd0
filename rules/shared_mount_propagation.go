package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
)

var sharedMountPropagation = &Rule{
	Name:     "shared-mount-propagation",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A mount is shared in both directions: `:shared`, `:rshared`, or `propagation: shared`.",
	Why: "What the service mounts below such a directory appears on the host, and in all other containers that " +
		"share it. A service that is taken over can lay its own files over those of the host. Most programs only " +
		"need to see what the host mounts: that is `rslave`.",
	Fix: "Removes the propagation. It is unsafe, because programs that mount file systems for others, such as " +
		"rclone and mergerfs, are then seen by no one.",
	Bad: `services:
  media:
    image: example/media:2.4
    volumes:
      - /mnt/media:/media:rshared
`,
	Good: `services:
  media:
    image: example/media:2.4
    volumes:
      - /mnt/media:/media:rslave
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.20", ""},
		{"Docker documentation, bind mounts: configure bind propagation",
			"https://docs.docker.com/engine/storage/bind-mounts/#configure-bind-propagation"},
	},
	Check: checkPropagation,
}

func checkPropagation(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, mount := range items(s.Get("volumes")) {
			switch mount.At("bind", "propagation").Str() {
			case "shared", "rshared":
				found(mount, "volumes")
			}
		}
	}, func(c Cause) Finding {
		return Finding{
			Message: fmt.Sprintf("what is mounted below %[2]s in %[1]s appears on the host and in other containers (%[3]s)",
				names(c.Services()), c.Value().Get("target").Str(), c.Value().At("bind", "propagation").Str()),
			Evidence: c.Value().Get("target").Str(), Repair: c.unshare,
		}
	})
}

// unshare builds the fix that removes the propagation of a mount.
func (c Cause) unshare() Fix {
	var r repair
	mount := c.Value()
	propagation := mount.At("bind", "propagation")
	if isShort(mount) {
		text := asWritten(mount)
		from, to, ok := option(text, strings.LastIndexByte(text, ':'), propagation.Str())
		if !ok {
			return manual("Remove the propagation",
				"A variable holds the options of the mount: remove shared from its value.")
		}
		r.setPart(mount, from, to, "")
	} else {
		r.remove(propagation)
	}
	for _, u := range c.Uses {
		r.changeItem(u.Service, u.Plain(), withoutPropagation(u.Value), u.Path...)
	}
	return r.fix("Remove "+propagation.Str(), Unsafe)
}

// withoutPropagation returns a mount as it is without its propagation. A long form that says nothing else about the
// bind says nothing about it then.
func withoutPropagation(mount *compose.Value) any {
	plain := mount.Plain().(map[string]any)
	bind := plain["bind"].(map[string]any)
	delete(bind, "propagation")
	left := 0
	for _, f := range mount.Get("bind").Fields {
		if !f.Value.Implicit {
			left++
		}
	}
	if !isShort(mount) && left == 1 {
		delete(plain, "bind")
	}
	return plain
}

// option finds one of the options that stand behind start, the place of a colon, separated by commas. The range covers
// one separator, too, so that it can be cut out.
func option(text string, start int, name string) (from, to int, ok bool) {
	if start < 0 {
		return 0, 0, false
	}
	at := start + 1
	for _, word := range strings.Split(text[at:], ",") {
		end := at + len(word)
		switch {
		case word != name:
		case at == start+1 && end < len(text):
			return at, end + 1, true
		default:
			return at - 1, end, true
		}
		at = end + 1
	}
	return 0, 0, false
}
