package knowledge

import (
	"cmp"
	"slices"
)

// Recipe is what images document about running them more safely.
type Recipe struct {
	Images []string `yaml:"images"`
	// Program is the server that the image starts by itself; the other facts are about that one.
	Program string `yaml:"program"`
	// Health is the test of a health check as it is written in a Compose file; empty if none is known.
	Health []string `yaml:"health"`
	// ReadOnly says that the image runs with a root filesystem that cannot be written, with Tmpfs to write in instead.
	ReadOnly bool     `yaml:"read_only"`
	Tmpfs    []string `yaml:"tmpfs"`
	// UnlessMounted are directories in the container. With a mount at or below one of them, ReadOnly does not hold.
	UnlessMounted []string `yaml:"unless_mounted"`
	// SecretFiles are variables whose value the image reads from a file that is named in another variable: its name is
	// theirs with FileSuffix, which is _FILE where it is empty.
	SecretFiles []string `yaml:"secret_files"`
	FileSuffix  string   `yaml:"file_suffix"`
	Notes       string   `yaml:"notes"`
	Provenance  `yaml:",inline"`
}

// RecipeFor returns what is known about running an image.
func RecipeFor(img Image) (Recipe, bool) {
	for i := range recipeTable {
		if slices.ContainsFunc(recipeTable[i].Images, img.Matches) {
			return recipeTable[i], true
		}
	}
	return Recipe{}, false
}

// FileVariable returns the variable that names the file from which a secret is read; empty if that is not known.
func (r Recipe) FileVariable(variable string) string {
	if !slices.Contains(r.SecretFiles, variable) {
		return ""
	}
	return variable + cmp.Or(r.FileSuffix, "_FILE")
}
