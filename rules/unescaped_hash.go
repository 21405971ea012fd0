package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/pattern"
	"composelint/internal/source"
)

// passwordHash matches the hash of a password, by its method and the dollars around that: bcrypt, Argon2, and what
// htpasswd and crypt make.
// Source: crypt(5) of libxcrypt; Apache HTTP Server 2.4, password formats.
var passwordHash = pattern.New(`(?:^|[^$])\$(?:2[abxy]?\$\d\d\$[A-Za-z0-9./]{20}|argon2(?:id|i|d)\$v=\d+\$|` +
	`(?:apr1|[156y])\$(?:rounds=\d+\$)?[A-Za-z0-9./]{1,64}\$[A-Za-z0-9./]{20})`)

// hashMarks begin the hashes that passwordHash matches; without one of them in a text, the pattern is not tried.
var hashMarks = []string{"$2", "$argon2", "$apr1$", "$1$", "$5$", "$6$", "$y$"}

// holdsHash tells that a text holds the hash of a password whose dollars are not written twice.
func holdsHash(text string) bool {
	isMarked := func(mark string) bool { return strings.Contains(text, mark) }
	return slices.ContainsFunc(hashMarks, isMarked) && passwordHash().MatchString(text)
}

// checkHashes reports hashes of passwords that Compose takes for text with variables. lost are the variables without
// value by the text that refers to them.
func (p *Pass) checkHashes(lost map[*source.Node][]string) {
	p.Flag(func(s compose.Service, found Visit) {
		p.eachHashHolder(s, func(v *compose.Value, path ...string) {
			if len(lost[v.Origin.Node]) > 0 && holdsHash(v.Raw) {
				found(v, path...)
			}
		})
	}, func(c Cause) Finding {
		where := strings.Join(c.Uses[0].Path, ".")
		return Finding{
			Message: fmt.Sprintf("no password fits the hash in %s of %s: Compose takes what follows its dollars for variables: "+
				"write $$ for each dollar", where, names(c.Services())),
			Evidence: where, Repair: c.escapeHash,
		}
	})
}

// eachHashHolder calls visit for the texts of a service that hashes of passwords are found in, files with accounts
// included.
func (p *Pass) eachHashHolder(s compose.Service, visit Visit) {
	for _, path := range [][]string{{"environment"}, {"labels"}, {"deploy", "labels"}, {"build", "args"}} {
		for _, f := range fields(s.At(path...)) {
			visit(f.Value, append(slices.Clone(path), f.Key)...)
		}
		for _, item := range items(s.At(path...)) {
			visit(item, path...)
		}
	}
	eachScript(p, s, func(script *compose.Value, path ...string) {
		for _, word := range words(script) {
			visit(word, path...)
		}
	})
}

// escapeHash builds the fix that writes every dollar of a text twice. It is none where other dollars may be meant.
func (c Cause) escapeHash() Fix {
	const title, advice = "Write $$ for each dollar of the hash", "Write $$ for each dollar of the hash."
	v := c.Value()
	if strings.Contains(v.Raw, "$$") || strings.Contains(v.Raw, "${") || c.Uses[0].Path[0] == "configs" {
		return manual(title, advice)
	}
	var r repair
	r.setPart(v, 0, len(v.Raw), strings.ReplaceAll(v.Raw, "$", "$$"))
	for _, u := range c.Uses {
		if u.isItem() {
			r.changeItem(u.Service, u.Str(), v.Raw, u.Path...)
		} else {
			r.change(u.Service, v.Raw, u.Path...)
		}
	}
	return r.fix(title, Safe)
}
