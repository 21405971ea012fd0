package source_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"composelint/internal/source"
)

func TestPosition(t *testing.T) {
	long := strings.Repeat("aé日😀", 5000) // one line of 50,000 bytes
	tests := []struct {
		what, text   string
		offset       int
		line, column int
	}{
		{"start", "ab\ncd\n", 0, 1, 1},
		{"line break", "ab\ncd\n", 2, 1, 3},
		{"next line", "ab\ncd\n", 3, 2, 1},
		{"end behind a line break", "ab\ncd\n", 6, 3, 1},
		{"end of a line without a break", "ab\ncd", 5, 2, 3},
		{"beyond the end", "ab\ncd", 99, 2, 3},
		{"before the start", "ab", -5, 1, 1},
		{"empty file", "", 0, 1, 1},
		{"carriage return", "ab\r\ncd\r\n", 4, 2, 1},
		{"lone carriage return", "ab\rcd", 3, 1, 4},
		{"letters of several bytes", "é日😀x", 9, 1, 4},
		{"behind a byte order mark", "\ufeffab", 3, 1, 1},
		{"within a byte order mark", "\ufeffab", 1, 1, 1},
		{"line behind a byte order mark", "\ufeffab\ncd", 7, 2, 2},
		{"a long line", "x\n" + long, 2 + 10*4321 + 3, 2, 4*4321 + 3},
		{"end of a long line", long + "\nx", len(long), 1, 20001},
		{"behind a long line", long + "\nxy", len(long) + 2, 2, 2},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			f := source.NewFile("f", []byte(test.text))
			if got := f.Position(test.offset); got != (source.Position{Line: test.line, Column: test.column}) {
				t.Errorf("got %+v, want %d:%d", got, test.line, test.column)
			}
		})
	}
}

// TestPositionOfEveryOffset compares with a count from the start, also around the marks of long lines.
func TestPositionOfEveryOffset(t *testing.T) {
	text := "é\n" + strings.Repeat("aé日", 6000) + "\nx\n"
	f := source.NewFile("f", []byte(text))
	line, start := 1, 0
	for i := range text {
		if want := (source.Position{Line: line, Column: utf8.RuneCountInString(text[start:i]) + 1}); i%7 == 0 && f.Position(i) != want {
			t.Fatalf("offset %d is at %+v, want %+v", i, f.Position(i), want)
		}
		if text[i] == '\n' {
			line, start = line+1, i+1
		}
	}
}

func TestLines(t *testing.T) {
	tests := []struct {
		what, text string
		want       []string
	}{
		{"empty file", "", []string{""}},
		{"one line", "a\n", []string{"a"}},
		{"no final line break", "a\nb", []string{"a", "b"}},
		{"blank lines", "\na\n\n", []string{"", "a", ""}},
		{"CRLF", "a\r\n\r\nb\r\n", []string{"a", "", "b"}},
		{"lone carriage return", "a\rb\n\rc\r", []string{"a\rb", "\rc\r"}},
		{"byte order mark", "\ufeffa\nb\n", []string{"a", "b"}},
		{"byte order mark alone", "\ufeff", []string{""}},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			f := source.NewFile("f", []byte(test.text))
			if f.Lines() != len(test.want) {
				t.Fatalf("%d lines, want %d", f.Lines(), len(test.want))
			}
			for i, want := range test.want {
				span := f.Line(i + 1)
				if f.Text(span) != want || f.LineSpan(span.Start) != span {
					t.Errorf("line %d is %q, and %q around its start; want %q", i+1, f.Text(span), f.Text(f.LineSpan(span.Start)), want)
				}
			}
			for _, line := range []int{-1, 0, len(test.want) + 2} {
				if got := f.Line(line); got.Len() != 0 {
					t.Errorf("line %d is %q", line, f.Text(got))
				}
			}
		})
	}
}

func TestEOL(t *testing.T) {
	for text, want := range map[string]string{"": "\n", "a": "\n", "a\n": "\n", "a\r\n": "\r\n", "a\nb\r\n": "\n", "\n": "\n", "a\r": "\n"} {
		if got := source.NewFile("f", []byte(text)).EOL(); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestFault(t *testing.T) {
	tests := []struct{ what, text, want string }{
		{"nothing", "a: 1\n  \n# ü 日本 é\n", ""},
		{"CRLF", "a: 1\r\n\r\n", ""},
		{"byte order mark", "\ufeffa: 1\n", ""},
		{"byte order mark inside", "\ufeffa: 1\n\ufeffb: 2\n", "byte order mark"},
		{"lone carriage return", "a: 1\rb: 2\n", "unusual line breaks"},
		{"carriage return at the end", "a: 1\r", "unusual line breaks"},
		{"carriage return before CRLF", "a: 1\r\r\n", "unusual line breaks"},
		{"NEL", "a: 1\u0085b: 2\n", "unusual line breaks"},
		{"LS in a string", "a: 'x\u2028y'\n", "unusual line breaks"},
		{"PS in a comment", "# \u2029\n", "unusual line breaks"},
		{"tab between words", "a:\t1\t# x\ty\n", ""},
		{"tab in a blank line", "a: 1\n  \t\nb: 2\n", "blank lines with tabs"},
		{"tab in a blank line with CRLF", "a:\tx\r\n\t\r\n", "blank lines with tabs"},
		{"tab in the last line", "a: 1\n\t", "blank lines with tabs"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			got := source.NewFile("f", []byte(test.text)).Fault()
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
