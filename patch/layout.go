package patch

import (
	"bytes"
	"sort"
	"strings"

	"composelint/internal/source"
)

// child is an entry of a mapping or an item of a sequence, with the bytes that it takes.
type child struct {
	key, value *source.Node // key is nil for an item
	start      int          // its key, or its dash in block style
	end        int          // behind its last byte; behind the line break where it ends with a block scalar
}

// layout is a collection with the bytes of its children.
type layout struct {
	f        *source.File
	node     *source.Node
	flow     bool
	children []child
}

// layoutOf finds the bytes of a collection's children and refuses a collection that is not safe to edit.
func layoutOf(f *source.File, node *source.Node) (*layout, error) {
	if err := editable(f, node); err != nil {
		return nil, err
	}
	l := &layout{f: f, node: node, flow: node.Style == source.Flow}
	switch node.Kind {
	case source.Mapping:
		return l, l.addEntries()
	case source.Sequence:
		return l, l.addItems()
	default:
		return nil, refuse(f, node.Span.Start, "it is neither a mapping nor a list")
	}
}

func (l *layout) addEntries() error {
	seen := make(map[string]bool, len(l.node.Entries))
	l.children = make([]child, 0, len(l.node.Entries))
	for _, e := range l.node.Entries {
		if e.Key.Kind != source.Scalar {
			return refuse(l.f, e.Key.Span.Start, "a key of this mapping is not plain text")
		}
		if seen[e.Key.Value] {
			return refuse(l.f, e.Key.Span.Start, "the key %q is there twice", e.Key.Value)
		}
		seen[e.Key.Value] = true
		if colonOf(l.f, e) < 0 {
			return refuse(l.f, e.Key.Span.Start, "the key %q has no ':' beside it", e.Key.Value)
		}
		l.children = append(l.children, child{e.Key, e.Value, e.Key.Span.Start, e.Value.Span.End})
	}
	return nil
}

func (l *layout) addItems() error {
	l.children = make([]child, 0, len(l.node.Items))
	at := l.node.Content.Start
	for _, item := range l.node.Items {
		start := item.Span.Start
		if !l.flow {
			if start = skipSpace(l.f.Data, at); start >= len(l.f.Data) || l.f.Data[start] != '-' {
				return refuse(l.f, item.Span.Start, "the dash of this item was not found")
			}
		}
		c := child{value: item, start: start, end: item.Span.End}
		l.children = append(l.children, c)
		at = c.end
	}
	return nil
}

// column returns the column at which the children of a block collection start.
func (l *layout) column() int { return columnOf(l.f, l.node.Content.Start) }

// attached reports whether the first child of a block collection stands behind a dash on the same line.
func (l *layout) attached() bool {
	start := l.children[0].start
	return !isBlankLine(l.f.Data[l.f.LineSpan(start).Start:start])
}

// isOpen reports whether a child between brackets would take in a "," or a bracket right behind it: one that ends with
// the ":" of a null, since "a:," is text, or with the tag of a null.
func (l *layout) isOpen(c child) bool {
	return l.f.Data[c.end-1] == ':' || isUnwritten(c.value) && c.value.Tagged
}

// joined sorts edits by place and makes one of those that touch, so that their order cannot matter.
func joined(edits []Edit) []Edit {
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].Start < edits[j].Start })
	all := edits[:0]
	for _, e := range edits {
		if n := len(all); n > 0 && all[n-1].End == e.Start {
			all[n-1].End = e.End
			all[n-1].New += e.New
			continue
		}
		all = append(all, e)
	}
	return all
}

// editable refuses a node in a file, or below a node, whose bytes cannot be trusted.
func editable(f *source.File, node *source.Node) error {
	if node == nil {
		return refuse(f, 0, "there is nothing here")
	}
	if fault := f.Fault(); fault != "" {
		return refuse(f, node.Span.Start, "the file %s", fault)
	}
	top := node
	for n := node; n != nil; n = n.Parent {
		if odd := oddity(f, n); odd != "" {
			return refuse(f, n.Span.Start, "it is %s", odd)
		}
		top = n
	}
	for _, document := range f.Documents {
		if document == top {
			return nil
		}
	}
	return refuse(f, node.Span.Start, "it is not part of this file")
}

// exact refuses nodes that hold a node whose bytes cannot be trusted.
func exact(f *source.File, nodes ...*source.Node) error {
	var err error
	for _, node := range nodes {
		node.Walk(func(n *source.Node) bool {
			if err != nil {
				return false
			}
			if odd := oddity(f, n); odd != "" {
				err = refuse(f, n.Span.Start, "part of it is %s", odd)
			}
			return err == nil
		})
	}
	return err
}

// oddity says how a node is written, if the parser and the YAML specification may read that differently, or if its end
// is not known.
func oddity(f *source.File, n *source.Node) string {
	plain := n.Kind == source.Scalar && n.Style == source.Plain
	switch {
	case n.Inexact || isOddTag(f, n) || plain && isOddPlain(n.Value):
		return "written in an unusual way ('? key', a pair without braces, '!<tag>')"
	case plain && hasTabBelow(f, n.Content.End):
		return "above a line that is indented with a tab"
	default:
		return ""
	}
}

