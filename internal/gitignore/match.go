package gitignore

import "strings"

// wildcards are the bytes that begin something other than themselves.
const wildcards = `*?[\`

// attempt is a place in the pattern and in the path.
type attempt struct{ pattern, path int }

// matcher compares a pattern with a path. Only the last "*" of a directory's name and the last "**" are ever tried
// again: whatever an earlier one could stand for, they can as well.
type matcher struct {
	pattern, path string
	at            attempt
	star, deep    *attempt // behind the wildcard, and behind what it stands for so far; nil where there is none
}

// matches reports whether a pattern stands for the whole of a path.
func matches(pattern, path string) bool {
	m := matcher{pattern: pattern, path: path}
	for m.at.pattern < len(pattern) || m.at.path < len(path) {
		stars := countStars(pattern[m.at.pattern:])
		after := m.at.pattern + stars
		switch {
		case stars > 1 && fillsPart(pattern, m.at.pattern, after):
			if after == len(pattern) {
				return true
			}
			m.at.pattern = after + 1 // behind the slash: "**/" may stand for nothing
			m.star, m.deep = nil, &attempt{m.at.pattern, m.at.path}
		case stars > 0:
			m.at.pattern = after
			m.star = &attempt{m.at.pattern, m.at.path}
		case !m.step() && !m.retry():
			return false
		}
	}
	return true
}

// step goes on behind an element of the pattern that stands for the next byte.
func (m *matcher) step() bool {
	if m.at.pattern == len(m.pattern) || m.at.path == len(m.path) {
		return false
	}
	size, fits := element(m.pattern[m.at.pattern:], m.path[m.at.path])
	if fits {
		m.at.pattern += size
		m.at.path++
	}
	return fits
}

// retry goes back to a wildcard, and has it stand for more than it did so far.
func (m *matcher) retry() bool {
	if m.star != nil && m.star.path < len(m.path) && m.path[m.star.path] != '/' {
		m.star.path++
		m.at = *m.star
		return true
	}
	if m.deep == nil {
		return false
	}
	slash := strings.IndexByte(m.path[m.deep.path:], '/')
	if slash < 0 {
		return false
	}
	m.deep.path += slash + 1
	m.at, m.star = *m.deep, nil
	return true
}

func countStars(pattern string) int { return len(pattern) - len(strings.TrimLeft(pattern, "*")) }

// fillsPart reports whether a part of a pattern stands alone between slashes.
func fillsPart(pattern string, start, end int) bool {
	return (start == 0 || pattern[start-1] == '/') && (end == len(pattern) || pattern[end] == '/')
}

// element reports whether the element that a pattern begins with stands for a byte, and how long the element is.
func element(pattern string, c byte) (size int, fits bool) {
	switch {
	case pattern[0] == '?':
		return 1, c != '/'
	case pattern[0] == '[':
		return class(pattern, c)
	case pattern[0] == '\\' && len(pattern) > 1:
		return 2, pattern[1] == c
	default:
		return 1, pattern[0] == c && c != '\\' // a backslash at the end stands for nothing
	}
}

// class reports whether the class that a pattern begins with, such as "[!a-z]", has a byte, and how long it is. A class
// without an end, or with a name that does not exist, has none.
func class(pattern string, c byte) (size int, fits bool) {
	negated := strings.HasPrefix(pattern[1:], "!") || strings.HasPrefix(pattern[1:], "^")
	i := 1
	if negated {
		i++
	}
	has := false
	for first := true; first || i >= len(pattern) || pattern[i] != ']'; first = false {
		n, found, ok := member(pattern[min(i, len(pattern)):], c)
		if !ok {
			return 0, false
		}
		has = has || found
		i += n
	}
	return i + 1, has != negated && c != '/'
}

// member reports whether the first member of a class, a byte, a range or a class with a name, has a byte, and how long
// the member is. It is not ok where there is none.
func member(text string, c byte) (size int, has, ok bool) {
	if name, isNamed := className(text); isNamed {
		is, known := classes[name]
		return len("[::]") + len(name), known && is(c), known
	}
	low, size, ok := classByte(text)
	if !ok {
		return 0, false, false
	}
	rest := text[size:]
	if len(rest) < 2 || rest[0] != '-' || rest[1] == ']' {
		return size, low == c, true
	}
	high, n, ok := classByte(rest[1:])
	return size + 1 + n, low <= c && c <= high, ok
}

// className returns the name in "[:name:]", where that is what a text begins with.
func className(text string) (name string, ok bool) {
	inner, ok := strings.CutPrefix(text, "[:")
	if !ok {
		return "", false
	}
	end := strings.IndexByte(inner, ']')
	if end < 1 || inner[end-1] != ':' {
		return "", false
	}
	return inner[:end-1], true
}

// classByte returns the byte that a text begins with; it may have a backslash before it.
func classByte(text string) (c byte, size int, ok bool) {
	switch {
	case text == "", text == `\`:
		return 0, 0, false
	case text[0] == '\\':
		return text[1], 2, true
	default:
		return text[0], 1, true
	}
}

// classes are the names of classes, of ASCII alone.
var classes = map[string]func(c byte) bool{
	"alnum":  func(c byte) bool { return isLetter(c) || isDigit(c) },
	"alpha":  isLetter,
	"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
	"cntrl":  func(c byte) bool { return c < ' ' || c == 0x7f },
	"digit":  isDigit,
	"graph":  isGraphic,
	"lower":  func(c byte) bool { return c >= 'a' && c <= 'z' },
	"print":  func(c byte) bool { return isGraphic(c) || c == ' ' },
	"punct":  func(c byte) bool { return isGraphic(c) && !isLetter(c) && !isDigit(c) },
	"space":  func(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' },
	"upper":  func(c byte) bool { return c >= 'A' && c <= 'Z' },
	"xdigit": func(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' },
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isGraphic(c byte) bool { return c > ' ' && c < 0x7f }
