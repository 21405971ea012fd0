package gitignore_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"composelint/internal/gitignore"
)

// cases are patterns, one a line, and a path; a path that ends with a slash is a directory.
var cases = []struct {
	name, patterns, path string
	want                 gitignore.Verdict
}{
	{"a name", "build", "build", gitignore.Ignored},
	{"a name further down", "build", "a/build", gitignore.Ignored},
	{"another name", "build", "builds", gitignore.Undecided},
	{"a comment", "#build", "#build", gitignore.Undecided},
	{"no comment", `\#build`, "#build", gitignore.Ignored},
	{"an exclamation mark", `\!build`, "!build", gitignore.Ignored},
	{"the last pattern decides", "*.yaml\n!keep.yaml", "keep.yaml", gitignore.Kept},
	{"and may ignore again", "*.yaml\n!keep.yaml\nkeep.*", "keep.yaml", gitignore.Ignored},
	{"a directory", "build/", "build/", gitignore.Ignored},
	{"a directory further down", "build/", "a/build/", gitignore.Ignored},
	{"a file with the name of a directory", "build/", "build", gitignore.Undecided},
	{"at the top", "/build", "build", gitignore.Ignored},
	{"not at the top", "/build", "a/build", gitignore.Undecided},
	{"a path", "a/build", "a/build", gitignore.Ignored},
	{"a path begins at the top", "a/build", "b/a/build", gitignore.Undecided},
	{"a star within a name", "/*.yaml", "a/b.yaml", gitignore.Undecided},
	{"a star between slashes", "a/*/c", "a/b/c", gitignore.Ignored},
	{"a star is one directory", "a/*/d", "a/b/c/d", gitignore.Undecided},
	{"two stars at the beginning", "**/a/b", "x/y/a/b", gitignore.Ignored},
	{"two stars may be nothing", "**/a", "a", gitignore.Ignored},
	{"two stars in the middle", "a/**/b", "a/x/y/b", gitignore.Ignored},
	{"two stars and a longer name", "a/**/b", "a/xb", gitignore.Undecided},
	{"two stars at the end", "a/**", "a/x/y", gitignore.Ignored},
	{"two stars at the end leave the directory", "a/**", "a/", gitignore.Undecided},
	{"two stars beside something are one", "?/b**", "a/bc/d", gitignore.Undecided},
	{"two stars that are tried again", "**/a/**/b", "a/c/a/d/b", gitignore.Ignored},
	{"stars that are tried again", "*a*b", "aabab", gitignore.Ignored},
	{"a question mark", "a?c", "abc", gitignore.Ignored},
	{"a question mark is a byte", "a?c", "aéc", gitignore.Undecided},
	{"a question mark is no slash", "x/a?c", "x/a/c", gitignore.Undecided},
	{"a class", "[a-c]x", "bx", gitignore.Ignored},
	{"another class", "[!a-c]x", "bx", gitignore.Undecided},
	{"a class with a bracket", "[]a]x", "]x", gitignore.Ignored},
	{"a class with a name", "[[:digit:]]x", "7x", gitignore.Ignored},
	{"a class without an end", "[ax", "ax", gitignore.Undecided},
	{"a class that is unknown", "[[:word:]]x", "ax", gitignore.Undecided},
	{"an escaped star", `a\*`, "a*", gitignore.Ignored},
	{"a backslash at the end", `a\`, `a\`, gitignore.Undecided},
	{"spaces at the end", "a  ", "a", gitignore.Ignored},
	{"an escaped space at the end", `a\ `, "a ", gitignore.Ignored},
	{"a carriage return", "a\r\nb", "a", gitignore.Ignored},
	{"a byte order mark", "\uFEFFa", "a", gitignore.Ignored},
	{"nothing but a slash", "/", "a/", gitignore.Undecided},
	{"nothing", "", "a", gitignore.Undecided},
}

func verdict(patterns gitignore.Patterns, path string) gitignore.Verdict {
	name, isDirectory := strings.CutSuffix(path, "/")
	return patterns.Match(name, isDirectory)
}

func TestMatch(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := verdict(gitignore.Parse([]byte(c.patterns)), c.path); got != c.want {
				t.Errorf("%q of %q: %d, want %d", c.patterns, c.path, got, c.want)
			}
		})
	}
}

func TestHostilePatterns(t *testing.T) {
	start := time.Now()
	for _, pattern := range []string{
		strings.Repeat("*a", 50) + "b", strings.Repeat("**/a/", 50) + "b", strings.Repeat("**/*a*/", 50) + "b",
	} {
		patterns := gitignore.Parse([]byte("x/" + pattern + "\n" + pattern))
		for _, path := range []string{"x/" + strings.Repeat("a", 4000), "x/" + strings.Repeat("a/", 2000) + "a"} {
			if got := patterns.Match(path, false); got != gitignore.Undecided {
				t.Errorf("%.20q: %d", pattern, got)
			}
		}
	}
	if spent := time.Since(start); spent > 30*time.Second {
		t.Errorf("it took %v", spent)
	}
}

// FuzzMatch checks what holds of any patterns: a path that ends the file as a literal pattern is ignored by it.
func FuzzMatch(f *testing.F) {
	for _, c := range cases {
		f.Add([]byte(c.patterns), c.path)
	}
	f.Fuzz(func(t *testing.T, data []byte, path string) {
		patterns := gitignore.Parse(data)
		got := patterns.Match(path, true)
		if path == "" || strings.ContainsAny(path, "\r\n\x00") || strings.HasPrefix(path, "/") || strings.HasSuffix(path, "/") {
			return
		}
		literal := "/" + strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, " ", `\ `).Replace(path)
		if after := gitignore.Parse(append(bytes.Clone(data), "\n!"+literal...)).Match(path, true); after != gitignore.Kept {
			t.Errorf("%q does not keep %q: %d", literal, path, after)
		}
		if len(patterns) == 0 && got != gitignore.Undecided {
			t.Errorf("no pattern says %d of %q", got, path)
		}
	})
}
