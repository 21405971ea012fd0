package compose

import (
	"fmt"
	"reflect"
	"strings"

	"composelint/internal/source"
)

// Kind says what a value is.
type Kind uint8

// The kinds of values. Number covers integers and floats; Time is a YAML timestamp.
const (
	Null Kind = iota
	Bool
	Number
	Time
	String
	Map
	List
)

// Value is a value of the effective model with the place it comes from.
type Value struct {
	Kind Kind
	// Text is the text of a String, with variables replaced. A Map that stands for a short form ("80:80") keeps the
	// short form here, and Raw, Unset and Unknown tell about it.
	Text string
	// Raw is the text before variables were replaced, where it held any; otherwise it is empty.
	Raw string
	// Written is the text before a relative path was resolved; empty where nothing was resolved.
	Written string
	// Unset tells that a variable without value and default became blank in Text.
	Unset bool
	// Unknown tells that the value could not be established: a required variable is missing, or the text is
	// malformed. Text then holds the text as it is written.
	Unknown bool
	// Implicit tells that no file says the value: it is a default that Compose adds.
	Implicit bool
	// Fields are the entries of a Map, in the order they were said.
	Fields []Field
	// Items are the items of a List.
	Items []*Value
	// Origin is where the value was said. The long form that stands for a short one ("80:80") has the origin of
	// the short one in all its parts.
	Origin Origin
	// Also lists the other places that a merged Map or List was said at, in the order of merging.
	Also []Origin

	scalar   any            // of a Bool, Number or Time: as compose-go holds it
	index    map[string]int // of a Map with many fields: their positions
	settings *[]Field       // of a List: what Settings returned
}

// Field is an entry of a Map.
type Field struct {
	Key   string
	Value *Value
}

// indexed is the number of fields from which looking one up by scanning is slower than by an index.
const indexed = 24

// Get returns the value under a key of a Map, or nil. It may be called on nil and on any kind.
func (v *Value) Get(key string) *Value {
	if i := v.find(key); i >= 0 {
		return v.Fields[i].Value
	}
	return nil
}

// At follows keys from a Map downwards and returns nil where there is none.
func (v *Value) At(keys ...string) *Value {
	for _, key := range keys {
		v = v.Get(key)
	}
	return v
}

func (v *Value) find(key string) int {
	if v == nil || v.Kind != Map {
		return -1
	}
	if len(v.Fields) < indexed {
		for i := range v.Fields {
			if v.Fields[i].Key == key {
				return i
			}
		}
		return -1
	}
	if v.index == nil {
		v.index = make(map[string]int, len(v.Fields))
		for i := range v.Fields {
			v.index[v.Fields[i].Key] = i
		}
	}
	if i, ok := v.index[key]; ok {
		return i
	}
	return -1
}

// Settings returns the entries of a Map, or of a List of texts NAME=value, such as the environment or labels. The value of
// an item is the text behind the "=", at the place of the item; an item without "=", which takes its value from outside,
// has none. It may be called on nil and on any kind. The list must not be changed.
func (v *Value) Settings() []Field {
	switch {
	case v == nil || v.Kind != Map && v.Kind != List:
		return nil
	case v.Kind == Map:
		return v.Fields
	case v.settings == nil:
		all, values := make([]Field, len(v.Items)), make([]Value, len(v.Items))
		for i, item := range v.Items {
			all[i] = item.setting(&values[i])
		}
		v.settings = &all
	}
	return *v.settings
}

// setting takes NAME=value apart, and puts the value where it is told to.
func (v *Value) setting(value *Value) Field {
	name, text, _ := strings.Cut(v.Str(), "=")
	if v.Origin.Node == nil || !strings.Contains(v.Origin.Node.Value, "=") {
		return Field{Key: name}
	}
	*value = *v
	value.Text = text
	_, value.Raw, _ = strings.Cut(v.Raw, "=")
	return Field{name, value}
}

// Setting returns the value of one of the Settings, or nil.
func (v *Value) Setting(name string) *Value {
	if v == nil || v.Kind == Map {
		return v.Get(name)
	}
	for _, s := range v.Settings() {
		if s.Key == name {
			return s.Value
		}
	}
	return nil
}

