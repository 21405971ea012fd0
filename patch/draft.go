package patch

import (
	"slices"

	"composelint/internal/source"
)

// Draft is a file in the making: changes are made one after another, each to the outcome of those before it, so that
// several of them may meet in one mapping or on one line. Places are given as nodes of the original file. Edits
// returns everything that was changed as edits of the original bytes.
//
// The first change that cannot be made is kept as the draft's error, and no more are made after it.
//
// Parsing the file after each change would make many changes of a large file take for ever. So changes are worked out on
// the file as it was parsed last, as long as none can tell: each is in a collection of its own, with none around it that
// was changed, and their edits do not meet.
type Draft struct {
	original *source.File
	current  *source.File
	pieces   []piece               // the content of current
	pending  []Edit                // what is to be changed in current, sorted; see change
	changed  map[*source.Node]bool // the nodes of the original that pending is about
	items    map[*source.Node][]*source.Node
	err      error
}

// piece is a part of the content: new text, or bytes [start, end) of the original.
type piece struct {
	start, end int
	text       string
}

func (p piece) size() int {
	if p.text != "" {
		return len(p.text)
	}
	return p.end - p.start
}

// NewDraft starts a draft of a file.
func NewDraft(f *source.File) *Draft {
	return &Draft{
		original: f, current: f, pieces: []piece{{start: 0, end: len(f.Data)}},
		changed: map[*source.Node]bool{}, items: map[*source.Node][]*source.Node{},
	}
}

// Set gives a scalar another value; see SetScalar.
func (d *Draft) Set(node *source.Node, value Scalar) {
	d.change(node, node, func() ([]Edit, error) { return SetScalar(d.current, d.locate(node), value) })
}

// SetPart replaces bytes [from, to) of a scalar's value; see the function of that name. The offsets are those of the
// original value, so a scalar can be changed in this way only once.
func (d *Draft) SetPart(node *source.Node, from, to int, text string) {
	d.change(node, node, func() ([]Edit, error) { return SetPart(d.current, d.locate(node), from, to, text) })
}

// Replace writes a new value in the place of a node; see ReplaceValue.
func (d *Draft) Replace(node *source.Node, value Value) {
	d.change(node, node, func() ([]Edit, error) { return ReplaceValue(d.current, d.locate(node), value) })
}

// RenameKey gives the entry that has a value another key; see the function of that name.
func (d *Draft) RenameKey(value *source.Node, name string) {
	d.change(value.Parent, value.Parent, func() ([]Edit, error) {
		mapping, index := d.place(value)
		return RenameKey(d.current, mapping, index, name)
	})
}

// Remove takes entries and items out of the collections they stand in; see the function of that name.
func (d *Draft) Remove(stop *source.Node, nodes ...*source.Node) {
	for len(nodes) > 0 {
		parent := nodes[0].Parent
		var together, rest []*source.Node
		for _, n := range nodes {
			if n.Parent == parent {
				together = append(together, n)
			} else {
				rest = append(rest, n)
			}
		}
		d.removeFrom(parent, stop, together)
		nodes = rest
	}
}

func (d *Draft) removeFrom(parent, stop *source.Node, nodes []*source.Node) {
	d.change(parent, stop, func() ([]Edit, error) {
		if parent == nil {
			return nil, refuse(d.original, nodes[0].Span.Start, "it is the whole document")
		}
		at := d.locate(parent)
		var indexes []int
		for _, n := range nodes {
			indexes = append(indexes, d.index(n))
		}
		return Remove(d.current, at, indexes, d.locate(stop))
	})
	if parent != nil && parent.Kind == source.Sequence {
		d.items[parent] = slices.DeleteFunc(slices.Clone(d.live(parent)), func(n *source.Node) bool {
			return slices.Contains(nodes, n)
		})
	}
}

// Insert adds an entry at the end of a mapping; see InsertEntry.
func (d *Draft) Insert(mapping *source.Node, key string, value Value) {
	d.change(mapping, mapping, func() ([]Edit, error) { return InsertEntry(d.current, d.locate(mapping), AtEnd, key, value) })
}

// InsertAfter adds an entry behind the entry of a mapping that has a value; see InsertEntry.
func (d *Draft) InsertAfter(value *source.Node, key string, added Value) {
	d.change(value.Parent, value.Parent, func() ([]Edit, error) {
		mapping, index := d.place(value)
		return InsertEntry(d.current, mapping, index+1, key, added)
	})
}

// SetEntry gives a key of a mapping a value, whether it is there or not; see the function of that name.
func (d *Draft) SetEntry(mapping *source.Node, key string, value Value) {
	d.change(mapping, mapping, func() ([]Edit, error) { return SetEntry(d.current, d.locate(mapping), key, value) })
}

// Append adds an item at the end of a sequence; see AppendItem.
func (d *Draft) Append(sequence *source.Node, value Value) {
	d.change(sequence, sequence, func() ([]Edit, error) { return AppendItem(d.current, d.locate(sequence), value) })
}

// Edits returns what was changed as edits of the original file, or the draft's error. An edit covers all bytes that were
// taken out, even where the new text begins or ends like them: so that it meets every other edit at that place.
func (d *Draft) Edits() ([]Edit, error) {
	if d.err != nil {
		return nil, d.err
	}
	var edits []Edit
	at, text := 0, ""
	flush := func(to int) {
		if at < to || text != "" {
			edits = append(edits, Edit{d.original.Name, at, to, text})
		}
		text = ""
	}
	for _, p := range d.merged() {
		if p.text != "" {
			text += p.text
			continue
		}
		flush(p.start)
		at = p.end
	}
	flush(len(d.original.Data))
	return slices.DeleteFunc(edits, func(e Edit) bool { return e.Start == e.End && e.New == "" }), nil
}

