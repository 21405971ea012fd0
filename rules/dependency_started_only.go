package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/source"
	"composelint/patch"
)

var dependencyStartedOnly = &Rule{
	Name:     "dependency-started-only",
	Severity: Low,
	Tier:     Strict,
	Summary: "A service starts before the database, broker or cache that it depends on is ready, though that has " +
		"a health check.",
	Why: `A database takes seconds from its start until it answers. A service that starts in between fails, or has to
try again, and whether it does is a matter of luck.`,
	Fix: "Waits until the other service is healthy: `condition: service_healthy`. It is unsafe, because a check " +
		"that never succeeds then keeps the service from starting.",
	Bad: `services:
  web:
    image: example/web:3.2
    depends_on:
      - db
  db:
    image: postgres:17.2
    healthcheck:
      test: ["CMD", "pg_isready", "-U", "postgres"]
`,
	Good: `services:
  web:
    image: example/web:3.2
    depends_on:
      db:
        condition: service_healthy
  db:
    image: postgres:17.2
    healthcheck:
      test: ["CMD", "pg_isready", "-U", "postgres"]
`,
	References: []Reference{
		{"Docker Compose documentation, control startup order",
			"https://docs.docker.com/compose/how-tos/startup-order/"},
	},
	Check: checkStartedDependencies,
}

func checkStartedDependencies(p *Pass) {
	if p.Facts.isForSwarm() {
		return // it takes no conditions
	}
	p.Flag(func(s compose.Service, found Visit) {
		for _, d := range fields(s.Get("depends_on")) {
			other := p.Project.Service(d.Key)
			isEarly := d.Value.Get("condition").Str() == "service_started" && !d.Value.Implicit
			if isEarly && isStore(other) && p.Facts.health(other) == healthChecked {
				found(d.Value, "depends_on", d.Key)
			}
		}
	}, func(c Cause) Finding {
		other := c.Uses[0].Path[1]
		return Finding{
			Message: fmt.Sprintf("%s may start before %s is ready: wait until its health check succeeds",
				names(c.Services()), other),
			Evidence: other, Repair: c.waitForHealth,
		}
	})
}

// isStore tells that a service is a database, broker or cache, by its image.
func isStore(s compose.Service) bool {
	img := imageOf(s)
	return img.Repository != "" && slices.ContainsFunc(knowledge.Ports(), func(port knowledge.Port) bool {
		switch port.Kind {
		case knowledge.PortDatabase, knowledge.PortCache, knowledge.PortBroker, knowledge.PortSearch:
			return slices.ContainsFunc(port.Images, img.Matches)
		}
		return false
	})
}

// waitForHealth builds the fix that waits until the other service is healthy.
func (c Cause) waitForHealth() Fix {
	const title, healthy = "Wait until it is healthy", "service_healthy"
	var r repair
	dependency := c.Value()
	switch condition := dependency.Get("condition"); {
	case condition != nil && !condition.Implicit:
		r.set(condition, patch.String(healthy))
	case dependency.Kind == compose.Map && dependency.Origin.Key != nil:
		r.draft(dependency.Origin.File).SetEntry(dependency.Origin.Node, "condition", patch.String(healthy))
	case slices.ContainsFunc(c.Uses[0].Service.Get("depends_on").Origin.Node.Items, isChosen):
		return manual(title, "A variable gives a name in the list, and a key, which the condition needs, takes no variable: "+
			"write the name itself.")
	default:
		r.replaceNames(c.Uses[0], healthy)
	}
	for _, u := range c.Uses {
		r.change(u.Service, healthy, append(slices.Clone(u.Path), "condition")...)
	}
	return r.fix(title, Unsafe)
}

// isChosen tells that a variable gives a name.
func isChosen(name *source.Node) bool { return strings.Contains(name.Resolved().Value, "$") }

// replaceNames writes a list of dependencies as a mapping, with a condition for one of them.
func (r *repair) replaceNames(u Use, condition string) {
	list := u.Service.Get("depends_on").Origin
	var entries patch.Map
	for _, item := range list.Node.Items {
		wanted := "service_started"
		if item.Resolved().Value == u.Path[1] {
			wanted = condition
		}
		entries = append(entries, patch.Pair{
			Key: item.Resolved().Value, Value: patch.Map{{Key: "condition", Value: patch.String(wanted)}},
		})
	}
	if r.once(list.Node) {
		r.draft(list.File).Replace(list.Node, entries)
	}
}
