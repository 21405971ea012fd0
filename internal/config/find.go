package config

import "path/filepath"

// Names are the names of the configuration file, the usual one first.
func Names() []string { return []string{".composelint.yaml", ".composelint.yml"} }

// Find returns the configuration file that counts for a directory, given by its absolute path: the nearest one, in the
// directory or above it. What lies above the root of a git repository does not count. exists tells whether there is a
// file or directory at a path.
func Find(directory string, exists func(path string) bool) (path string, ok bool) {
	for {
		for _, name := range Names() {
			if path := filepath.Join(directory, name); exists(path) {
				return path, true
			}
		}
		parent := filepath.Dir(directory)
		if parent == directory || exists(filepath.Join(directory, ".git")) {
			return "", false
		}
		directory = parent
	}
}
