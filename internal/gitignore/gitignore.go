// Package gitignore tells what the patterns of a .gitignore file say of a path, as git does: byte by byte, and in a time
// that no pattern can drive up.
//
// Source: https://git-scm.com/docs/gitignore. Where that page is silent, git itself decides: the tests compare with
// git check-ignore.
package gitignore

import (
	"slices"
	"strings"
)

// Verdict is what a file of patterns says of a path.
type Verdict uint8

const (
	// Undecided is for a path that no pattern stands for.
	Undecided Verdict = iota
	// Ignored is for a path that git does not look at.
	Ignored
	// Kept is for a path that a pattern with "!" takes back.
	Kept
)

// Patterns are the patterns of one file, in its order.
type Patterns []pattern

type pattern struct {
	text string
	// keeps tells that the pattern begins with "!".
	keeps bool
	// onlyDirectories tells that it ends with a slash.
	onlyDirectories bool
	// anyDepth tells that it has no other slash, so that it stands for names wherever they are.
	anyDepth bool
}

// Parse reads the content of a .gitignore file. A pattern that is malformed stands for no path, as in git.
func Parse(data []byte) Patterns {
	var all Patterns
	for line := range strings.SplitSeq(strings.TrimPrefix(string(data), "\uFEFF"), "\n") {
		line = withoutTrailingSpaces(strings.TrimSuffix(line, "\r"))
		if strings.HasPrefix(line, "#") {
			continue
		}
		var p pattern
		line, p.keeps = strings.CutPrefix(line, "!")
		line, p.onlyDirectories = strings.CutSuffix(line, "/")
		p.anyDepth = !strings.Contains(line, "/")
		if p.text = strings.TrimPrefix(line, "/"); p.text != "" {
			all = append(all, p)
		}
	}
	return all
}

// withoutTrailingSpaces returns a line without the spaces at its end, up to one that has a backslash before it.
func withoutTrailingSpaces(line string) string {
	end := 0 // behind the last byte that counts
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case ' ':
			continue
		case '\\':
			i++
		}
		end = min(i+1, len(line))
	}
	return line[:end]
}

// Match tells what the patterns say of a path, relative to the directory of their file and with slashes. The last
// pattern that stands for the path decides. The directories above the path are not looked at; see MatchBelow.
func (all Patterns) Match(path string, isDirectory bool) Verdict {
	for _, p := range slices.Backward(all) {
		switch {
		case p.onlyDirectories && !isDirectory, !p.standsFor(path):
		case p.keeps:
			return Kept
		default:
			return Ignored
		}
	}
	return Undecided
}

// MatchBelow is like Match, for a path that nobody has walked to: what lies in an ignored directory is ignored,
// whatever the patterns say of it.
func (all Patterns) MatchBelow(path string, isDirectory bool) Verdict {
	for i := range len(path) {
		if path[i] == '/' && all.Match(path[:i], true) == Ignored {
			return Ignored
		}
	}
	return all.Match(path, isDirectory)
}

func (p pattern) standsFor(path string) bool {
	if p.anyDepth {
		return matches(p.text, path[strings.LastIndexByte(path, '/')+1:])
	}
	// What stands before the first wildcard is compared by itself. So "**" may follow it as if it began the pattern.
	plain := strings.IndexAny(p.text, wildcards)
	if plain < 0 {
		return p.text == path
	}
	return strings.HasPrefix(path, p.text[:plain]) && matches(p.text[plain:], path[plain:])
}
