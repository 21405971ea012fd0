package source

import "strings"

// Kind says what a node is.
type Kind uint8

// The kinds of nodes.
const (
	Scalar Kind = iota + 1
	Mapping
	Sequence
	Alias
)

// Style says how a node is written.
type Style uint8

// The styles of nodes. Mappings and sequences are Block or Flow; the others are for scalars.
const (
	Block Style = iota + 1
	Flow
	Plain
	SingleQuoted
	DoubleQuoted
	Literal
	Folded
)

// Span is a half-open range of byte offsets into File.Data.
type Span struct{ Start, End int }

// Len returns the number of bytes in the span.
func (s Span) Len() int { return s.End - s.Start }

// Node is a value as it is written in a file.
type Node struct {
	Kind  Kind
	Style Style
	// Tag is the tag that is written, or the one that YAML gives the value: "!!str", "!!int", "!!merge", "!reset", ….
	Tag string
	// Value is the text of a scalar without quotes, escapes and folding, or the anchor name of an alias.
	Value string
	// Anchor is the name after "&", if there is one.
	Anchor string
	// Target is the anchored node that an alias stands for.
	Target *Node
	// Entries are the keys and values of a mapping, in the order they are written, duplicates and "<<" included.
	Entries []Entry
	// Items are the items of a sequence.
	Items []*Node
	// Parent is the mapping or sequence that holds the node; nil at the top of a document.
	Parent *Node
	// Span covers the whole node, its anchor and tag included. A null that is not written has an empty span.
	// A block collection ends where its last child ends; a block scalar ends behind the line break of its last line
	// with text, and one without text ends with its "|" or ">".
	Span Span
	// Content is Span without the anchor and the tag.
	Content Span
	// Tagged tells that the tag is written in the file.
	Tagged bool
	// Inexact tells that the span could not be established: the node is shown, and never edited. The node that
	// uses an explicit "? key" is one case.
	Inexact bool
}

// Entry is a key of a mapping with its value.
type Entry struct{ Key, Value *Node }

// Resolved follows an alias to the node it stands for; any other node is returned as it is.
func (n *Node) Resolved() *Node {
	if n != nil && n.Kind == Alias {
		return n.Target
	}
	return n
}

// Lookup returns the value under a key of a mapping, or nil. Merge keys are not followed.
func (n *Node) Lookup(key string) *Node {
	if _, e := n.Entry(key); e != nil {
		return e.Value
	}
	return nil
}

// Entry returns the first entry with the key and its index, or -1 and nil. Merge keys are not followed.
func (n *Node) Entry(key string) (int, *Entry) {
	if n == nil || n.Kind != Mapping {
		return -1, nil
	}
	for i := range n.Entries {
		if n.Entries[i].Key.Value == key && n.Entries[i].Key.Kind == Scalar {
			return i, &n.Entries[i]
		}
	}
	return -1, nil
}

// Key returns the key of a mapping that the node stands under as a value; nil for a key, an item and the top.
func (n *Node) Key() *Node {
	if n.Parent == nil {
		return nil
	}
	for _, e := range n.Parent.Entries {
		if e.Value == n {
			return e.Key
		}
	}
	return nil
}

// IsNull reports whether the node is a null, written or not.
func (n *Node) IsNull() bool { return n.Kind == Scalar && n.Tag == "!!null" }

// IsMerge reports whether the node is the merge key "<<".
func (n *Node) IsMerge() bool { return n.Kind == Scalar && n.Tag == "!!merge" }

// IsCustomTag reports whether the tag is an application's own, as "!reset" is.
func (n *Node) IsCustomTag() bool {
	return strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!")
}

// Walk calls f for the node and, where f returns true, for everything below it, in the order of the file. Aliases
// are not followed.
func (n *Node) Walk(f func(*Node) bool) {
	if n == nil || !f(n) {
		return
	}
	for _, e := range n.Entries {
		e.Key.Walk(f)
		e.Value.Walk(f)
	}
	for _, item := range n.Items {
		item.Walk(f)
	}
}
