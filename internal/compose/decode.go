package compose

import (
	"slices"
	"time"

	"composelint/internal/source"
)

// freeValues and bytesPerValue bound the values of one project, so that anchors within anchors, services that extend
// each other and ranges of ports cannot make a small file cost more than a large one: a fixed number, and more for each
// byte that was read. The largest of 3,850 real projects has 3,900 values.
const (
	freeValues    = 100_000
	bytesPerValue = 4
)

// decoder turns the nodes of one document into values: aliases and merges are followed, variables replaced, and texts
// brought to the type that their place asks for.
type decoder struct {
	r     *resolver
	file  *source.File
	scope *scope
	// resets are the paths that the document takes out of the files before it, by !reset and !override.
	resets [][]string
	// anchored are the anchored nodes that are being decoded, to notice an alias to what it stands in.
	anchored []*source.Node
	// overridden is above zero within !override, where Compose looks for no further tags.
	overridden int
}

// place is where a node counts: under which key, by which way, and what Compose does to a value there.
type place struct {
	key  *source.Node
	via  *Hop
	attr *attribute
}

func (d *decoder) value(n *source.Node, at place) *Value {
	if !d.r.spend(1) {
		return d.new(Null, n, at)
	}
	if n.Tag == "!override" && d.overridden == 0 {
		d.keepReset()
		d.overridden++
		defer func() { d.overridden-- }()
	}
	if n.Anchor != "" {
		d.anchored = append(d.anchored, n)
		defer func() { d.anchored = d.anchored[:len(d.anchored)-1] }()
	}
	switch n.Kind {
	case source.Alias:
		return d.alias(n, at)
	case source.Mapping:
		return d.mapping(n, at)
	case source.Sequence:
		return d.sequence(n, at)
	default:
		return d.scalar(n, at)
	}
}

func (d *decoder) new(kind Kind, n *source.Node, at place) *Value {
	v := d.r.newValue()
	v.Kind = kind
	v.Origin = d.origin(n, at)
	return v
}

func (d *decoder) origin(n *source.Node, at place) Origin {
	return Origin{File: d.file, Node: n, Key: at.key, via: at.via}
}

func (d *decoder) alias(n *source.Node, at place) *Value {
	target := n.Target
	if target == nil || d.isOpen(target) {
		d.r.report(Syntax, d.origin(n, at), "the alias *%s stands within the value it names", n.Value)
		return d.new(Null, n, at)
	}
	at.via = at.via.then(Hop{Kind: ByAlias, File: d.file, Node: n, Name: n.Value})
	v := d.value(target, at)
	v.Origin.Alias = n
	return v
}

// isOpen reports whether a node is one that is being decoded.
func (d *decoder) isOpen(n *source.Node) bool { return slices.Contains(d.anchored, n) }

func (d *decoder) sequence(n *source.Node, at place) *Value {
	v := d.new(List, n, at)
	v.Items = make([]*Value, 0, len(n.Items))
	d.r.enter("[]")
	item := place{via: at.via, attr: at.attr.child("[]")}
	for _, node := range n.Items {
		if d.isReset(node) {
			continue
		}
		v.Items = append(v.Items, d.value(node, item))
	}
	d.r.leave()
	return v
}

func (d *decoder) mapping(n *source.Node, at place) *Value {
	v := d.new(Map, n, at)
	v.Fields = make([]Field, 0, len(n.Entries))
	d.entries(v, n, at, false)
	return v
}

// entries adds the entries of a mapping to a value, then those that it merges. merged tells that the mapping is one
// that is merged in: what is there already wins.
func (d *decoder) entries(v *Value, n *source.Node, at place, merged bool) {
	var merge *source.Entry
	for i := range n.Entries {
		e := &n.Entries[i]
		if e.Key.IsMerge() {
			if merge != nil {
				d.r.reportDuplicate(d.origin(e.Key, at), d.origin(merge.Key, at), "<<")
			}
			merge = e
			continue
		}
		d.entry(v, e, at, merged)
	}
	if merge == nil {
		return
	}
	value := merge.Value.Resolved()
	if value != nil && value.Kind == source.Sequence {
		for _, item := range value.Items {
			d.mergeIn(v, item, at)
		}
		return
	}
	d.mergeIn(v, merge.Value, at)
}

