package compose

import (
	"errors"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/format"
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
			kept[i] = item
			continue
		}
		kept = append(kept, item)
	}
	return kept
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
