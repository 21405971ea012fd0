package compose

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
)

// merge combines a value with the one that overrides it, and may change both. The result of merging two mappings has
// the origin of the overriding one. Source: compose-go, package override.
func (r *resolver) merge(base, over *Value, a *attribute) *Value {
	switch {
	case base == nil:
		return over
	case over == nil:
		return base
	case a != nil && a.merge != nil:
		return a.merge(r, base, over, a)
	case over.Kind == Null:
		return base
	case base.Kind != Map && base.Kind != List:
		return over
	case base.Kind != over.Kind:
		r.reportConflict(base, over)
		return over
	case base.Kind == Map:
		return r.mergeMappings(base, over, a)
	}
	return appendDistinct(base, over)
}

func (r *resolver) reportConflict(base, over *Value) {
	r.conflict(over, base, "%s is %s here and %s in what it overrides: write both in the same form",
		pathString(r.path), kindName(over.Kind), kindName(base.Kind))
}

func kindName(k Kind) string {
	switch k {
	case Map:
		return "a mapping"
	case List:
		return "a list"
	}
	return "a single value"
}

// mergeMappings puts the fields of over into base.
func (r *resolver) mergeMappings(base, over *Value, a *attribute) *Value {
	for _, f := range over.Fields {
		i := base.find(f.Key)
		if i < 0 {
			base.set(f.Key, f.Value)
			continue
		}
		r.enter(f.Key)
		base.Fields[i].Value = r.merge(base.Fields[i].Value, f.Value, a.child(f.Key))
		r.leave()
	}
	base.overriddenBy(over)
	return base
}

// overriddenBy gives a merged value the origin of what overrides it; where it was said before goes to Also.
func (v *Value) overriddenBy(over *Value) {
	if over.Kind == Null || over.Origin == v.Origin {
		return
	}
	also := slices.Clip(v.Also)
	if v.Origin != (Origin{}) {
		also = append(also, v.Origin)
	}
	v.Also = append(also, over.Also...)
	v.Origin = over.Origin
	v.Implicit = v.Implicit && over.Implicit
}

// mergeOverride takes the overriding value, even if it is null.
func mergeOverride(_ *resolver, _, over *Value, _ *attribute) *Value { return over }

// mergeLogging merges the options of one and the same driver; another driver starts from nothing.
func mergeLogging(r *resolver, base, over *Value, a *attribute) *Value {
	if base.Kind != Map {
		return base // refused by the schema
	}
	if over.Kind != Map {
		return over // refused by the schema
	}
	before, after := base.Get("driver"), over.Get("driver")
	if before == nil || after == nil || equal(before, after) {
		return r.mergeMappings(base, over, a)
	}
	return over
}

// mergeBuild merges builds, whose short form is the context.
func mergeBuild(r *resolver, base, over *Value, a *attribute) *Value {
	return r.mergeMappings(buildMapping(base), buildMapping(over), a)
}

func buildMapping(v *Value) *Value {
	switch v.Kind {
	case Map:
		return v
	case String:
		return mapping(v.Origin, Field{"context", v})
	}
	return &Value{Kind: Map, Origin: v.Origin}
}

// mergeUlimit merges two ulimits with soft and hard limits; any other form replaces the value.
func mergeUlimit(r *resolver, base, over *Value, a *attribute) *Value {
	if base.Kind != Map || over.Kind != Map {
		return over
	}
	return r.mergeMappings(base, over, a)
}

// mergeDependsOn merges dependencies, whose short form is a list of names.
func mergeDependsOn(r *resolver, base, over *Value, a *attribute) *Value {
	return r.mergeAsMappings(base, over, a, startedDependency)
}

// startedDependency is what the name of a service in a list of dependencies stands for.
func startedDependency(name *Value) *Value {
	return mapping(name.Origin,
		Field{"condition", implicit(text("service_started", name.Origin))},
		Field{"required", implicit(boolean(true, name.Origin))})
}

// mergeNames merges mappings, whose short form is a list of keys.
func mergeNames(r *resolver, base, over *Value, a *attribute) *Value {
	return r.mergeAsMappings(base, over, a, nullOf)
}

func nullOf(name *Value) *Value { return &Value{Kind: Null, Origin: name.Origin} }

// mergeAsMappings merges values that are mappings or the names of such; entry makes the mapping's entry of a name.
func (r *resolver) mergeAsMappings(base, over *Value, a *attribute, entry func(*Value) *Value) *Value {
	b, ok := asMapping(base, entry)
	if !ok {
		return base // refused by the schema
	}
	o, ok := asMapping(over, entry)
	if !ok {
		return over // refused by the schema
	}
	return r.mergeMappings(b, o, a)
}

func asMapping(v *Value, entry func(*Value) *Value) (*Value, bool) {
	switch v.Kind {
	case Map:
		return v, true
	case Null:
		return &Value{Kind: Map, Origin: v.Origin}, true
	case String:
		return mapping(v.Origin, Field{v.Text, entry(v)}), true
	case List:
		m := &Value{Kind: Map, Origin: v.Origin, Also: v.Also}
		for _, item := range v.Items {
			if item.Kind != String {
				return nil, false
			}
			m.set(item.Text, entry(item))
		}
		return m, true
	}
	return nil, false
}

