package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
)

var unsafeSysctl = &Rule{
	Name:     "unsafe-sysctl",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A service sets a kernel parameter that belongs to the whole host: `sysctls: {vm.max_map_count: …}`.",
	Why: `A container has only few kernel parameters of its own: those of its network (net.…), of its message queues
(fs.mqueue.…) and of its shared memory (kernel.msg…, kernel.sem, kernel.shm…). Docker does not start a container that
sets another one, or one of the network while it uses the host's network.

Parameters of the host are set on the host: in /etc/sysctl.d.`,
	Bad: `services:
  search:
    image: example/search:8.1
    sysctls:
      vm.max_map_count: 262144
`,
	Good: `services:
  search:
    image: example/search:8.1
    sysctls:
      net.core.somaxconn: 1024
`,
	References: []Reference{
		{"Docker Engine documentation, docker run: configure namespaced kernel parameters",
			"https://docs.docker.com/reference/cli/docker/container/run/#sysctl"},
		{"runc v1.2.0, libcontainer/configs/validate/validator.go",
			"https://github.com/opencontainers/runc/blob/v1.2.0/libcontainer/configs/validate/validator.go"},
	},
	Check: checkSysctls,
}

// ownSysctls are the parameters that a container has of its own; those that end in a dot stand for all below.
// Source: runc v1.2.0, libcontainer/configs/validate/validator.go.
var ownSysctls = []string{
	"net.", "fs.mqueue.", "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
	"kernel.shmmni", "kernel.shm_rmid_forced", "kernel.domainname",
}

func checkSysctls(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, f := range s.Get("sysctls").Settings() {
			if !isOwnSysctl(f.Key, s.Get("network_mode").Str() == "host") {
				found(f.Value, "sysctls", f.Key)
			}
		}
	}, func(c Cause) Finding {
		path := c.Uses[0].Path
		name := path[len(path)-1]
		return Finding{
			Message: fmt.Sprintf("Docker does not start %s: %s is a parameter of the whole host, and has to be set there",
				names(c.Services()), name),
			Evidence: name,
		}
	})
}

func isOwnSysctl(name string, hostNetwork bool) bool {
	name = strings.ReplaceAll(name, "/", ".")
	if hostNetwork && strings.HasPrefix(name, "net.") {
		return false
	}
	for _, own := range ownSysctls {
		if name == own || strings.HasSuffix(own, ".") && strings.HasPrefix(name, own) {
			return true
		}
	}
	return false
}