// set replaces or adds the value under a key.
func (v *Value) set(key string, value *Value) {
	if i := v.find(key); i >= 0 {
		v.Fields[i].Value = value
		return
	}
	v.add(key, value)
}

// add adds a value under a key that is not there.
func (v *Value) add(key string, value *Value) {
	v.Fields = append(v.Fields, Field{key, value})
	if v.index != nil {
		v.index[key] = len(v.Fields) - 1
	}
}

// remove deletes a key.
func (v *Value) remove(key string) {
	i := v.find(key)
	if i < 0 {
		return
	}
	v.Fields = append(v.Fields[:i:i], v.Fields[i+1:]...)
	v.index = nil
}

// items returns the items of a List, and none of anything else.
func (v *Value) items() []*Value {
	if v == nil || v.Kind != List {
		return nil
	}
	return v.Items
}

// fields returns the entries of a Map, and none of anything else.
func (v *Value) fields() []Field {
	if v == nil || v.Kind != Map {
		return nil
	}
	return v.Fields
}

// size counts the value and everything in it.
func (v *Value) size() int {
	n := 0
	v.Walk(func(*Value) bool {
		n++
		return true
	})
	return n
}

// Str returns the text of a scalar as Compose would print it, and "" for a null, a Map, a List and nil.
func (v *Value) Str() string {
	if v == nil {
		return ""
	}
	switch v.Kind {
	case String:
		return v.Text
	case Bool, Number, Time:
		return fmt.Sprint(v.scalar)
	}
	return ""
}

// True reports whether the value is the boolean true.
func (v *Value) True() bool { return v != nil && v.Kind == Bool && v.scalar == true }

// Int returns the value of a whole number.
func (v *Value) Int() (int, bool) {
	if v == nil || v.Kind != Number {
		return 0, false
	}
	rv := reflect.ValueOf(v.scalar)
	switch {
	case rv.CanInt():
		return int(rv.Int()), true
	case rv.CanUint():
		return int(rv.Uint()), true
	}
	return 0, false
}

// float returns the value of a number.
func (v *Value) float() (float64, bool) {
	if v == nil || v.Kind != Number {
		return 0, false
	}
	rv := reflect.ValueOf(v.scalar)
	switch {
	case rv.CanFloat():
		return rv.Float(), true
	case rv.CanInt():
		return float64(rv.Int()), true
	case rv.CanUint():
		return float64(rv.Uint()), true
	}
	return 0, false
}

// IsNull reports whether the value is absent or null.
func (v *Value) IsNull() bool { return v == nil || v.Kind == Null }

// Plain returns the value as compose-go holds it: nil, bool, numbers, string, time.Time, []any and map[string]any.
func (v *Value) Plain() any {
	if v == nil {
		return nil
	}
	switch v.Kind {
	case String:
		return v.Text
	case Map:
		m := make(map[string]any, len(v.Fields))
		for _, f := range v.Fields {
			m[f.Key] = f.Value.Plain()
		}
		return m
	case List:
		list := make([]any, len(v.Items))
		for i, item := range v.Items {
			list[i] = item.Plain()
		}
		return list
	}
	return v.scalar
}

// clone copies a value so that the copy can be changed.
func (v *Value) clone() *Value {
	if v == nil {
		return nil
	}
	c := *v
	c.index, c.settings = nil, nil
	if v.Fields != nil {
		c.Fields = make([]Field, len(v.Fields))
		for i, f := range v.Fields {
			c.Fields[i] = Field{f.Key, f.Value.clone()}
		}
	}
	if v.Items != nil {
		c.Items = make([]*Value, len(v.Items))
		for i, item := range v.Items {
			c.Items[i] = item.clone()
		}
	}
	return &c
}

// equal reports whether compose-go would find the two values deeply equal.
func equal(a, b *Value) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Kind != b.Kind || len(a.Fields) != len(b.Fields) || len(a.Items) != len(b.Items) {
		return false
	}
	switch a.Kind {
	case String:
		return a.Text == b.Text
	case Map:
		for _, f := range a.Fields {
			i := b.find(f.Key)
			if i < 0 || !equal(f.Value, b.Fields[i].Value) {
				return false
			}
		}
		return true
	case List:
		for i := range a.Items {
			if !equal(a.Items[i], b.Items[i]) {
				return false
			}
		}
		return true
	}
	return a.scalar == b.scalar
}

