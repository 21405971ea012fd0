package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
)

var executableTmpfs = &Rule{
	Name:     "executable-tmpfs",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A tmpfs allows programs, setuid programs or devices: `tmpfs: /tmp:exec`.",
	Why: "Docker mounts tmpfs so that nothing in it can be started, because temporary directories are where an " +
		"attacker puts programs first. `exec`, `suid` and `dev` take that away.",
	Fix: "Removes the option. It is unsafe, because some programs unpack libraries into /tmp and start them there.",
	Bad: `services:
  web:
    image: example/web:3.2
    tmpfs:
      - /tmp:exec
`,
	Good: `services:
  web:
    image: example/web:3.2
    tmpfs:
      - /tmp
`,
	References: []Reference{
		{"Docker Engine documentation, docker run: mount tmpfs",
			"https://docs.docker.com/reference/cli/docker/container/run/#tmpfs"},
	},
	Check: checkTmpfs,
}

// tmpfsEffects tells what an option allows.
var tmpfsEffects = map[string]string{
	"exec": "programs can be started",
	"suid": "programs can be made to run as root",
	"dev":  "device files give access to devices",
}

func checkTmpfs(p *Pass) {
	for risky, effect := range tmpfsEffects {
		p.Flag(func(s compose.Service, found Visit) {
			for _, item := range words(s.Get("tmpfs")) {
				if _, _, ok := option(item.Str(), strings.IndexByte(item.Str(), ':'), risky); ok {
					found(item, "tmpfs")
				}
			}
		}, func(c Cause) Finding {
			target, _, _ := strings.Cut(c.Value().Str(), ":")
			return Finding{
				Message: fmt.Sprintf("%s in %s of %s, a temporary directory (%s)",
					effect, target, names(c.Services()), risky),
				Evidence: target + " " + risky, Repair: func() Fix { return c.withoutTmpfsOption(risky) },
			}
		})
	}
}

// withoutTmpfsOption builds the fix that removes an option of a tmpfs.
func (c Cause) withoutTmpfsOption(name string) Fix {
	var r repair
	text := asWritten(c.Value())
	from, to, ok := option(text, strings.IndexByte(text, ':'), name)
	if !ok {
		return manual("Remove "+name, "A variable holds the options of the tmpfs: remove "+name+" from its value.")
	}
	r.setPart(c.Value(), from, to, "")
	for _, u := range c.Uses {
		said := u.Str()
		from, to, _ := option(said, strings.IndexByte(said, ':'), name)
		if said = said[:from] + said[to:]; u.isItem() {
			r.changeItem(u.Service, u.Str(), said, u.Path...)
		} else {
			r.change(u.Service, said, u.Path...)
		}
	}
	return r.fix("Remove "+name, Unsafe)
}
