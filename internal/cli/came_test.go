package cli_test

import (
	"strings"
	"testing"
)

func TestCame(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"merged by one service", map[string]string{
			"compose.yaml": "x-common: &c\n  privileged: true\nservices:\n  web:\n    <<: *c\n    image: a:1\n",
		}, "set in x-common (line 1), merged by web\n"},
		{"merged by several, by way of another anchor", map[string]string{
			"compose.yaml": "x-a: &a\n  privileged: true\nx-b: &b\n  <<: *a\nservices:\n  web:\n    <<: *b\n    image: a:1\n" +
				"  db:\n    <<: *b\n    image: a:1\n",
		}, "set in x-a (line 1), merged into x-b (line 3), merged by 2 services\n"},
		{"used through an alias", map[string]string{
			"compose.yaml": "x-a: &a {image: a:1, privileged: true}\nservices:\n  web: *a\n",
		}, "set in x-a (line 1), used by web\n"},
		{"extended from another file", map[string]string{
			"base.yaml":    "services:\n  base:\n    privileged: true\n",
			"compose.yaml": "services:\n  web:\n    image: a:1\n    extends: {file: base.yaml, service: base}\n",
		}, "set in services.base (line 2), extended by web\n"},
		{"extended from another file, by way of a service there", map[string]string{
			"base.yaml":    "services:\n  base:\n    privileged: true\n  more:\n    extends: base\n",
			"compose.yaml": "services:\n  web:\n    image: a:1\n    extends: {file: base.yaml, service: more}\n",
		}, "set in services.base (line 2), extended into services.more (line 4), extended by web\n"},
		{"included", map[string]string{
			"part.yaml":    "services:\n  web:\n    image: a:1\n    privileged: true\n",
			"compose.yaml": "include: [part.yaml]\n",
		}, "set in services.web (line 2), included by compose.yaml (line 1)\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inDirectory(t, test.files)
			run(t, "", "--no-fixes").check(t, 1, test.want, "")
		})
	}
}

func TestSecretOfSeveralLinesIsMasked(t *testing.T) {
	inDirectory(t, map[string]string{"compose.yaml": "version: &v 3\nservices:\n  web:\n    image: a:1\n" +
		"    environment:\n      PRIVATE_KEY: |\n        line one\n        ${UNSET} line two\n"})
	r := runWith(t, t.Context(), "", nil, "--no-fixes", "--strictness=pedantic")
	for _, secret := range []string{"line one", "line two"} {
		if strings.Contains(r.stdout, secret) {
			t.Errorf("%q is shown:\n%s", secret, r.stdout)
		}
	}
}
