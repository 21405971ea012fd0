package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
)

var secretInCommand = &Rule{
	Name:     "secret-in-command",
	Severity: High,
	Tier:     Default,
	Summary:  "A password, token or key is written into a command line.",
	Why: `Command lines are seen by every process of the host, by everything that may list containers, and in error
messages. In the file, everybody who can read the repository has the secret, too.`,
	Bad: `services:
  cache:
    image: redis:7.4.1
    command: redis-server --requirepass 9fQ2mX7LrT0vB4kZ
`,
	Good: `services:
  cache:
    image: redis:7.4.1
    command: redis-server --requirepass ${REDIS_PASSWORD:?}
`,
	References: []Reference{
		{"CWE-214: Invocation of Process Using Visible Sensitive Information, CWE 4.16",
			"https://cwe.mitre.org/data/definitions/214.html"},
	},
	Limits: "Secrets are recognised by the name of the option or variable before them, for mysql, mongosh, redis-cli " +
		"and curl by their short options, and tokens of well-known services by their form. Scripts that the command starts are not read.",
	Check: checkSecretCommands,
}

// secretOption matches an option with its value, --password=value, --requirepass value or -Dpassword=value;
// secretVariable a variable that is set for one command, PGPASSWORD=value.
var (
	secretOption   = pattern.New(`(?:^|[\s"'])(?:-D|--?)([A-Za-z][\w.-]*)[=\s]["']?([A-Za-z0-9][^\s"'$;&|(){}]*)`)
	secretVariable = pattern.New(`(?:^|[\s"'])([A-Za-z_]\w*)=["']?([A-Za-z0-9][^\s"'$;&|(){}]*)`)
)

// clientPassword is an option of one letter with which a program is told a password.
type clientPassword struct {
	option string
	// shape matches the program with the option, and the password as group 1.
	shape pattern.Pattern
}

var clientPasswords = []clientPassword{
	// The value is written right behind the option.
	{"-p", pattern.New(`\b(?:mysql|mariadb)[a-z-]*\s(?:[^;&|]*\s)?-p["']?([A-Za-z0-9][^\s"'$;&|(){}]*)`)},
	{"-p", pattern.New(`\bmongo(?:sh|dump|restore)?\s(?:[^;&|]*\s)?-p\s+["']?([A-Za-z0-9][^\s"'$;&|(){}]*)`)},
	{"-a", pattern.New(`\b(?:redis|valkey|keydb)-cli\s(?:[^;&|]*\s)?-a\s+["']?([A-Za-z0-9][^\s"'$;&|(){}]*)`)},
	{"-u", pattern.New(`\bcurl\s(?:[^;&|]*\s)?-u\s*["']?[^\s:"'$]+:([A-Za-z0-9][^\s"'$;&|(){}]*)`)},
}

// secretOptionNames are names of options that hold a password and do not look like it.
var secretOptionNames = []string{"requirepass", "masterauth", "PGPASSWORD", "REDISCLI_AUTH"}

func checkSecretCommands(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		eachCommand(s, func(command *compose.Value, path ...string) {
			if what, _ := secretInCommandLine(command); what != "" {
				found(command, path...)
			}
		})
	}, func(c Cause) Finding {
		what, secret := secretInCommandLine(c.Value())
		f := Finding{
			Message: fmt.Sprintf("%s is on a command line of %s: every process of the host can read it",
				what, names(c.Services())),
			Evidence: what,
		}
		f.weighText(c, secret)
		return f
	})
}

// mayNameSecret is a quick look that spares nearly all commands the patterns: the names of secrets hold one of these.
func mayNameSecret(command string) bool {
	return knowledge.MayNameSecret(command) || strings.Contains(strings.ToLower(command), "auth")
}

// secretInCommandLine returns what a command gives away, and its text where that is a password; empty where it gives
// nothing away.
func secretInCommandLine(command *compose.Value) (what, secret string) {
	return secretInLine(commandText(command))
}

// secretInLine does the same for the text of a command or of a part of it.
func secretInLine(text string) (what, secret string) {
	if what := tokenIn(text); what != "" {
		return what, ""
	}
	for _, client := range clientPasswords {
		m := matchIf(strings.Contains(text, client.option), client.shape, text)
		if m != nil && !isPlaceholder(m[1]) {
			return "the value of " + client.option, m[1]
		}
	}
	if !mayNameSecret(text) {
		return "", ""
	}
	for _, shape := range []pattern.Pattern{secretOption, secretVariable} {
		for _, m := range shape().FindAllStringSubmatch(text, -1) {
			name, value := m[1], m[2]
			isSecret := slices.Contains(secretOptionNames, name) || knowledge.NamesSecret(name)
			if isSecret && !isPlaceholder(value) && value != "airflow" {
				return "the value of " + name, value
			}
		}
	}
	return "", ""
}
