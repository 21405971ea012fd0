package rules

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
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

// passwordInURL matches an address with a password: the user is group 1, the password group 2, or group 3 where it is
// the default of a variable.
var passwordInURL = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://` +
	`((?:\$\{[^{}]*\}|\$[A-Za-z_]\w*|[^:/?#@\s"'\x60{}$])*):` +
	`(?:([^:/?#@\s"'\x60{}$<>*]+)|\$\{\w+:?-([^{}$]+)\})@[^\s"']`)

func checkURLCredentials(p *Pass) {
	p.Flag(func(s compose.Service, found func(*compose.Value, ...string)) {
		eachURLHolder(s, func(v *compose.Value, path ...string) {
			if password, _ := urlPassword(v); password != "" {
				found(v, path...)
			}
		})
	}, func(c Cause) Finding {
		path := c.Uses[0].Path
		f := Finding{
			Message: fmt.Sprintf("the password in an address of %s is in the file, for everyone who can read it: take it from .env (%s)",
				names(c.Services()), path[len(path)-1]),
			Evidence: path[len(path)-1],
		}
		password, certain := urlPassword(c.Value())
		if !certain {
			f.Confidence, f.Severity = Likely, Medium
		}
		if guessable.MatchString(password) {
			f.Severity = Medium
		}
		return f
	})
}

// eachURLHolder calls visit for the values of a service in which addresses with passwords are found.
func eachURLHolder(s compose.Service, visit func(v *compose.Value, path ...string)) {
	for _, path := range [][]string{{"environment"}, {"labels"}, {"build", "args"}} {
		for _, f := range settings(s.At(path...)) {
			visit(f.value, append(slices.Clone(path), f.name)...)
		}
	}
	eachCommand(s, func(command *compose.Value, path ...string) {
		for _, item := range words(command) {
			visit(item, path...)
		}
	})
}

// urlPassword returns the password in an address that a text holds as it is written, and whether no variable can
// replace it; empty where there is none.
func urlPassword(v *compose.Value) (string, bool) {
	text := asWritten(v)
	if !strings.Contains(text, "://") {
		return "", false
	}
	m := passwordInURL.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	user, password := m[1], cmp.Or(m[2], m[3])
	if user == password || strings.HasSuffix(user, "-"+password+"}") {
		return "", false
	}
	if decoded, err := url.PathUnescape(password); err == nil {
		password = decoded
	}
	if isPlaceholder(password) {
		return "", false
	}
	return password, m[2] != ""
}
