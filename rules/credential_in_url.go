package rules

import (
	"fmt"
	"regexp"
	"strings"

	"composelint/internal/compose"
)

var credentialInURL = &Rule{
	Name:     "credential-in-url",
	Severity: High,
	Tier:     Default,
	Summary:  "A password is written into an address: `postgresql://user:password@host`.",
	Why: `Whoever can read the repository, its history or a copy of it has the password. Addresses are also what
programs print into their logs and error messages first.`,
	Bad: `services:
  api:
    image: example/api:2.1
    environment:
      DATABASE_URL: postgresql://api:9fQ2mX7LrT@db/api
`,
	Good: `services:
  api:
    image: example/api:2.1
    environment:
      DATABASE_URL: postgresql://api:${DB_PASSWORD:?}@db/api
`,
	References: []Reference{
		{"RFC 3986, 3.2.1: the use of passwords in addresses is deprecated",
			"https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1"},
		{"CWE-798: Use of Hard-coded Credentials, CWE 4.16", "https://cwe.mitre.org/data/definitions/798.html"},
	},
	Limits: "Passwords that are the name of their user, or stand for one still to be set, are left to " +
		"default-credential, which looks at the database that they open. Env files are not read.",
	Check: checkURLCredentials,
}

// passwordInURL matches an address with a password that is not a variable: the user is group 1, the password group 2.
var passwordInURL = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://([^:/?#@\s"'\x60{}$]*):([^:/?#@\s"'\x60{}$<>*%]+)@[^\s"']`)

func checkURLCredentials(p *Pass) {
	p.Flag(func(s compose.Service, found func(*compose.Value, ...string)) {
		for _, attribute := range []string{"environment", "labels"} {
			for _, f := range settings(s.Get(attribute)) {
				if urlPassword(f.value) != "" {
					found(f.value, attribute, f.name)
				}
			}
		}
		for _, attribute := range []string{"command", "entrypoint"} {
			for _, item := range words(s.Get(attribute)) {
				if urlPassword(item) != "" {
					found(item, attribute)
				}
			}
		}
	}, func(c Cause) Finding {
		path := c.Uses[0].Path
		f := Finding{
			Message: fmt.Sprintf("the password in an address of %s is in the file: whoever reads the repository has it (%s)",
				names(c.Services()), path[len(path)-1]),
			Evidence: path[len(path)-1],
		}
		if guessable.MatchString(urlPassword(c.Value())) {
			f.Severity = Medium
		}
		return f
	})
}

// urlPassword returns the password in an address that a text holds as it is written; empty where there is none.
func urlPassword(v *compose.Value) string {
	text := asWritten(v)
	if !strings.Contains(text, "://") {
		return ""
	}
	m := passwordInURL.FindStringSubmatch(text)
	if m == nil || m[1] == m[2] || isPlaceholder(m[2]) {
		return ""
	}
	return m[2]
}
