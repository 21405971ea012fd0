package rules

import (
	"path/filepath"
	"slices"

	"composelint/internal/gitignore"
)

// surroundings are what lies around a project: the files in its directory, and what git ignores there.
type surroundings struct {
	settings *Settings
	// dir is the project's directory as it is shown, and absDir the same as an absolute path.
	dir, absDir string
	listed      map[string][]string
}

// surroundings returns what lies around the project. What was looked at once is not looked at again.
func (p *Pass) surroundings() *surroundings {
	if p.Facts.around == nil {
		p.Facts.around = &surroundings{
			settings: p.Settings, dir: p.Project.Dir, absDir: p.Project.AbsDir, listed: map[string][]string{},
		}
	}
	return p.Facts.around
}

// names returns the names in a directory; none where it is not there or nothing may be looked at.
func (s *surroundings) names(dir string) []string {
	if s.settings.ListDir == nil {
		return nil
	}
	if names, ok := s.listed[dir]; ok {
		return names
	}
	names, err := s.settings.ListDir(dir)
	if err != nil {
		names = nil
	}
	s.listed[dir] = names
	return names
}

// has reports whether a file or directory is there.
func (s *surroundings) has(path string) bool {
	path = filepath.Clean(path)
	return path == filepath.Clean(s.dir) || slices.Contains(s.names(filepath.Dir(path)), filepath.Base(path))
}

// visible reports whether it can be told what is there: the directory of the project has at least the project's file.
func (s *surroundings) visible() bool { return len(s.names(s.dir)) > 0 }

// maxParents is how far above the project a repository may begin.
const maxParents = 16

// ignored reports whether git ignores a file below the project's directory, by the .gitignore files there and above
// it.
func (s *surroundings) ignored(path string) bool {
	rel, err := filepath.Rel(s.dir, path)
	if err != nil || !filepath.IsLocal(rel) {
		return false
	}
	rel = filepath.ToSlash(rel)
	dir, up := s.dir, s.absDir
	for range maxParents {
		if s.ignores(dir, rel) {
			return true
		}
		if slices.Contains(s.names(dir), ".git") || up == filepath.Dir(up) {
			break
		}
		rel = filepath.Base(up) + "/" + rel
		dir, up = filepath.Join(dir, ".."), filepath.Dir(up)
	}
	return false
}

// ignores reports whether the .gitignore in a directory covers a path, which is relative to it.
func (s *surroundings) ignores(dir, path string) bool {
	if s.settings.ReadFile == nil || !slices.Contains(s.names(dir), ".gitignore") {
		return false
	}
	data, err := s.settings.ReadFile(filepath.Join(dir, ".gitignore"))
	if err != nil {
		return false
	}
	const isDirectory = true // it is not there, so it may be meant to be one
	return gitignore.Parse(data).MatchBelow(path, isDirectory) == gitignore.Ignored
}
