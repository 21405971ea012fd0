package patch

import (
	"strconv"

	"composelint/internal/source"
)

// RequoteItems writes those items of a sequence that which accepts in other quotes; AutoQuote takes the quotes away. A
// number becomes a text. An item keeps its quotes where it would be something else without them, and so does one that
// the quotes cannot hold, or that is written over several lines.
func RequoteItems(f *source.File, sequence *source.Node, quote Quote, which func(item *source.Node) bool) ([]Edit, error) {
	if sequence == nil || sequence.Kind != source.Sequence {
		return nil, refuseKind(f, sequence, "a list")
	}
	if err := editable(f, sequence); err != nil {
		return nil, err
	}
	var edits []Edit
	for _, item := range sequence.Items {
		if item.Kind == source.Scalar && quoteOf(item) != quote && which(item) && requotable(f, item, quote) {
			edits = append(edits, Edit{f.Name, item.Content.Start, item.Content.End, quoted(item.Value, quote)})
		}
	}
	return edits, nil
}

// requotable reports whether an item has the same text in other quotes, or in none.
func requotable(f *source.File, item *source.Node, quote Quote) bool {
	switch {
	case oddity(f, item) != "" || item.Tagged || item.IsNull() || isBlockScalar(item) || isLong(f, item.Content):
		return false
	case quote == AutoQuote:
		return plainSafe(item.Value, item.Parent.Style == source.Flow)
	case quote == SingleQuote && !printable(item.Value):
		return false
	}
	return item.Tag == "!!str" || isDecimal(item.Value)
}

// isDecimal reports whether a number is written the way it is printed.
func isDecimal(text string) bool {
	n, err := strconv.Atoi(text)
	return err == nil && strconv.Itoa(n) == text
}
