package compose

import (
	"fmt"
	"strconv"
	"strings"

	"composelint/internal/spelling"
)

// subject names the value at the current path as the subject of a sentence. It does not tell one service from
// another, so that a mistake that several inherit is said in the same words of each.
func (r *resolver) subject() string {
	n := len(r.path)
	if n == 0 {
		return "a Compose file"
	}
	if n == 2 {
		switch r.path[0] {
		case "services", "networks", "volumes", "secrets", "configs", "models", "jobs":
			return "a " + strings.TrimSuffix(r.path[0], "s")
		}
	}
	last := n - 1
	for last > 0 && r.path[last] == "[]" {
		last--
	}
	if last < n-1 {
		return fmt.Sprintf("an item of %q", r.path[last])
	}
	return strconv.Quote(r.path[last])
}

// wanted says what a schema accepts.
func (s *schemaNode) wanted() string {
	var words []string
	add := func(t schemaTypes, word ...string) {
		if s.types&t != 0 {
			words = append(words, word...)
		}
	}
	add(booleanType, "true", "false")
	add(integerType, "a whole number")
	add(numberType, "a number")
	if s.choices != nil {
		words = append(words, quoted(s.choices)...)
	} else {
		add(stringType, "a text")
	}
	if s.items == &leafString {
		add(arrayType, "a list of texts")
	} else {
		add(arrayType, "a list")
	}
	add(objectType, "a mapping")
	add(nullType, "empty")
	return alternatives(words)
}

// given says what a value is, for the end of a sentence that says what it must be.
func given(v *Value) string {
	switch v.Kind {
	case Bool, Number:
		return v.Str()
	case Time:
		return "a date"
	case String:
		return "a text"
	case Map:
		return "a mapping"
	case List:
		return "a list"
	}
	return "empty"
}

// lacksQuotes tells a scalar that YAML takes for something else than the text it should be.
func (s *schemaNode) lacksQuotes(v *Value) bool {
	const scalars = nullType | booleanType | integerType | numberType | stringType
	return s.types&scalars == stringType && (v.Kind == Bool || v.Kind == Number)
}

func quoted(texts []string) []string {
	words := make([]string, len(texts))
	for i, text := range texts {
		words[i] = strconv.Quote(text)
	}
	return words
}

// alternatives joins words to "a, b or c".
func alternatives(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// nearest returns the attribute that a key is most likely a misspelling of, or "".
func (s *schemaNode) nearest(key string) string {
	attributes := make([]string, len(s.fields))
	for i, f := range s.fields {
		attributes[i] = f.key
	}
	return spelling.Misspelt(key, attributes)
}
