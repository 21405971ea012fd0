package source_test

import (
	"errors"
	"strings"
	"testing"

	"composelint/internal/source"
)

func TestSyntaxErrors(t *testing.T) {
	deep := strings.Repeat("[", source.MaxDepth+2) + strings.Repeat("]", source.MaxDepth+2)
	tests := []struct {
		what, text   string
		line, column int
		message      string
	}{
		// The parser names no line for errors in the first one.
		{"colon in a value of line 1", "a: b: c\n", 1, 1, "unexpected ': '"},
		{"colon in a value", "x: 1\na: b: c\n", 2, 1, "unexpected ': '"},
		{"unknown alias in line 1", "a: *b\n", 1, 1, "no anchor is named 'b'"},
		{"unknown alias", "x: 1\n\na: *b\n", 3, 1, "no anchor is named 'b'"},
		{"tab in line 1", "\ta: 1\n", 1, 1, "a tab is not allowed"},
		{"text behind a quote in line 1", "a: \"b\" c\n", 1, 1, "behind a closing quote"},
		// It names the line of the collection around the error.
		{"indentation too small", "services:\n  web:\n    image: x\n   ports:\n      - 1\n", 4, 4, "does not fit the indentation"},
		{"key in a list", "a:\n  - x\n  y: 1\n", 3, 3, "expected a list item"},
		{"item in a mapping", "x: 0\na: 1\n- b\n", 3, 1, "does not fit the indentation"},
		{"bracket left open", "x: 0\na: 1\nb: [1, 2\nc: 3\n", 3, 1, "expected ',' or ']'"},
		{"brace left open", "x: 0\na: 1\nb: {x: 1\nc: 3\n", 3, 1, "expected ',' or '}'"},
		{"bracket left open at the end", "x: 0\na: [\n", 2, 1, "expected a value here"},
		{"bracket left open with CRLF", "x: 0\r\na: [1\r\n", 2, 1, "expected ',' or ']'"},
		{"text behind a bracket", "x: 0\ny: 1\na: [b] c\n", 3, 1, "behind a closing quote or bracket"},
		{"one brace too many", "x: 0\ny: 1\na: {b: c}}\n", 3, 1, "behind a closing quote or bracket"},
		// It is one too early for others.
		{"tab in the indentation", "a:\n  b: 1\n\tc: 2\n", 3, 1, "a tab is not allowed"},
		{"indentation behind comments", "a:\n  b: c\n # x\n # y\n d: e\n", 5, 2, "does not fit the indentation"},
		{"end of a literal", "a: |\n  x\n y\nb: 1\n", 3, 2, "does not fit the indentation"},
		// It is right for these.
		{"tab instead of spaces", "a:\n\tb: 1\n", 2, 1, "a tab is not allowed"},
		{"quote left open", "x: 1\na: 'b\nc: d\ne: f\n", 2, 1, "never closed"},
		{"value that starts with an at sign", "x: 1\na: @x\n", 2, 1, "cannot start with '@'"},
		{"key without a colon", "a: 1\nb\nc: 2\n", 2, 1, "expected ':'"},
		{"item behind a colon", "x: 1\na: - b\n", 2, 1, "a list item ('- ') is not allowed here"},
		{"unknown escape", "x: 1\na: \"\\q\"\n", 2, 1, "unknown escape"},
		{"ampersand as text", "x: 1\na: & b\n", 2, 1, "needs a name"},
		{"unknown tag handle", "x: 1\na: !x!y z\n", 2, 1, "unknown tag"},
		{"text in the first line of a literal", "x: 1\na: >x\n  b\n", 2, 1, "can follow '|' or '>'"},
		{"merge conflict", "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", 2, 1, "merge conflict"},
		{"second document", "a: 1\n---\nb: {\n", 3, 1, "expected"},
		{"document behind a value", "{a: b}\nc: 1\n", 2, 1, "expected the document to end here"},
		{"control character", "x: 1\na: \x01b\n", 2, 1, "control character"},
		// These are not the parser's.
		{"UTF-16", "\xff\xfea\x00", 1, 1, "UTF-16"},
		{"not UTF-8", "a: 1\nb: é\xff\n", 2, 5, "not UTF-8"},
		{"zero byte", "a: 1\nb\x00", 2, 2, "zero byte"},
		{"too deep", "a:\n  " + deep, 2, 3 + source.MaxDepth, "nested more than 500 levels deep"},
		{"far too deep", "a:\n  " + strings.Repeat("[", 20_000), 2, 3, "nested too deeply"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			f, err := source.Parse("compose.yaml", []byte(test.text))
			var syntax *source.SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("got %v", err)
			}
			if want := (source.Position{Line: test.line, Column: test.column}); syntax.Position != want {
				t.Errorf("the error is at %+v, want %+v", syntax.Position, want)
			}
			if !strings.Contains(syntax.Message, test.message) {
				t.Errorf("got %q, want %q", syntax.Message, test.message)
			}
			if f == nil || len(f.Documents) > 0 || string(f.Data) != test.text {
				t.Error("the file is not there to show the place")
			}
		})
	}
}

func TestSyntaxErrorText(t *testing.T) {
	_, err := source.Parse("compose.yaml", []byte("a: *b\n"))
	if want := "line 1, column 1: no anchor is named 'b' before this alias"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
