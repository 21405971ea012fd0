package rules

import (
	"fmt"

	"composelint/internal/compose"
)

var hostNamespace = &Rule{
	Name:     "host-namespace",
	Severity: High,
	Tier:     Default,
	Summary: "A service shares the host's processes, memory, users or name: `pid: host`, `ipc: host`, " +
		"`userns_mode: host`.",
	Why: "A container has its own list of processes, its own shared memory, its own users and its own host name. " +
		"`host` takes that wall away. With `pid: host` a service sees every process of the host with its command " +
		"line and environment, passwords included, and can stop those of its user; with `ipc: host` it reads and " +
		"writes memory that other programs share.\n\n" +
		"A program that only needs much shared memory is served by `shm_size`.",
	Fix: "Removes the entry. It is unsafe, because programs that watch the host, such as node exporters, then see " +
		"only themselves.",
	Bad: `services:
  worker:
    image: example/worker:2.0
    ipc: host
`,
	Good: `services:
  worker:
    image: example/worker:2.0
    shm_size: 1gb
`,
	References: []Reference{{"CIS Docker Benchmark v1.6.0, 5.16, 5.17, 5.21 and 5.31", ""}},
	Limits: "`userns_mode: host` changes nothing on a host whose Docker does not map users; that cannot be seen " +
		"from the file. `uts` and `cgroup` are told from the strict tier on, and so is what the documentation of the " +
		"image asks for.",
	Check: checkHostNamespaces,
}

// sharedNamespaces are the attributes that share a namespace of the host.
var sharedNamespaces = []struct {
	attribute string
	severity  Severity
	effect    string
}{
	{"pid", High, "can see every process of the host, with passwords on command lines and in environments"},
	{"ipc", High, "can read and write memory that programs of the host share"},
	{"userns_mode", High, "can be root on the host by being root in the container, even where Docker maps users"},
	{"uts", Low, "can see the host's name and, with one more capability, change it"},
	{"cgroup", Low, "can see how the host groups and limits all its processes"},
}

func checkHostNamespaces(p *Pass) {
	for _, n := range sharedNamespaces {
		p.Flag(func(s compose.Service, found Visit) {
			// With mapped users, a proxy may open the engine's socket only without.
			if v := s.Get(n.attribute); v.Str() == "host" && !(n.attribute == "userns_mode" && isProxy(s)) {
				found(v, n.attribute)
			}
		}, func(c Cause) Finding {
			f := Finding{
				Message:  fmt.Sprintf("%s %s (%s: host)", names(c.Services()), n.effect, n.attribute),
				Severity: n.severity, Evidence: n.attribute, Repair: c.removal("Remove "+n.attribute, Unsafe),
			}
			if n.severity == Low {
				f.Tier = Strict
			}
			f.excuse(c.distinct(), n.attribute+": host")
			return f
		})
	}
}
