package knowledge

import (
	"slices"
	"strings"
)

// Words that tell what a name stands for.
var (
	// secretWords end the names of variables that hold a password, token or key. What comes behind such a word makes it
	// something else: PASSWORD_FILE, TOKEN_TTL, SECRET_NAME.
	secretWords = []string{"pass", "pwd", "pw", "secret_key_base", "salt"}
	// secretEndings are such words that also end others: PGPASSWORD, AUTHTOKENS.
	secretEndings = []string{"password", "passwd", "passphrase", "secret", "token", "apikey", "credential"}
	// keyWords make a key one that must not be known: API_KEY, apikey.
	keyWords = []string{
		"api", "app", "access", "secret", "secret_access", "private", "encryption", "encrypt", "signing", "master", "auth",
		"fernet", "jwt", "session", "account", "service_role", "license",
	}
	// harmlessWords are in names that sound alike and say whether a password is needed, what it is called or how it is made.
	harmlessWords = []string{
		"allow", "empty", "random", "require", "required", "requires", "use", "enable", "enabled", "enables", "disable",
		"disabled", "disables", "no", "without", "generate", "public", "publishable", "anon", "header", "field", "name",
		"prompt", "reset", "csrf", "show", "hide", "store", "expire", "expires", "expired", "rotate", "max", "min",
		"length", "tls",
	}
)

// SecretWords returns the words that stand for a secret in any name.
func SecretWords() []string { return slices.Clip(secretEndings) }

// NamesSecret tells whether a variable, argument or label of a name holds a password, a token or a key that must not be
// known.
func NamesSecret(name string) bool {
	if !MayNameSecret(name) {
		return false
	}
	name = snakeCase(name)
	return endsInSecret(name) && !hasHarmlessWord(name)
}

// separators stand between the words of a name.
const separators = "_.-"

// snakeCase writes a name in small letters, and an underscore where words were told apart by capitals: apiKey, api_key.
func snakeCase(name string) string {
	var b strings.Builder
	for i := range len(name) {
		isCapital := name[i] >= 'A' && name[i] <= 'Z'
		if isCapital && i > 0 && isLowerOrDigit(name[i-1]) {
			b.WriteByte('_')
		}
		b.WriteByte(name[i])
	}
	return strings.ToLower(b.String())
}

// endsInSecret tells that the last word of a name stands for a secret.
func endsInSecret(name string) bool {
	singular := strings.TrimSuffix(name, "s")
	isEnding := func(word string) bool { return strings.HasSuffix(singular, word) }
	isWord := func(word string) bool { return endsInWord(name, word) }
	if slices.ContainsFunc(secretEndings, isEnding) || slices.ContainsFunc(secretWords, isWord) {
		return true
	}
	kind, isKey := strings.CutSuffix(name, "key")
	kind = strings.TrimRight(kind, separators)
	return isKey && slices.ContainsFunc(keyWords, func(word string) bool { return endsInWord(kind, word) })
}

// endsInWord tells that a name ends in a word, with nothing before it or a separator.
func endsInWord(name, word string) bool {
	before, found := strings.CutSuffix(name, word)
	return found && (before == "" || strings.IndexByte(separators, before[len(before)-1]) >= 0)
}

// hasHarmlessWord tells that a word in a name, other than the last, says that no secret is meant.
func hasHarmlessWord(name string) bool {
	for {
		end := strings.IndexAny(name, separators)
		if end < 0 {
			return false
		}
		if slices.Contains(harmlessWords, name[:end]) {
			return true
		}
		name = name[end+1:]
	}
}

// secretParts are in every name that NamesSecret accepts.
var secretParts = []string{"pass", "pw", "secret", "token", "key", "salt", "credential"}

// MayNameSecret tells whether the name of a secret may be in a text. It is a quick look that spares nearly all texts the
// patterns.
func MayNameSecret(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(secretParts, func(part string) bool { return strings.Contains(text, part) })
}
