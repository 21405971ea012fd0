package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"composelint/internal/source"
	"composelint/internal/spelling"
)

// kind says what a value is.
type kind uint8

// The kinds of values. An object has the keys that its shape names; a mapping has any keys.
const (
	text kind = iota + 1
	boolean
	list
	object
	mapping
)

var kindNames = []string{text: "a text", boolean: "true or false", list: "a list", object: "a mapping", mapping: "a mapping"}

// shape says what a value may be.
type shape struct {
	kind kind
	// words are the only texts, where there are any; rules tells that they are the names of rules instead.
	words []string
	rules bool
	// check says what is wrong with a text, as the end of a sentence; nil accepts all.
	check func(string) error
	// pattern is what the schema says of a text that check accepts: a regular expression.
	pattern string
	// of is the shape of the items of a list, and of the values of a mapping; keys that of a mapping's keys.
	of, keys *shape
	// fields are the keys of an object, in the order of the documentation.
	fields []field
}

// field is a key of an object.
type field struct {
	name     string
	about    string // for the schema and the file that --init writes: full sentences
	required bool
	shape    *shape
	example  string // of a top-level field: lines of YAML
	active   bool   // the example is the default, and --init writes it out
}

// Problem is a mistake in a configuration file.
type Problem struct {
	Position source.Position
	// Message is one sentence without the place.
	Message string
}

// Error returns the place and the message.
func (p Problem) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", p.Position.Line, p.Position.Column, p.Message)
}

// checker compares a file with a shape.
type checker struct {
	file     *source.File
	rules    []string // the names of all rules, own ones included
	problems []Problem
}

func (c *checker) report(n *source.Node, format string, args ...any) {
	c.problems = append(c.problems, Problem{c.file.Position(n.Content.Start), fmt.Sprintf(format, args...)})
}

// value checks a node and returns its value: a string, bool, []any or map[string]any. what names it in messages.
func (c *checker) value(n *source.Node, s *shape, what string) any {
	switch {
	case n.Kind == source.Alias || n.Anchor != "":
		c.report(n, "anchors and aliases are not for this file: write the value out")
	case n.IsNull():
		c.report(n, "%s is empty; it has to be %s", what, kindNames[s.kind])
	case !s.fits(n):
		c.report(n, "%s has to be %s", what, kindNames[s.kind])
	case s.kind == boolean:
		return n.Scalar()
	case s.kind == list:
		return c.list(n, s, what)
	case s.kind == object:
		return c.object(n, s, what)
	case s.kind == mapping:
		return c.mapping(n, s, what)
	default:
		c.text(n, s, what)
		return n.Value
	}
	return nil
}

func (s *shape) fits(n *source.Node) bool {
	switch s.kind {
	case text:
		return n.Kind == source.Scalar
	case boolean:
		_, ok := n.Scalar().(bool)
		return n.Kind == source.Scalar && ok
	case list:
		return n.Kind == source.Sequence
	default:
		return n.Kind == source.Mapping
	}
}

func (c *checker) text(n *source.Node, s *shape, what string) {
	words := s.words
	if s.rules {
		words = c.rules
	}
	switch {
	case words != nil && !slices.Contains(words, n.Value):
		c.report(n, "%s cannot be %q%s", what, n.Value, hint(n.Value, words))
	case s.check != nil:
		if err := s.check(n.Value); err != nil {
			c.report(n, "%s: %v", what, err)
		}
	}
}

// hint says what was most likely meant, or what there is to choose from.
func hint(given string, words []string) string {
	const few = 8
	if nearest := spelling.Nearest(given, words); nearest != "" {
		return "; did you mean " + strconv.Quote(nearest) + "?"
	}
	if len(words) <= few {
		return "; there are " + strings.Join(words, ", ")
	}
	return "; `composelint --list-rules` lists all rules"
}

func (c *checker) list(n *source.Node, s *shape, what string) any {
	if len(n.Items) == 0 {
		c.report(n, "%s is an empty list; leave the key out instead", what)
	}
	items := make([]any, 0, len(n.Items))
	for _, item := range n.Items {
		items = append(items, c.value(item, s.of, "an item of "+what))
	}
	return items
}

func (c *checker) mapping(n *source.Node, s *shape, what string) any {
	if len(n.Entries) == 0 {
		c.report(n, "%s says nothing; leave the key out instead", what)
	}
	values := map[string]any{}
	c.keys(n, func(e source.Entry) {
		c.value(e.Key, s.keys, "the key")
		values[e.Key.Value] = c.value(e.Value, s.of, e.Key.Value)
	})
	return values
}

func (c *checker) object(n *source.Node, s *shape, what string) any {
	values := map[string]any{}
	c.keys(n, func(e source.Entry) {
		i := slices.IndexFunc(s.fields, func(f field) bool { return f.name == e.Key.Value })
		if i < 0 {
			c.report(e.Key, "there is no key %q here%s", e.Key.Value, hint(e.Key.Value, s.names()))
			return
		}
		values[e.Key.Value] = c.value(e.Value, s.fields[i].shape, e.Key.Value)
	})
	for _, f := range s.fields {
		if _, there := values[f.name]; f.required && !there {
			c.report(n, "%s needs the key %q", what, f.name)
		}
	}
	return values
}

// keys calls f for the entries of a mapping, each key once.
func (c *checker) keys(n *source.Node, f func(source.Entry)) {
	seen := map[string]bool{}
	for _, e := range n.Entries {
		switch {
		case e.Key.Kind != source.Scalar || e.Key.IsMerge():
			c.report(e.Key, "a key has to be a text")
		case seen[e.Key.Value]:
			c.report(e.Key, "the key %q is there twice", e.Key.Value)
		default:
			seen[e.Key.Value] = true
			f(e)
		}
	}
}

// names are the keys of an object.
func (s *shape) names() []string {
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.name
	}
	return names
}

// sorted brings problems into the order of the file.
func sorted(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(a.Position.Line-b.Position.Line, a.Position.Column-b.Position.Column)
	})
	return problems
}
