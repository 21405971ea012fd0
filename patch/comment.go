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

// commentAt returns the comment that is all there is on the rest of a line, if there is one.
func commentAt(f *source.File, offset int) (source.Span, bool) {
	at := skipBlanks(f.Data, offset)
	if at < len(f.Data) && f.Data[at] == '#' {
		return source.Span{Start: at, End: lineEnd(f, at)}, true
	}
	return source.Span{}, false
}
