package main

import (
	"fmt"
	"regexp"
)

// pattern is a regular expression of the schema, and how package compose does without it: a function that matches the
// same texts, and words that go on after "use".
type pattern struct {
	expression            *regexp.Regexp
	variable, match, hint string
}

var patterns = []pattern{
	{regexp.MustCompile(`^x-`), "patternExtension", "isExtension", `a name that begins with "x-"`},
	{regexp.MustCompile(`^[a-zA-Z0-9._-]+$`), "patternName", "isName", `only letters, digits, ".", "_" and "-"`},
	{regexp.MustCompile(`^[a-z]+$`), "patternLowerCase", "isLowerCase", `only the letters from a to z`},
	{regexp.MustCompile(`^.+$`), "patternLine", "isLine", `one line of text`},
	{regexp.MustCompile(`.+`), "patternText", "hasText", `some text`},
	{
		regexp.MustCompile(`[a-zA-Z0-9][a-zA-Z0-9_.-]+`), "patternContainerName", "hasContainerName",
		`a letter or digit, followed by at least one more letter, digit, "_", "." or "-"`,
	},
	{
		regexp.MustCompile(`^(always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+)$`),
		"patternPullPolicy", "isPullPolicy",
		`"always", "missing", "never", "build", "daily", "weekly", or an interval such as "every_12h"`,
	},
}

// known returns the pattern for a regular expression.
func known(text string) (*pattern, error) {
	for i := range patterns {
		if patterns[i].expression.String() == text {
			return &patterns[i], nil
		}
	}
	return nil, fmt.Errorf("no function is known that matches what %s does: write one, and name it here", text)
}
