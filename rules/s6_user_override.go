package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var s6UserOverride = &Rule{
	Name:     "s6-user-override",
	Severity: Low,
	Tier:     Default,
	Summary:  "A service has `user:` on an image that changes to the user in PUID and PGID by itself.",
	Why: "These images start as root, prepare their files and then change to the user that PUID and PGID name. Only root can do that: " +
		"with `user:` the two variables have no effect, and files that the image has to prepare stay as they are.",
	Bad: `services:
  media:
    image: lscr.io/linuxserver/jellyfin:10.10.3
    user: "1000:1000"
    environment:
      PUID: "1001"
      PGID: "1001"
`,
	Good: `services:
  media:
    image: lscr.io/linuxserver/jellyfin:10.10.3
    environment:
      PUID: "1001"
      PGID: "1001"
`,
	References: []Reference{
		{"LinuxServer.io, understanding PUID and PGID", "https://docs.linuxserver.io/general/understanding-puid-and-pgid/"},
	},
	Limits: "Some of these images can be run as any user today. Where neither variable is set, it is told from the strict tier on, " +
		"as possible.",
	Check: checkUserOverrides,
}

func checkUserOverrides(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		contract, rule, ok := p.brokenContract(s)
		if ok && changesUser(contract) && rule.Outcome != knowledge.OutcomeWorks {
			found(s.Get("user"), "user")
		}
	}, func(c Cause) Finding {
		_, rule, _ := p.brokenContract(c.Uses[0].Service)
		f := Finding{
			Message:    fmt.Sprintf("%s with user %s: %s", names(c.Services()), c.Value().Str(), strings.TrimSpace(rule.Effect)),
			Evidence:   asWritten(c.Value()),
			Confidence: Likely,
			Notes:      []string{capitalised(rule.Remedy) + "."},
		}
		if rule.Outcome == knowledge.OutcomeDepends {
			f.Tier, f.Confidence = Strict, Possible
		}
		return f
	})
}
