package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

var deprecatedKey = &Rule{
	Name:     "deprecated-key",
	Severity: Low,
	Tier:     Default,
	Summary:  "A key has a successor: `links`, `external_links`, `volumes_from`, or a name under `external`.",
	Why: `They are left from the time before networks and named volumes. Services of a project reach each other by
their names without links; a named volume can be mounted by several services, and says what is in it. Other programs
that read Compose files know these keys less and less, and Compose warns about a name under external at every command.`,
	Fix: "Removes links that do nothing, because they give no other name and `depends_on` has the same service, " +
		"and moves the name from under `external` beside it. Both are safe. Elsewhere it says what to write.",
	Bad: `services:
  web:
    image: example/web:3.2
    networks: [front]
networks:
  front:
    external:
      name: shop_front
`,
	Good: `services:
  web:
    image: example/web:3.2
    networks: [front]
networks:
  front:
    external: true
    name: shop_front
`,
	References: []Reference{
		{"Docker Compose documentation, networking: link containers",
			"https://docs.docker.com/compose/how-tos/networking/#link-containers"},
		{"Compose specification, networks: external",
			"https://docs.docker.com/reference/compose-file/networks/#external"},
	},
	Limits: "What still works without a warning is told from the strict tier on. In Docker's own bridge network, " +
		"`network_mode: bridge`, services have no names, and links are left alone.",
	Check: checkDeprecatedKeys,
}

// successors are what to write instead of a key of a service.
var successors = []struct{ key, instead string }{
	{"links", "services reach each other by name, and depends_on says which one starts first"},
	{"external_links", "an external network does the same where both projects use it"},
	{"volumes_from", "a named volume does the same where both services mount it"},
}

func checkDeprecatedKeys(p *Pass) {
	for _, old := range successors {
		p.Flag(func(s compose.Service, found Visit) {
			if v := s.Get(old.key); len(items(v)) > 0 && !needsLinks(s, old.key) {
				found(v, old.key)
			}
		}, func(c Cause) Finding {
			f := Finding{
				Message:  fmt.Sprintf("%s can do without %s: %s", names(c.Services()), old.key, old.instead),
				Evidence: old.key, Tier: Strict,
			}
			if old.key == "links" {
				f.Repair = c.removeLinks
			}
			return f
		})
	}
	for _, kind := range []string{"volumes", "networks", "secrets", "configs"} {
		for _, f := range fields(p.Project.Model.Get(kind)) {
			if external := f.Value.Get("external"); external != nil && isMapping(external.Origin.Node) {
				p.Report(externalNameFinding(kind, f.Key, external))
			}
		}
	}
}

// needsLinks tells that a key is the only way by which a service finds others: Docker's own bridge network knows no names.
func needsLinks(s compose.Service, key string) bool {
	return strings.HasSuffix(key, "links") && s.Get("network_mode").Str() == "bridge"
}

func isMapping(n *source.Node) bool { return n != nil && n.Kind == source.Mapping }

// removeLinks builds the fix that removes links where depends_on says the same.
func (c Cause) removeLinks() Fix {
	const title = "Remove links"
	for _, u := range c.Uses {
		for _, link := range u.Value.Items {
			name, alias, found := strings.Cut(link.Str(), ":")
			dependency := u.Service.At("depends_on", name)
			if found && alias != name {
				return manual(title, fmt.Sprintf("Use the name %s instead of %s in the settings of %s, or make %[2]s an alias "+
					"of %[1]s in a network.", name, alias, u.Service.Name))
			}
			if dependency == nil || dependency.Implicit {
				return manual(title, "Add "+name+" to depends_on of "+u.Service.Name+", so that it still starts first.")
			}
		}
	}
	return c.removal(title, Safe)()
}

// externalNameFinding reports a name under external, which belongs beside it.
func externalNameFinding(kind, name string, external *compose.Value) Finding {
	return Finding{
		Message: fmt.Sprintf("the name of the %s %s stands under external, and belongs beside it",
			strings.TrimSuffix(kind, "s"), name),
		Origin: external.Origin, Path: kind + "." + name + ".external", Evidence: name,
		Repair: func() Fix {
			var r repair
			d := r.draft(external.Origin.File)
			if said := external.Origin.Node.Lookup("name"); said != nil {
				value, err := patch.ValueOf(external.Origin.File, said)
				if err != nil {
					return manual("Move the name", "It cannot be done automatically: "+err.Error()+".")
				}
				d.InsertAfter(external.Origin.Node, "name", value)
			}
			d.Replace(external.Origin.Node, patch.Bool(true))
			return r.fix("Move the name beside external", Safe)
		},
	}
}
