package cli_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// reported returns the files of the findings, in the order of the report.
func reported(stdout string) []string {
	var files []string
	for _, match := range regexp.MustCompile(`(?m)^(\S+):\d+:\d+: \w+: `).FindAllStringSubmatch(stdout, -1) {
		files = append(files, match[1])
	}
	return files
}

func TestTargets(t *testing.T) {
	all := map[string]string{
		"both/compose.yml": old, "both/docker-compose.yml": old,
		"over/compose.yaml": old, "over/compose.override.yml": privileged, "over/docker-compose.yml": old,
		"deep/a/docker-compose.prod.yml": old, "deep/a/values.yaml": old, "deep/b/my_compose.yaml": old,
		"deep/node_modules/x/compose.yaml": old, "deep/x/.git/compose.yaml": old, "deep/composer.yaml": old,
		"deep/c/compose.yaml": old, "deep/c/compose.override.yaml": privileged,
		"base.yaml": old, "more.yaml": "services:\n  web:\n    privileged: true\n", "z/compose.yaml": old,
	}
	tests := []struct {
		name string
		args string
		want string
	}{
		{"a file", "base.yaml", "base.yaml"},
		{"a directory: the first of the default names", "both", "both/compose.yml"},
		{"a directory with an override", "over", "over/compose.yaml over/compose.override.yml"},
		{"a default file takes its override along", "over/compose.yaml", "over/compose.yaml over/compose.override.yml"},
		{"one that docker compose would not find does not", "over/docker-compose.yml", "over/docker-compose.yml"},
		{"--no-override", "--no-override over", "over/compose.yaml"},
		{"an override beside its base", "over/compose.override.yml over/compose.yaml",
			"over/compose.yaml over/compose.override.yml"},
		{"an override alone", "over/compose.override.yml", "over/compose.override.yml"},
		{"both without --override", "--no-override over/compose.override.yml over/compose.yaml",
			"over/compose.override.yml over/compose.yaml"},
		{"named twice", "base.yaml ./base.yaml both both/compose.yml", "base.yaml both/compose.yml"},
		{"in the order of the arguments", "z base.yaml both", "z/compose.yaml base.yaml both/compose.yml"},
		{"merged files", "-f base.yaml -f more.yaml", "base.yaml more.yaml"},
		{"merged files and a path", "-f base.yaml -f more.yaml z", "base.yaml more.yaml z/compose.yaml"},
		{"below a directory", "-r deep", "deep/a/docker-compose.prod.yml deep/b/my_compose.yaml deep/c/compose.yaml " +
			"deep/c/compose.override.yaml deep/node_modules/x/compose.yaml"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inDirectory(t, all)
			r := run(t, "", append(strings.Fields(test.args), "--no-fixes")...)
			if got := reported(r.stdout); !slices.Equal(got, strings.Fields(test.want)) {
				t.Errorf("findings in %q, want %q\n%s%s", got, test.want, r.stdout, r.stderr)
			}
		})
	}
}

func TestNoTarget(t *testing.T) {
	inDirectory(t, map[string]string{"empty/readme.txt": "x", "empty/fifo.yaml": ""})
	run(t, "", "empty").check(t, 2, "", "empty: no compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml in this directory")
	run(t, "", "-r", "empty").check(t, 2, "", "empty: no Compose file in this directory or below it")
	run(t, "", "-f", "empty").check(t, 2, "", "empty: it cannot be read: it is a directory")
	run(t, "", os.DevNull).check(t, 2, "", os.DevNull+": it is not a regular file")
}

func TestLargeFile(t *testing.T) {
	inDirectory(t, map[string]string{"compose.yaml": clean, "huge.yaml": ""})
	write(t, "large.yaml", clean+strings.Repeat("# nothing\n", 200_000))
	run(t, "", "large.yaml").check(t, 0, "No findings", "")
	if err := os.Truncate("huge.yaml", 17<<20); err != nil {
		t.Fatal(err)
	}
	run(t, "", "huge.yaml").check(t, 2, "", "huge.yaml: it is larger than 16 MiB")
	run(t, strings.Repeat("#", 17<<20), "-").check(t, 2, "", "-: it is larger than 16 MiB")
}
