package source_test

import (
	"bytes"
	"fmt"
	"strings"

	"composelint/internal/source"
)

// checkFile returns what is wrong with the spans of a file, if anything: they are in bounds, ordered and nested, the
// text of each scalar reads as its value, and between the scalars is nothing but what belongs to collections. In a file
// with a fault, where a line ends is a matter of opinion: there they are in bounds.
func checkFile(f *source.File) error {
	c := checker{f: f, unsure: f.Fault() != ""}
	for _, document := range f.Documents {
		if document.Parent != nil {
			return fmt.Errorf("a document has a parent")
		}
		c.node(document, source.Span{End: len(f.Data)}, -1)
	}
	if c.err == nil && !c.unsure {
		c.gap(len(f.Data))
	}
	return c.err
}

type checker struct {
	f      *source.File
	at     int  // the end of the last scalar
	unsure bool // a node whose end is not known came by
	err    error
}

func (c *checker) fail(n *source.Node, format string, args ...any) {
	if c.err == nil {
		text := c.f.Data[max(0, min(n.Span.Start, len(c.f.Data))):]
		c.err = fmt.Errorf("%s, at %+v, %.60q", fmt.Sprintf(format, args...), n.Span, text)
	}
}

// node checks one node. The column is that of the block collection around it, -1 at the top.
func (c *checker) node(n *source.Node, around source.Span, column int) {
	s, content := n.Span, n.Content
	switch {
	case s.Start < 0 || s.Start > content.Start || content.Start > content.End || content.End != s.End || s.End > len(c.f.Data):
		c.fail(n, "the span is no span, content %+v", content)
	case n.Inexact:
		c.unsure = true
	case !c.unsure && (s.Start < around.Start || s.End > around.End):
		c.fail(n, "the span is not within that of its parent, %+v", around)
	case !c.unsure && s.Start < c.at:
		c.fail(n, "the span starts before the one before it ends, at %d", c.at)
	}
	if c.err != nil {
		return
	}
	switch n.Kind {
	case source.Scalar, source.Alias:
		c.leaf(n, column)
	default:
		c.collection(n, column)
	}
}

func (c *checker) leaf(n *source.Node, column int) {
	if c.unsure {
		return
	}
	c.gap(n.Content.Start)
	c.at = n.Content.End
	text := c.f.Text(n.Content)
	if n.Kind == source.Alias {
		if text != "*"+n.Value {
			c.fail(n, "the alias %s is written %q", n.Value, text)
		}
		return
	}
	if value, err := reread(c.f, n, text, column); err != nil || value != n.Value {
		c.fail(n, "the text %q reads as %q (%v) and not as %q", text, value, err, n.Value)
	}
}

func (c *checker) collection(n *source.Node, column int) {
	inFlow := n.Style == source.Flow
	if inFlow && !n.Inexact {
		text := c.f.Text(n.Content)
		want := map[source.Kind]string{source.Mapping: "{}", source.Sequence: "[]"}[n.Kind]
		if len(text) < 2 || text[0] != want[0] || text[len(text)-1] != want[1] {
			c.fail(n, "the collection is %q", text)
		}
	}
	if !inFlow {
		column = columnOf(c.f, n)
	}
	for _, e := range n.Entries {
		c.child(n, e.Key, column)
		c.child(n, e.Value, column)
	}
	for _, item := range n.Items {
		c.child(n, item, column)
	}
}

func (c *checker) child(n, child *source.Node, column int) {
	if child.Parent != n {
		c.fail(child, "the node has another parent")
	}
	c.node(child, n.Content, column)
}

// columnOf returns the column at which the children of a block collection stand.
func columnOf(f *source.File, n *source.Node) int { return f.Position(n.Content.Start).Column - 1 }

// gap checks that there is no text between the last scalar and an offset: only blanks, comments, indicators, anchors,
// tags, directives and document markers.
func (c *checker) gap(end int) {
	if c.err != nil || c.at >= end {
		return
	}
	gap := c.f.Data[c.at:end]
	for line := range bytes.Lines(gap) {
		line = bytes.TrimLeft(line, "\ufeff")
		if i := bytes.IndexByte(line, '#'); i >= 0 {
			line = line[:i]
		}
		for _, word := range bytes.Fields(line) {
			if bytes.HasPrefix(word, []byte("%")) {
				break
			}
			if rest := bytes.TrimLeft(word, ":,[]{}?-."); len(rest) > 0 && rest[0] != '&' && rest[0] != '!' {
				c.err = fmt.Errorf("there is text between two scalars: %q in %.200q", rest, gap)
				return
			}
		}
	}
}

// reread parses the text of a scalar by itself, in a place like its own, and returns its value.
func reread(f *source.File, n *source.Node, text string, column int) (string, error) {
	if n.Style == source.Plain && !strings.ContainsAny(text, "\r\n\u0085\u2028\u2029") {
		return text, nil // a plain scalar of one line is its own value; null may be written as nothing
	}
	before, behind := " ", ""
	switch {
	case n.Parent != nil && n.Parent.Style == source.Flow:
		before, behind = "[", "]"
	case n.Style == source.Literal || n.Style == source.Folded:
		before = ""
		if column >= 0 {
			before = strings.Repeat(" ", column) + "- "
		}
	}
	got, err := source.Parse("", []byte(before+text+behind))
	if err != nil || len(got.Documents) != 1 {
		return "", fmt.Errorf("%d documents, %w", len(got.Documents), err)
	}
	node := got.Root()
	for len(node.Items) == 1 {
		node = node.Items[0]
	}
	return node.Value, nil
}
