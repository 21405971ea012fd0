package compose

import (
	"maps"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/dotenv"
)

// scope is what a set of files is read with: variables, and the directories that relative paths start from. An
// included project has a scope of its own.
type scope struct {
	env map[string]string
	// modelDir is where relative paths in the model start; for an included project it is relative to the including one.
	modelDir string
	// readDir is the same directory as it is spelled for reading files and for people.
	readDir string
}

func (s *scope) lookup(name string) (string, bool) {
	value, ok := s.env[name]
	return value, ok
}

// read spells a path that a file of the scope names, for reading.
func (s *scope) read(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(s.readDir, path)
}

// parseEnv reads the content of a file of variables. Its values may refer to variables that are known, or that an
// earlier file set.
func parseEnv(data []byte, known, earlier map[string]string) (map[string]string, error) {
	silence()
	return dotenv.UnmarshalBytesWithLookup(data, func(name string) (string, bool) {
		if value, ok := known[name]; ok {
			return value, true
		}
		value, ok := earlier[name]
		return value, ok
	})
}

// envFromFiles reads env files in order, later ones win. A file that is not there is a problem at the origin.
func (r *resolver) envFromFiles(paths []string, known map[string]string, at Origin) map[string]string {
	env := map[string]string{}
	for _, path := range paths {
		data, err := r.readFile(path)
		if err != nil {
			r.report(MissingFile, at, "the env file %s cannot be read: %s", path, err)
			continue
		}
		r.envRead[path] = data
		parsed, err := parseEnv(data, known, env)
		if err != nil {
			r.report(Model, at, "the env file %s is malformed: %s", path, err)
			continue
		}
		maps.Copy(env, parsed)
	}
	return env
}