func (d *decoder) entry(v *Value, e *source.Entry, at place, merged bool) {
	name, ok := d.key(e.Key, at)
	if !ok {
		return
	}
	d.r.enter(name)
	defer d.r.leave()
	if d.isReset(e.Value) {
		d.keepReset()
		return
	}
	i := v.find(name)
	if i >= 0 && merged {
		return
	}
	inner := place{key: e.Key, via: at.via, attr: at.attr.child(name)}
	value := d.value(e.Value, inner)
	if i < 0 {
		v.add(name, value)
		return
	}
	d.r.reportDuplicate(d.origin(e.Key, at), Origin{File: d.file, Node: v.Fields[i].Value.Origin.Key, via: at.via}, name)
	v.Fields[i].Value = value
}

// mergeIn adds the entries of a mapping that stands under "<<".
func (d *decoder) mergeIn(v *Value, n *source.Node, at place) {
	target := n.Resolved()
	if target == nil || target.Kind != source.Mapping {
		d.r.report(Syntax, d.origin(n, at), "only a mapping, or a list of mappings, can be merged with <<")
		return
	}
	if d.isOpen(target) {
		d.r.report(Syntax, d.origin(n, at), "the mapping &%s is merged into itself", target.Anchor)
		return
	}
	if n.Kind == source.Alias {
		at.via = at.via.then(Hop{Kind: ByMerge, File: d.file, Node: n, Name: n.Value})
	}
	if target.Anchor != "" {
		d.anchored = append(d.anchored, target)
		defer func() { d.anchored = d.anchored[:len(d.anchored)-1] }()
	}
	d.entries(v, target, at, true)
}

// key returns the text of a key. Compose takes no other keys than texts.
func (d *decoder) key(n *source.Node, at place) (name string, ok bool) {
	resolved := n.Resolved()
	if resolved == nil || resolved.Kind != source.Scalar {
		d.r.report(Schema, d.origin(n, at), "a key must be a text")
		return "", false
	}
	if resolved.Tag != "!!str" && !resolved.IsCustomTag() {
		d.r.report(Schema, d.origin(n, at), "the key %s is not a text for YAML: put it in quotes", resolved.Value)
	}
	return resolved.Value, true
}

// isReset reports whether a value is taken out by !reset.
func (d *decoder) isReset(n *source.Node) bool {
	if d.overridden > 0 {
		return false
	}
	n = n.Resolved()
	return n != nil && n.Tag == "!reset"
}

func (d *decoder) keepReset() {
	d.resets = append(d.resets, slices.Clone(d.r.path))
}

func (d *decoder) scalar(n *source.Node, at place) *Value {
	switch n.Tag {
	case "!!str":
		return d.text(d.new(String, n, at), n.Value, at.attr)
	case "!!null":
		return d.new(Null, n, at)
	}
	v := d.new(Number, n, at)
	switch s := n.Scalar().(type) {
	case nil:
		v.Kind = Null
	case string:
		v.Kind = String
		return d.text(v, s, at.attr)
	case bool:
		v.Kind, v.scalar = Bool, s
	case time.Time:
		v.Kind, v.scalar = Time, s
	default:
		v.scalar = s
	}
	return v
}

// text replaces the variables of a text and brings it to the type of its place.
func (d *decoder) text(v *Value, raw string, a *attribute) *Value {
	v.Text = raw
	if hasVariable(raw) {
		d.expand(v, raw)
	}
	if a == nil || a.cast == nil || v.Unknown {
		return v
	}
	c, err := a.cast(v.Text)
	if err != nil {
		d.r.report(Model, v.Origin, "%s", err)
		v.Unknown = true
		return v
	}
	c.Raw, c.Unset, c.Origin = v.Raw, v.Unset, v.Origin
	return c
}

func (d *decoder) expand(v *Value, raw string) {
	e := expand(raw, d.scope.lookup)
	v.Raw = raw
	switch {
	case e.malformed:
		v.Unknown = true
		d.r.report(Template, v.Origin, "%q is not a valid variable reference: write ${NAME} or ${NAME:-default}, "+
			"and $$ for a dollar sign", raw)
	case e.missing != "":
		v.Unknown = true
		d.r.missing(v.Origin, e.missing, e.message)
	default:
		v.Text = e.text
		v.Unset = len(e.unset) > 0
		for _, name := range e.unset {
			d.r.unset(v.Origin, name)
		}
	}
}
