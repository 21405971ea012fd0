package compose

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Change is one difference between two effective models: the value at a path became another. Old and New are values as
// Value.Plain returns them; nil where nothing is there before or after.
type Change struct {
	// Path are the keys from the top of the model: "services", "web", "privileged".
	Path     []string
	Old, New any
	// Item tells that the path is that of a list, and Old and New an item of it: the first item that equals Old
	// becomes New, goes where New is nil, and is added at the end where Old is nil.
	Item bool
}

func describe(v any) string {
	if v == nil {
		return "nothing"
	}
	return fmt.Sprint(v)
}

// Service returns the service that the change is in, or "" for one outside of services.
func (c Change) Service() string {
	if len(c.Path) > 1 && c.Path[0] == "services" {
		return c.Path[1]
	}
	return ""
}

// Declared reports whether the difference between two models is exactly the declared one. The error names the first
// thing that differs otherwise. Extensions (x-…) at the top do not count: Compose makes nothing of them, and most are
// there for the anchors that services merge.
func Declared(before, after *Value, declared []Change) error {
	return declaredBelow(nil, before, after, declared)
}

// Unexplained returns the first service or other resource that is not the same in two models, nor, in the second one, the
// same as in one of others; "" where there is none. What stands at the top by itself has to be the same, extensions apart.
func Unexplained(before, after *Value, others []*Value) string {
	for _, section := range keysOf(before, after) {
		none := &Value{Kind: Map}
		was, is := cmp.Or(before.Get(section), none), cmp.Or(after.Get(section), none)
		switch {
		case strings.HasPrefix(section, "x-") || Declared(was, is, nil) == nil:
			continue
		case was.Kind != Map || is.Kind != Map:
			return section
		}
		for _, name := range keysOf(was, is) {
			value := is.Get(name)
			isSame := func(v *Value) bool { return v != nil && value != nil && Declared(v, value, nil) == nil }
			inOther := func(model *Value) bool { return isSame(model.Get(section).Get(name)) }
			if !isSame(was.Get(name)) && !slices.ContainsFunc(others, inOther) {
				return section + "." + name
			}
		}
	}
	return ""
}

// declaredBelow compares what stands at a path of two models. Services and resources that no change is declared for,
// and that are equal, need no closer look.
func declaredBelow(path []string, before, after *Value, declared []Change) error {
	if len(declared) == 0 && equal(before, after) {
		return nil
	}
	isMapping := func(v *Value) bool { return v != nil && v.Kind == Map }
	endsHere := func(c Change) bool { return len(c.Path) == len(path) }
	if len(path) == 2 || !isMapping(before) || !isMapping(after) || slices.ContainsFunc(declared, endsHere) {
		return declaredOn(path, before.Plain(), after.Plain(), declared)
	}
	for _, key := range keysOf(before, after) {
		if len(path) == 0 && strings.HasPrefix(key, "x-") {
			continue
		}
		var inner []Change
		for _, c := range declared {
			if c.Path[len(path)] == key {
				inner = append(inner, c)
			}
		}
		if err := declaredBelow(append(path, key), before.Get(key), after.Get(key), inner); err != nil {
			return err
		}
	}
	for _, c := range declared {
		if before.Get(c.Path[len(path)]) == nil && after.Get(c.Path[len(path)]) == nil && c.New != nil {
			return fmt.Errorf("%s is nothing instead of %s", strings.Join(c.Path, "."), describe(c.New))
		}
	}
	return nil
}

// declaredOn compares what stands at a path of two models, as Value.Plain returns it.
func declaredOn(path []string, before, after any, declared []Change) error {
	want := before
	for _, c := range declared {
		var err error
		if want, err = c.apply(want, c.Path[len(path):]); err != nil {
			return err
		}
	}
	return difference(strings.Join(path, "."), want, after)
}

