package compose

import (
	"fmt"
	"slices"
)

// defaults adds what Compose adds where nothing is said, in the value and everything in it. A place with a function
// of its own is left to that function, as it is in compose-go. A wrong kind of value is left alone: the schema
// reports it. Source: compose-go v2.16.2, transform/defaults.go.
func (r *resolver) defaults(v *Value, a *attribute) {
	switch {
	case v == nil || a == nil:
		return
	case a.defaults != nil:
		if v.Kind == Map {
			a.defaults(v)
		}
		return
	}
	for _, f := range v.Fields {
		r.defaults(f.Value, a.child(f.Key))
	}
	for _, item := range v.Items {
		r.defaults(item, a.child("[]"))
	}
}

// setDefault adds a default under a key that the mapping does not have.
func setDefault(v *Value, key string, value *Value) {
	if v.find(key) < 0 {
		v.set(key, implicit(value))
	}
}

func defaultBuild(v *Value) { setDefault(v, "context", text(".", v.Origin)) }

func defaultBind(v *Value) { setDefault(v, "create_host_path", boolean(true, v.Origin)) }

func defaultPort(v *Value) {
	setDefault(v, "protocol", text("tcp", v.Origin))
	setDefault(v, "mode", text("ingress", v.Origin))
}

// defaultDevice asks for all devices of a kind where neither a number of them nor their names are given.
func defaultDevice(v *Value) {
	if v.find("device_ids") < 0 {
		setDefault(v, "count", text("all", v.Origin))
	}
}

// defaultSecret writes a secret without a source as compose-go does, Go's mark for a missing text included: such a
// project is refused anyway, and the two models stay equal.
func defaultSecret(v *Value) {
	if v.find("target") < 0 {
		target := fmt.Sprintf("/run/secrets/%s", v.Get("source").Plain())
		setDefault(v, "target", text(target, v.Origin))
	}
}

// omitEmpty removes empty DNS servers, which ${DNS} leaves where the variable is not set. It comes after the long
// form, where dns is a list. Source: compose-go v2.16.2, loader/omitEmpty.go.
func omitEmpty(model *Value) {
	for _, section := range workloads {
		for _, f := range model.Get(section).fields() {
			if dns := f.Value.Get("dns"); dns != nil {
				dns.Items = slices.DeleteFunc(dns.Items, func(item *Value) bool {
					return item.IsNull() || item.Kind == String && item.Text == ""
				})
			}
		}
	}
}
