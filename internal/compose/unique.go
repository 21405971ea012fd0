package compose

import (
	"errors"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/format"

	"composelint/internal/source"
)

// unique keeps one item per key in every list whose items have keys. Source: compose-go, function
// override.EnforceUnicity.
func (r *resolver) unique(v *Value, a *attribute) {
	if v == nil || a == nil {
		return
	}
	switch v.Kind {
	case Map:
		for _, f := range v.Fields {
			child := a.child(f.Key)
			if child == nil {
				continue
			}
			r.enter(f.Key)
			r.unique(f.Value, child)
			r.leave()
		}
	case List:
		if a.unique != nil && len(v.Items) > 0 {
			v.Items = r.uniqueItems(v.Items, a.unique)
		}
	}
}

// few is the number of items up to which comparing with all keys is faster than a map.
const few = 8

// uniqueItems keeps one item per key: the last, at the position of the first. An item that has no key stays.
func (r *resolver) uniqueItems(items []*Value, keyOf func(*Value) (string, error)) []*Value {
	kept := make([]*Value, 0, len(items))
	find := finder(len(items))
	r.enter("[]")
	defer r.leave()
	for _, item := range items {
		key, err := keyOf(item)
		if err != nil {
			r.reportKeyless(item, err)
			key = "\x00" + strconv.Itoa(len(kept)) // no text in YAML can hold a zero byte
		}
		if i := find(key); i < len(kept) {
			r.repeat(key, keyOf, kept[i], item)
			kept[i] = item
			continue
		}
		kept = append(kept, item)
	}
	return kept
}

// repeat notes that an item takes the place of one before it in the same list of a file. Items of several files are no
// repetition, nor are those that only the values of variables make alike.
func (r *resolver) repeat(key string, keyOf func(*Value) (string, error), lost, kept *Value) {
	first, last := lost.Origin.Site(), kept.Origin.Site()
	if first == last || first == nil || last == nil || first.Parent != last.Parent {
		return
	}
	list := r.path[:len(r.path)-1]
	for _, item := range []*Value{lost, kept} {
		isMadeLong := item.Kind == Map && item.Text != ""
		if isMadeLong && (item.Raw != "" || list[len(list)-1] == "ports") {
			return // it is not known where variables were, and a port may be one of a range
		}
		if blank, err := keyOf(withoutVariables(item)); err != nil || blank != key {
			return
		}
	}
	r.repeated = append(r.repeated, Repetition{
		Key: key, Lost: []Origin{lost.Origin}, Kept: kept.Origin, Path: pathString(list),
		Differs: !equal(lost, kept) || lost.Raw != kept.Raw,
	})
}

// withoutVariables returns a value with "$" in place of each reference to a variable.
func withoutVariables(v *Value) *Value {
	c := v.clone()
	c.Walk(func(w *Value) bool {
		if w.Raw == "" {
			return true
		}
		w.Text = ""
		segments, _ := ParseTemplate(w.Raw)
		for _, s := range segments {
			if s.Variable != nil {
				s.Text = "$"
			}
			w.Text += s.Text
		}
		return true
	})
	return c
}

// joinRepetitions puts together what was noted of one key in one list. A list that several services share, or that is
// merged again with another file, counts once.
func joinRepetitions(pairs []Repetition) []Repetition {
	var joined []Repetition
	lost := map[*source.Node]bool{}
	byKept := map[*source.Node]int{}
	for _, pair := range pairs {
		first, last := pair.Lost[0].Site(), pair.Kept.Site()
		if lost[first] {
			continue
		}
		lost[first] = true
		i, more := byKept[first]
		if !more {
			i = len(joined)
			joined = append(joined, pair)
		} else {
			joined[i].Lost = append(joined[i].Lost, pair.Lost...)
			joined[i].Kept, joined[i].Differs = pair.Kept, joined[i].Differs || pair.Differs
		}
		byKept[last] = i
	}
	return joined
}

// finder returns a function that gives each new key the next number, from 0, and each known key its number.
func finder(size int) func(key string) int {
	if size <= few {
		keys := make([]string, 0, few)
		return func(key string) int {
			for i, known := range keys {
				if known == key {
					return i
				}
			}
			keys = append(keys, key)
			return len(keys) - 1
		}
	}
	numbers := make(map[string]int, size)
	return func(key string) int {
		i, ok := numbers[key]
		if !ok {
			i = len(numbers)
			numbers[key] = i
		}
		return i
	}
}

