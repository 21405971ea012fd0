package knowledge

import (
	"slices"
	"strings"
)

// matches compares a name with a pattern in which "*" stands for anything.
func matches(pattern, name string) bool {
	head, tail, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == name
	}
	if !strings.HasPrefix(name, head) {
		return false
	}
	name = name[len(head):]
	if tail == "" {
		return true
	}
	for i := range len(name) + 1 {
		if matches(tail, name[i:]) {
			return true
		}
	}
	return false
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, name) })
}
