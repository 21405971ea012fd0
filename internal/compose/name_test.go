package compose

import (
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
)

func TestNormalizeProjectName(t *testing.T) {
	for _, name := range []string{"", "web", "My App", "_-x_-", "ÄÖ.1", "a.b/c", "\u212aelvin", "--", "日本"} {
		if got, want := normalizeProjectName(name), loader.NormalizeProjectName(name); got != want {
			t.Errorf("normalizeProjectName(%q) = %q, compose-go says %q", name, got, want)
		}
	}
}