// errElsewhere is the error of an item without a key that the schema, or a later step, refuses: they tell it better.
var errElsewhere = errors.New("the item is refused by the schema or when it is brought into its long form")

func (r *resolver) reportKeyless(item *Value, err error) {
	if !errors.Is(err, errElsewhere) {
		r.report(Model, item.Origin, "%s", err)
	}
}

// keyOfKeyValue is what stands before "=".
func keyOfKeyValue(item *Value) (string, error) {
	if item.Kind != String {
		return "", errElsewhere
	}
	key, _, _ := strings.Cut(item.Text, "=")
	return key, nil
}

// keyOfMount is the path in the container.
func keyOfMount(item *Value) (string, error) {
	switch item.Kind {
	case Map:
		return keyOfTarget(item, errNoMountTarget)
	case String:
		volume, err := format.ParseVolume(item.Text)
		if err != nil {
			return "", errElsewhere
		}
		return volume.Target, nil
	}
	return "", nil
}

// keyOfDevice is the path in the container.
func keyOfDevice(item *Value) (string, error) {
	switch item.Kind {
	case Map:
		return keyOfTarget(item, errNoDeviceTarget)
	case String:
		source, rest, mapped := strings.Cut(item.Text, ":")
		if !mapped {
			return source, nil
		}
		target, _, _ := strings.Cut(rest, ":")
		return target, nil
	}
	return "", nil
}

var (
	errNoMountTarget  = errors.New(`the mount has no target: add "target:" with its path in the container`)
	errNoDeviceTarget = errors.New(`the device has no target: add "target:" with its path in the container`)
	errNoPortTarget   = errors.New(`the port has no target: add "target:" with the port in the container`)
)

func keyOfTarget(item *Value, missing error) (string, error) {
	target := item.Get("target")
	switch {
	case target.IsNull():
		return "", missing
	case target.Kind != String:
		return "", errElsewhere
	}
	return target.Text, nil
}

// keyOfExpose is the port.
func keyOfExpose(item *Value) (string, error) {
	if _, whole := item.Int(); whole || item.Kind == String {
		return item.Str(), nil
	}
	if item.Kind == Number {
		return "", errors.New("an exposed port is a whole number, or a text such as \"8000-8010\"")
	}
	return "", errElsewhere
}

// keyOfFileMount returns the function that gives the path of a secret or a config in the container, for those that
// are mounted in a directory unless they say where.
func keyOfFileMount(directory string) func(*Value) (string, error) {
	return func(item *Value) (string, error) {
		switch item.Kind {
		case String:
			return directory + "/" + item.Text, nil
		case Map:
			if target := item.Get("target"); target != nil {
				return keyOfTarget(item, errElsewhere)
			}
			return directory + "/" + keyPart(item.Get("source"), String), nil
		}
		return "", errElsewhere
	}
}

// keyOfPort is the host address, the published and the target port, and the protocol.
func keyOfPort(item *Value) (string, error) {
	switch item.Kind {
	case String:
		return item.Text, nil
	case Number:
		if n, whole := item.Int(); whole {
			return strconv.Itoa(n), nil
		}
	case Map:
		target := item.Get("target")
		if target == nil {
			return "", errNoPortTarget
		}
		host, protocol := "0.0.0.0", "tcp"
		if v := item.Get("host_ip"); v != nil {
			host = keyPart(v, String)
		}
		if v := item.Get("protocol"); v != nil {
			protocol = keyPart(v, String)
		}
		return host + ":" + keyPart(item.Get("published"), String) + ":" + keyPart(target, Number) + "/" + protocol, nil
	}
	return "", nil
}

// keyPart is a value as a part of a key. Values that print alike but have not the usual kind are told apart, as
// compose-go does.
func keyPart(v *Value, usual Kind) string {
	switch {
	case v == nil:
		return "\x00"
	case v.Kind == usual:
		return v.Str()
	}
	return "\x00" + strconv.Itoa(int(v.Kind)) + v.Str()
}

// keyOfEnvFile is the path.
func keyOfEnvFile(item *Value) (string, error) {
	switch item.Kind {
	case String:
		return item.Text, nil
	case Map:
		path := item.Get("path")
		if path == nil || path.Kind != String {
			return "", errElsewhere
		}
		return path.Text, nil
	}
	return "", nil
}
