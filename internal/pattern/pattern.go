// Package pattern compiles regular expressions when they are first asked for: the program mostly lives for a moment,
// and most files need few of its patterns.
package pattern

import (
	"regexp"
	"sync"
)

// Pattern returns a regular expression, the same one each time. It may be called from several goroutines.
type Pattern func() *regexp.Regexp

// New returns the pattern of an expression in the syntax of package regexp. One that is malformed panics at its first
// use, so that a test has to use it.
func New(expression string) Pattern {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
