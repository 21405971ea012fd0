package source

import (
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// MaxDepth is how deeply nodes may nest. Real Compose files stay under 20; the limit keeps hostile ones harmless.
const MaxDepth = 500

// Parse reads a YAML file. The error, if any, is a *SyntaxError; the file is returned all the same, without
// documents, so that the place of the error can be shown.
func Parse(name string, data []byte) (*File, error) {
	f := NewFile(name, data)
	if err := checkText(f); err != nil {
		return f, err
	}
	reader := &lineReader{file: f}
	documents, err := decode(reader)
	if err != nil {
		return f, diagnose(f, err, reader.lines)
	}
	b := builder{file: f, lines: parserLines(f), anchored: map[*yaml.Node]*Node{}}
	for _, document := range documents {
		node, err := b.document(document)
		if err != nil {
			f.Documents = nil
			return f, err
		}
		if node != nil {
			f.Documents = append(f.Documents, node)
		}
	}
	return f, nil
}

// decode parses every document of the stream.
func decode(r io.Reader) (documents []*yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML parser failed: %v", r)
		}
	}()
	decoder := yaml.NewDecoder(r)
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, err
		}
		documents = append(documents, &document)
	}
}

// builder turns the parser's nodes into nodes with spans, walking in the order of the file.
type builder struct {
	file     *File
	lines    []int // the parser's own line table
	anchored map[*yaml.Node]*Node
	// cursor is the end of what has been walked: nothing later can start before it.
	cursor int
	// known is the last place that was converted. The next one on the same line is found from there, so that the cost
	// of a long line does not grow with the square of its length.
	known parserPlace
}

// parserPlace is a place in the parser's terms, both numbers one-based, with its offset.
type parserPlace struct{ line, column, offset int }

func (b *builder) document(document *yaml.Node) (*Node, error) {
	if len(document.Content) == 0 {
		return nil, nil
	}
	b.cursor = max(b.cursor, b.offset(document.Line, document.Column))
	root := document.Content[0]
	node, err := b.node(root, nil, -1, 0)
	if err != nil {
		return nil, err
	}
	if node.IsNull() && node.Span.Len() == 0 && !node.Inexact {
		return nil, nil
	}
	return node, nil
}

// node converts y and everything below it. indent is the column of the block collection around it, -1 at the top.
func (b *builder) node(y *yaml.Node, parent *Node, indent, depth int) (*Node, error) {
	if depth > MaxDepth {
		return nil, &SyntaxError{Position: b.file.Position(b.offset(y.Line, y.Column)),
			Message: fmt.Sprintf("nested more than %d levels deep", MaxDepth)}
	}
	n := &Node{Tag: y.Tag, Value: y.Value, Anchor: y.Anchor, Parent: parent, Tagged: y.Style&yaml.TaggedStyle != 0}
	if y.Anchor != "" {
		b.anchored[y] = n
	}
	start := b.offset(y.Line, y.Column)
	n.Span.Start = start
	content := b.contentStart(y, n)
	n.Content.Start = content
	var err error
	switch y.Kind {
	case yaml.AliasNode:
		n.Kind, n.Style, n.Target = Alias, Plain, b.anchored[y.Alias]
		b.cursor = content + 1 + len(y.Value)
	case yaml.ScalarNode:
		n.Kind = Scalar
		b.scalar(y, n, indent)
	case yaml.MappingNode:
		n.Kind = Mapping
		err = b.mapping(y, n, indent, depth)
	case yaml.SequenceNode:
		n.Kind = Sequence
		err = b.sequence(y, n, indent, depth)
	default:
		err = &SyntaxError{Position: b.file.Position(start), Message: "unexpected node"}
	}
	b.cursor = max(b.cursor, content)
	n.Span.End, n.Content.End = b.cursor, b.cursor
	return n, err
}

func (b *builder) mapping(y *yaml.Node, n *Node, indent, depth int) error {
	flow := b.open(y, n, '{')
	if !flow && len(y.Content) > 0 {
		indent = y.Content[0].Column - 1
	}
	n.Entries = make([]Entry, 0, len(y.Content)/2)
	for i := 0; i+1 < len(y.Content); i += 2 {
		before := b.cursor
		key, err := b.node(y.Content[i], n, indent, depth+1)
		if err != nil {
			return err
		}
		if key.Kind != Scalar || b.hasByte(before, key.Span.Start, '?') {
			n.Inexact = true
			if err := b.takeMark(key); err != nil {
				return err
			}
		}
		value, err := b.node(y.Content[i+1], n, indent, depth+1)
		if err != nil {
			return err
		}
		n.Entries = append(n.Entries, Entry{Key: key, Value: value})
	}
	b.close(n, flow, '}')
	return nil
}

