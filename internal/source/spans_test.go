package source_test

import (
	"fmt"
	"strings"
	"testing"

	"composelint/internal/source"
)

// describe lists the nodes of a file in order, each with the text of its span. The text of the content follows where
// it is another, behind "=".
func describe(f *source.File) []string {
	var lines []string
	for _, document := range f.Documents {
		document.Walk(func(n *source.Node) bool {
			line := fmt.Sprintf("%s %q", kindOf(n), f.Text(n.Span))
			if n.Content != n.Span {
				line += fmt.Sprintf(" = %q", f.Text(n.Content))
			}
			if n.Tagged {
				line += " " + n.Tag
			}
			if n.Inexact {
				line += " inexact"
			}
			lines = append(lines, line)
			return true
		})
	}
	return lines
}

func kindOf(n *source.Node) string {
	return map[source.Kind]string{source.Scalar: "", source.Mapping: "map", source.Sequence: "seq", source.Alias: "alias"}[n.Kind] +
		map[source.Style]string{source.Block: "", source.Flow: "-flow", source.SingleQuoted: "single", source.DoubleQuoted: "double",
			source.Literal: "literal", source.Folded: "folded", source.Plain: map[bool]string{true: "plain"}[n.Kind == source.Scalar]}[n.Style]
}

func TestSpans(t *testing.T) {
	tests := []struct {
		what, text string
		want       []string
	}{
		{"mapping", "a: 1\nb: x y\n", []string{`map "a: 1\nb: x y"`, `plain "a"`, `plain "1"`, `plain "b"`, `plain "x y"`}},
		{"CRLF", "a: 1\r\nb: 2\r\n", []string{`map "a: 1\r\nb: 2"`, `plain "a"`, `plain "1"`, `plain "b"`, `plain "2"`}},
		{"byte order mark", "\ufeffa: 1\n", []string{`map "a: 1"`, `plain "a"`, `plain "1"`}},
		{"no final line break", "a: 1", []string{`map "a: 1"`, `plain "a"`, `plain "1"`}},
		{"nested mapping", "a:\n  b:\n    c: 1 # x\n", []string{`map "a:\n  b:\n    c: 1"`, `plain "a"`, `map "b:\n    c: 1"`,
			`plain "b"`, `map "c: 1"`, `plain "c"`, `plain "1"`}},
		{"block sequence", "a:\n  - x\n  # c\n  - y\n", []string{`map "a:\n  - x\n  # c\n  - y"`, `plain "a"`, `seq "- x\n  # c\n  - y"`,
			`plain "x"`, `plain "y"`}},
		{"sequence under its key", "a:\n- x\nb: 1\n", []string{`map "a:\n- x\nb: 1"`, `plain "a"`, `seq "- x"`, `plain "x"`, `plain "b"`, `plain "1"`}},
		{"sequence in a sequence", "- - a\n  - b\n- c\n", []string{`seq "- - a\n  - b\n- c"`, `seq "- a\n  - b"`, `plain "a"`, `plain "b"`, `plain "c"`}},
		{"mapping in a sequence", "- a: 1\n  b: 2\n-\n  c: 3\n", []string{`seq "- a: 1\n  b: 2\n-\n  c: 3"`, `map "a: 1\n  b: 2"`,
			`plain "a"`, `plain "1"`, `plain "b"`, `plain "2"`, `map "c: 3"`, `plain "c"`, `plain "3"`}},
		{"flow sequence", "a: [x, 'y', \"z\" ] # c\n", []string{`map "a: [x, 'y', \"z\" ]"`, `plain "a"`, `seq-flow "[x, 'y', \"z\" ]"`,
			`plain "x"`, `single "'y'"`, `double "\"z\""`}},
		{"flow sequence over lines", "a: [\n  x, # ]\n  y,\n]\n", []string{`map "a: [\n  x, # ]\n  y,\n]"`, `plain "a"`,
			`seq-flow "[\n  x, # ]\n  y,\n]"`, `plain "x"`, `plain "y"`}},
		{"flow mapping", "{a: 1, \"b\":2, c: , d: {}}\n", []string{`map-flow "{a: 1, \"b\":2, c: , d: {}}"`, `plain "a"`, `plain "1"`, `double "\"b\""`,
			`plain "2"`, `plain "c"`, `plain ""`, `plain "d"`, `map-flow "{}"`}},
		{"empty flow collections", "a: []\nb: { }\n", []string{`map "a: []\nb: { }"`, `plain "a"`, `seq-flow "[]"`, `plain "b"`, `map-flow "{ }"`}},
		{"apostrophe in flow", "[it's, x]\n", []string{`seq-flow "[it's, x]"`, `plain "it's"`, `plain "x"`}},
		{"single pair in flow", "[a: b, c]\n", []string{`seq-flow "[a: b, c]"`, `map-flow "a: b" inexact`, `plain "a"`, `plain "b"`, `plain "c"`}},
		{"keys alone in flow", "{a, b: 1}\n", []string{`map-flow "{a, b: 1}"`, `plain "a"`, `plain ""`, `plain "b"`, `plain "1"`}},
		{"single quotes", "'it''s': 'a''b'\n", []string{`map "'it''s': 'a''b'"`, `single "'it''s'"`, `single "'a''b'"`}},
		{"double quotes", `"a\"b": "\\"` + "\n", []string{`map "\"a\\\"b\": \"\\\\\""`, `double "\"a\\\"b\""`, `double "\"\\\\\""`}},
		{"quotes over lines", "a: \"x\n  y\\\n  z\"\nb: 'p\n\n  q'\n", []string{`map "a: \"x\n  y\\\n  z\"\nb: 'p\n\n  q'"`, `plain "a"`,
			`double "\"x\n  y\\\n  z\""`, `plain "b"`, `single "'p\n\n  q'"`}},
		{"plain over lines", "a: x\n  y\n\n  z # c\nb: 1\n", []string{`map "a: x\n  y\n\n  z # c\nb: 1"`, `plain "a"`, `plain "x\n  y\n\n  z"`, `plain "b"`, `plain "1"`}},
		{"plain with indicators", "a: x#y:z, [\n", []string{`map "a: x#y:z, ["`, `plain "a"`, `plain "x#y:z, ["`}},
		{"blank before the colon", "a : b\n", []string{`map "a : b"`, `plain "a"`, `plain "b"`}},
		{"key only", "a\n", []string{`plain "a"`}},
		{"letters of several bytes", "é: 日本 # ü\n日: {本: 😀}\n", []string{`map "é: 日本 # ü\n日: {本: 😀}"`, `plain "é"`, `plain "日本"`, `plain "日"`,
			`map-flow "{本: 😀}"`, `plain "本"`, `plain "😀"`}},
		{"tabs as separators", "a:\tb\t# c\n", []string{`map "a:\tb"`, `plain "a"`, `plain "b"`}},
		{"anchor and alias", "a: &x 1\nb: *x\n", []string{`map "a: &x 1\nb: *x"`, `plain "a"`, `plain "&x 1" = "1"`, `plain "b"`, `alias "*x"`}},
		{"anchored mapping", "a: &x\n  b: 1\n", []string{`map "a: &x\n  b: 1"`, `plain "a"`, `map "&x\n  b: 1" = "b: 1"`, `plain "b"`, `plain "1"`}},
		{"anchored sequence behind a comment", "a: &x # c\n  # d\n  - 1\n", []string{`map "a: &x # c\n  # d\n  - 1"`, `plain "a"`,
			`seq "&x # c\n  # d\n  - 1" = "- 1"`, `plain "1"`}},
		{"anchored key", "&k a: 1\n", []string{`map "&k a: 1"`, `plain "&k a" = "a"`, `plain "1"`}},
		{"anchored document", "&d\na: 1\n", []string{`map "&d\na: 1" = "a: 1"`, `plain "a"`, `plain "1"`}},
		{"merge", "a: &x {}\nb:\n  <<: *x\n  c: 1\n", []string{`map "a: &x {}\nb:\n  <<: *x\n  c: 1"`, `plain "a"`, `map-flow "&x {}" = "{}"`, `plain "b"`,
			`map "<<: *x\n  c: 1"`, `plain "<<"`, `alias "*x"`, `plain "c"`, `plain "1"`}},
		{"merge of a list", "a: &x {}\n<<: [*x, *x]\n", []string{`map "a: &x {}\n<<: [*x, *x]"`, `plain "a"`, `map-flow "&x {}" = "{}"`, `plain "<<"`,
			`seq-flow "[*x, *x]"`, `alias "*x"`, `alias "*x"`}},
		{"own tags", "a: !reset null\nb: !override\n  - x\n", []string{`map "a: !reset null\nb: !override\n  - x"`, `plain "a"`,
			`plain "!reset null" = "null" !reset`, `plain "b"`, `seq "!override\n  - x" = "- x" !override`, `plain "x"`}},
		{"tag without a value", "a: !reset\nb: 1\n", []string{`map "a: !reset\nb: 1"`, `plain "a"`, `plain "!reset" = "" !reset`, `plain "b"`, `plain "1"`}},
		{"tag and anchor in either order", "a: !!str &x 1\nb: &y !!str 2\n", []string{`map "a: !!str &x 1\nb: &y !!str 2"`, `plain "a"`,
			`plain "!!str &x 1" = "1" !!str`, `plain "b"`, `plain "&y !!str 2" = "2" !!str`}},
		{"tag alone", "a: ! 1\nb: 2\n", []string{`map "a: ! 1\nb: 2"`, `plain "a"`, `plain "" inexact`, `plain "b"`, `plain "2"`}},
		{"nulls", "a:\nb: ~\nc: null\nd: # x\n", []string{`map "a:\nb: ~\nc: null\nd:"`, `plain "a"`, `plain ""`, `plain "b"`, `plain "~"`, `plain "c"`,
			`plain "null"`, `plain "d"`, `plain ""`}},
		{"null items", "-\n- x\n-", []string{`seq "-\n- x\n-"`, `plain ""`, `plain "x"`, `plain ""`}},
		{"anchored null", "a: &x\nb: *x\n", []string{`map "a: &x\nb: *x"`, `plain "a"`, `plain "&x" = ""`, `plain "b"`, `alias "*x"`}},
		{"literal", "a: |\n  x\n   y\nb: 1\n", []string{`map "a: |\n  x\n   y\nb: 1"`, `plain "a"`, `literal "|\n  x\n   y\n"`, `plain "b"`, `plain "1"`}},
		{"literal with blank lines behind", "a: |\n  x\n\n\nb: 1\n", []string{`map "a: |\n  x\n\n\nb: 1"`, `plain "a"`, `literal "|\n  x\n"`, `plain "b"`, `plain "1"`}},
		{"literal that keeps blank lines", "a: |+\n  x\n\nb: 1\n", []string{`map "a: |+\n  x\n\nb: 1"`, `plain "a"`, `literal "|+\n  x\n\n"`, `plain "b"`, `plain "1"`}},
		{"literal without the last line break", "a: |-\n  x\nb: 1\n", []string{`map "a: |-\n  x\nb: 1"`, `plain "a"`, `literal "|-\n  x\n"`, `plain "b"`, `plain "1"`}},
		{"literal with a digit", "a: |2\n   x\n  y\nb: 1\n", []string{`map "a: |2\n   x\n  y\nb: 1"`, `plain "a"`, `literal "|2\n   x\n  y\n"`, `plain "b"`, `plain "1"`}},
		{"literal with a digit and a sign", "- a: |1-\n    x\n   y\n  b: 1\n", []string{`seq "- a: |1-\n    x\n   y\n  b: 1"`, `map "a: |1-\n    x\n   y\n  b: 1"`,
			`plain "a"`, `literal "|1-\n    x\n   y\n"`, `plain "b"`, `plain "1"`}},
		{"literal with a comment in its header", "a: | # c\n  x # no comment\n", []string{`map "a: | # c\n  x # no comment\n"`, `plain "a"`, `literal "| # c\n  x # no comment\n"`}},
		{"literal behind blank lines", "a: |\n\n\n  x\nb: 1\n", []string{`map "a: |\n\n\n  x\nb: 1"`, `plain "a"`, `literal "|\n\n\n  x\n"`, `plain "b"`, `plain "1"`}},
		{"empty literal", "a: |\nb: 1\n", []string{`map "a: |\nb: 1"`, `plain "a"`, `literal "|"`, `plain "b"`, `plain "1"`}},
		{"folded", "a: >-\n  x\n  y\n\n  z\nb: 1\n", []string{`map "a: >-\n  x\n  y\n\n  z\nb: 1"`, `plain "a"`, `folded ">-\n  x\n  y\n\n  z\n"`, `plain "b"`, `plain "1"`}},
		{"literal in a list", "- |\n x\n- y\n", []string{`seq "- |\n x\n- y"`, `literal "|\n x\n"`, `plain "y"`}},
		{"literal at the end without a line break", "a: |\n  x", []string{`map "a: |\n  x"`, `plain "a"`, `literal "|\n  x"`}},
		{"literal with CRLF", "a: |\r\n  x\r\nb: 1\r\n", []string{`map "a: |\r\n  x\r\nb: 1"`, `plain "a"`, `literal "|\r\n  x\r\n"`, `plain "b"`, `plain "1"`}},
		{"literal at the top", "|\n x\n", []string{`literal "|\n x\n"`}},
		{"literal before a comment further left", "a:\n  b: |\n    x\n # c\n  c: 1\n", []string{`map "a:\n  b: |\n    x\n # c\n  c: 1"`, `plain "a"`,
			`map "b: |\n    x\n # c\n  c: 1"`, `plain "b"`, `literal "|\n    x\n"`, `plain "c"`, `plain "1"`}},
		{"anchored literal", "a: &x |\n  y\n", []string{`map "a: &x |\n  y\n"`, `plain "a"`, `literal "&x |\n  y\n" = "|\n  y\n"`}},
		{"question mark key", "? a\n: 1\nb: 2\n", []string{`map "? a\n: 1\nb: 2" inexact`, `plain "a"`, `plain "1"`, `plain "b"`, `plain "2"`}},
		{"question mark in a comment", "# a?\na: 1 # why?\nb: 2\n", []string{`map "a: 1 # why?\nb: 2"`, `plain "a"`, `plain "1"`, `plain "b"`, `plain "2"`}},
		{"list as a key", "[a]: 1\n", []string{`map "[a]: 1" inexact`, `seq-flow "[a]"`, `plain "a"`, `plain "1"`}},
		{"duplicate keys", "a: 1\na: 2\n", []string{`map "a: 1\na: 2"`, `plain "a"`, `plain "1"`, `plain "a"`, `plain "2"`}},
		{"several documents", "---\na: 1\n---\n- b\n...\n", []string{`map "a: 1"`, `plain "a"`, `plain "1"`, `seq "- b"`, `plain "b"`}},
		{"document behind a directive", "%YAML 1.1\n---\na: 1\n", []string{`map "a: 1"`, `plain "a"`, `plain "1"`}},
		{"empty documents", "---\n---\na: 1\n---\n", []string{`map "a: 1"`, `plain "a"`, `plain "1"`}},
		{"comments alone", "# a\n\n# b\n", nil},
		{"empty file", "", nil},
		{"lone carriage return", "a: 1\rb: é\r", []string{`map "a: 1\rb: é"`, `plain "a"`, `plain "1"`, `plain "b"`, `plain "é"`}},
		{"unusual line breaks", "a: 'x\u2028 y'\u0085b: é\n", []string{`map "a: 'x\u2028 y'\u0085b: é"`, `plain "a"`, `single "'x\u2028 y'"`, `plain "b"`, `plain "é"`}},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			f, err := source.Parse("compose.yaml", []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			got := describe(f)
			if g, w := strings.Join(got, "\n"), strings.Join(test.want, "\n"); g != w {
				t.Errorf("got\n%s\nwant\n%s", g, w)
			}
			if err := checkFile(f); err != nil {
				t.Error(err)
			}
		})
	}
}
