package rules

import (
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
)

// Words that tell what a value stands for, as regular expressions.
var (
	// emptyWords stand in a file until somebody puts a value there, or are none: true, 30s, 8.
	emptyWords = []string{
		"true", "false", "yes", "no", "on", "off", "none", "null", "nil", "n/?a", "todo", "tbd", "unused", "empty",
		"value", "string", "auto", "[0-9]+(ms|s|m|h|d)", ".", "..",
	}
	// guessWords stand there, too, and are passwords as well, which are tried first.
	guessWords = []string{
		"dummy", "fake", "foo", "bar", "baz", "test(ing)?", "key", "secret", "token", "password", "passw(or)?d", "pass",
		"pwd", "admin", "root", "user(name)?", "example", "sample", "default", "[0-9]{1,7}",
	}
	// fillMarks are in values that ask to be replaced, or are replaced by another program.
	fillMarks = []string{
		"change", "replace", "insert", "your", "placeholder", "example", "todo", "fixme", "enter", "generate", "random",
		"put[_-]", "fill", "provided", "^[{%]", "<", `\.\.\.`, "xxx", `\*\*\*`, "___", `\{\{`, "%\\{",
	}
	// referenceMarks begin values that tell where the secret is: a path, an address, another variable, a vault; or they
	// are the name of a file.
	referenceMarks = []string{
		"[./~$@]", "file:", "https?://", "vault:", "op://", "aws:", "arn:", "sm://", "env:", "secret:", "kubernetes:",
		`[A-Z]:\\`, `[\w.-]+(_creds|\.(creds|json|pem|key|jks|p12|txt))$`,
	}
)

var (
	placeholder = pattern.New(`(?i)^(` + strings.Join(slices.Concat(emptyWords, guessWords), "|") + `)$|` +
		strings.Join(fillMarks, "|"))
	firstGuess = pattern.New(`(?i)^(` + strings.Join(guessWords, "|") + `|change.?(me|it|this).*)$`)
	reference  = pattern.New(`^(` + strings.Join(referenceMarks, "|") + `)`)
)

// ownSecret matches the names of secrets that a service itself asks for or signs with, rather than shows to another one.
var ownSecret = pattern.New(`(password|passwd|passphrase|(^|[_.-])(pass|pwd)|` +
	`(app|auth|cookie|jwt|session)_secret|secret_key(_base)?)$`)

// isFirstGuess tells that a variable holds a secret that is as good as none: the word that stood in the example.
func isFirstGuess(name string, v *compose.Value) bool {
	const shortest = 3 // what is shorter is a number or a switch
	text, _, ok := shippedText(v)
	return ok && len(text) >= shortest && knowledge.NamesSecret(name) &&
		ownSecret().MatchString(strings.ToLower(name)) && firstGuess().MatchString(text)
}

// tokenShape is the form of a token that tells what it opens.
type tokenShape struct {
	what string
	// marks are beginnings that one of its tokens has; without one of them in a text, the shape is not looked for.
	marks []string
	shape pattern.Pattern
}

