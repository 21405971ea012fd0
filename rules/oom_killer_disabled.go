package rules

import (
	"fmt"

	"composelint/internal/compose"
)

var oomKillerDisabled = &Rule{
	Name:     "oom-killer-disabled",
	Severity: Medium,
	Tier:     Default,
	Summary: "The kernel may not end a service when memory runs out: `oom_kill_disable: true`, or a very low " +
		"`oom_score_adj`.",
	Why: "When memory runs out, the kernel ends the program that costs least to lose. A service that is exempt " +
		"keeps its memory, and the kernel ends others in its place: the SSH server, the database, Docker itself. " +
		"With a memory limit and without the killer, the service hangs for ever instead.\n\n" +
		"A memory limit with `restart: unless-stopped` brings a service back that takes too much.",
	Bad: `services:
  cache:
    image: example/cache:7.0
    oom_kill_disable: true
`,
	Good: `services:
  cache:
    image: example/cache:7.0
    mem_limit: 512m
`,
	References: []Reference{
		{"Docker Engine documentation, resource constraints: understand the risks of running out of memory",
			"https://docs.docker.com/engine/containers/resource_constraints/#understand-the-risks-of-running-out-of-memory"},
	},
	Check: checkOOMKiller,
}

// exemptScore is the oom_score_adj from which on the kernel in practice never chooses a program; -1000 exempts it.
const exemptScore = -900

func checkOOMKiller(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		if v := s.Get("oom_kill_disable"); v.True() {
			found(v, "oom_kill_disable")
		}
		if n, ok := s.Get("oom_score_adj").Int(); ok && n <= exemptScore {
			found(s.Get("oom_score_adj"), "oom_score_adj")
		}
	}, func(c Cause) Finding {
		return Finding{
			Message: fmt.Sprintf("when memory runs out, the kernel ends other programs than %s, whatever takes it",
				names(c.Services())),
			Evidence: c.Uses[0].Path[0],
		}
	})
}
