package rules

import (
	"bytes"
	"fmt"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
	"composelint/internal/source"
)

var dockerSocketPermissions = &Rule{
	Name:     "docker-socket-permissions",
	Severity: Critical,
	Tier:     Default,
	Summary:  "A command changes who may open the socket of the container engine.",
	Why: `The socket in the container is that of the host: ` + "`chmod 666`" + ` opens it to every user of the host and to every container that
has it mounted, and each of them is root from then on. It lasts until Docker starts again, so the stack works until then,
and fails one morning.

In a Dockerfile the same line does nothing at all: the socket is mounted later.

A filtering proxy makes it needless: its clients reach it over the network, whatever their user is.`,
	Fix: "Removes a service that exists for nothing else, once no other service has the socket: docker-socket-mount sees to " +
		"that. It is safe. Otherwise it is advice.",
	Bad: `services:
  worker:
    image: apache/airflow:2.10.5
    user: "50000:0"
    command: bash -c "sudo chmod 666 /var/run/docker.sock && airflow celery worker"
`,
	Good: `services:
  worker:
    image: apache/airflow:2.10.5
    user: "50000:0"
    command: celery worker
    environment:
      DOCKER_HOST: tcp://docker-socket-proxy:2375
    networks:
      - default
      - docker-socket-proxy
  docker-socket-proxy:
    image: tecnativa/docker-socket-proxy:v0.4.2
    environment:
      CONTAINERS: "1"
      IMAGES: "1"
      POST: "1"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
    networks:
      - docker-socket-proxy
networks:
  docker-socket-proxy:
    internal: true
`,
	References: []Reference{
		{"Docker Engine, Linux post-installation steps: the docker group grants root-level privileges",
			"https://docs.docker.com/engine/install/linux-postinstall/"},
		{"OWASP Docker Security Cheat Sheet, rule 1",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
	},
	Limits: "Scripts that are mounted or copied into the image are not read.",
	Check:  checkSocketPermissions,
}

// permissionChange matches a command that changes who may open a socket.
var permissionChange = pattern.New(`\b(chmod|chown|chgrp|setfacl)\s[^;&|#\n]*\bdocker\.sock\b`)

func checkSocketPermissions(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		eachScript(p, s, func(v *compose.Value, path ...string) {
			if text := commandText(v); strings.Contains(text, ".sock") && permissionChange().MatchString(text) {
				found(v, path...)
			}
		})
	}, func(c Cause) Finding {
		line := strings.TrimSpace(permissionChange().FindString(commandText(c.Value())))
		return Finding{
			Message: fmt.Sprintf("%q in %s changes who may open the host's Docker socket: whoever may is root on the host", line,
				names(c.Services())),
			Evidence: line, Span: spanIn(c.Value(), line),
			Repair: func() Fix { return p.permissionsFix(c) },
		}
	})
	p.checkDockerfiles()
}

// eachScript calls visit for the values of a service that hold commands, or files with commands.
func eachScript(p *Pass, s compose.Service, visit Visit) {
	eachCommand(s, visit)
	for _, use := range items(s.Get("configs")) {
		if content := p.Project.Model.At("configs", use.Get("source").Str(), "content"); content != nil {
			visit(content, "configs")
		}
	}
}

// hookAttributes hold commands that Compose runs when the container of a service starts or stops.
var hookAttributes = []string{"pre_start", "post_start", "pre_stop"}

// eachCommand calls visit for the values of a service that are commands: its own, its health check's and its hooks'.
func eachCommand(s compose.Service, visit Visit) {
	for _, attribute := range []string{"command", "entrypoint"} {
		if v := s.Get(attribute); v != nil {
			visit(v, attribute)
		}
	}
	if test := s.At("healthcheck", "test"); test != nil {
		visit(test, "healthcheck", "test")
	}
	for _, hooks := range hookAttributes {
		for _, hook := range items(s.Get(hooks)) {
			if command := hook.Get("command"); command != nil {
				visit(command, hooks)
			}
		}
	}
}

