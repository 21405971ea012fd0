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
type Draft struct {
	original *source.File
	current  *source.File
	pieces   []piece
	fresh    bool // current has the content of pieces
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
		original: f, current: f, fresh: true, pieces: []piece{{start: 0, end: len(f.Data)}},
		items: map[*source.Node][]*source.Node{},
	}
}

// Set gives a scalar another value; see SetScalar.
func (d *Draft) Set(node *source.Node, value Scalar) {
	d.change(func() ([]Edit, error) { return SetScalar(d.current, d.locate(node), value) })
}

// SetPart replaces bytes [from, to) of a scalar's value; see the function of that name. The offsets are those of the
// original value, so a scalar can be changed in this way only once.
func (d *Draft) SetPart(node *source.Node, from, to int, text string) {
	d.change(func() ([]Edit, error) { return SetPart(d.current, d.locate(node), from, to, text) })
}

// Replace writes a new value in the place of a node; see ReplaceValue.
func (d *Draft) Replace(node *source.Node, value Value) {
	d.change(func() ([]Edit, error) { return ReplaceValue(d.current, d.locate(node), value) })
}

// RenameKey gives the entry that has a value another key; see the function of that name.
func (d *Draft) RenameKey(value *source.Node, name string) {
	d.change(func() ([]Edit, error) {
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
	d.change(func() ([]Edit, error) {
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
	d.change(func() ([]Edit, error) { return InsertEntry(d.current, d.locate(mapping), AtEnd, key, value) })
}

// InsertAfter adds an entry behind the entry of a mapping that has a value; see InsertEntry.
func (d *Draft) InsertAfter(value *source.Node, key string, added Value) {
	d.change(func() ([]Edit, error) {
		mapping, index := d.place(value)
		return InsertEntry(d.current, mapping, index+1, key, added)
	})
}

// SetEntry gives a key of a mapping a value, whether it is there or not; see the function of that name.
func (d *Draft) SetEntry(mapping *source.Node, key string, value Value) {
	d.change(func() ([]Edit, error) { return SetEntry(d.current, d.locate(mapping), key, value) })
}

// Append adds an item at the end of a sequence; see AppendItem.
func (d *Draft) Append(sequence *source.Node, value Value) {
	d.change(func() ([]Edit, error) { return AppendItem(d.current, d.locate(sequence), value) })
}

// AddTopLevel adds a section at the end of the first document; see AddTopLevelEntry.
func (d *Draft) AddTopLevel(key string, value Value) {
	d.change(func() ([]Edit, error) { return AddTopLevelEntry(d.current, key, value) })
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
	for _, p := range d.pieces {
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

// change makes the edits of one step.
func (d *Draft) change(step func() ([]Edit, error)) {
	if d.err != nil {
		return
	}
	if d.err = d.refresh(); d.err != nil {
		return
	}
	edits, err := step()
	if err == nil {
		edits, err = tidy(edits)
	}
	if err != nil {
		d.err = err
		return
	}
	for i := len(edits) - 1; i >= 0; i-- {
		d.splice(edits[i])
	}
	d.fresh = d.fresh && len(edits) == 0
}

// refresh parses the content as it is now.
func (d *Draft) refresh() error {
	if d.fresh {
		return nil
	}
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
	d.current, d.fresh = current, true
	return nil
}

// splice makes one edit of the content as it is now.
func (d *Draft) splice(e Edit) {
	first := d.cut(e.Start)
	last := d.cut(e.End)
	var added []piece
	if e.New != "" {
		added = []piece{{text: e.New}}
	}
	d.pieces = slices.Replace(d.pieces, first, last, added...)
}

// cut makes a boundary between pieces at an offset of the content and returns the index of the piece behind it.
func (d *Draft) cut(offset int) int {
	at := 0
	for i, p := range d.pieces {
		if offset == at {
			return i
		}
		if offset < at+p.size() {
			left, right := p, p
			if p.text != "" {
				left.text, right.text = p.text[:offset-at], p.text[offset-at:]
			} else {
				left.end, right.start = p.start+offset-at, p.start+offset-at
			}
			d.pieces = slices.Replace(d.pieces, i, i+1, left, right)
			return i + 1
		}
		at += p.size()
	}
	return len(d.pieces)
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