// Walk calls f for the value and, where f returns true, for everything in it.
func (v *Value) Walk(f func(*Value) bool) {
	if v == nil || !f(v) {
		return
	}
	for _, field := range v.Fields {
		field.Value.Walk(f)
	}
	for _, item := range v.Items {
		item.Walk(f)
	}
}

func text(s string, at Origin) *Value { return &Value{Kind: String, Text: s, Origin: at} }

func boolean(b bool, at Origin) *Value { return &Value{Kind: Bool, scalar: b, Origin: at} }

func number(n any, at Origin) *Value { return &Value{Kind: Number, scalar: n, Origin: at} }

func mapping(at Origin, fields ...Field) *Value {
	return &Value{Kind: Map, Fields: fields, Origin: at}
}

func list(at Origin, items ...*Value) *Value { return &Value{Kind: List, Items: items, Origin: at} }

// implicit marks a default that no file says.
func implicit(v *Value) *Value {
	v.Implicit = true
	return v
}

// Origin is where a value was said.
type Origin struct {
	// File and Node are the file and the node; both nil for the top of a project that has no file.
	File *source.File
	Node *source.Node
	// Key is the key the value stands under, where it stands under one.
	Key *source.Node
	// Alias is the alias that stands where the value is used, where the value itself is given by one.
	Alias *source.Node
	// via is the last step on the way from there into the model; nil for a value that stands where it counts.
	via *Hop
}

// HopKind names a way in which a value gets from where it was said to where it counts.
type HopKind string

// The kinds of hops.
const (
	ByAlias   HopKind = "alias"
	ByMerge   HopKind = "merge"
	ByExtends HopKind = "extends"
	ByInclude HopKind = "include"
)

// Hop is one step on that way.
type Hop struct {
	Kind HopKind
	// File and Node are the alias, the merge key, the extends or the include that takes the value over.
	File *source.File
	Node *source.Node
	// Name is the anchor, service or file that is taken over.
	Name string
	// next is the step before this one, nearer to where the value was said.
	next *Hop
}

// then returns the way with one more step at the end that is nearest to where the value was said. It may be called on
// nil, and leaves the way it is called on as it is.
func (h *Hop) then(step Hop) *Hop {
	if h == nil {
		return &step
	}
	c := *h
	c.next = h.next.then(step)
	return &c
}

// Span returns the bytes of the value; for an entry whose value is not written, those of its key.
func (o Origin) Span() source.Span {
	if o.Node == nil {
		return source.Span{}
	}
	if o.Node.Content.Len() == 0 && o.Key != nil {
		return o.Key.Content
	}
	return o.Node.Content
}

// Site returns the node that stands where the value is used: the alias, where there is one, else the value's own node.
// It is what an edit removes or replaces to change this use alone.
func (o Origin) Site() *source.Node {
	if o.Alias != nil {
		return o.Alias
	}
	return o.Node
}

// Hops returns the steps on the way of the value, the one nearest to its place in the model first.
func (o Origin) Hops() []*Hop {
	var hops []*Hop
	for h := o.via; h != nil; h = h.next {
		hops = append(hops, h)
	}
	return hops
}

// through returns v with one more hop before its own, on it and on everything in it.
func through(v *Value, hop Hop) *Value {
	if v == nil {
		return nil
	}
	seen := map[*Hop]*Hop{}
	v.Walk(func(w *Value) bool {
		extend(&w.Origin, hop, seen)
		for i := range w.Also {
			extend(&w.Also[i], hop, seen)
		}
		return true
	})
	return v
}

func extend(o *Origin, hop Hop, seen map[*Hop]*Hop) {
	h, ok := seen[o.via]
	if !ok {
		h = &Hop{Kind: hop.Kind, File: hop.File, Node: hop.Node, Name: hop.Name, next: o.via}
		seen[o.via] = h
	}
	o.via = h
}

// pathString joins keys for people.
func pathString(keys []string) string { return strings.Join(keys, ".") }
