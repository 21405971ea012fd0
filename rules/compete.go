package rules

import (
	"slices"

	"composelint/internal/compose"
	"composelint/internal/source"
)

// Compete reports one finding for each thing that only one container can have, such as a name, and that services want
// that may run together. find meets what one service wants; thing tells which that is, and is the evidence. describe
// returns what is particular to the finding; c holds the uses that are in each other's way.
func (p *Pass) Compete(find func(s compose.Service, wants func(thing string, v *compose.Value, path ...string)),
	describe func(thing string, c Cause) Finding,
) {
	wanted := map[string][]Use{}
	var things []string
	for _, s := range p.Project.Services() {
		if !hasContainer(s) {
			continue
		}
		find(s, func(thing string, v *compose.Value, path ...string) {
			if v.Unset || v.Unknown {
				return // what a variable without value makes of it is not known
			}
			if wanted[thing] == nil {
				things = append(things, thing)
			}
			wanted[thing] = append(wanted[thing], Use{s, v, path})
		})
	}
	for _, thing := range things {
		c := Cause{rivals(wanted[thing])}
		if c.Uses == nil || p.partOf() != "" { // the services of a part may be there for others to extend
			continue
		}
		p.Report(rivalry(describe(thing, c), thing, c.Uses))
	}
}

// rivalry completes a finding about uses that are in each other's way. It stands at the second one, which is one too
// many, and relates it to the others.
func rivalry(f Finding, thing string, uses []Use) Finding {
	second := Cause{uses[1:]}
	f.Origin, f.Path, f.Services, f.Evidence = second.Value().Origin, second.Path(), Cause{uses}.Services(), thing
	told := map[*source.Node]bool{f.Origin.Node: true}
	var others []compose.Origin
	for _, u := range uses {
		if !told[u.Origin.Node] {
			told[u.Origin.Node] = true
			others = append(others, u.Origin)
		}
	}
	f.relate(others, "it is wanted here, too")
	f.Confidence = confidence(uses)
	return f
}

// confidence tells how sure a finding about values is: with another value of a variable it may not be true.
func confidence(uses []Use) Confidence {
	if slices.ContainsFunc(uses, func(u Use) bool { return u.Raw != "" }) {
		return Likely
	}
	return Certain
}

// rivals returns the first use whose service may run together with those of later ones, and these; nil where none may.
func rivals(uses []Use) []Use {
	for i, first := range uses {
		met := []Use{first}
		for _, other := range uses[i+1:] {
			if runTogether(first.Service, other.Service) {
				met = append(met, other)
			}
		}
		if len(met) > 1 {
			return met
		}
	}
	return nil
}

// runTogether tells that two services may run at the same time: one of them always runs, or a profile starts both.
func runTogether(a, b compose.Service) bool {
	first, second := items(a.Get("profiles")), items(b.Get("profiles"))
	if a.Name == b.Name || len(first) == 0 || len(second) == 0 {
		return true
	}
	return slices.ContainsFunc(first, func(x *compose.Value) bool {
		return slices.ContainsFunc(second, func(y *compose.Value) bool { return x.Str() == y.Str() })
	})
}