// isOddPlain reports whether a plain scalar could be taken for something else elsewhere: [a:] and [-, 1] are text for
// the parser, and what begins with the mark between documents is text only within a line.
func isOddPlain(text string) bool {
	return strings.HasSuffix(text, ":") || text == "-" || strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...")
}

// hasTabBelow reports whether what comes below the line of an offset, be it a comment, is indented with a tab: the
// parser lets that pass behind a null and a plain scalar alone.
func hasTabBelow(f *source.File, offset int) bool {
	for line := nextLine(f, offset); line < len(f.Data); line = nextLine(f, line) {
		text := f.Data[line:lineEnd(f, line)]
		indent := text[:skipBlanks(text, 0)]
		switch {
		case len(indent) == len(text):
		case bytes.IndexByte(indent, '\t') >= 0:
			return true
		case text[len(indent)] != '#':
			return false
		}
	}
	return false
}

// isOddTag reports whether the tag is written as !<verbatim> or !handle!name.
func isOddTag(f *source.File, n *source.Node) bool {
	if !n.Tagged {
		return false
	}
	i := bytes.IndexByte(f.Data[n.Span.Start:n.Content.Start], '!')
	if i < 0 {
		return true
	}
	tag := f.Data[n.Span.Start+i+1:]
	tag = bytes.TrimPrefix(tag, []byte("!"))
	end := 0
	for end < len(tag) && isTagByte(tag[end]) {
		end++
	}
	return end < len(tag) && !isSpace(tag[end])
}

// isTagByte reports whether a byte is one of those that plain tags are made of.
func isTagByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.' || c == '/'
}

// lastLeaf returns the node that ends a block collection, which ends where its last child ends.
func lastLeaf(node *source.Node) *source.Node {
	for node != nil && node.Style == source.Block {
		switch {
		case len(node.Entries) > 0:
			node = node.Entries[len(node.Entries)-1].Value
		case len(node.Items) > 0:
			node = node.Items[len(node.Items)-1]
		default:
			return node
		}
	}
	return node
}

func isBlockScalar(node *source.Node) bool {
	return node != nil && node.Kind == source.Scalar && (node.Style == source.Literal || node.Style == source.Folded)
}

// keepsBlanks reports whether blank lines behind a block scalar are part of it ("|+").
func keepsBlanks(f *source.File, node *source.Node) bool {
	header := f.Data[node.Content.Start:lineEnd(f, node.Content.Start)]
	for _, c := range header[1:] {
		switch {
		case c == '+':
			return true
		case c != '-' && (c < '0' || c > '9'):
			return false
		}
	}
	return false
}

// isUnwritten reports whether a node is a null of which nothing is written.
func isUnwritten(node *source.Node) bool {
	return node.Kind == source.Scalar && node.Content.Len() == 0
}

// colonOf returns the offset of the ":" behind a key, or -1.
func colonOf(f *source.File, e source.Entry) int {
	at := skipBlanks(f.Data, e.Key.Span.End)
	if at < len(f.Data) && f.Data[at] == ':' && at < e.Value.Span.Start {
		return at
	}
	return -1
}

// columnOf returns the zero-based column of an offset, in characters.
func columnOf(f *source.File, offset int) int { return f.Position(offset).Column - 1 }

// lineEnd returns the offset of the line break that ends the line of the offset.
func lineEnd(f *source.File, offset int) int {
	i := bytes.IndexByte(f.Data[offset:], '\n')
	if i < 0 {
		return len(f.Data)
	}
	end := offset + i
	if end > offset && f.Data[end-1] == '\r' {
		end--
	}
	return end
}

// nextLine returns the start of the line behind the line of the offset, or the end of the file.
func nextLine(f *source.File, offset int) int {
	i := bytes.IndexByte(f.Data[offset:], '\n')
	if i < 0 {
		return len(f.Data)
	}
	return offset + i + 1
}

// lineBehind returns the start of the first line that holds nothing of what ends at the offset.
func lineBehind(f *source.File, end int) int {
	if end > 0 && f.Data[end-1] == '\n' {
		return end
	}
	return nextLine(f, end)
}

// eolAt returns the line break before the offset, or the file's where there is none.
func eolAt(f *source.File, offset int) string {
	switch {
	case offset >= 2 && string(f.Data[offset-2:offset]) == "\r\n":
		return "\r\n"
	case offset >= 1 && f.Data[offset-1] == '\n':
		return "\n"
	default:
		return f.EOL()
	}
}

func isBlankLine(line []byte) bool { return len(bytes.TrimLeft(line, " \t")) == 0 }

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// skipBlanks returns the offset of the next byte that is neither a space nor a tab.
func skipBlanks(data []byte, at int) int {
	for at < len(data) && (data[at] == ' ' || data[at] == '\t') {
		at++
	}
	return at
}

// skipSpace returns the offset of the next byte that is neither white space nor part of a comment.
func skipSpace(data []byte, at int) int {
	for at < len(data) {
		switch {
		case isSpace(data[at]):
			at++
		case data[at] == '#':
			i := bytes.IndexByte(data[at:], '\n')
			if i < 0 {
				return len(data)
			}
			at += i
		default:
			return at
		}
	}
	return at
}
