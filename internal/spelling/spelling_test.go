package spelling

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	words := []string{"privileged-container", "obsolete-version", "reason", "rules"}
	tests := []struct{ what, text, want string }{
		{"a letter is missing", "priviledged-container", "privileged-container"},
		{"two letters are swapped", "raeson", "reason"},
		{"one letter is another", "rulez", "rules"},
		{"plural", "obsolete-versions", "obsolete-version"},
		{"a part of it", "privileged", "privileged-container"},
		{"a part that is too short", "ver", ""},
		{"nothing is near", "banana", ""},
		{"nothing is there", "", ""},
		{"longer than any word", strings.Repeat("rules", 20), ""},
		{"exactly one of them", "rules", "rules"},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			if got := Nearest(tt.text, words); got != tt.want {
				t.Errorf("Nearest(%q) is %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestEditDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "ab", 1}, {"abc", "xabc", 1}, {"abc", "xyz", 3}, {"a", "abcdef", 5},
		{"ports", "ports", 0}, {"prots", "ports", 1}, {"port", "ports", 1}, {"enviroment", "environment", 1},
		{"containerName", "container_name", 2}, {"kitten", "sitting", 3}, {"", "abc", 3}, {"abc", "", 3},
		{"abcdefghij", "k", 5}, {strings.Repeat("a", longest), strings.Repeat("a", longest), 5}}
	for _, tt := range tests {
		if got := editDistance(tt.a, tt.b, 5); got != tt.want {
			t.Errorf("editDistance(%q, %q) is %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if editDistance(tt.a, tt.b, 5) != editDistance(tt.b, tt.a, 5) {
			t.Errorf("the distance between %q and %q depends on the order", tt.a, tt.b)
		}
	}
}
