package rules

import (
	"path/filepath"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
)

// absence is a variable without value, with every text of one file that refers to it.
type absence struct {
	name string
	uses []compose.MissingVariable
}

// sessionVariables are there in every session: a login sets them, so that docker compose has them where it is run by
// a person. UID, GID and HOSTNAME are none of them: shells have them, and do not hand them on.
var sessionVariables = []string{
	"DISPLAY", "HOME", "LANG", "LOGNAME", "PATH", "PWD", "SHELL", "SSH_AUTH_SOCK", "TERM", "USER", "WAYLAND_DISPLAY",
	"XAUTHORITY", "XDG_RUNTIME_DIR",
}

// absences returns the variables without value by file, in the order they were met: those that Compose insists on, or
// those that become blank.
func (p *Pass) absences(required bool) []absence {
	type key struct {
		file *source.File
		name string
	}
	var all []absence
	index := map[key]int{}
	elsewhere := p.airflowUsers()
	for _, m := range p.Project.Missing {
		inHash := m.Origin.Node != nil && holdsHash(m.Origin.Node.Value) // that is for unescaped-dollar
		if m.Required != required || inHash || slices.Contains(sessionVariables, m.Name) || elsewhere[m.Origin.Node] {
			continue
		}
		k := key{m.Origin.File, m.Name}
		i, ok := index[k]
		if !ok {
			i = len(all)
			index[k], all = i, append(all, absence{name: m.Name})
		}
		all[i].uses = append(all[i].uses, m)
	}
	return all
}

// airflowUsers are the users that Airflow's services alone have: airflow-user-blankable tells what is wrong with
// those.
func (p *Pass) airflowUsers() map[*source.Node]bool {
	users := map[*source.Node]bool{}
	for _, s := range p.Project.Services() {
		user := s.Get("user")
		if user == nil || user.Raw == "" {
			continue
		}
		others, known := users[user.Origin.Node]
		users[user.Origin.Node] = (others || !known) && p.Facts.isAirflow(s)
	}
	return users
}

// absenceFinding returns what findings about a variable have in common: the first place that refers to it, the
// others, and the services that they count in.
func (p *Pass) absenceFinding(a absence) Finding {
	first := a.uses[0]
	f := Finding{Origin: first.Origin, Evidence: a.name} // without a path: the finding is about all of them
	var services [][]string
	var others []compose.Origin
	for i, use := range a.uses {
		services = append(services, p.reached(use.Origin, use.Path))
		if i > 0 {
			others = append(others, use.Origin)
		}
	}
	f.Services = union(services...)
	f.relate(others, "it is used here, too")
	return f
}

// envFiles returns the names of the env files that were read, for a message; empty where none was.
func (p *Pass) envFiles() string { return strings.Join(p.Project.EnvFiles, " and ") }

// exampleEnvFiles are the names of files that show what .env is to look like.
var exampleEnvFiles = []string{
	".env.example", ".env.sample", ".env.template", ".env.dist", ".env.default", ".env.defaults", "env.example", "env.sample",
	"example.env", "sample.env", "template.env", "default.env",
}

// promised reports whether a variable is set where the project is meant to run: by the platform that it is made for,
// by the project that it is a part of, or in an .env file that is made from the example beside the Compose file.
func (p *Pass) promised() func(name string) bool {
	if p.platform() != "" || p.partOf() != "" {
		return func(string) bool { return true }
	}
	around := p.surroundings()
	set := map[string]bool{}
	for _, example := range exampleEnvFiles {
		path := filepath.Join(p.Project.Dir, example)
		if p.Settings.ReadFile == nil || !around.has(path) {
			continue
		}
		if data, err := p.Settings.ReadFile(path); err == nil {
			for line := range strings.Lines(string(data)) {
				name, _, _ := strings.Cut(strings.TrimLeft(line, "# \t"), "=")
				set[strings.TrimSpace(strings.TrimPrefix(name, "export "))] = true
			}
		}
	}
	return func(name string) bool { return set[name] }
}
