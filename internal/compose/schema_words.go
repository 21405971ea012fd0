package compose

import (
	"fmt"
	"strconv"
	"strings"
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

// hint says what to do about a scalar that YAML takes for something else than the text it should be.
func (s *schemaNode) hint(v *Value) string {
	const scalars = nullType | booleanType | integerType | numberType | stringType
	if s.types&scalars == stringType && (v.Kind == Bool || v.Kind == Number) {
		return ": put it in quotes"
	}
	return ""
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
	best, distance := "", 2+len(key)/6
	for _, f := range s.fields {
		if d := editDistance(key, f.key, distance); d < distance {
			best, distance = f.key, d
		}
	}
	return best
}

// longestKey is the length from which a key is not compared with attributes: none is as long.
const longestKey = 32

// editDistance counts the letters to insert, delete, replace or swap to get from a to b. It gives up at limit.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || max(len(a), len(b)) >= longestKey {
		return limit
	}
	var rows [3][longestKey]int // the rows before the last, the last and this one, used in turn
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row := &rows[(i+1)%3], &rows[(i+2)%3], &rows[i%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			row[j] = min(last[j], row[j-1]) + 1
			if a[i-1] == b[j-1] {
				row[j] = min(row[j], last[j-1])
			} else {
				row[j] = min(row[j], last[j-1]+1)
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}
