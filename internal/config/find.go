package config

import "path/filepath"

// Names are the names of the configuration file, the usual one first.
func Names() []string { return []string{".composelint.yaml", ".composelint.yml"} }

// Find returns the configuration file that counts for a directory: the nearest one, in the directory or above it.
// What lies above the limit does not count, so that nobody else's file does. Both are absolute paths, and the limit
// is the directory or one above it. exists tells whether there is something at a path.
func Find(directory, limit string, exists func(path string) bool) (path string, ok bool) {
	for {
		for _, name := range Names() {
			if path := filepath.Join(directory, name); exists(path) {
				return path, true
			}
		}
		parent := filepath.Dir(directory)
		if directory == limit || parent == directory {
			return "", false
		}
		directory = parent
	}
}