var tokenShapes = []tokenShape{
	// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
	{"an AWS access key", []string{"AKIA", "ASIA"}, pattern.New(`\bA(KIA|SIA)[A-Z2-7]{16}\b`)},
	// Source: https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
	{"a GitHub token", []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_"}, pattern.New(`\bgh[pousr]_[A-Za-z0-9]{36}\b`)},
	{"a GitHub token", []string{"github_pat_"}, pattern.New(`\bgithub_pat_[A-Za-z0-9_]{82}\b`)},
	// Source: https://docs.gitlab.com/security/tokens/#token-prefixes
	{"a GitLab token", []string{"glpat-", "gldt-", "glrt-", "glptt-", "gloas-"}, pattern.New(`\bgl(pat|dt|rt|ptt|oas)-[A-Za-z0-9_-]{20}`)},
	// Source: https://api.slack.com/concepts/token-types
	{"a Slack token", []string{"xox"}, pattern.New(`\bxox[abprs]-[0-9]{8,}-[A-Za-z0-9-]{10,}`)},
	// Source: https://docs.stripe.com/keys
	{"a Stripe key", []string{"k_live_"}, pattern.New(`\b[sr]k_live_[A-Za-z0-9]{20,}`)},
	// Source: https://cloud.google.com/docs/authentication/api-keys
	{"a Google API key", []string{"AIza"}, pattern.New(`\bAIza[A-Za-z0-9_-]{35}\b`)},
	// Source: https://api.slack.com/messaging/webhooks
	{"a Slack webhook", []string{"hooks.slack.com"},
		pattern.New(`hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,}`)},
	// Source: https://github.blog/security/announcing-npms-new-access-token-format/
	{"an npm token", []string{"npm_"}, pattern.New(`\bnpm_[A-Za-z0-9]{36}\b`)},
	// Source of the ones below: https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml
	{"an OpenAI key", []string{"sk-proj-"}, pattern.New(`\bsk-proj-[A-Za-z0-9_-]{40,}`)},
	{"an Anthropic key", []string{"sk-ant-"}, pattern.New(`\bsk-ant-[a-z]+[0-9]{2}-[A-Za-z0-9_-]{80,}`)},
	{"a Hugging Face token", []string{"hf_"}, pattern.New(`\bhf_[A-Za-z]{34}\b`)},
	{"a SendGrid key", []string{"SG."}, pattern.New(`\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}`)},
	{"a PyPI token", []string{"pypi-"}, pattern.New(`\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}`)},
	{"a DigitalOcean token", []string{"_v1_"}, pattern.New(`\bdo[opr]_v1_[a-f0-9]{64}\b`)},
	{"a Discord webhook", []string{"/api/webhooks/"}, pattern.New(`discord(app)?\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,}`)},
	{"a Telegram bot's token", []string{":AA"}, pattern.New(`\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b`)},
	// Source: https://tailscale.com/kb/1277/key-prefixes
	{"a Tailscale key", []string{"tskey-"}, pattern.New(`\btskey-(auth|api|client)-[A-Za-z0-9]{6,}-[A-Za-z0-9]{16,}`)},
	// Source: https://docs.docker.com/security/access-tokens/
	{"a Docker access token", []string{"dckr_pat_"}, pattern.New(`\bdckr_pat_[A-Za-z0-9_-]{27}`)},
	// Source: RFC 7468, section 10
	{"a private key", []string{"PRIVATE KEY-----"}, pattern.New(`-----BEGIN ([A-Z]+ )?PRIVATE KEY-----`)},
}

// tokenIn returns what a text holds that opens something; empty where there is nothing of the kind.
func tokenIn(text string) string {
	const shortest = 20 // an AWS access key
	if len(text) < shortest {
		return ""
	}
	for _, t := range tokenShapes {
		if !slices.ContainsFunc(t.marks, func(mark string) bool { return strings.Contains(text, mark) }) {
			continue
		}
		found := t.shape().FindString(text)
		if found != "" && !strings.Contains(found, "EXAMPLE") {
			return t.what
		}
	}
	return ""
}

// isPlaceholder tells that a value is no secret yet, or only points to one.
func isPlaceholder(value string) bool {
	value = strings.Trim(strings.TrimSpace(value), `"'`)
	return value == "" || placeholder().MatchString(value) || reference().MatchString(value)
}

// shippedText returns a text that the file itself says: without variables, or as the default of one. Certain tells
// that no variable can replace it.
func shippedText(v *compose.Value) (text string, certain, ok bool) {
	switch {
	case v == nil || v.Unset || v.Unknown || v.Kind == compose.Bool || v.Kind == compose.Null:
		return "", false, false
	case v.Origin.Node == nil || v.Origin.Node.IsNull():
		return "", false, false // it is taken from outside
	case !strings.Contains(strings.ReplaceAll(v.Raw, "$$", ""), "$"):
		return v.Str(), true, true // nothing is replaced: $$ stands for a dollar
	case v.Text != "" && strings.HasSuffix(v.Raw, "-"+v.Text+"}"):
		return v.Text, false, true
	}
	return "", false, false
}

// literalSecret returns whether a value under a name is a secret that the file itself gives away, and what it is.
func literalSecret(name string, v *compose.Value) (what string, certain, ok bool) {
	text, certain, ok := shippedText(v)
	if !ok {
		return "", false, false
	}
	if what := tokenIn(text); what != "" {
		return what, certain, true
	}
	isOwn := text != "airflow" // Airflow's own default has a rule of its own
	return "the value of " + name, certain, isOwn && knowledge.NamesSecret(name) && !isPlaceholder(text)
}

// guessable matches words and short combinations of a word and a number, and texts that call themselves a password:
// in a list of the first million that are tried, or made up for an example.
var guessable = pattern.New(`^([A-Z]?[a-z]{1,12}[0-9]{0,4}|[0-9]{1,12}|` +
	`(?i:[a-z0-9_-]{0,12}(pass|passw[o0]rd|s[e3]cret)[a-z0-9_-]{0,12}))$`)

// weigh sets how much a secret in the file matters. What a variable may replace weighs less than what is always there.
// A plain word cannot have been meant to be secret: it matters where others than the project's own services can use it.
func (f *Finding) weigh(c Cause, certain bool) {
	if !certain {
		f.Confidence, f.Severity = Likely, Medium
	}
	text, _, _ := shippedText(c.Value())
	f.weighText(c, text)
}

// weighText weighs a secret that is a part of a value.
func (f *Finding) weighText(c Cause, text string) {
	if !guessable().MatchString(text) {
		return
	}
	f.Severity = Medium
	if !slices.ContainsFunc(c.distinct(), isExposed) {
		f.Severity, f.Tier = Low, Strict
	}
}

// databaseName matches the names of variables with which a program is told the password of a database or broker.
var databaseName = pattern.New(`(?i)db|data_?(base|source)|sql|postgres|pg_?pass|mongo|redis|valkey|broker|rabbit|amqp`)

// opensDatabase tells that a plain word is the password of a database of the project. What is to be said of it, and how
// much it matters, is said at the database.
func (p *Pass) opensDatabase(text string) bool {
	return guessable().MatchString(text) && slices.ContainsFunc(p.Project.Services(), func(s compose.Service) bool {
		return slices.ContainsFunc(s.Get("environment").Settings(), func(f compose.Field) bool {
			return f.Value.Str() == text && len(pairsWith(s, f.Key)) > 0
		})
	})
}
