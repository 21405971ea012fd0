package rules

import "composelint/internal/compose"

var writableRootFilesystem = &Rule{
	Name:     "writable-root-filesystem",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service can change the files of its image: it lacks `read_only: true`.",
	Why: "An attacker who can write where programs lie replaces them, and stays until the container is made anew. " +
		"With `read_only` only volumes and tmpfs can be written.\n\n" +
		"Most programs need a few places to write, such as /tmp or /run: give those as `tmpfs`. Which ones is " +
		"found by starting the service and reading what it complains about, so there is no fix.",
	Bad: `services:
  web:
    image: example/web:3.2
`,
	Good: `services:
  web:
    image: example/web:3.2
    read_only: true
    tmpfs:
      - /tmp
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.13", ""},
		{"OWASP Docker Security Cheat Sheet, rule 8",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
	},
	Check: func(p *Pass) {
		p.Lacking(func(s compose.Service) bool { return !s.Get("read_only").True() },
			func(services []compose.Service) Finding {
				return Finding{Message: "whoever takes over " + serviceNames(services) +
					" can replace its programs: read_only is not set"}
			})
	},
}
