package patch

import (
	"strings"

	"composelint/internal/source"
)

// SetScalar gives a scalar another value. Its quotes stay where they can hold the new text, and so do its anchor, its
// tag and a comment behind it. A block scalar is replaced as a whole. No edits mean that the value is there already.
func SetScalar(f *source.File, node *source.Node, value Scalar) ([]Edit, error) {
	if node == nil || node.Kind != source.Scalar {
		return nil, refuseKind(f, node, "a single value")
	}
	if err := validate(value); err != nil {
		return nil, err
	}
	if err := fitsTag(f, node, value); err != nil {
		return nil, err
	}
	s, err := slotOf(f, node)
	if err != nil || holds(node, value) {
		return nil, err
	}
	return joined(s.putInline(s.scalarText(value))), nil
}

// fitsTag refuses a tag that would make something else of the new value.
func fitsTag(f *source.File, node *source.Node, value Scalar) error {
	if !node.Tagged || node.IsCustomTag() || node.Tag == "!!str" && !value.Bare {
		return nil
	}
	return refuse(f, node.Span.Start, "the new value may not fit the tag %s", node.Tag)
}

// holds reports whether the node has the value already.
func holds(node *source.Node, value Scalar) bool {
	if node.Value != value.Text || isUnwritten(node) {
		return false
	}
	if value.Bare {
		return node.Style == source.Plain
	}
	return node.Tag == "!!str" && value.Quote == AutoQuote
}

// scalarText writes a value in the quotes of the scalar that it replaces.
func (s *slot) scalarText(value Scalar) string {
	if value.Bare {
		return value.Text
	}
	if value.Quote == AutoQuote {
		value.Quote = quoteOf(s.node)
	}
	w := writer{}
	if value.Quote == AutoQuote {
		w.style = styleNear(s.f, s.node)
		w.quoteValues = isUnwritten(s.node) && quotesLikeSiblings(s.node, value)
	}
	return w.scalar(value, s.flow)
}

// quoteOf returns the quotes of a scalar; a plain or block scalar has none.
func quoteOf(node *source.Node) Quote {
	switch node.Style {
	case source.SingleQuoted:
		return SingleQuote
	case source.DoubleQuoted:
		return DoubleQuote
	default:
		return AutoQuote
	}
}

// SetEntry gives a key of a mapping a value: the value that is there is replaced, a key that is not there is added at
// the end.
func SetEntry(f *source.File, mapping *source.Node, key string, value Value) ([]Edit, error) {
	_, e := mapping.Entry(key)
	if e == nil {
		return InsertEntry(f, mapping, AtEnd, key, value)
	}
	if s, ok := value.(Scalar); ok && e.Value.Kind == source.Scalar {
		return SetScalar(f, e.Value, s)
	}
	return ReplaceValue(f, e.Value, value)
}

// RenameKey gives an entry of a mapping another key. The value, and an anchor or comment beside the key, stay.
func RenameKey(f *source.File, mapping *source.Node, index int, name string) ([]Edit, error) {
	if mapping == nil || mapping.Kind != source.Mapping {
		return nil, refuseKind(f, mapping, "a mapping")
	}
	if err := validateKey(name); err != nil {
		return nil, err
	}
	if _, err := tidyIndexes(f, mapping, []int{index}); err != nil {
		return nil, err
	}
	l, err := layoutOf(f, mapping)
	if err != nil {
		return nil, err
	}
	key := l.children[index].key
	if err := exact(f, key); err != nil {
		return nil, err
	}
	if key.IsMerge() || key.Tagged || isUnwritten(key) || isBlockScalar(key) {
		return nil, refuse(f, key.Span.Start, "the key is not plain text")
	}
	if key.Value == name && key.Tag == "!!str" {
		return nil, nil
	}
	if i, _ := mapping.Entry(name); i >= 0 && i != index {
		return nil, refuse(f, key.Span.Start, "the key %q is there already", name)
	}
	text := quoted(name, quoteOf(key))
	if quoteOf(key) == AutoQuote {
		text = writer{style: styleNear(f, mapping)}.key(name, l.flow)
	}
	return []Edit{{f.Name, key.Content.Start, key.Content.End, text}}, nil
}

