package knowledge

import (
	"slices"
	"testing"
)

func TestFileVariable(t *testing.T) {
	tests := []struct{ image, variable, want string }{
		{"postgres:17.2", "POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE"},
		{"docker.io/library/postgres", "POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE"},
		{"grafana/grafana:11.4.0", "GF_SECURITY_ADMIN_PASSWORD", "GF_SECURITY_ADMIN_PASSWORD__FILE"},
		{"postgres:17.2", "PGPASSWORD", ""},
		{"example/app", "POSTGRES_PASSWORD", ""},
		{"minio/minio", "MINIO_ROOT_PASSWORD", ""}, // the file is read only where the user's name is in one, too
	}
	for _, test := range tests {
		recipe, _ := RecipeFor(ParseImage(test.image))
		if got := recipe.FileVariable(test.variable); got != test.want {
			t.Errorf("%s of %s: got %q, want %q", test.variable, test.image, got, test.want)
		}
	}
}

// TestRecipes keeps the recipes usable: a health check starts with how it is run, and what is said about a server names
// it.
func TestRecipes(t *testing.T) {
	for _, r := range recipeTable {
		if len(r.Health) > 0 && !slices.Contains([]string{"CMD", "CMD-SHELL"}, r.Health[0]) {
			t.Errorf("%s: health check %q", r.Images[0], r.Health)
		}
		if (len(r.Health) > 0 || r.ReadOnly) && r.Program == "" {
			t.Errorf("%s: no program", r.Images[0])
		}
		if len(r.Tmpfs) > 0 && !r.ReadOnly {
			t.Errorf("%s: tmpfs without read_only", r.Images[0])
		}
	}
}
