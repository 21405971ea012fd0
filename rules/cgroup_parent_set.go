package rules

import "composelint/internal/compose"

var cgroupParentSet = &Rule{
	Name:     "cgroup-parent-set",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service is put into a control group of its own choice: `cgroup_parent`.",
	Why: "Limits on memory and processors are kept by control groups. Docker puts all containers under one group, " +
		"which the host can limit as a whole; `cgroup_parent` takes a service out of it.",
	Bad: `services:
  worker:
    image: example/worker:2.0
    cgroup_parent: m-executor-abcd
`,
	Good: `services:
  worker:
    image: example/worker:2.0
    mem_limit: 512m
`,
	References: []Reference{{"CIS Docker Benchmark v1.6.0, 5.25", ""}},
	Check: func(p *Pass) {
		p.Flag(func(s compose.Service, found Visit) {
			if v := s.Get("cgroup_parent"); v.Str() != "" {
				found(v, "cgroup_parent")
			}
		}, func(c Cause) Finding {
			return Finding{
				Message:  "the limits that the host sets for all containers do not count for " + names(c.Services()),
				Evidence: c.Value().Str(),
			}
		})
	},
}
