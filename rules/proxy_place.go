package rules

import (
	"slices"

	"composelint/internal/compose"
	"composelint/internal/source"
)

// place is a mapping or list of a file to which something can be added, with the services that would then have it. An
// anchored mapping reaches all services that merge it.
type place struct {
	file  *source.File
	node  *source.Node
	reach []string
}

// places returns where something can be added to a part of services: the service itself, its environment, and so on.
// Of mappings, key is what is to be added: one that is nearer to the service and has it hides what is added further
// away. The places are in the order of the services, those nearest to a service first.
func places(p *compose.Project, key string, part func(compose.Service) *compose.Value) []place {
	var found []place
	index := map[*source.Node]int{}
	for _, s := range p.Services() {
		v := part(s)
		if v == nil || v.Implicit {
			continue
		}
		for _, origin := range append([]compose.Origin{v.Origin}, v.Also...) {
			eachLayer(origin.Node, key, nil, func(node *source.Node) {
				i, ok := index[node]
				if !ok {
					i = len(found)
					index[node] = i
					found = append(found, place{file: origin.File, node: node})
				}
				if !slices.Contains(found[i].reach, s.Name) {
					found[i].reach = append(found[i].reach, s.Name)
				}
			})
		}
	}
	return found
}

// eachLayer calls visit for a collection and the mappings that it merges, nearest first, as far as they are not hidden
// by one that has the key. It reports whether one has it.
func eachLayer(node *source.Node, key string, inside []*source.Node, visit func(*source.Node)) (hidden bool) {
	node = node.Resolved()
	if node == nil || slices.Contains(inside, node) {
		return false
	}
	if node.Kind != source.Mapping {
		visit(node)
		return false
	}
	if node.Lookup(key) != nil {
		return true
	}
	visit(node)
	inside = append(inside, node)
	for _, e := range node.Entries {
		if !e.Key.IsMerge() {
			continue
		}
		merged := []*source.Node{e.Value}
		if list := e.Value.Resolved(); list.Kind == source.Sequence {
			merged = list.Items
		}
		for _, m := range merged {
			if eachLayer(m, key, inside, visit) {
				return true
			}
		}
	}
	return false
}

// cover chooses the fewest places that reach all wanted services, and no others but tolerated ones. It returns the
// services that no such place reaches, too. Of places that reach as many, the one nearest to a service is taken.
func cover(places []place, wanted, tolerated []string) (chosen []place, missed []string) {
	missed = slices.Clone(wanted)
	for len(missed) > 0 {
		best, most := -1, 0
		for i, p := range places {
			if n := common(p.reach, missed); n > most && within(p.reach, wanted, tolerated) {
				best, most = i, n
			}
		}
		if best < 0 {
			return chosen, missed
		}
		chosen = append(chosen, places[best])
		missed = without(missed, places[best].reach)
	}
	return chosen, nil
}

// common counts the names that are in both lists.
func common(a, b []string) int {
	n := 0
	for _, name := range a {
		if slices.Contains(b, name) {
			n++
		}
	}
	return n
}

// within reports whether all names are in one of the lists.
func within(names []string, lists ...[]string) bool { return len(without(names, lists...)) == 0 }

// without returns the names that are in none of the lists.
func without(names []string, lists ...[]string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.ContainsFunc(lists, func(list []string) bool { return slices.Contains(list, name) })
	})
}
