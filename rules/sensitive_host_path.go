package rules

import (
	"fmt"
	"path"

	"composelint/internal/compose"
)

var sensitiveHostPath = &Rule{
	Name:     "sensitive-host-path",
	Severity: High,
	Tier:     Default,
	Summary: "A service mounts a directory of the host that holds its configuration, programs, keys or other " +
		"containers' data.",
	Why: "Who takes over a service has what is mounted into it. With /etc, /root, /boot or the directories of " +
		"programs to write in, that is the host; with Docker's own directory it is every other container; with " +
		"~/.ssh or ~/.aws it is the other machines that the keys open.\n\n" +
		"Mount the one file or directory that the service needs, and with `:ro` where it only reads.",
	Bad: `services:
  backup:
    image: example/backup:1.9
    volumes:
      - /etc:/backup/etc
`,
	Good: `services:
  backup:
    image: example/backup:1.9
    volumes:
      - /etc/nginx:/backup/nginx:ro
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.6", ""},
		{"OWASP Docker Security Cheat Sheet, rule 8",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
	},
	Limits: "What programs that watch the host need to read, /proc and /sys, is told of from the strict tier on, and so " +
		"is what the documentation of an image asks to read. " +
		"Directories that contain the engine's socket, / among them, are reported by docker-socket-mount, but for images with " +
		"a user of their own, who cannot open it.",
	Check: checkHostPaths,
}

func checkHostPaths(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, mount := range items(s.Get("volumes")) {
			if severity, _ := mountRisk(s, hostSource(p.Project, mount)); severity > 0 {
				found(mount, "volumes")
			}
		}
	}, func(c Cause) Finding {
		place := hostSource(p.Project, c.Value())
		severity, effect := mountRisk(c.Uses[0].Service, place)
		source := place.written
		f := Finding{
			Message:  fmt.Sprintf("%s %s: %s is mounted", names(c.Services()), effect, source),
			Severity: severity, Evidence: source,
		}
		if severity == Low {
			f.Tier = Strict
		}
		if place.readOnly {
			f.excuse(c.distinct(), "volumes: "+path.Clean(place.path)+":ro")
		}
		return f
	})
}

// mountRisk returns how dangerous a mount is for a service, and what that can do with it.
func mountRisk(s compose.Service, mount hostMount) (severity Severity, effect string) {
	if path.Clean(mount.path) == "/" && opensNoSocket(s) {
		return Medium, "can use all files of the host that are open to everybody"
	}
	return hostPathRisk(mount)
}