// takeMark makes a "?" right before a key a part of it. The parser takes it for an indicator between brackets; the one
// that Compose reads with, go.yaml.in/yaml/v4, does so before a blank alone. Where the key is nothing more, what that one
// reads depends on what follows.
func (b *builder) takeMark(key *Node) error {
	data, start := b.file.Data, key.Span.Start
	switch {
	case key.Kind != Scalar || start == 0 || data[start-1] != '?':
		return nil
	case key.Span.Len() > 0:
		key.Value, key.Tag = "?"+b.file.Text(key.Span), "!!str"
		return nil
	case start == len(data) || isBlank(data[start]):
		return nil
	}
	return &SyntaxError{Position: b.file.Position(start - 1), Message: `readers of YAML disagree about this "?"; put the key in quotes`}
}

func (b *builder) sequence(y *yaml.Node, n *Node, indent, depth int) error {
	flow := b.open(y, n, '[')
	if !flow {
		indent = y.Column - 1
		if n.Content.Start > n.Span.Start {
			indent = b.columnOf(n.Content.Start)
		}
	}
	n.Items = make([]*Node, 0, len(y.Content))
	for _, c := range y.Content {
		item, err := b.node(c, n, indent, depth+1)
		if err != nil {
			return err
		}
		n.Items = append(n.Items, item)
	}
	b.close(n, flow, ']')
	return nil
}

// open moves the cursor into a collection and tells whether it is written in flow style.
func (b *builder) open(y *yaml.Node, n *Node, bracket byte) bool {
	n.Style = Block
	b.cursor = n.Content.Start
	if y.Style&yaml.FlowStyle == 0 {
		return false
	}
	n.Style = Flow
	if b.cursor < len(b.file.Data) && b.file.Data[b.cursor] == bracket {
		b.cursor++
	} else {
		n.Inexact = true // a single pair in a flow sequence, [a: b], has no brackets of its own
	}
	return true
}

// close moves the cursor behind the closing bracket of a flow collection. What stands before it after the last
// child can only be blanks, comments and indicators.
func (b *builder) close(n *Node, flow bool, bracket byte) {
	if !flow || n.Inexact && b.single(n) {
		return
	}
	data := b.file.Data
	for i := b.cursor; i < len(data); i++ {
		switch c := data[i]; {
		case c == bracket:
			b.cursor = i + 1
			return
		case c == '#':
			for i+1 < len(data) && data[i+1] != '\n' && data[i+1] != '\r' {
				i++
			}
		case !isBlank(c) && c != ',' && c != ':' && c != '?':
			n.Inexact = true
			return
		}
	}
	n.Inexact = true
}

// single reports whether n is a mapping of one pair without brackets, written inside a flow sequence.
func (b *builder) single(n *Node) bool {
	c := n.Content.Start
	return n.Kind == Mapping && c < len(b.file.Data) && b.file.Data[c] != '{'
}

// contentStart returns the offset of a node's content behind its anchor and tag. A plain scalar without text ends
// right behind them. A lone "!" is a tag that the parser drops; text that touches an anchor is one that other readers
// take for a part of its name.
func (b *builder) contentStart(y *yaml.Node, n *Node) int {
	data := b.file.Data
	anchor, tag := n.Anchor != "", n.Tagged
	end, offset := n.Span.Start, n.Span.Start
	for offset < len(data) && (anchor && data[offset] == '&' || tag && data[offset] == '!') {
		isEnd := endsTag
		if data[offset] == '&' {
			anchor, isEnd = false, endsAnchor
		} else {
			tag = false
		}
		for end = offset + 1; end < len(data) && !isEnd(data[end]); end++ {
		}
		offset = b.skipBlanks(end)
	}
	n.Inexact = offset < len(data) && data[offset] == '!'
	if y.Kind == yaml.ScalarNode && y.Value == "" && y.Style&^yaml.TaggedStyle == 0 {
		return end
	}
	n.Inexact = n.Inexact || offset == end && end > n.Span.Start
	return offset
}

// skipBlanks returns the offset of the next byte that is neither blank, line break nor comment.
func (b *builder) skipBlanks(offset int) int {
	data := b.file.Data
	for offset < len(data) {
		switch c := data[offset]; {
		case isBlank(c):
			offset++
		case c == '#':
			for offset < len(data) && data[offset] != '\n' {
				offset++
			}
		default:
			return offset
		}
	}
	return offset
}

func (b *builder) hasByte(from, to int, c byte) bool {
	if from >= to {
		return false
	}
	for i := from; i < to; i++ {
		switch b.file.Data[i] {
		case c:
			return true
		case '#':
			for i < to && b.file.Data[i] != '\n' {
				i++
			}
		}
	}
	return false
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// endsTag reports whether a byte ends a tag. The parser takes flow indicators for a part of the tag.
func endsTag(c byte) bool { return isBlank(c) || c >= utf8.RuneSelf }

func endsAnchor(c byte) bool {
	return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-')
}
