package rules

import (
	"io/fs"
	"path"
	"slices"
	"testing"
)

// pretend returns surroundings with some files, by their names from the root of a repository, as seen from a
// directory.
func pretend(dir string, files map[string]string) *surroundings {
	return &surroundings{
		dir: dir, absDir: path.Join("/repository", dir), listed: map[string][]string{},
		settings: &Settings{
			ReadFile: func(name string) ([]byte, error) {
				if text, ok := files[name]; ok {
					return []byte(text), nil
				}
				return nil, fs.ErrNotExist
			},
			ListDir: func(dir string) ([]string, error) {
				var names []string
				for name := range files {
					for ; name != "."; name = path.Dir(name) {
						if path.Dir(name) == dir && !slices.Contains(names, path.Base(name)) {
							names = append(names, path.Base(name))
						}
					}
				}
				return names, nil
			},
		},
	}
}

func TestIgnored(t *testing.T) {
	tests := []struct {
		what, ignore, path string
		want               bool
	}{
		{"a name", "secret.txt\n", "secret.txt", true},
		{"a name at any depth", "secret.txt\n", "a/b/secret.txt", true},
		{"a part of a name", "secret\n", "secret.txt", false},
		{"an anchored name", "/secret.txt\n", "secret.txt", true},
		{"an anchored name below", "/secret.txt\n", "a/secret.txt", false},
		{"a wildcard", "*.key\n", "keys/tls.key", true},
		{"a directory", "keys/\n", "keys/tls.key", true},
		{"a path", "keys/*.key\n", "keys/tls.key", true},
		{"a path is anchored", "keys/*.key\n", "a/keys/tls.key", false},
		{"two stars", "**/keys/*.key\n", "a/keys/tls.key", true},
		{"an exception", "*.key\n!public.key\n", "public.key", false},
		{"an exception that is taken back", "!a.key\n*.key\n", "a.key", true},
		{"comments and blank lines", "# a.key\n\n  \n", "a.key", false},
		{"CRLF line breaks", "*.key\r\n", "a.key", true},
		{"outside of the directory", "*\n", "../a.key", false},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			s := pretend(".", map[string]string{".gitignore": tt.ignore, ".git/config": ""})
			if got := s.ignored(tt.path); got != tt.want {
				t.Errorf("ignored: %v, want %v", got, tt.want)
			}
		})
	}
}

func TestIgnoredFromAbove(t *testing.T) {
	files := map[string]string{".gitignore": "/stacks/web/local.env\n", ".git/config": "", "stacks/web/compose.yaml": ""}
	s := pretend("stacks/web", files)
	s.settings.ListDir = func(dir string) ([]string, error) {
		return map[string][]string{
			"stacks/web": {"compose.yaml"}, "stacks": {"web"}, ".": {".gitignore", ".git", "stacks"},
		}[path.Clean(dir)], nil
	}
	if !s.ignored("stacks/web/local.env") || s.ignored("stacks/web/other.env") {
		t.Error("a .gitignore above the project is not followed")
	}
}

func TestHas(t *testing.T) {
	s := pretend(".", map[string]string{"a/b.txt": ""})
	for name, want := range map[string]bool{".": true, "a": true, "a/b.txt": true, "./a/b.txt": true, "b.txt": false, "c/d": false} {
		if got := s.has(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
