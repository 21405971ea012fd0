package rules

import (
	"fmt"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

var serviceKeyOrder = &Rule{
	Name:     "service-key-order",
	Severity: Info,
	Tier:     Pedantic,
	Summary:  "The attributes of a service are not in the usual order.",
	Why: `Who reads many services finds an attribute where it always stands, and sees at once that it is missing. The
order follows what most public Compose files do.`,
	Fix: "Moves the attributes, each with the comments that belong to it. It is safe: Compose reads the same as before. " +
		"Attributes do not cross a blank line, a merge key, or a comment that stands by itself.",
	Bad: `services:
  web:
    ports:
      - "127.0.0.1:8080:80"
    image: nginx:1.27.2
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    ports:
      - "127.0.0.1:8080:80"
`,
	References: []Reference{
		{"Compose specification, services", "https://docs.docker.com/reference/compose-file/services/"},
	},
	Limits: "Templates (x-…) that services merge are left alone, and so are services between braces that hold comments.",
	Options: []Option{{
		Name: "order",
		Summary: "The attributes in their order. A word with * at its end stands for all that begin so; attributes that are " +
			"not named come last, in the order they have.",
		Default: []string{
			"extends", "provider", "image", "build", "platform", "runtime", "pull_policy", "container_name", "hostname",
			"domainname", "mac_address", "entrypoint", "user", "group_add", "init", "restart", "stop_grace_period",
			"stop_signal", "scale", "attach", "tty", "stdin_open", "profiles", "read_only", "privileged", "cap_add",
			"cap_drop", "security_opt", "network_mode", "pid", "ipc", "dns", "dns_search", "dns_opt", "cpus", "mem_limit",
			"pids_limit", "shm_size", "ulimits", "sysctls", "devices", "ports", "expose", "env_file", "environment",
			"working_dir", "command", "volumes", "volumes_from", "tmpfs", "configs", "secrets", "extra_hosts", "links",
			"external_links", "healthcheck", "depends_on", "networks", "deploy", "labels", "annotations", "logging",
			"develop",
		},
	}},
	Check: checkServiceKeyOrder,
}

func checkServiceKeyOrder(p *Pass) {
	order := p.Option("order")
	disordered := func(at compose.Origin) *disorder {
		if at.Node == nil || at.Node.Kind != source.Mapping {
			return nil
		}
		return disorderOf(at, ranksIn(order, entryKeys(at.Node)), patch.BlankBorder)
	}
	p.Flag(func(s compose.Service, found Visit) {
		for _, said := range sayings(s.Value) {
			if disordered(said.Origin) != nil {
				found(said)
			}
		}
	}, func(c Cause) Finding {
		d := disordered(c.Value().Origin)
		key, before := d.first()
		return Finding{
			Message: fmt.Sprintf("%s: put %s before %s, where readers look for it", names(c.Services()), key.Value,
				before.Value),
			Span: key.Content, Evidence: key.Value,
			Repair: func() Fix { return d.fix("Put the attributes in order") },
		}
	})
}