// spanIn returns where a text stands in a value as it is written; empty where it is written otherwise.
func spanIn(v *compose.Value, text string) source.Span {
	file := v.Origin.File
	if file == nil || text == "" {
		return source.Span{}
	}
	span := v.Origin.Span()
	if at := strings.Index(file.Text(span), text); at >= 0 {
		return source.Span{Start: span.Start + at, End: span.Start + at + len(text)}
	}
	return source.Span{}
}

// checkDockerfiles reports the same of the Dockerfiles that are built, at the build.
func (p *Pass) checkDockerfiles() {
	p.Flag(func(s compose.Service, found Visit) {
		if _, _, ok := dockerfileChange(p.Facts.dockerfile(s)); ok {
			found(s.Get("build"), "build")
		}
	}, func(c Cause) Finding {
		s := c.Uses[0].Service
		line, text, _ := dockerfileChange(p.Facts.dockerfile(s))
		return Finding{
			Message: fmt.Sprintf("%q in the Dockerfile of %s does nothing: the socket is the host's, and mounted later (%s)", text,
				names(c.Services()), p.Facts.dockerfileLine(s, line)),
			Severity: Low, Evidence: text,
			Repair: func() Fix {
				return manual("Remove the line", "Remove it from the Dockerfile, and give the service a socket proxy.")
			},
		}
	})
}

// dockerfileChange returns the first line of a Dockerfile that changes who may open the socket.
func dockerfileChange(data []byte) (line int, text string, ok bool) {
	if !bytes.Contains(data, []byte("docker.sock")) {
		return 0, "", false
	}
	for _, instruction := range knowledge.DockerfileInstructions(data) {
		if instruction.Keyword != "RUN" {
			continue
		}
		if text := permissionChange().FindString(instruction.Text); text != "" {
			return instruction.Line, strings.TrimSpace(text), true
		}
	}
	return 0, "", false
}

// permissionsFix removes a service that exists to open the socket, once nobody needs that.
func (p *Pass) permissionsFix(c Cause) Fix {
	const title = "Use a filtering proxy instead"
	for _, s := range c.distinct() {
		if !onlyOpensSocket(s) {
			return manual(title, "Give the services that use the socket a filtering proxy (docker-socket-mount), and take this out of "+
				"the command.")
		}
	}
	for _, s := range p.Project.Services() {
		used := false
		eachSocket(p.Project, s, func(*compose.Value, ...string) { used = true })
		if used && !isProxy(s) && !onlyOpensSocket(s) {
			return manual(title, "Remove "+names(c.Services())+" once no service has the socket any more: it does nothing else.")
		}
	}
	return p.removeServices(c.distinct())
}

// onlyOpensSocket tells that a service does nothing but change who may open the socket.
func onlyOpensSocket(s compose.Service) bool {
	text := strings.TrimSpace(startText(s))
	for _, shell := range []string{"/bin/sh -c", "/bin/bash -c", "sh -c", "bash -c"} {
		text = strings.TrimSpace(strings.TrimPrefix(text, shell))
	}
	text = strings.Trim(text, `"' `)
	match := permissionChange().FindStringIndex(text)
	return match != nil && match[0] == 0 && match[1] == len(text)
}

// removeServices removes services, and that others wait for them.
func (p *Pass) removeServices(services []compose.Service) Fix {
	var r repair
	var gone []string
	for _, s := range services {
		gone = append(gone, s.Name)
		for _, other := range p.Project.Services() {
			waits := other.At("depends_on", s.Name)
			if waits == nil {
				continue
			}
			r.remove(waits)
			r.change(other, nil, "depends_on", s.Name)
			if len(fields(other.Get("depends_on"))) == 1 {
				r.change(other, nil, "depends_on")
			}
		}
		r.remove(s.Value)
		r.declare(s.Plain(), nil, "services", s.Name)
	}
	return r.fix("Remove "+names(gone)+", which exists to open the socket", Safe)
}