// SetPart replaces the bytes [from, to) of a scalar's value and leaves the rest as it is written: quotes, escapes and
// line breaks. It works within one line; a new word is put on a line of its own where the words of a block are. Where
// the new value is not safe without quotes, the whole scalar is put in quotes.
func SetPart(f *source.File, node *source.Node, from, to int, text string) ([]Edit, error) {
	if node == nil || node.Kind != source.Scalar {
		return nil, refuseKind(f, node, "a single value")
	}
	if from < 0 || to < from || to > len(node.Value) {
		return nil, refuse(f, node.Span.Start, "its value has no bytes %d to %d", from, to)
	}
	value := node.Value[:from] + text + node.Value[to:]
	if value == node.Value {
		return nil, nil
	}
	if err := validate(String(value)); err != nil {
		return nil, err
	}
	if err := fitsTag(f, node, String(value)); err != nil {
		return nil, err
	}
	s, err := slotOf(f, node)
	if err != nil {
		return nil, err
	}
	if isUnwritten(node) {
		return joined(s.putInline(s.scalarText(String(value)))), nil
	}
	p, err := partsOf(f, node)
	if err != nil {
		return nil, err
	}
	span, ok := p.span(from, to)
	if !ok || strings.Contains(text, "\n") && (node.Style == source.Folded || strings.HasSuffix(text, "\n")) {
		return nil, refuse(f, node.Span.Start, "the part of the value to change is spread over several lines or cuts an escape")
	}
	edit := Edit{f.Name, span.Start, span.End, p.encode(text)}
	if s.reads(edit, value) {
		return []Edit{edit}, nil
	}
	if strings.Contains(f.Text(node.Content), "\n") {
		return nil, refuse(f, node.Span.Start, "the value is spread over several lines")
	}
	return joined(s.putInline(s.scalarText(String(value)))), nil
}

// reads reports whether the node, with an edit inside it, reads as the value: in the same quotes, and without quotes
// only where every reader takes it for text, or for a number or the like as before.
func (s *slot) reads(e Edit, value string) bool {
	f, node := s.f, s.node
	text := f.Text(source.Span{Start: node.Content.Start, End: e.Start}) + e.New +
		f.Text(source.Span{Start: e.End, End: node.Content.End})
	if strings.Contains(text, "\n---") || strings.Contains(text, "\n...") {
		return false // at the start of a line these part documents
	}
	got := probe(text, s.flow)
	if got == nil || got.Kind != source.Scalar || got.Style != node.Style {
		return false
	}
	if isBlockScalar(node) {
		// How many line breaks end it depends on what follows. They stay as they are where the last line keeps some text.
		text := strings.TrimRight(value, "\n")
		return text != "" && !strings.ContainsAny(text, "\u0085\u2028\u2029") && text == strings.TrimRight(got.Value, "\n") &&
			len(value)-len(text) == len(node.Value)-len(strings.TrimRight(node.Value, "\n"))
	}
	if got.Value != value {
		return false
	}
	return node.Style != source.Plain || plainSafe(value, s.flow) || got.Tag == node.Tag && got.Tag != "!!str" && got.Tag != "!!null"
}

// probe parses the text of one value alone.
func probe(text string, flow bool) *source.Node {
	if flow {
		text = "[" + text + "]"
	}
	f, err := source.Parse("", []byte("- "+text+"\n"))
	if err != nil || len(f.Documents) != 1 {
		return nil
	}
	item := onlyItem(f.Root())
	if flow {
		return onlyItem(item)
	}
	return item
}

func onlyItem(node *source.Node) *source.Node {
	if node == nil || len(node.Items) != 1 {
		return nil
	}
	return node.Items[0]
}
