// Package glob matches names with patterns, in time linear in the name: "*" stands for anything within a part between
// slashes, "?" for one character of it, and "**" for anything, slashes included.
package glob

import (
	"fmt"
	"regexp"
	"strings"
)

// Pattern is a compiled pattern.
type Pattern struct{ expression *regexp.Regexp }

// Compile reads a pattern. One that ends with a slash stands for everything below. The error says what is wrong.
func Compile(pattern string) (Pattern, error) {
	if pattern == "" {
		return Pattern{}, fmt.Errorf("the pattern is empty")
	}
	if strings.HasSuffix(pattern, "/") {
		pattern += "**"
	}
	var b strings.Builder
	b.WriteString(`^(?s:`)
	for rest := pattern; rest != ""; {
		size, expression := 1, ""
		switch {
		case strings.HasPrefix(rest, "**/"):
			size, expression = 3, `(?:.*/)?`
		case strings.HasPrefix(rest, "**"):
			size, expression = 2, `.*`
		case rest[0] == '*':
			expression = `[^/]*`
		case rest[0] == '?':
			expression = `[^/]`
		default:
			size = plain(rest)
			expression = regexp.QuoteMeta(rest[:size])
		}
		b.WriteString(expression)
		rest = rest[size:]
	}
	b.WriteString(`)$`)
	expression, err := regexp.Compile(b.String())
	if err != nil {
		return Pattern{}, fmt.Errorf("the pattern %q is not understood: %w", pattern, err)
	}
	return Pattern{expression}, nil
}

// plain returns the length of the text before the next wildcard.
func plain(text string) int {
	if i := strings.IndexAny(text, "*?"); i >= 0 {
		return i
	}
	return len(text)
}

// Match reports whether the pattern stands for the whole name.
func (p Pattern) Match(name string) bool { return p.expression.MatchString(name) }
