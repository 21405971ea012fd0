package rules

import (
	"cmp"
	"path"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
)

var unsetVariable = &Rule{
	Name:     "unset-variable",
	Severity: Low,
	Tier:     Default,
	Summary:  "A variable has no value and no default, and becomes blank.",
	Why: `Compose prints a warning that scrolls past, and goes on with nothing in its place. A blank user id is root:
` + "`user: \"${UID}:${GID}\"`" + ` starts the service as root without a word, since shells do not hand UID and GID on. A blank directory
makes another one of a path: ` + "`${DATA}/:/data`" + ` gives the container the whole host. Where the rest makes no sense, as in
` + "`${DATA}:/data`" + `, Compose refuses the project.

Give the variable a default, ` + "`${DATA:-./data}`" + `, or have Compose insist on it, ` + "`${DATA:?say where the data are}`" + `.

Without an env file nobody can know what will be set. Then a variable is reported with the strictness "strict", for
information; by default, it is reported only where blank is dangerous (medium), or where Compose would refuse the project
(for information). With an env file that lacks it, it is always reported.`,
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
		{"moby v28.5.2, user/user.go of moby/sys, GetExecUser", "https://github.com/moby/sys/blob/main/user/user.go"},
	},
	Limits: "The environment is not looked at, unless asked for with --env-from-os. Variables that every session has, such as HOME, " +
		"PWD and USER, are not reported. The user of an Airflow service is left to airflow-user-blankable.",
	Check: checkUnset,
}

// harm is what comes of a blank text.
type harm struct {
	// dangerous tells that the service starts, as something else; otherwise Compose or the engine stops.
	dangerous bool
	what      string
	// by are the variables that do it; empty for all in the text.
	by map[string]bool
}

func checkUnset(p *Pass) {
	absences := p.absences(false)
	if len(absences) == 0 {
		return
	}
	harms := p.blankHarms()
	for _, a := range absences {
		h := a.worstFirst(harms)
		f := p.absenceFinding(a)
		p.describeUnset(&f, a.name, h)
		p.Report(f)
	}
}

// describeUnset says how much a variable without value matters, and to whom.
func (p *Pass) describeUnset(f *Finding, name string, h harm) {
	set := "give it a default, ${" + name + ":-…}, or set it in " + cmp.Or(p.envFiles(), ".env")
	known := len(p.Project.EnvFiles) > 0
	switch {
	case h.dangerous:
		f.Severity = Medium
		f.Message = h.what + " where " + name + " is not set: " + set
	case h.what != "" && known:
		f.Severity = Medium
		f.Message = h.what + ", because " + p.envFiles() + " does not set " + name + ": " + set
	case h.what != "":
		f.Severity = Info
		f.Message = h.what + " where " + name + " is not set: " + set
	case known:
		f.Message = name + " is blank in " + whom(f.Services) + ": " + p.envFiles() + " does not set it"
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
			harms[q.Origin.Node] = harm{what: "Compose refuses " + whom(p.reached(q.Origin, q.Path))}
		}
	}
	for _, s := range p.Project.Services() {
		if image := s.Get("image"); image != nil && image.Unset && isCutOff(image.Text) {
			harms[image.Origin.Node] = harm{what: "the image of " + s.Name + " has a name that cannot be pulled"}
		}
		if user := s.Get("user"); user != nil && user.Unset && strings.HasPrefix(user.Text, ":") {
			harms[user.Origin.Node] = harm{true, s.Name + " runs as root", variablesBefore(user.Raw, ":")}
		}
		for _, mount := range items(s.Get("volumes")) {
			source := mount.Get("source")
			if mount.Unset && mount.Get("type").Str() == "bind" && path.Clean(source.Str()) == "/" {
				harms[mount.Origin.Node] = harm{true, s.Name + " is given the whole host", variablesBefore(mount.Raw, ":")}
			}
		}
	}
	return harms
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
