package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTablesAreCurrent makes sure that "go generate" was run after the last change of the data.
func TestTablesAreCurrent(t *testing.T) {
	files, err := generate("../data")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what data/ says: run go generate ./internal/knowledge", name)
		}
	}
	committed, err := filepath.Glob("../data_*.go")
	if err != nil || len(committed) != len(files) {
		t.Errorf("%d tables are written, %d are there (%v)", len(files), len(committed), err)
	}
}

func TestGenerateRefuses(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"unknown key", "tags.yaml", "words:\n  - word: a\n    knd: channel\n", "knd"},
		{"two documents", "tags.yaml", "words: []\n---\nwords: []\n", "more than one document"},
		{"wrong type", "ports.yaml", "ports:\n  - port: many\n", "ports.yaml"},
		{"missing file", "users.yaml", "", "users.yaml"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS("../data")); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, test.file)
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if test.text != "" {
				if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := generate(dir); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one about %q", err, test.want)
			}
		})
	}
}
