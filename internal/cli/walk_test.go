package cli_test

import (
	"slices"
	"strings"
	"testing"
)

func TestGitignore(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string // besides a Compose file in each of a, a/b and c
		args  string
		want  string
	}{
		{"a directory", map[string]string{".gitignore": "a/\n"}, "-r .", "c"},
		{"--no-gitignore", map[string]string{".gitignore": "a/\n"}, "-r --no-gitignore .", "a a/b c"},
		{"a file", map[string]string{".gitignore": "/a/compose.yaml\n"}, "-r .", "a/b c"},
		{"a file further down", map[string]string{"a/.gitignore": "/compose.yaml\n"}, "-r .", "a/b c"},
		{"the nearest file decides", map[string]string{".gitignore": "b\n", "a/.gitignore": "!b\n"}, "-r .", "a a/b c"},
		{"nothing is taken back in an ignored directory", map[string]string{".gitignore": "a\n!a/b\n"}, "-r .", "c"},
		{"a file that is not checked in", map[string]string{".git/info/exclude": "b/\n"}, "-r .", "a c"},
		{"it is the weakest", map[string]string{".git/info/exclude": "b/\n", ".gitignore": "!b\n"}, "-r .", "a a/b c"},
		{"a path that is named", map[string]string{".gitignore": "compose.yaml\na/\n"}, "a/compose.yaml a", "a"},
		{"a directory that is named", map[string]string{".gitignore": "a/\n"}, "-r a", "a a/b"},
		{"a file above a directory that is named", map[string]string{".gitignore": "/a/b\n"}, "-r a", "a"},
		{"two directories that are named", map[string]string{"a/.gitignore": "b\n", ".gitignore": "a/\n"}, "-r a c", "a c"},
		{"a repository inside", map[string]string{".gitignore": "compose.yaml\n", "a/.git/HEAD": ""}, "-r .", "a a/b"},
		{"a work tree that was added", map[string]string{
			"a/.git": "gitdir: ../.git/worktrees/a\n", ".git/worktrees/a/commondir": "../..\n", ".git/info/exclude": "b\n",
		}, "-r a", "a"},
		{"a submodule", map[string]string{
			"a/.git": "gitdir: ../.git/modules/a\n", ".git/modules/a/info/exclude": "b\n",
		}, "-r .", "a c"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{".git/HEAD": "", "a/compose.yaml": old, "a/b/compose.yaml": old, "c/compose.yaml": old}
			for name, content := range test.files {
				files[name] = content
			}
			inDirectory(t, files)
			r := run(t, "", append(strings.Fields(test.args), "--no-fixes")...)
			var want []string
			for dir := range strings.FieldsSeq(test.want) {
				want = append(want, dir+"/compose.yaml")
			}
			got := reported(r.stdout)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("findings in %q, want %q\n%s", got, want, r.stderr)
			}
		})
	}
}

func TestGitignoreOutsideOfARepository(t *testing.T) {
	inDirectory(t, map[string]string{"a/compose.yaml": old, ".gitignore": "a/\n", "a/.gitignore": "compose.yaml\n"})
	run(t, "", "-r").check(t, 1, "a/compose.yaml:1:1", "")
}

func TestAllIsIgnored(t *testing.T) {
	inDirectory(t, map[string]string{".git/HEAD": "", "a/compose.yaml": old, ".gitignore": "a/\n"})
	run(t, "", "-r").check(t, 2, "", ".: no Compose file in this directory or below it, apart from what git ignores; --no-gitignore")
}
