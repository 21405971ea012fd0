package cli

import (
	"cmp"
	"slices"
	"strings"

	"composelint/internal/knowledge"
	"composelint/internal/pattern"
	"composelint/internal/source"
)

// mask stands in reports for a secret.
const mask = "****"

var (
	// secretParts are in every name of a secret.
	secretParts = slices.Concat([]string{"pass"}, wholeWords, knowledge.SecretWords())
	// wholeWords name a secret only as whole words: "pat", a personal access token, is a part of "path".
	wholeWords = []string{"key", "keys", "pwd", "pw", "pat", "jwt", "salt", "fernet"}
	// urlPassword finds the password in scheme://user:password@host.
	urlPassword = pattern.New(`://[^\s/@:"']*:([^\s@"']+)@`)
	// setting finds "NAME: " and "NAME=" for names that may be those of secrets.
	setting = pattern.New(`(?i)([\w.-]*(?:` + strings.Join(secretParts, "|") + `)[\w.-]*)["']?\s*([:=])[ \t]*`)
	// bearer finds what follows the name of the scheme in an Authorization header.
	bearer = pattern.New(`\b[Bb]earer\s+([^\s"',\]}]+)`)
	// option finds the value of --password and the like, also as the next item of a list.
	option = pattern.New(`(?i)\s["']?--?[\w-]*(?:pass(?:word|wd)?|secret|token)["']?,?[ \t]+["']?([^\s"',\]]+)`)
	// reference is a value that says nothing but where the secret comes from.
	reference = pattern.New(`^(?:\$\{?[A-Za-z_]\w*(?::?\?[^}]*)?\}?|[*&!].*)$`)
)

// masked returns a line of a file without its secrets, and moves a range of bytes in it along.
func masked(line string, at source.Span) (string, source.Span) {
	secrets := slices.Concat(settingSecrets(line, ":="), patternSecrets(line, urlPassword, "://"),
		patternSecrets(line, option, "-"), patternSecrets(line, bearer, "earer"))
	return replaceSpans(line, secrets, at)
}

// maskedProse returns a message without its secrets. A colon in a message is punctuation, and no setting.
func maskedProse(text string) string {
	text, _ = replaceSpans(text, slices.Concat(patternSecrets(text, urlPassword, "://"), settingSecrets(text, "=")), source.Span{})
	return text
}

func replaceSpans(line string, secrets []source.Span, at source.Span) (string, source.Span) {
	slices.SortFunc(secrets, func(a, b source.Span) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	var b strings.Builder
	done, moved := 0, at
	for _, s := range secrets {
		if s.Start < done {
			continue // a part of the one before
		}
		b.WriteString(line[done:s.Start])
		moved.Start = shifted(moved.Start, at.Start, s, b.Len())
		moved.End = shifted(moved.End, at.End, s, b.Len())
		b.WriteString(mask)
		done = s.End
	}
	b.WriteString(line[done:])
	return b.String(), moved
}

// shifted returns where an offset goes to when the secret is replaced by the mask, which then stands at start.
func shifted(moved, original int, secret source.Span, start int) int {
	switch {
	case original <= secret.Start:
		return moved
	case original < secret.End:
		return start + len(mask)
	default:
		return start + len(mask) + original - secret.End
	}
}

// patternSecrets finds the first group of a pattern in a line. Most lines lack the mark, a part of all that the
// pattern matches, and that is the cheaper thing to see.
func patternSecrets(line string, shape pattern.Pattern, mark string) []source.Span {
	if !strings.Contains(line, mark) {
		return nil
	}
	var secrets []source.Span
	for _, m := range shape().FindAllStringSubmatchIndex(line, -1) {
		secrets = appendSecret(secrets, line, m[2], m[3])
	}
	return secrets
}

// settingSecrets finds the values of settings that are written with one of the signs.
func settingSecrets(line, signs string) []source.Span {
	if !strings.ContainsAny(line, signs) || !mayNameSecret(line) {
		return nil
	}
	var secrets []source.Span
	for _, m := range setting().FindAllStringSubmatchIndex(line, -1) {
		if !namesSecret(line[m[2]:m[3]]) || !strings.Contains(signs, line[m[4]:m[5]]) {
			continue
		}
		start, end := valueRange(line, m[2], m[1])
		secrets = appendSecret(secrets, line, start, end)
	}
	return secrets
}

// valueRange returns where the value ends that begins at an offset, for a name that begins at another one. A value in
// quotes ends with them; in a flow collection and on a command line it ends at the next separator; elsewhere it is
// the rest of the line, without a comment. In a reference, ${NAME:-default}, the default is the value.
func valueRange(line string, name, start int) (from, to int) {
	rest := line[start:]
	if strings.HasSuffix(line[:name], "${") {
		if !strings.HasPrefix(rest, "-") {
			return start, start
		}
		return start + 1, start + strings.IndexByte(rest+"}", '}')
	}
	if rest == "" {
		return start, start
	}
	if quote := rest[0]; quote == '"' || quote == '\'' {
		if end := strings.IndexByte(rest[1:], quote); end >= 0 {
			return start + 1, start + 1 + end
		}
		return start + 1, len(line)
	}
	before := strings.TrimLeft(line[:name], " \t-")
	switch {
	case before == "":
		if i := strings.Index(rest, " #"); i >= 0 {
			rest = rest[:i]
		}
	case before == `"` || before == "'":
		if i := strings.Index(rest, before); i >= 0 {
			rest = rest[:i]
		}
	default:
		if i := strings.IndexAny(rest, " \t,}]\"'"); i >= 0 {
			rest = rest[:i]
		}
	}
	return start, start + len(strings.TrimRight(rest, " \t\r"))
}

func appendSecret(secrets []source.Span, line string, start, end int) []source.Span {
	if start >= end || reference().MatchString(line[start:end]) {
		return secrets
	}
	return append(secrets, source.Span{Start: start, End: end})
}

// mayNameSecret reports whether a text may hold a name that setting finds. It only saves time.
func mayNameSecret(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(secretParts, func(part string) bool { return strings.Contains(text, part) })
}

// namesSecret reports whether the value of a variable or key of that name is masked. That is more than the rules object
// to, since hiding too much does less harm. "secrets" is a section of Compose files, and a name that ends with "file"
// is that of a file with the secret.
func namesSecret(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("_-.", r) })
	if len(words) == 0 || words[len(words)-1] == "file" || strings.EqualFold(name, "secrets") {
		return false
	}
	return slices.ContainsFunc(words, isSecretWord) || knowledge.NamesSecret(name)
}

func isSecretWord(word string) bool {
	holds := func(part string) bool { return strings.Contains(word, part) }
	return slices.ContainsFunc(knowledge.SecretWords(), holds) || slices.Contains(wholeWords, word) ||
		strings.HasSuffix(word, "pass")
}
