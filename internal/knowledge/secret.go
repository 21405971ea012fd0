package knowledge

import (
	"regexp"
	"slices"
	"strings"
)

// Words that tell what a name stands for, as regular expressions.
var (
	// secretWords end the names of variables that hold a password, token or key. What comes behind such a word makes it
	// something else: PASSWORD_FILE, TOKEN_TTL, SECRET_NAME.
	secretWords = []string{
		"pass", "pwd", "pw", "secret_key_base", "salt", "(" + strings.Join(keyWords, "|") + ")_?key",
	}
	// secretEndings are such words that also end others: PGPASSWORD, AUTHTOKENS.
	secretEndings = []string{"password", "passwd", "passphrase", "secret", "token", "apikey", "credential"}
	// keyWords make a key one that must not be known.
	keyWords = []string{
		"api", "app", "access", "secret", "secret_access", "private", "encryption", "encrypt", "signing", "master", "auth",
		"fernet", "jwt", "session", "account", "service_role", "license",
	}
	// harmlessWords are in names that sound alike and say whether a password is needed, what it is called or how it is made.
	harmlessWords = []string{
		"allow", "empty", "random", "require[ds]?", "use", "enable[ds]?", "disable[ds]?", "no", "without", "generate",
		"public", "publishable", "anon", "header", "field", "name", "prompt", "reset", "csrf", "show", "hide", "store",
		"expire[sd]?", "rotate", "max", "min", "length", "tls",
	}
)

var (
	secretName = regexp.MustCompile(`(^|[_.-])(` + strings.Join(secretWords, "|") + `)$|` +
		`(` + strings.Join(secretEndings, "|") + `)s?$`)
	harmlessName = regexp.MustCompile(`(^|[_.-])(` + strings.Join(harmlessWords, "|") + `)[_.-]`)
	camelCase    = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// SecretWords returns the words that stand for a secret in any name.
func SecretWords() []string { return slices.Clip(secretEndings) }

// NamesSecret tells whether a variable, argument or label of a name holds a password, a token or a key that must not be
// known.
func NamesSecret(name string) bool {
	if !MayNameSecret(name) {
		return false
	}
	name = strings.ToLower(camelCase.ReplaceAllString(name, "${1}_${2}"))
	return secretName.MatchString(name) && !harmlessName.MatchString(name)
}

// secretParts are in every name that NamesSecret accepts.
var secretParts = []string{"pass", "pw", "secret", "token", "key", "salt", "credential"}

// MayNameSecret tells whether the name of a secret may be in a text. It is a quick look that spares nearly all texts the
// patterns.
func MayNameSecret(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(secretParts, func(part string) bool { return strings.Contains(text, part) })
}
