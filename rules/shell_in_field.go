package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/pattern"
)

var shellInField = &Rule{
	Name:     "shell-in-field",
	Severity: High,
	Tier:     Default,
	Summary:  "A field that no shell reads holds a shell command: `$(…)` or one in backticks.",
	Why: "It works on the command line, where the shell runs the command and hands over what it prints. Compose takes the text as " +
		"it is: Docker is asked for a user or an image that is called `$(id -u)`, and the container does not start.\n\n" +
		"Put the value into the .env file, `echo \"DOCKER_GID=$(stat -c %g /var/run/docker.sock)\" >> .env`, and refer to it: " +
		"`${DOCKER_GID}`.",
	Bad: `services:
  metrics:
    image: telegraf:1.32.3
    user: telegraf:$(stat -c '%g' /var/run/docker.sock)
`,
	Good: `services:
  metrics:
    image: telegraf:1.32.3
    user: telegraf:${DOCKER_GID:?}
`,
	References: []Reference{
		{"Docker Compose documentation, interpolation",
			"https://docs.docker.com/reference/compose-file/interpolation/"},
		{"compose-go v2.16.2, template", "https://github.com/compose-spec/compose-go/blob/v2.16.2/template/template.go"},
	},
	Limits: "Commands, health checks, hooks, environment and labels are left alone: programs in the container may run what they " +
		"hold.",
	Check: checkShellFields,
}

// plainFields are the attributes of services that Compose and Docker take as they are.
var plainFields = []string{
	"user", "group_add", "image", "container_name", "hostname", "domainname", "working_dir", "ports", "expose", "volumes",
	"devices", "extra_hosts", "env_file", "network_mode", "pid", "ipc", "dns", "mac_address", "mem_limit", "shm_size",
	"build",
}

// shellCommand matches a command whose output a shell would put in its place. A container's path never begins with a
// backtick, and no name holds one.
var shellCommand = pattern.New("\\$\\([^)]*\\)?|`[^`]*`")

func checkShellFields(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, field := range plainFields {
			s.Get(field).Walk(func(v *compose.Value) bool {
				if isScript(field, v) {
					return false
				}
				if strings.ContainsAny(v.Text, "$`") && shellCommand().MatchString(v.Text) {
					found(v, field)
					return false
				}
				return true
			})
		}
	}, func(c Cause) Finding {
		field := c.Uses[0].Path[0]
		command := shellCommand().FindString(c.Value().Text)
		return Finding{
			Message:  fmt.Sprintf("nothing runs %s: Docker takes it as text in the field %s of %s", command, field, names(c.Services())),
			Evidence: command,
		}
	})
}

// isScript tells that a value is a text of several lines: an inline Dockerfile, whose commands a shell does read.
func isScript(field string, v *compose.Value) bool {
	return field == "build" && strings.Contains(v.Text, "\n")
}