// keysOf returns the keys of two mappings, those of the first in its order.
func keysOf(a, b *Value) []string {
	keys := make([]string, 0, len(a.Fields))
	for _, f := range a.Fields {
		keys = append(keys, f.Key)
	}
	for _, f := range b.Fields {
		if a.find(f.Key) < 0 {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

// apply returns a model with the change made; path is what is left of its path. Mappings on the way are changed in
// place, and made where they are not there.
func (c Change) apply(model any, path []string) (any, error) {
	if len(path) == 0 {
		if c.Item {
			return c.applyItem(model)
		}
		return copyOf(c.New), nil
	}
	m, ok := model.(map[string]any)
	if !ok {
		m = map[string]any{}
	}
	key := path[0]
	value, err := c.apply(m[key], path[1:])
	if err != nil {
		return nil, err
	}
	if value == nil && len(path) == 1 {
		delete(m, key)
	} else {
		m[key] = value
	}
	return m, nil
}

// copyOf copies a declared value, so that later changes of what it is in do not change the declaration.
func copyOf(v any) any {
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for key, inner := range v {
			c[key] = copyOf(inner)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, inner := range v {
			c[i] = copyOf(inner)
		}
		return c
	}
	return v
}

// applyItem returns a list with the change of one item made.
func (c Change) applyItem(model any) (any, error) {
	list, _ := model.([]any)
	if c.Old == nil {
		return append(list, copyOf(c.New)), nil
	}
	for i, item := range list {
		if difference("", c.Old, item) != nil {
			continue
		}
		if c.New == nil {
			return slices.Delete(list, i, i+1), nil
		}
		list[i] = copyOf(c.New)
		return list, nil
	}
	return nil, fmt.Errorf("%s has no item %s", strings.Join(c.Path, "."), describe(c.Old))
}

// difference returns an error that names the first path at which two models differ. Scalars are the same if they are
// written the same: a rule declares "80", where the model may hold a number of any size.
func difference(path string, want, got any) error {
	w, isMap := want.(map[string]any)
	g, isMapToo := got.(map[string]any)
	if isMap && isMapToo {
		return mappingDifference(path, w, g)
	}
	wl, isList := want.([]any)
	gl, isListToo := got.([]any)
	if isList && isListToo && len(wl) == len(gl) {
		if IsSettings(strings.TrimPrefix(path, ".")) {
			wl, gl = inOrder(wl), inOrder(gl)
		}
		for i := range wl {
			if err := difference(fmt.Sprintf("%s[%d]", path, i), wl[i], gl[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if want == nil && got == nil {
		return nil
	}
	if isScalar(want) && isScalar(got) && fmt.Sprint(want) == fmt.Sprint(got) {
		return nil
	}
	return fmt.Errorf("%s is %s instead of %s", strings.TrimPrefix(path, "."), describe(got), describe(want))
}

// IsSettings tells that a path is that of settings, which may be a list of NAME=value. Compose makes a mapping of it, so
// that the order of the list says nothing. Source: compose-go v2.16.2, types.ServiceConfig, BuildConfig, NetworkConfig.
func IsSettings(path string) bool {
	section, _, _ := strings.Cut(path, ".")
	if section != "services" && section != "networks" || strings.Contains(path, "[") {
		return false // elsewhere, as in a hook, a list may say a name twice, and the last one wins
	}
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "environment", "labels", "annotations", "sysctls", "args", "additional_contexts":
		return true
	}
	return false
}

func inOrder(list []any) []any {
	return slices.SortedStableFunc(slices.Values(list), func(a, b any) int {
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
}

func mappingDifference(path string, want, got map[string]any) error {
	for _, key := range sortedKeys(want, got) {
		w, wanted := want[key]
		g, there := got[key]
		if isEmpty(w) && isEmpty(g) && (isEmptyList(w) || isEmptyList(g)) {
			continue // an empty list says the same as none
		}
		if wanted != there {
			return fmt.Errorf("%s.%s is %s instead of %s", strings.TrimPrefix(path, "."), key, describe(g), describe(w))
		}
		if err := difference(path+"."+key, w, g); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys(maps ...map[string]any) []string {
	var keys []string
	for _, m := range maps {
		for key := range m {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func isScalar(v any) bool {
	if v == nil {
		return false
	}
	switch reflect.TypeOf(v).Kind() {
	case reflect.Map, reflect.Slice:
		return false
	}
	return true
}

func isEmptyList(v any) bool {
	list, ok := v.([]any)
	return ok && len(list) == 0
}

func isEmpty(v any) bool { return v == nil || isEmptyList(v) }
