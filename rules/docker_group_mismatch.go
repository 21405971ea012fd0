package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
)

var dockerGroupMismatch = &Rule{
	Name:     "docker-group-mismatch",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A service relies on a number for the host's docker group.",
	Why: `The docker group gets its number when Docker is installed: 999 on one host, 996 on the next, 112 on a third. With a fixed number
the stack works on the machine it was written on, and fails with "permission denied" on the next one, or after a new
installation.

A group that a Dockerfile makes does not help either: Docker ignores the image's groups as soon as ` + "`user`" + ` names a group.

A filtering proxy makes the group needless.`,
	Fix: "The fix of docker-socket-mount takes the group away together with the socket.",
	Bad: `services:
  runner:
    image: example/runner:2.1
    group_add:
      - "999"
    volumes:
      # composelint: ignore[docker-socket-mount] it mounts directories of the host into what it starts
      - /var/run/docker.sock:/var/run/docker.sock
`,
	Good: `services:
  runner:
    image: example/runner:2.1
    group_add:
      - "${DOCKER_GID:?set it to the group of /var/run/docker.sock}"
    volumes:
      # composelint: ignore[docker-socket-mount] it mounts directories of the host into what it starts
      - /var/run/docker.sock:/var/run/docker.sock
`,
	References: []Reference{
		{"Docker Engine, Linux post-installation steps", "https://docs.docker.com/engine/install/linux-postinstall/"},
	},
	Limits: "Only services that have the socket are looked at, and only numbers that systems give to such groups, 900 to 999.",
	Check:  checkDockerGroups,
}

func checkDockerGroups(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, group := range items(s.Get("group_add")) {
			if isSystemGroup(group.Str()) && group.Raw == "" && hasSocket(p.Project, s) {
				found(group, "group_add")
			}
		}
		user := s.Get("user")
		if !isSystemGroup(knowledge.ParseUser(user.Str()).GID) || strings.HasSuffix(user.Raw, "}") {
			return
		}
		// Airflow's image does not even start with such a group: airflow-gid-not-root is about that.
		if hasSocket(p.Project, s) && !p.Facts.isAirflow(s) {
			found(user, "user")
		}
	}, func(c Cause) Finding {
		number := c.Value().Str()
		if _, group, ok := strings.Cut(number, ":"); ok {
			number = group
		}
		return Finding{
			Message: fmt.Sprintf("group %s opens the Docker socket to %s, and the docker group has another number on other hosts",
				number, names(c.Services())),
			Evidence: number, Repair: groupAdvice,
		}
	})
	p.checkBuiltGroups()
}

func groupAdvice() Fix {
	return manual("Do without the group", "Give the service a filtering proxy (docker-socket-mount). Where it must have the socket, take the "+
		"group's number from a variable that is set on each host.")
}

// hasSocket tells that a service is given an engine's socket as it is.
func hasSocket(p *compose.Project, s compose.Service) bool {
	has := false
	eachSocket(p, s, func(*compose.Value, ...string) { has = true })
	return has && !isProxy(s)
}

// builtGroup matches commands that make a docker group with a number, or put a user into one.
var builtGroup = pattern.New(`\bgroupadd\b[^;&|\n]*(-g|--gid)[ =]*[0-9]+[^;&|\n]*\bdocker\b|\busermod\b[^;&|\n]*-[a-zA-Z]*G[^;&|\n]*\bdocker\b`)

// checkBuiltGroups looks for docker groups in the Dockerfiles of services that have the socket.
func (p *Pass) checkBuiltGroups() {
	p.Flag(func(s compose.Service, found Visit) {
		if _, _, ok := p.builtGroup(s); ok && hasSocket(p.Project, s) {
			found(s.Get("build"), "build")
		}
	}, func(c Cause) Finding {
		s := c.Uses[0].Service
		line, text, _ := p.builtGroup(s)
		why := "the docker group has another number on other hosts"
		if user := s.Get("user"); strings.Contains(user.Str(), ":") {
			why = "user is " + asWritten(user) + ", and with a group there Docker ignores those of the image"
		}
		return Finding{
			Message: fmt.Sprintf("%q in the Dockerfile of %s is to open the Docker socket, and %s (%s)", text, names(c.Services()), why,
				p.Facts.dockerfileLine(s, line)),
			Evidence: text, Repair: groupAdvice,
		}
	})
}

func (p *Pass) builtGroup(s compose.Service) (line int, text string, ok bool) {
	if s.Get("build").IsNull() {
		return 0, "", false
	}
	for _, instruction := range knowledge.DockerfileInstructions(p.Facts.dockerfile(s)) {
		if text := builtGroup().FindString(instruction.Text); instruction.Keyword == "RUN" && text != "" {
			return instruction.Line, text, true
		}
	}
	return 0, "", false
}