// change makes the edits of one step, which changes a node of the original, and may change those around it up to stop;
// nil stands for all.
func (d *Draft) change(node, stop *source.Node, step func() ([]Edit, error)) {
	if d.err != nil {
		return
	}
	if d.err = d.refreshIf(d.isChangedAround(node)); d.err != nil {
		return
	}
	edits, err := tidied(step)
	if len(d.pending) > 0 && (err != nil || d.meetsPending(edits)) {
		if d.err = d.refreshIf(true); d.err != nil {
			return
		}
		edits, err = tidied(step)
	}
	if err != nil {
		d.err = err
		return
	}
	for _, e := range edits {
		i, _ := slices.BinarySearchFunc(d.pending, e, byStart)
		d.pending = slices.Insert(d.pending, i, e)
	}
	for n := node; n != nil; n = n.Parent {
		if d.changed[n] = true; n == stop {
			break
		}
	}
}

func tidied(step func() ([]Edit, error)) ([]Edit, error) {
	edits, err := step()
	if err != nil {
		return nil, err
	}
	return tidy(edits)
}

func byStart(a, b Edit) int { return a.Start - b.Start }

// isChangedAround tells that a node of the original, or one around it, was changed since the file was parsed last. All
// that is new in the file is in such nodes.
func (d *Draft) isChangedAround(node *source.Node) bool {
	if node == nil {
		return true
	}
	for n := node; n != nil; n = n.Parent {
		if d.changed[n] {
			return true
		}
	}
	return false
}

// meetsPending tells that one of the edits overlaps or touches one that is pending.
func (d *Draft) meetsPending(edits []Edit) bool {
	return slices.ContainsFunc(edits, func(e Edit) bool {
		i, _ := slices.BinarySearchFunc(d.pending, e, byStart)
		return i < len(d.pending) && d.pending[i].Start <= e.End || i > 0 && d.pending[i-1].End >= e.Start
	})
}

// refreshIf makes what is pending and parses the content, where there is need to.
func (d *Draft) refreshIf(needed bool) error {
	if !needed || len(d.pending) == 0 {
		return nil
	}
	d.pieces, d.pending = d.merged(), nil
	clear(d.changed)
	var data []byte
	for _, p := range d.pieces {
		if p.text != "" {
			data = append(data, p.text...)
		} else {
			data = append(data, d.original.Data[p.start:p.end]...)
		}
	}
	current, err := source.Parse(d.original.Name, data)
	if err != nil {
		return err
	}
	d.current = current
	return nil
}

// merged returns the pieces of the content with what is pending.
func (d *Draft) merged() []piece {
	var all []piece
	at, rest := 0, slices.Clone(d.pieces)
	take := func(to int) (taken []piece) {
		for at < to && len(rest) > 0 {
			n := min(rest[0].size(), to-at)
			left, right := rest[0].cut(n)
			taken = append(taken, left)
			if rest[0] = right; right.size() == 0 {
				rest = rest[1:]
			}
			at += n
		}
		return taken
	}
	for _, e := range d.pending {
		all = append(all, take(e.Start)...)
		take(e.End)
		if e.New != "" {
			all = append(all, piece{text: e.New})
		}
	}
	return append(all, rest...)
}

// cut cuts a piece in two, the first of a size.
func (p piece) cut(size int) (left, right piece) {
	if p.text != "" {
		return piece{text: p.text[:size]}, piece{text: p.text[size:]}
	}
	return piece{start: p.start, end: p.start + size}, piece{start: p.start + size, end: p.end}
}

// place returns the collection that a node of the original now stands in, and its index there; nil where it is gone.
func (d *Draft) place(n *source.Node) (parent *source.Node, index int) {
	at := d.locate(n)
	if at == nil || at.Parent == nil {
		return nil, -1
	}
	return at.Parent, indexIn(at.Parent, at)
}

// locate returns the node that stands where a node of the original stood: under the same keys, and for items under the
// index that is left of them. It is nil where there is none any more.
func (d *Draft) locate(n *source.Node) *source.Node {
	switch {
	case n == nil || d.current == d.original:
		return n
	case n.Parent == nil:
		i := slices.Index(d.original.Documents, n)
		if i < 0 || i >= len(d.current.Documents) {
			return nil
		}
		return d.current.Documents[i]
	}
	parent, i := d.locate(n.Parent), d.index(n)
	switch {
	case parent == nil || i < 0:
		return nil
	case parent.Kind == source.Sequence && i < len(parent.Items):
		return parent.Items[i]
	case parent.Kind == source.Mapping && i < len(parent.Entries):
		return parent.Entries[i].Value
	}
	return nil
}

// index returns where a node of the original now stands in its collection, or -1.
func (d *Draft) index(n *source.Node) int {
	if n.Parent.Kind == source.Sequence {
		return slices.Index(d.live(n.Parent), n)
	}
	key := n.Key()
	if key == nil {
		return -1
	}
	i, _ := d.locate(n.Parent).Entry(key.Value)
	return i
}

// live returns the items of an original sequence that were not removed.
func (d *Draft) live(sequence *source.Node) []*source.Node {
	if items, ok := d.items[sequence]; ok {
		return items
	}
	return sequence.Items
}
