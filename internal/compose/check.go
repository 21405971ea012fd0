package compose

import (
	"net"
	"slices"
	"strings"
)

// check reports what Compose refuses in single values. Source: compose-go, package validation.
func (r *resolver) check(v *Value, a *attribute) {
	if v == nil || a == nil {
		return
	}
	if a.check != nil {
		a.check(r, v)
		return
	}
	for _, f := range v.Fields {
		child := a.child(f.Key)
		if child == nil {
			continue
		}
		r.enter(f.Key)
		r.check(f.Value, child)
		r.leave()
	}
	if a.any == nil {
		return
	}
	r.enter("[]")
	for _, item := range v.Items {
		r.check(item, a.any)
	}
	r.leave()
}

// checkVolume reports what a volume that exists elsewhere cannot say.
func checkVolume(r *resolver, v *Value) {
	external := v.Get("external")
	if !external.True() {
		return
	}
	for _, f := range v.Fields {
		if f.Key == "name" || f.Key == "external" || strings.HasPrefix(f.Key, "x-") {
			continue
		}
		r.enter(f.Key)
		r.conflict(f.Value, external,
			"an external volume is not made by Compose, so %q has no place here: remove it, or \"external\"", f.Key)
		r.leave()
	}
}

// checkSecret reports a secret whose content is said twice or not at all.
func checkSecret(r *resolver, v *Value) { checkContent(r, v, "secret", "file", "environment") }

// checkConfig reports a config whose content is said twice or not at all.
func checkConfig(r *resolver, v *Value) {
	checkContent(r, v, "config", "file", "environment", "content")
}

func checkContent(r *resolver, v *Value, what string, keys ...string) {
	if v.Kind != Map {
		return
	}
	first := ""
	for _, key := range keys {
		said := v.Get(key)
		switch {
		case said == nil:
		case first == "":
			first = key
		default:
			r.conflict(said, v.Get(first), "a %s takes its content from one place only: remove %q or %q", what, first, key)
		}
	}
	isSaid := func(key string) bool { return v.Get(key) != nil }
	others := []string{"driver", "external", "content"} // of the content of a secret, the schema tells
	if first == "" && !slices.ContainsFunc(others, isSaid) {
		r.report(Model, v.Origin, "the %s does not say where its content is: add one of %s", what, strings.Join(keys, ", "))
	}
}

// checkWatchPath reports an empty path.
func checkWatchPath(r *resolver, v *Value) {
	if v.Kind == String && v.Text == "" && !v.Unknown {
		r.report(Model, v.Origin, "the path to watch is empty")
	}
}

// checkPort reports a host address that is not an IP address.
func checkPort(r *resolver, v *Value) {
	address := v.Get("host_ip")
	if address == nil || address.Kind != String || address.Unknown || net.ParseIP(address.Text) != nil {
		return
	}
	r.enter("host_ip")
	r.report(Model, address.Origin,
		"%q is not an IP address: a port is published on an address, not on a name", address.Text)
	r.leave()
}

// checkDeviceRequest reports a request for devices by number and by name.
func checkDeviceRequest(r *resolver, v *Value) {
	count, ids := v.Get("count"), v.Get("device_ids")
	if count == nil || ids == nil {
		return
	}
	r.conflict(ids, count, `devices are asked for by "count" or by "device_ids": remove one of them`)
}
