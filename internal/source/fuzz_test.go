package source_test

import (
	"errors"
	"testing"
	"time"

	"composelint/internal/source"
)

// seeds are small files with the shapes whose spans are hard to find.
var seeds = []string{
	"", "\ufeff", "a: 1\n", "a: 1\r\nb:\r\n  - x\r\n", "\ufeff# c\na: {b: [c, d,], e: }\n", "- - a\n  - - b\n- |\n  x\n\n- y",
	"a: &x\n  b: !reset null\nc: *x\nd:\n  <<: [*x, *x]\n", "a: >+2 # c\n    x\n   y\n\nb: |-\n\n  z", "'it''s': \"a\\\"\\x41\\\n  b\"\n",
	"[a: b, {c, d: }, 'e', \"f\": g]", "? a\n: b\n? [c]\n: {d: e}\n", "---\na\n...\n%YAML 1.1\n---\nb: c\n--- |\n d\n", "a: x\n  y\n\n  z # c\n",
	"é: 日本\n日: {本: 😀, x: \"é\"}\n", "a: 1\rb: 'x\u2028y'\u0085c: 2\n", "a:\tb\n\t\nc: \td\n", "! a: ! b\n", "&a : *a\n", "- !!str\n- !<tag:x> y\n- &b\n",
	"a: |\n  x\n # c\nb:\n- c\n-\n  d: e\n", "{a: 'b\n c', d: e\n f}\n", "a: b: c\n", "x: [1, 2\ny: 3\n", "a: *b\n", "a: \"b\n", "\ta: 1\n", "! ~", "\ufeff\ufeff", "- !!0,0",
}

// FuzzSpans parses anything: what parses has right spans, what does not has an error with a place in the file, and
// neither takes long.
func FuzzSpans(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 10_000 {
			return
		}
		start := time.Now()
		file, err := source.Parse("compose.yaml", data)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("took %v", took)
		}
		if err == nil {
			err = checkFile(file)
			if err != nil {
				t.Error(err)
			}
			return
		}
		var syntax *source.SyntaxError
		if !errors.As(err, &syntax) || syntax.Message == "" || len(file.Documents) > 0 {
			t.Fatalf("got the error %#v", err)
		}
		if p := syntax.Position; p.Line < 1 || p.Line > file.Lines() || p.Column < 1 {
			t.Errorf("the error is at %+v, and the file has %d lines", p, file.Lines())
		}
	})
}

func TestRealFiles(t *testing.T) {
	files := corpus(t)
	scalars := 0
	for name, data := range files {
		f, err := source.Parse(name, data)
		if err != nil {
			continue
		}
		if err := checkFile(f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, document := range f.Documents {
			document.Walk(func(n *source.Node) bool {
				if n.Kind == source.Scalar && !n.Inexact {
					scalars++
				}
				return true
			})
		}
	}
	if scalars < len(files) {
		t.Errorf("only %d spans of scalars were checked", scalars)
	}
	t.Logf("%d spans of scalars in %d files", scalars, len(files))
}
