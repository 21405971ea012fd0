package rules

import (
	"cmp"
	"path"
	"strings"
	"sync"

	"composelint/internal/compose"
	"composelint/internal/source"
)

var unsetVariable = &Rule{
	Name:     "unset-variable",
	Severity: Low,
	Tier:     Default,
	Summary:  "A variable has no value and no default, and becomes blank.",
	Why: `Compose prints a warning that scrolls past, and goes on with nothing in its place. A blank user id is root:
` + "`user: \"${UID}:${GID}\"`" + ` starts the service as root without a word, since shells do not hand UID and
GID on. A blank directory makes another one of a path: ` + "`${DATA}/:/data`" + ` gives the container the whole
host. Where the rest makes no sense, as in ` + "`${DATA}:/data`" + `, Compose refuses the project.

Give the variable a default, ` + "`${DATA:-./data}`" + `, or have Compose insist on it,
` + "`${DATA:?say where the data are}`" + `.

Without an env file nobody can know what will be set. Then a variable is reported with the strictness "strict", for
information; by default, it is reported only where blank is dangerous (medium), or where Compose would refuse the
project or the service would not start as meant (for information). The latter is left to "strict", too, where an
example beside the Compose file has the variable, such as .env.example, where the project is made for Umbrel or
Runtipi, and where the file is a part of a project (see invalid-model). With an env file that lacks a variable, it is
always reported.`,
	Bad: `services:
  web:
    image: nginx:1.27.2
    user: "${UID}:${GID}"
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    user: "${RUN_AS:-1000}:1000"
`,
	References: []Reference{
		{"Compose specification, Interpolation", "https://docs.docker.com/reference/compose-file/interpolation/"},
		{"moby/sys, user.GetExecUser: what the parts of user mean", "https://github.com/moby/sys/blob/main/user/user.go"},
	},
	Limits: "The environment is not looked at, unless asked for with --env-from-os. Variables that every session has, such as HOME, " +
		"PWD and USER, are not reported. The user of an Airflow service is left to airflow-user-blankable.",
	Check: checkUnset,
}

// harm is what comes of a blank text.
type harm struct {
	what string
	// dangerous tells that the service starts all the same.
	dangerous bool
	// by are the variables that do it; nil for all in the text.
	by map[string]bool
}

func checkUnset(p *Pass) {
	absences := p.absences(false)
	if len(absences) == 0 {
		return
	}
	harms, promised := p.blankHarms(), sync.OnceValue(p.promised)
	for _, a := range absences {
		h := a.worstFirst(harms)
		if h.what != "" && !h.dangerous && len(p.Project.EnvFiles) == 0 && promised()(a.name) {
			h = harm{}
		}
		f := p.absenceFinding(a)
		p.describeUnset(&f, a.name, h, p.reached(a.uses[0].Origin, a.uses[0].Path))
		p.Report(f)
	}
}

// describeUnset says how much a variable without value matters. services are those that h happens to.
func (p *Pass) describeUnset(f *Finding, name string, h harm, services []string) {
	known := len(p.Project.EnvFiles) > 0
	advice := "; give it a default, ${" + name + ":-…}, or set it in " + cmp.Or(p.envFiles(), ".env")
	switch {
	case h.what != "" && known:
		f.Severity = Medium
		f.Message = whom(services) + ": " + h.what + ", because " + p.envFiles() + " does not set " + name + advice
	case h.what != "":
		f.Severity = Info
		if h.dangerous {
			f.Severity = Medium
		}
		f.Message = whom(services) + ": " + h.what + " where " + name + " is not set" + advice
	case known:
		f.Confidence = Likely
		f.Message = name + " is blank in " + whom(f.Services) + " unless the shell sets it: " + p.envFiles() + " does not"
	default:
		f.Severity, f.Tier = Info, Strict
		f.Message = name + " is blank in " + whom(f.Services) + ", unless the environment sets it"
	}
	if !known {
		f.Confidence = Possible
	}
	if name == "UID" || name == "GID" {
		f.Notes = append(f.Notes, name+" is a variable of the shell, which it does not hand on: Compose does not see it.")
	}
}

// worstFirst puts the use that the worst comes of before the others, and returns what that is.
func (a absence) worstFirst(harms map[*source.Node]harm) harm {
	var worst harm
	at := 0
	for i, use := range a.uses {
		h, ok := harms[use.Origin.Node]
		if ok && (h.by == nil || h.by[a.name]) && (worst.what == "" || h.dangerous && !worst.dangerous) {
			worst, at = h, i
		}
	}
	first := a.uses[at]
	copy(a.uses[1:at+1], a.uses[:at])
	a.uses[0] = first
	return worst
}

// blankHarms returns what comes of texts with a blank variable, where it is more than a blank text.
func (p *Pass) blankHarms() map[*source.Node]harm {
	harms := map[*source.Node]harm{}
	blank := blankPlaces(p.Project)
	for _, q := range p.Project.Problems {
		if blank[q.Origin.Node] && (q.Kind == compose.Model || q.Kind == compose.Schema || q.Kind == compose.MissingFile) {
			harms[q.Origin.Node] = harm{what: "Compose refuses the project"}
		}
	}
	for _, s := range p.Project.Services() {
		if image := s.Get("image"); isBlanked(image) && isCutOff(image.Text) {
			harms[image.Origin.Node] = harm{what: "the image cannot be pulled"}
		}
		if user := s.Get("user"); isBlanked(user) && strings.HasPrefix(user.Text, ":") {
			harms[user.Origin.Node] = harm{"the user is root", true, variablesBefore(user.Raw, ":")}
		}
		for _, port := range items(s.Get("ports")) {
			if isBlanked(port) && port.Get("published") == nil && strings.Contains(port.Raw, "}:") {
				harms[port.Origin.Node] = harm{what: "the port is published under another number at every start"}
			}
		}
		for _, mount := range items(s.Get("volumes")) {
			if said := saidSource(mount); isBlanked(said) && path.Clean(mount.Get("source").Str()) == "/" {
				harms[said.Origin.Node] = harm{"the whole host is mounted", true, variablesBefore(said.Raw, ":")}
			}
		}
	}
	return harms
}

// isBlanked reports whether a variable in a text became blank.
func isBlanked(v *compose.Value) bool { return v != nil && v.Unset }

// saidSource is the text that says the source of a bind mount: the short form, or the source alone.
func saidSource(mount *compose.Value) *compose.Value {
	if mount.Get("type").Str() != "bind" {
		return nil
	}
	if mount.Raw != "" {
		return mount
	}
	return mount.Get("source")
}

// isCutOff reports whether an image lacks its name, its tag or its digest.
func isCutOff(image string) bool {
	return image != "" && (strings.ContainsAny(image[:1], "/:@") || strings.ContainsAny(image[len(image)-1:], "/:@"))
}

// variablesBefore returns the variables that a text refers to before a separator.
func variablesBefore(raw, separator string) map[string]bool {
	found := map[string]bool{}
	segments, _ := compose.ParseTemplate(raw)
	for _, s := range segments {
		if s.Variable != nil {
			found[s.Variable.Name] = true
		} else if strings.Contains(s.Text, separator) {
			break
		}
	}
	return found
}
