package rules

import (
	"slices"
	"strconv"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

// repair is a fix in the making: drafts of the files that it changes, and the difference that it declares.
type repair struct {
	drafts  []*draft // one for each file, in the order they were first changed
	changes []compose.Change
	done    map[changedPlace]bool
}

// changedPlace is a value that a fix changes, or a mapping with the attribute that it adds there.
type changedPlace struct {
	node      *source.Node
	attribute string
}

type draft struct {
	*patch.Draft
	file *source.File
}

// draft returns the draft of a file.
func (r *repair) draft(f *source.File) *patch.Draft {
	for _, d := range r.drafts {
		if d.file == f {
			return d.Draft
		}
	}
	d := &draft{patch.NewDraft(f), f}
	r.drafts = append(r.drafts, d)
	return d.Draft
}

// once reports whether a place is changed for the first time: a value in an anchor is one place for many services.
func (r *repair) once(n *source.Node) bool { return r.onceAt(n, "") }

// onceAt reports whether an attribute is added to a mapping for the first time.
func (r *repair) onceAt(n *source.Node, attribute string) bool {
	at := changedPlace{n, attribute}
	if n == nil || r.done[at] {
		return false
	}
	if r.done == nil {
		r.done = map[changedPlace]bool{}
	}
	r.done[at] = true
	return true
}

// remove takes a use of a value out of the mapping or list it stands in. A list that becomes empty goes with its key.
func (r *repair) remove(v *compose.Value) { r.removeAt(v.Origin) }

func (r *repair) removeAt(o compose.Origin) {
	if site := o.Site(); r.once(site) {
		r.draft(o.File).Remove(holder(site), site)
	}
}

// holder returns the service, or whatever else is declared in a section of the file, that a node stands in; a template
// (x-…) stands for itself. It is nil where the node is such a declaration. It stays, even if nothing is left in it: an
// override file may say only one thing about a service.
func holder(n *source.Node) *source.Node {
	var way []*source.Node // from the node up to the top of the document
	for ; n != nil; n = n.Parent {
		way = append(way, n)
	}
	depth := 2
	if len(way) > 1 && isTemplate(way[len(way)-1], way[len(way)-2]) {
		depth = 1
	}
	if at := len(way) - 1 - depth; at > 0 {
		return way[at]
	}
	return nil
}

// isTemplate tells that a value stands under a key x-… of a document.
func isTemplate(document, value *source.Node) bool {
	return slices.ContainsFunc(document.Entries, func(e source.Entry) bool {
		return e.Value == value && strings.HasPrefix(e.Key.Value, "x-")
	})
}

// inTemplate tells that a node stands under a key x-… of its document.
func inTemplate(n *source.Node) bool {
	for n.Parent != nil && n.Parent.Parent != nil {
		n = n.Parent
	}
	return n.Parent != nil && isTemplate(n.Parent, n)
}

// set gives a scalar another value, where it was said.
func (r *repair) set(v *compose.Value, value patch.Scalar) {
	if r.once(v.Origin.Node) {
		r.draft(v.Origin.File).Set(v.Origin.Node, value)
	}
}

// setPart replaces the bytes [from, to) of a text as it is written, variables included.
func (r *repair) setPart(v *compose.Value, from, to int, text string) {
	if r.once(v.Origin.Node) {
		r.draft(v.Origin.File).SetPart(v.Origin.Node, from, to, text)
	}
}

// change declares what becomes of a value of a service in the effective model; nil means that nothing is there.
func (r *repair) change(s compose.Service, value any, path ...string) {
	r.declare(s.At(path...).Plain(), value, append([]string{"services", s.Name}, path...)...)
}

// changeItem declares what becomes of an item of a list of a service: old turns into value, goes where value is nil, and
// is added where old is nil.
func (r *repair) changeItem(s compose.Service, old, value any, path ...string) {
	full := append([]string{"services", s.Name}, path...)
	r.changes = append(r.changes, compose.Change{Path: full, Old: old, New: value, Item: true})
}

// declare declares what becomes of a value anywhere in the effective model.
func (r *repair) declare(old, value any, path ...string) {
	r.changes = append(r.changes, compose.Change{Path: slices.Clone(path), Old: old, New: value})
}

// fix returns the fix, or advice with the reason where the changes cannot be made.
func (r *repair) fix(title string, safety Safety) Fix {
	fix := Fix{Title: title, Safety: safety, Changes: r.changes}
	for _, d := range r.drafts {
		edits, err := d.Edits()
		if err != nil {
			return manual(title, "It cannot be done automatically: "+err.Error()+".")
		}
		fix.Edits = append(fix.Edits, edits...)
	}
	return fix
}

// plural returns "1 thing" or "2 things".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// removal returns what builds the fix that takes every use of a cause out of the mapping or list it stands in.
func (c Cause) removal(title string, safety Safety) func() Fix {
	return func() Fix {
		var r repair
		for _, u := range c.Uses {
			r.remove(u.Value)
			if u.isItem() {
				r.changeItem(u.Service, u.Plain(), nil, u.Path...)
			} else {
				r.change(u.Service, nil, u.Path...)
			}
		}
		return r.fix(title, safety)
	}
}

// isItem tells that the value is an item of the list at its path.
func (u Use) isItem() bool { return u.Service.At(u.Path...) != u.Value }

// addEntry adds an attribute to services that do not have it.
func (r *repair) addEntry(services []compose.Service, attribute string, value patch.Value) {
	getting := nodesOf(services)
	for _, s := range services {
		if !getting[extended(s)] && r.onceAt(s.Origin.Node, attribute) {
			r.draft(s.Origin.File).Insert(s.Origin.Node, attribute, value)
		}
	}
}

// addItems adds items to a list attribute of services, which may be missing, and declares it.
func (r *repair) addItems(services []compose.Service, attribute string, added ...string) {
	getting := nodesOf(services)
	for _, s := range services {
		list := s.Get(attribute)
		if list == nil {
			r.change(s, anyList(added), attribute)
		}
		for _, item := range added {
			if list != nil {
				r.changeItem(s, nil, item, attribute)
			}
		}
		switch {
		case getting[extended(s)]:
		case list == nil:
			r.addEntry([]compose.Service{s}, attribute, patch.Strings(added...))
		case r.once(list.Origin.Node):
			for _, item := range added {
				r.draft(list.Origin.File).Append(list.Origin.Node, patch.String(item))
			}
		}
	}
}

// nodesOf returns the nodes of services. A service that extends another one of them has what is added to that.
func nodesOf(services []compose.Service) map[*source.Node]bool {
	nodes := map[*source.Node]bool{}
	for _, s := range services {
		nodes[s.Origin.Node] = true
	}
	return nodes
}

// extended returns the service in the same file that a service extends, or nil.
func extended(s compose.Service) *source.Node {
	by := s.Origin.Node.Lookup("extends")
	if by == nil || by.Lookup("file") != nil {
		return nil
	}
	name := by.Value
	if service := by.Lookup("service"); service != nil {
		name = service.Value
	}
	return s.Origin.Node.Parent.Lookup(name)
}
