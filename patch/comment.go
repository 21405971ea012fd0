package patch

import (
	"strings"

	"composelint/internal/source"
)

// commentLines writes comments on lines of their own, each with its line break.
func commentLines(f *source.File, comments []source.Span, column int, eol string) string {
	var b strings.Builder
	for _, c := range comments {
		b.WriteString(spaces(column))
		b.WriteString(f.Text(c))
		b.WriteString(eol)
	}
	return b.String()
}

// commentAt reports whether a comment is all there is on the rest of a line.
func commentAt(f *source.File, offset int) bool {
	at := skipBlanks(f.Data, offset)
	return at < len(f.Data) && f.Data[at] == '#'
}

// gapAt returns the blank that a comment at an offset needs behind text that is put before it: "a#" is text.
func gapAt(f *source.File, offset int) string {
	if offset < len(f.Data) && f.Data[offset] == '#' {
		return " "
	}
	return ""
}