// maxPoolPairs bounds the work of merging address pools, which compares every pool with every other.
const maxPoolPairs = 4096

// mergeIPAM merges address pools by subnet. It goes about it in compose-go's own way, which loses a pool of base that
// over does not repeat, and mixes pools up where base has several.
func mergeIPAM(r *resolver, base, over *Value, _ *attribute) *Value {
	if base.Kind != List {
		return base // refused by the schema
	}
	if over.Kind != List {
		return over // refused by the schema
	}
	if len(base.Items)*len(over.Items) > maxPoolPairs {
		r.report(Limit, over.Origin, "there are too many address pools to merge: %d here and %d in what they override",
			len(over.Items), len(base.Items))
		return over
	}
	merged := &Value{Kind: List, Origin: base.Origin, Also: base.Also}
	merged.overriddenBy(over)
	for _, pool := range base.Items {
		for _, override := range over.Items {
			if pool.Kind != Map || override.Kind != Map {
				return over // refused by the schema
			}
			if !sameSubnet(pool, override) && indexOfSubnet(merged.Items, override) < 0 {
				merged.Items = append(merged.Items, override)
				continue
			}
			r.mergeMappings(pool, override, nil)
			if i := indexOfSubnet(merged.Items, pool); i >= 0 {
				merged.Items[i] = pool
			} else {
				merged.Items = append(merged.Items, pool)
			}
		}
	}
	return merged
}

func indexOfSubnet(pools []*Value, pool *Value) int {
	return slices.IndexFunc(pools, func(other *Value) bool { return sameSubnet(other, pool) })
}

func sameSubnet(a, b *Value) bool {
	x, y := a.Get("subnet"), b.Get("subnet")
	return x.IsNull() && y.IsNull() || equal(x, y)
}

// mergeLists appends to a list, whose short form is a single item.
func mergeLists(_ *resolver, base, over *Value, _ *attribute) *Value {
	return appendDistinct(asList(base), asList(over))
}

// mergeKeyValues merges lists of KEY=value by key; their other form is a mapping.
func mergeKeyValues(r *resolver, base, over *Value, _ *attribute) *Value {
	merged := asList(base)
	merged.overriddenBy(over)
	merged.Items = r.uniqueItems(slices.Concat(merged.Items, asList(over).Items), keyOfKeyValue)
	return merged
}

// asList returns a new list with the items that a value stands for. Each item of a mapping, "KEY=value", keeps the
// origin of its entry.
func asList(v *Value) *Value {
	l := &Value{Kind: List, Origin: v.Origin, Also: v.Also}
	switch v.Kind {
	case List:
		l.Items = v.Items
	case String:
		l.Items = []*Value{v}
	case Map:
		for _, f := range v.Fields {
			l.Items = append(l.Items, keyValues(f)...)
		}
		slices.SortStableFunc(l.Items, func(a, b *Value) int { return strings.Compare(a.Text, b.Text) })
	}
	return l
}

func keyValues(f Field) []*Value {
	switch f.Value.Kind {
	case Null:
		item := *f.Value
		item.Kind, item.Text = String, f.Key
		return []*Value{&item}
	case List:
		items := make([]*Value, len(f.Value.Items))
		for i, item := range f.Value.Items {
			items[i] = keyValue(f.Key, item)
		}
		return items
	}
	return []*Value{keyValue(f.Key, f.Value)}
}

func keyValue(key string, v *Value) *Value {
	item := &Value{Kind: String, Unset: v.Unset, Unknown: v.Unknown, Implicit: v.Implicit, Origin: v.Origin}
	if v.Raw != "" {
		item.Raw = key + "=" + v.Raw
	}
	switch v.Kind {
	case Null, Map, List:
		item.Text = key + "=" + fmt.Sprint(v.Plain())
	default:
		item.Text = key + "=" + v.Str()
	}
	return item
}

// appendDistinct returns a new list of base's items and those of over that are not equal to one before.
func appendDistinct(base, over *Value) *Value {
	merged := &Value{Kind: List, Origin: base.Origin, Also: base.Also}
	merged.overriddenBy(over)
	merged.Items = make([]*Value, 0, len(base.Items)+len(over.Items))
	merged.Items = append(merged.Items, base.Items...)
	known := knownValues{}
	for _, item := range base.Items {
		known.add(item)
	}
	for _, item := range over.Items {
		if known.add(item) {
			merged.Items = append(merged.Items, item)
		}
	}
	return merged
}

// knownValues is a set of values, by the hash of their content.
type knownValues map[uint64][]*Value

// add reports whether the value was new.
func (k knownValues) add(v *Value) bool {
	h := hash(v)
	if slices.ContainsFunc(k[h], func(known *Value) bool { return equal(known, v) }) {
		return false
	}
	k[h] = append(k[h], v)
	return true
}

var hashSeed = maphash.MakeSeed()

// hash is the same for values that are equal.
func hash(v *Value) uint64 {
	h := uint64(v.Kind)
	switch v.Kind {
	case Map:
		for _, f := range v.Fields {
			h += maphash.String(hashSeed, f.Key) ^ hash(f.Value)*31 // the order of the fields does not matter
		}
	case List:
		for _, item := range v.Items {
			h = h*31 + hash(item)
		}
	default:
		h += maphash.String(hashSeed, v.Str())
	}
	return h
}
