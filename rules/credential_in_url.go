package rules

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/pattern"
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
	Limits: "Passwords that are the name of their user, or what stood in the example, are told from the strict tier " +
		"on, as low, and so are plain words that open a database of the project: other rules look at the database that " +
		"they open. Env files are not read.",
	Check: checkURLCredentials,
}

// passwordInURL matches an address with a password: the user is group 1, the password group 2, or group 3 where it is
// the default of a variable.
var passwordInURL = pattern.New(`[a-zA-Z][a-zA-Z0-9+.-]*://` +
	`((?:\$\{[^{}]*\}|\$[A-Za-z_]\w*|[^:/?#@\s"'\x60{}$])*):` +
	`(?:([^:/?#@\s"'\x60{}$<>*]+)|\$\{\w+:?-([^{}$]+)\})@[^\s"']`)

// passwordInParameter matches a password among the parameters of an address or connection string.
var passwordInParameter = pattern.New(`(?i)[?&;](?:password|pwd)=([^&;\s"'\x60{}$<>]+)`)

func checkURLCredentials(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		eachURLHolder(s, func(v *compose.Value, path ...string) {
			if urlPasswordIn(v).text != "" {
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
		password := urlPasswordIn(c.Value())
		if !password.certain {
			f.Confidence, f.Severity = Likely, Medium
		}
		switch {
		case password.isNone(), p.opensDatabase(password.text):
			f.Severity, f.Tier = Low, Strict
		case guessable().MatchString(password.text):
			f.Severity = Medium
		}
		return f
	})
}

// eachURLHolder calls visit for the values of a service in which addresses with passwords are found.
func eachURLHolder(s compose.Service, visit Visit) {
	for _, path := range [][]string{{"environment"}, {"labels"}, {"build", "args"}} {
		for _, f := range s.At(path...).Settings() {
			visit(f.Value, append(slices.Clone(path), f.Key)...)
		}
	}
	eachCommand(s, func(command *compose.Value, path ...string) {
		for _, item := range words(command) {
			visit(item, path...)
		}
	})
}

// urlPassword is a password in an address. It is certain where no variable can replace it.
type urlPassword struct {
	user, text string
	certain    bool
}

// isNone tells that a password keeps nobody out: it is the name of the user, or the word that stood in the example.
func (u urlPassword) isNone() bool {
	return u.user == u.text || strings.HasSuffix(u.user, "-"+u.text+"}") || firstGuess().MatchString(u.text)
}

// urlPasswordIn returns the password in an address that a text holds as it is written; its text is empty where there
// is none, or none yet.
func urlPasswordIn(v *compose.Value) urlPassword {
	text := asWritten(v)
	var found urlPassword
	if m := matchIf(strings.Contains(text, "://") && strings.Contains(text, "@"), passwordInURL, text); m != nil {
		isDefault := m[3] != "" || strings.HasPrefix(text, "${") && strings.HasSuffix(text, "}")
		found = urlPassword{m[1], cmp.Or(m[2], m[3]), !isDefault}
	} else if m := matchIf(strings.ContainsAny(text, "?&;") && strings.Contains(text, "="), passwordInParameter, text); m != nil {
		found = urlPassword{text: m[1], certain: true}
	}
	if found.text == "" {
		return found
	}
	if decoded, err := url.PathUnescape(found.text); err == nil {
		found.text = decoded
	}
	isUnset := isPlaceholder(found.text) && !firstGuess().MatchString(found.text)
	if isUnset || found.text == "airflow" { // Airflow's own default has a rule of its own
		return urlPassword{}
	}
	return found
}

// matchIf tries a pattern on a text where a quick look has shown that it may match.
func matchIf(mayMatch bool, shape pattern.Pattern, text string) []string {
	if !mayMatch {
		return nil
	}
	return shape().FindStringSubmatch(text)
}
