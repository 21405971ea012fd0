package report

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestExcerpt(t *testing.T) {
	tests := []struct {
		name         string
		text, marked string
		limit        int
		line, carets string
	}{
		{"plain", "  a: true", "true", 80, "  a: true", "     ^^^^"},
		{"a tab", "a:\ttrue", "true", 80, "a:    true", "      ^^^^"},
		{"wide characters before", "日本: true", "true", 80, "日本: true", "      ^^^^"},
		{"wide characters marked", "a: 日本", "日本", 80, "a: 日本", "   ^^^^"},
		{"a combining mark", "e\u0301: true", "true", 80, "e\u0301: true", "   ^^^^"},
		{"a control character", "\x1b: true", "true", 80, `\x1b: true`, "      ^^^^"},
		{"a command in a log", "- ##[x]: true", "true", 80, `- ##\x5bx]: true`, "            ^^^^"},
		{"not UTF-8", "\xff: true", "true", 80, `\xff: true`, "      ^^^^"},
		{"the end of a long line", strings.Repeat("a", 30) + "true", "true", 20, "…" + strings.Repeat("a", 15) + "true",
			strings.Repeat(" ", 16) + "^^^^"},
		{"the start of a long line", "true" + strings.Repeat("a", 30), "true", 20, "true" + strings.Repeat("a", 15) + "…", "^^^^"},
		{"the middle of a long line", strings.Repeat("a", 30) + "true" + strings.Repeat("b", 30), "true", 20,
			"…aaaaaatruebbbbbbbb…", "       ^^^^"},
		{"longer than the room", strings.Repeat("x", 40), strings.Repeat("x", 40), 20, strings.Repeat("x", 19) + "…",
			strings.Repeat("^", 20)},
		{"nothing, behind the end", "a:", "", 80, "a:", "  ^"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			start := strings.Index(test.text, test.marked)
			if test.marked == "" {
				start = len(test.text)
			}
			e := Excerpt{Text: test.text, Start: start, End: start + len(test.marked)}
			line, carets := render(cut(e.cells(), test.limit))
			if line != test.line || carets != test.carets {
				t.Errorf("got\n%s\n%s\nwant\n%s\n%s", line, carets, test.line, test.carets)
			}
		})
	}
}

func FuzzExcerpt(f *testing.F) {
	f.Add("a: \t日本\x1b true", 3, 5, 20)
	f.Add("\xff", 0, 1, 20)
	f.Add("", 0, 0, 0)
	f.Fuzz(func(t *testing.T, text string, start, end, limit int) {
		limit = max(minimalExcerpt, min(limit, 200))
		line, carets := render(cut(Excerpt{Text: text, Start: start, End: end}.cells(), limit))
		if columns(line) > limit || columns(carets) > limit {
			t.Errorf("%d and %d columns, %d allowed:\n%s\n%s", columns(line), columns(carets), limit, line, carets)
		}
		if !utf8.ValidString(line) || strings.ContainsFunc(line, isUnsafe) {
			t.Errorf("not safe to print: %q", line)
		}
	})
}
