package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"composelint/internal/compose"
	"composelint/internal/source"
)

var unusedResource = &Rule{
	Name:     "unused-resource",
	Severity: Low,
	Tier:     Default,
	Summary: "A volume, network, secret, config or model is declared that no service uses, or a template that " +
		"none merges.",
	Why: `Compose does not make it. It is left over, or it was meant to be used: then a service keeps its data in the
container, and loses it, or is in another network than its author thinks.`,
	Fix: "Removes the declaration. That is safe for networks, secrets, configs, models and templates. It is unsafe for " +
		"volumes, whose data stays on the host without anything that tells of it, and for what is external, which " +
		"may be there as a reminder.",
	Bad: `services:
  db:
    image: postgres:17.2
volumes:
  data:
`,
	Good: `services:
  db:
    image: postgres:17.2
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data:
`,
	References: []Reference{
		{"Compose specification, volumes top-level element", "https://docs.docker.com/reference/compose-file/volumes/"},
	},
	Limits: "Templates are top-level extensions (x-…) with an anchor in them; other extensions may be read by " +
		"other programs. A file that is evidently a part of a project is left alone.",
	Check: checkUnused,
}

func checkUnused(p *Pass) {
	if len(p.Project.Services()) == 0 || p.Project.Model.Get("jobs") != nil ||
		slices.ContainsFunc(p.Project.Services(), extendsChosen) {
		return
	}
	unused := append(unusedDeclarations(p.Project), unusedTemplates(p.Project)...)
	if len(unused) == 0 || p.partOf() != "" {
		return
	}
	for _, f := range unused {
		p.Report(f)
	}
}

// unusedDeclarations reports the volumes, networks, secrets, configs and models that no service uses.
func unusedDeclarations(project *compose.Project) []Finding {
	var findings []Finding
	used := usedResources(project)
	for _, kind := range []string{"volumes", "networks", "secrets", "configs", "models"} {
		if used[kind] {
			continue // a variable chooses one
		}
		for _, f := range fields(project.Model.Get(kind)) {
			if name := kind + "." + f.Key; !used[name] && isDeclared(f) {
				findings = append(findings, unusedFinding(project, kind, f))
			}
		}
	}
	return findings
}

// usedResources are the names of what services use, with the section in front: "volumes.data". A section alone stands
// for all of it, where a variable gives a name.
func usedResources(project *compose.Project) map[string]bool {
	used := map[string]bool{"networks.default": true}
	for _, s := range project.Services() {
		for _, f := range fields(s.Get("networks")) {
			used["networks."+f.Key] = true
			isChosen := f.Value.Origin.Node != nil && strings.Contains(f.Value.Origin.Node.Value, "$")
			used["networks"] = used["networks"] || isChosen
		}
		for _, model := range fields(s.Get("models")) {
			used["models."+model.Key] = true
		}
		for _, mount := range items(s.Get("volumes")) {
			used["volumes."+mount.Get("source").Str()] = true
			isChosen := mount.Get("type").Str() == "volume" && strings.Contains(mountSource(mount), "$")
			used["volumes"] = used["volumes"] || isChosen
		}
		used["configs."+s.At("credential_spec", "config").Str()] = true
		for _, kind := range []string{"secrets", "configs"} {
			for _, use := range append(items(s.Get(kind)), items(s.At("build", kind))...) {
				used[kind+"."+use.Get("source").Str()] = true
			}
		}
	}
	return used
}

// extendsChosen tells that a variable chooses what a service extends, and with it what the service uses.
func extendsChosen(s compose.Service) bool {
	if base := s.Origin.Node.Lookup("extends"); base != nil {
		return isChosen(base) || slices.ContainsFunc(base.Entries, func(e source.Entry) bool { return isChosen(e.Value) })
	}
	return false
}

// isDeclared tells that a file declares a resource. A name with a variable in it is that of a template: Compose would
// take it as it is.
func isDeclared(f compose.Field) bool {
	return !f.Value.Implicit && f.Value.Origin.Key != nil && !strings.Contains(f.Key, "$")
}

func unusedFinding(project *compose.Project, kind string, f compose.Field) Finding {
	what := strings.TrimSuffix(kind, "s") + " " + f.Key
	return Finding{
		Message: "no service uses the " + what,
		Origin:  f.Value.Origin, Span: keySpan(f.Value), Path: kind + "." + f.Key, Evidence: f.Key,
		Repair: func() Fix {
			var r repair
			safety := Safe
			if kind == "volumes" || f.Value.Get("external").True() {
				safety = Unsafe
			}
			r.remove(f.Value)
			if section := project.Model.Get(kind); len(section.Fields) == 1 {
				r.declare(section.Plain(), nil, kind) // it goes with its last entry
			} else {
				r.declare(f.Value.Plain(), nil, kind, f.Key)
			}
			return r.fix("Remove the "+what, safety)
		},
	}
}

// unusedTemplates reports top-level extensions with anchors that nothing refers to.
func unusedTemplates(project *compose.Project) []Finding {
	var findings []Finding
	for _, file := range project.Files {
		for _, document := range file.Documents {
			referred := sync.OnceValue(func() map[*source.Node]bool { return referredNodes(document) })
			for _, entry := range document.Entries {
				if strings.HasPrefix(entry.Key.Value, "x-") && isIdleTemplate(entry.Value, referred()) {
					findings = append(findings, templateFinding(file, document, entry))
				}
			}
		}
	}
	return findings
}

// referredNodes are the anchored nodes that an alias in a document refers to.
func referredNodes(document *source.Node) map[*source.Node]bool {
	referred := map[*source.Node]bool{}
	document.Walk(func(n *source.Node) bool {
		if n.Kind == source.Alias {
			referred[n.Target] = true
		}
		return true
	})
	return referred
}

func templateFinding(file *source.File, document *source.Node, entry source.Entry) Finding {
	return Finding{
		Message: fmt.Sprintf("nothing refers to the template %s", entry.Key.Value),
		Origin:  compose.Origin{File: file, Node: entry.Value, Key: entry.Key}, Span: entry.Key.Content,
		Path: entry.Key.Value, Evidence: entry.Key.Value,
		Repair: func() Fix {
			var r repair
			r.draft(file).Remove(document, entry.Value)
			return r.fix("Remove "+entry.Key.Value, Safe)
		},
	}
}

// isIdleTemplate tells that a node has anchors in it, and none is referred to.
func isIdleTemplate(node *source.Node, referred map[*source.Node]bool) bool {
	anchored, idle := false, true
	node.Walk(func(n *source.Node) bool {
		anchored = anchored || n.Anchor != ""
		idle = idle && !referred[n]
		return true
	})
	return anchored && idle
}
