package compose

import "strings"

// long brings a value and everything in it into the long form, and returns what stands in its place. A place with a
// function of its own is left to that function, as it is in compose-go. What the schema refuses is left as it is.
// Source: compose-go v2.16.2, transform/canonical.go and the files beside it.
func (r *resolver) long(v *Value, a *attribute) *Value {
	switch {
	case v == nil || a == nil:
		return v
	case a.long != nil:
		return a.long(r, v, a)
	}
	return r.longInside(v, a)
}

// longInside brings what is in a Map or a List into the long form.
func (r *resolver) longInside(v *Value, a *attribute) *Value {
	for i := range v.Fields {
		f := &v.Fields[i]
		if c := a.child(f.Key); c != nil {
			r.enter(f.Key)
			f.Value = r.long(f.Value, c)
			r.leave()
		}
	}
	c := a.child("[]")
	if len(v.Items) == 0 || c == nil {
		return v
	}
	r.enter("[]")
	defer r.leave()
	for i, item := range v.Items {
		v.Items[i] = r.long(item, c)
	}
	return v
}

// expanded returns the Map that stands for the short form v.
func (r *resolver) expanded(v *Value, fields ...Field) *Value {
	long := r.newValue()
	*long = Value{
		Kind: Map, Text: v.Str(), Raw: v.Raw, Unset: v.Unset, Unknown: v.Unknown, Implicit: v.Implicit,
		Fields: fields, Origin: v.Origin, Also: v.Also,
	}
	return long
}

// part returns the value for a part of the short form v.
func (r *resolver) part(v *Value, s string) *Value {
	p := r.newValue()
	*p = Value{Kind: String, Text: s, Unknown: v.Unknown, Origin: v.Origin}
	return p
}

// malformed reports a short form that Compose cannot read and tells how to write it. What is unknown has been
// reported: its variables, or its form when a file before this one was put into the model.
func (r *resolver) malformed(v *Value, what, how string) {
	if v.Unknown {
		return
	}
	v.Unknown = true
	r.report(Model, v.Origin, "the %s %q is not valid%s; write it as %s", what, v.Str(), blankHint(v), how)
}

// longKey puts the text that is the short form under the key it stands for.
func (r *resolver) longKey(v *Value, key string) *Value {
	if v.Kind != String {
		return v
	}
	return r.expanded(v, Field{key, r.part(v, v.Text)})
}

func longFileMount(r *resolver, v *Value, _ *attribute) *Value { return r.longKey(v, "source") }

func longInclude(r *resolver, v *Value, _ *attribute) *Value { return r.longKey(v, "path") }

func longSchedule(r *resolver, v *Value, _ *attribute) *Value { return r.longKey(v, "cron") }

func longExtends(r *resolver, v *Value, _ *attribute) *Value { return r.longKey(v, "service") }

func longBuild(r *resolver, v *Value, a *attribute) *Value {
	return r.longInside(r.longKey(v, "context"), a)
}

func longService(r *resolver, v *Value, a *attribute) *Value { return r.longInside(v, a) }

// longList makes a list of a single text.
func longList(_ *resolver, v *Value, _ *attribute) *Value {
	if v.Kind != String {
		return v
	}
	return list(v.Origin, v)
}

// longText makes a text of true, false and numbers.
func longText(_ *resolver, v *Value, _ *attribute) *Value {
	switch v.Kind {
	case Bool, Number, Time:
		return text(v.Str(), v.Origin)
	}
	return v
}

// longNames makes a mapping of a list of names.
func longNames(_ *resolver, v *Value, _ *attribute) *Value { return longMapping(v, nullOf) }

// longMapping makes a mapping of a list of names; entry makes the value for a name.
func longMapping(v *Value, entry func(name *Value) *Value) *Value {
	if v.Kind != List {
		return v
	}
	m, ok := asMapping(v, entry)
	if !ok {
		return v
	}
	return m
}

func longDependsOn(_ *resolver, v *Value, _ *attribute) *Value {
	v = longMapping(v, startedDependency)
	for _, f := range v.Fields {
		if f.Value.Kind == Map {
			setDefault(f.Value, "condition", text("service_started", f.Value.Origin))
			setDefault(f.Value, "required", boolean(true, f.Value.Origin))
		}
	}
	return v
}

func longEnvFiles(r *resolver, v *Value, a *attribute) *Value {
	v = longList(r, v, a)
	for i, file := range v.Items {
		file = r.longKey(file, "path")
		if file.Kind == Map {
			setDefault(file, "required", boolean(true, file.Origin))
		}
		v.Items[i] = file
	}
	return v
}

// longGPUs takes every text for "all", the only one that the schema accepts.
func longGPUs(r *resolver, v *Value, _ *attribute) *Value {
	if v.Kind != String {
		return v
	}
	return list(v.Origin, r.expanded(v, Field{"count", r.part(v, "all")}))
}

// longUlimit reports what the schema takes for a limit and Compose does not. Where texts are cast to numbers, one
// that is left has been reported.
func longUlimit(r *resolver, v *Value, a *attribute) *Value {
	_, whole := v.scalar.(int)
	if v.Kind == Number && !whole || v.Kind == String && a.cast == nil {
		r.malformed(v, "limit", "a whole number without quotes, or with soft and hard under it")
	}
	return v
}

// longKeyValues makes a mapping of a list of key=value.
func longKeyValues(r *resolver, v *Value, _ *attribute) *Value {
	return r.longPairs(v, func(_, item *Value) {
		r.malformed(item, "build context", `"name=path"`)
	})
}

// longSSH is longKeyValues, with one name that needs no value.
func longSSH(r *resolver, v *Value, _ *attribute) *Value {
	return r.longPairs(v, func(m, item *Value) {
		if item.Text == "default" {
			m.set(item.Text, &Value{Kind: Null, Origin: item.Origin})
			return
		}
		r.malformed(item, "ssh key", `"name=path", or "default" for the ssh agent`)
	})
}

// longPairs makes a mapping of a list of key=value and leaves the items without a value to bare.
func (r *resolver) longPairs(v *Value, bare func(m, item *Value)) *Value {
	if v.Kind != List {
		return v
	}
	m := &Value{Kind: Map, Fields: make([]Field, 0, len(v.Items)), Origin: v.Origin, Also: v.Also}
	r.enter("[]")
	defer r.leave()
	for _, item := range v.Items {
		if item.Kind != String {
			continue
		}
		key, value, found := strings.Cut(item.Text, "=")
		if !found {
			bare(m, item)
			continue
		}
		said := r.part(item, value)
		said.Raw, said.Unset = item.Raw, item.Unset
		m.set(key, said)
	}
	return m
}

// longResource turns external with a name under it, as old files have it, into the name and external: true.
func longResource(r *resolver, v *Value, a *attribute) *Value {
	v = r.longInside(v, a)
	external := v.Get("external")
	if external == nil || external.Kind != Map {
		return v
	}
	v.set("external", boolean(true, external.Origin))
	old, name := external.Get("name"), v.Get("name")
	switch {
	case old == nil:
	case name == nil:
		v.set("name", old)
	case !equal(old, name):
		r.conflict(old, name, "external has the name %q under it and the name %q beside it; keep only the one beside it",
			old.Str(), name.Str())
	}
	return v
}
