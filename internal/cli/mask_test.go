package cli

import (
	"strings"
	"testing"

	"composelint/internal/source"
)

func TestMasked(t *testing.T) {
	tests := []struct{ name, line, want string }{
		{"a mapping", "  POSTGRES_PASSWORD: hunter2", "  POSTGRES_PASSWORD: ****"},
		{"in quotes", `  API_KEY: "a b" # why`, `  API_KEY: "****" # why`},
		{"in single quotes, without their end", "  API_KEY: 'a b", "  API_KEY: '****"},
		{"a comment stays", "  db_pass: x # y", "  db_pass: **** # y"},
		{"a list", "  - AUTH_TOKEN=a b", "  - AUTH_TOKEN=****"},
		{"a list in quotes", `  - "AUTH_TOKEN=a b" # x`, `  - "AUTH_TOKEN=****" # x`},
		{"in flow style", "{SECRET: a, OTHER: b}", "{SECRET: ****, OTHER: b}"},
		{"two in flow style", `{SECRET: "a, b", MY_SECRET: c}`, `{SECRET: "****", MY_SECRET: ****}`},
		{"on a command line", "command: app --db-password=x --user=y", "command: app --db-password=**** --user=y"},
		{"behind an option", "command: app --password hunter2 -v", "command: app --password **** -v"},
		{"as an item behind an option", `command: ["app", "--password", "hunter2"]`, `command: ["app", "--password", "****"]`},
		{"in a URL", "DB: postgres://me:hunter2@db:5432/x", "DB: postgres://me:****@db:5432/x"},
		{"in a URL without user", "REDIS: redis://:hunter2@redis:6379", "REDIS: redis://:****@redis:6379"},
		{"a default", "PASSWORD: ${PASSWORD:-hunter2}", "PASSWORD: ****"},
		{"a default elsewhere", "URL: http://x/${APP_TOKEN:-hunter2}/y", "URL: http://x/${APP_TOKEN:-****}/y"},
		{"a reference says nothing", "PASSWORD: ${PASSWORD}", "PASSWORD: ${PASSWORD}"},
		{"a required reference", "PASSWORD: ${PASSWORD:?set it}", "PASSWORD: ${PASSWORD:?set it}"},
		{"a reference in a URL", "DB: postgres://me:${PASSWORD}@db", "DB: postgres://me:${PASSWORD}@db"},
		{"an alias", "PASSWORD: *password", "PASSWORD: *password"},
		{"a file with the secret", "POSTGRES_PASSWORD_FILE: /run/secrets/db", "POSTGRES_PASSWORD_FILE: /run/secrets/db"},
		{"a section", "secrets: [db]", "secrets: [db]"},
		{"no value", "  TOKEN:", "  TOKEN:"},
		{"a password of a few letters", "  MYSQLPASS: a", "  MYSQLPASS: ****"},
		{"an abbreviation", "{ADMIN_PW: a, GITHUB_PAT: b, AUTH_SALT: c}", "{ADMIN_PW: ****, GITHUB_PAT: ****, AUTH_SALT: ****}"},
		{"an abbreviation within a word", "  PATH: /usr/bin", "  PATH: /usr/bin"},
		{"behind an option of one word", "command: redis-server --requirepass hunter2", "command: redis-server --requirepass ****"},
		{"in a header", `H: "Authorization: Bearer abc.def"`, `H: "Authorization: Bearer ****"`},
		{"words without a break", "  MINIO_ACCESSKEY: hunter2", "  MINIO_ACCESSKEY: ****"},
		{"words in capitals", "{privateKey: hunter2, monkeyKey: a}", "{privateKey: ****, monkeyKey: a}"},
		{"a word that is no credential", "  monkey: a", "  monkey: a"},
		{"a port", "  - http://web:8080/", "  - http://web:8080/"},
		{"nothing", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, _ := masked(test.line, source.Span{}); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestMaskedMovesTheRange(t *testing.T) {
	tests := []struct{ name, line, marked, want string }{
		{"before the secret", "web: {TOKEN: abcdef}", "web", "web"},
		{"behind the secret", "{TOKEN: abcdefgh, privileged: true}", "true", "true"},
		{"the secret", "TOKEN: abcdef", "abcdef", "****"},
		{"a part of the secret", "TOKEN: abcdef", "cde", ""},
		{"around the secret", "a {TOKEN: abcdef} b", "{TOKEN: abcdef}", "{TOKEN: ****}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			start := strings.Index(test.line, test.marked)
			line, span := masked(test.line, source.Span{Start: start, End: start + len(test.marked)})
			if got := line[span.Start:span.End]; got != test.want {
				t.Errorf("%q is marked in %q, want %q", got, line, test.want)
			}
		})
	}
}

func TestMaskedProse(t *testing.T) {
	tests := []struct{ text, want string }{
		{"the key: it is there twice", "the key: it is there twice"},
		{"web uses redis://:hunter2@redis", "web uses redis://:****@redis"},
		{"set DB_PASSWORD=hunter2 elsewhere", "set DB_PASSWORD=**** elsewhere"},
	}
	for _, test := range tests {
		if got := maskedProse(test.text); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}
