package patch

import "testing"

func TestStyleOf(t *testing.T) {
	usual := Style{Step: 2, ListIndent: 2, Quote: DoubleQuote, EOL: "\n", FinalNewline: true, dashGap: 1}
	with := func(change func(*Style)) Style {
		s := usual
		change(&s)
		return s
	}
	tests := []struct {
		what, text string
		want       Style
	}{
		{"nothing to see", "a: 1\n", usual},
		{"usual", "a:\n  b:\n    - \"x\"\n", usual},
		{"four columns", "a:\n    b:\n        c: 1\n", with(func(s *Style) { s.Step, s.ListIndent = 4, 4 })},
		{"lists under their keys", "a:\n  b:\n  - x\n", with(func(s *Style) { s.ListIndent = 0 })},
		{"majority of lists", "a:\n- x\nb:\n- y\nc:\n  - z\n", with(func(s *Style) { s.ListIndent = 0 })},
		{"wide dashes", "a:\n  -   x\n", with(func(s *Style) { s.dashGap = 3 })},
		{"single quotes", "a: 'x'\nb: 'y'\nc: \"z\"\n", with(func(s *Style) { s.Quote = SingleQuote })},
		{"blanks in brackets", "a: [ x ]\nb: { c: d }\ne: [f]\n", with(func(s *Style) { s.FlowPadding = true })},
		{"CRLF without the last", "a: 1\r\nb: 2", with(func(s *Style) { s.EOL, s.FinalNewline = "\r\n", false })},
		{"second document", "a: 1\n---\nb:\n    c: 1\n", with(func(s *Style) { s.Step, s.ListIndent = 4, 4 })},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			if got := StyleOf(mustParse(t, test.text)); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// Networks are short: how services are set apart says nothing about them.
func TestBlankLinesBetweenNetworks(t *testing.T) {
	const services = "services:\n  a:\n    image: x\n\n  b:\n    image: y\n\n"
	tests := []struct {
		what, text string
		want       bool
	}{
		{"one network", services + "networks:\n  a:\n    internal: true\n", false},
		{"networks without settings", services + "networks:\n  a:\n  b:\n", false},
		{"blank lines between networks", services + "networks:\n  a:\n    internal: true\n\n  b:\n", true},
		{"blank lines between volumes", services + "volumes:\n  a:\n    external: true\n\n  b:\n\nnetworks:\n  a:\n", true},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			f := mustParse(t, test.text)
			if got := blankLines(f, f.Root().Lookup("networks"), true); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestBlankLines(t *testing.T) {
	tests := []struct {
		what, text string
		want       bool
	}{
		{"blank lines between services", "services:\n  a:\n    image: x\n\n  b:\n    image: y\n", true},
		{"none between services", "services:\n  a:\n    image: x\n  b:\n    image: y\n\nvolumes: {}\n", false},
		{"most decide", "services:\n  a:\n    x: y\n  b:\n    x: y\n\n  c:\n    x: y\n\n  d:\n    x: y\n", true},
		{"the sections decide for one service", "services:\n  a:\n    image: x\n\nvolumes:\n  b:\n", true},
		{"nothing to see", "services:\n  a:\n    image: x\n", false},
		{"a comment between blank lines", "services:\n  a:\n    x: y\n\n  # c\n\n  b:\n    x: y\n", true},
		{"braces", "services: {a: {x: y}}\n", false},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			f := mustParse(t, test.text)
			if got := blankLines(f, f.Root().Lookup("services"), true); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
