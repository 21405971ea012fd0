package glob_test

import (
	"strings"
	"testing"
	"time"

	"composelint/internal/glob"
)

func TestMatch(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"compose.yaml", "compose.yaml", true},
		{"compose.yaml", "compose-yaml", false},
		{"compose.yaml", "a/compose.yaml", false},
		{"*.yaml", "compose.yaml", true},
		{"*.yaml", "a/compose.yaml", false},
		{"**/*.yaml", "compose.yaml", true},
		{"**/*.yaml", "a/b/compose.yaml", true},
		{"**/x.yaml", "ax.yaml", false},
		{"deploy/**", "deploy/a/b", true},
		{"deploy/", "deploy/a/b", true},
		{"deploy/", "deployed/a", false},
		{"a/**/b", "a/b", true},
		{"a/**/b", "a/x/y/b", true},
		{"web-?", "web-1", true},
		{"web-?", "web-12", false},
		{"[a]", "[a]", true},
		{"[a]", "a", false},
		{"käse*", "käsebrot", true},
		{"**", "a\nb/c", true},
	}
	for _, tt := range tests {
		p, err := glob.Compile(tt.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Match(tt.name); got != tt.want {
			t.Errorf("%q matches %q: %v", tt.pattern, tt.name, got)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	for _, pattern := range []string{"", "\xff"} {
		if _, err := glob.Compile(pattern); err == nil {
			t.Errorf("%q was taken for a pattern", pattern)
		}
	}
}

func TestLinearTime(t *testing.T) {
	p, err := glob.Compile(strings.Repeat("*a", 50) + "b")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if p.Match(strings.Repeat("a", 100_000)) {
		t.Error("it matches")
	}
	if spent := time.Since(start); spent > 30*time.Second {
		t.Errorf("it took %v", spent)
	}
}
