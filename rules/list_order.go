package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

var listOrder = &Rule{
	Name:     "list-order",
	Severity: Info,
	Tier:     Pedantic,
	Summary:  "A list whose order says nothing, such as `ports` or `depends_on`, is not sorted.",
	Why: `In a sorted list one sees what is there twice and what is missing, and an addition has one place, so that
changes of two people do not collide at the end. Numbers count as numbers: 80 comes before 443.`,
	Fix: "Sorts the list, within the groups that blank lines divide it into. What has a comment above it stays, since that " +
		"may be a heading, and nothing crosses it. It is safe: the order of these lists has no meaning for Compose.",
	Bad: `services:
  web:
    image: nginx:1.27.2
    ports:
      - "127.0.0.1:8443:443"
      - "127.0.0.1:8080:80"
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    ports:
      - "127.0.0.1:8080:80"
      - "127.0.0.1:8443:443"
`,
	References: []Reference{
		{"Compose specification, services", "https://docs.docker.com/reference/compose-file/services/"},
	},
	Limits: "A list that has items of several lines, such as ports in long form, is left alone.",
	Options: []Option{{
		Name:    "lists",
		Summary: "The attributes that are to be sorted, as lists or as mappings.",
		Default: []string{"depends_on", "ports"},
		Allowed: []string{
			"cap_add", "cap_drop", "configs", "depends_on", "environment", "expose", "labels", "networks", "ports", "profiles",
			"secrets", "volumes",
		},
	}},
	Check: checkListOrder,
}

func checkListOrder(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, attribute := range p.Option("lists") {
			for _, said := range sayings(s.Get(attribute)) {
				if unsorted(said.Origin) != nil {
					found(said, attribute)
				}
			}
		}
	}, func(c Cause) Finding {
		d := unsorted(c.Value().Origin)
		item, before := d.first()
		attribute := c.Uses[0].Path[0]
		return Finding{
			Message: fmt.Sprintf("%s: put %s before %s in %s: in a sorted list one sees what is missing",
				names(c.Services()), itemName(item), itemName(before), attribute),
			Span: item.Content, Evidence: attribute + " " + itemName(item),
			Repair: func() Fix { return d.fix("Sort "+attribute, d.changes(c)...) },
		}
	})
}

// unsorted returns how a list or mapping has to be sorted, or nil.
func unsorted(at compose.Origin) *disorder {
	switch {
	case at.Node == nil:
		return nil
	case at.Node.Kind == source.Mapping:
		return disorderOf(at, alphabetical(entryKeys(at.Node)), patch.CommentBorder)
	}
	var list []string
	for _, item := range at.Node.Items {
		if item.Resolved().Kind != source.Scalar {
			return nil
		}
		list = append(list, itemName(item))
	}
	return disorderOf(at, alphabetical(list), patch.CommentBorder)
}

// itemName returns the text of an item or key; of NAME=value the name, since the last of several of one name counts.
func itemName(item *source.Node) string {
	name, _, _ := strings.Cut(item.Resolved().Value, "=")
	return name
}

// changes declares the order of what stays a list in the effective model.
func (d *disorder) changes(c Cause) []compose.Change {
	place := make(map[*source.Node]int, len(d.Order))
	for i, from := range d.Order {
		place[childAt(d.node, from)] = i
	}
	var changes []compose.Change
	for _, u := range c.Uses {
		list := u.Service.At(u.Path...)
		if list.Kind != compose.List {
			continue
		}
		changes = append(changes, compose.Change{
			Path: append([]string{"services", u.Service.Name}, u.Path...), Old: list.Plain(), New: sortedItems(list, place),
		})
	}
	return changes
}

// sortedItems returns the items of a list as Value.Plain does, those that have a place in the order of their places. A
// range of ports is several items with one place.
func sortedItems(list *compose.Value, place map[*source.Node]int) []any {
	var moving []*compose.Value
	for _, item := range list.Items {
		if _, ok := place[item.Origin.Site()]; ok {
			moving = append(moving, item)
		}
	}
	slices.SortStableFunc(moving, func(a, b *compose.Value) int {
		return place[a.Origin.Site()] - place[b.Origin.Site()]
	})
	items := make([]any, len(list.Items))
	for i, item := range list.Items {
		if _, ok := place[item.Origin.Site()]; ok {
			item, moving = moving[0], moving[1:]
		}
		items[i] = item.Plain()
	}
	return items
}
