package rules

import (
	"slices"
	"strconv"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

// repair is a fix in the making: drafts of the files that it changes, and the difference that it declares.
type repair struct {
	drafts  []*draft // one for each file, in the order they were first changed
	changes []compose.Change
	done    map[*source.Node]bool // the places that are changed already
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
func (r *repair) once(n *source.Node) bool {
	if n == nil || r.done[n] {
		return false
	}
	if r.done == nil {
		r.done = map[*source.Node]bool{}
	}
	r.done[n] = true
	return true
}

// remove takes a use of a value out of the mapping or list it stands in. A list that becomes empty goes with its key.
func (r *repair) remove(v *compose.Value) {
	if site := v.Origin.Site(); r.once(site) {
		r.draft(v.Origin.File).Remove(nil, site)
	}
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
