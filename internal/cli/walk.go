package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"composelint/internal/gitignore"
)

const (
	// gitDirectory is the name of the directory in which git keeps a repository, or of a file that says where that is.
	gitDirectory = ".git"
	ignoreFile   = ".gitignore"
)

// walk adds the Compose files in a directory and in those below it, without what git ignores. The directory itself
// was named, and is searched in any case. Directories behind symbolic links are not followed, so that the walk ends
// and stays where it was sent.
func (f *finder) walk(root string) {
	before := len(f.targets)
	real := f.territory.realPathOf(root)
	f.descend(root, real, ignoredAround(f.territory, real))
	switch {
	case len(f.targets) > before:
	case f.passedOver:
		f.fail(root, "no Compose file in this directory or below it, apart from what git ignores; --no-gitignore takes that, too")
	default:
		f.fail(root, "no Compose file in this directory or below it")
	}
}

// descend adds the Compose files in a directory, of which the real path and what is ignored around it are known, and
// in those below it.
func (f *finder) descend(dir, real string, around *ignored) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		f.fail(dir, notRead(cause(err)))
	}
	around = around.in(real, entries)
	for _, entry := range entries {
		name := entry.Name()
		path := filepath.Join(dir, name)
		wanted := entry.IsDir() && name != gitDirectory || !entry.IsDir() && isComposeName(name)
		switch {
		case !wanted:
		case !f.noGitignore && around.has(real, name, entry.IsDir()):
			f.passedOver = true
		case entry.IsDir():
			f.descend(path, filepath.Join(real, name), around)
		case isRegular(path):
			f.file(path)
		}
	}
}

func isRegular(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// isComposeName reports the names that people give to Compose files: a YAML file with the word "compose" in its name,
// as docker-compose.prod.yml, compose-dev.yaml and web_compose.yml have.
func isComposeName(name string) bool {
	name = strings.ToLower(name)
	extension := filepath.Ext(name)
	if extension != ".yaml" && extension != ".yml" {
		return false
	}
	words := strings.FieldsFunc(strings.TrimSuffix(name, extension), func(r rune) bool {
		return strings.ContainsRune(".-_ ", r)
	})
	return slices.Contains(words, "compose")
}

// ignored is what git ignores in a directory of a repository: the patterns of the directory's own file, and what is
// ignored around it. What only the user's own configuration of git ignores is not part of it, so that a run finds the
// same everywhere. It may be nil, which ignores nothing.
type ignored struct {
	dir      string // the real path
	patterns gitignore.Patterns
	around   *ignored
}

// ignoredAround returns what the repository around a directory ignores, as far as files above the directory say it.
func ignoredAround(t *territory, dir string) *ignored {
	root := t.repositoryOf(dir)
	if root == "" || root == dir {
		return nil
	}
	relative, err := filepath.Rel(root, dir)
	if err != nil {
		return nil
	}
	all, at := excluded(root), root
	for part := range strings.SplitSeq(relative, string(filepath.Separator)) {
		all = &ignored{at, patternsIn(filepath.Join(at, ignoreFile)), all}
		at = filepath.Join(at, part)
	}
	return all
}

// in returns what is ignored in a directory. One that is the root of a repository follows its own files alone.
func (i *ignored) in(dir string, entries []fs.DirEntry) *ignored {
	has := func(name string) bool {
		return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == name })
	}
	if has(gitDirectory) {
		i = excluded(dir)
	}
	if i == nil || !has(ignoreFile) {
		return i
	}
	return &ignored{dir, patternsIn(filepath.Join(dir, ignoreFile)), i}
}

// has reports whether a file or directory is ignored.
func (i *ignored) has(dir, name string, isDirectory bool) bool {
	path := filepath.Join(dir, name)
	for ; i != nil; i = i.around {
		relative, err := filepath.Rel(i.dir, path)
		if err != nil {
			continue
		}
		switch i.patterns.Match(filepath.ToSlash(relative), isDirectory) {
		case gitignore.Ignored:
			return true
		case gitignore.Kept:
			return false
		}
	}
	return false
}

// excluded returns what a repository ignores by a file that is not checked in.
func excluded(root string) *ignored {
	return &ignored{dir: root, patterns: patternsIn(filepath.Join(commonDirectory(root), "info", "exclude"))}
}

// commonDirectory returns the directory of a repository that all its work trees share. In a work tree that was added,
// and in a submodule, .git is a file that names another directory, and that may name the common one.
// Source: https://git-scm.com/docs/gitrepository-layout
func commonDirectory(root string) string {
	dir := filepath.Join(root, gitDirectory)
	if data, err := readFile(dir); err == nil {
		dir = pathFrom(root, strings.TrimPrefix(string(data), "gitdir: "))
	}
	if data, err := readFile(filepath.Join(dir, "commondir")); err == nil {
		dir = pathFrom(dir, string(data))
	}
	return dir
}

// pathFrom returns the path that a line of a file gives, which may be relative to a directory.
func pathFrom(dir, line string) string {
	path := strings.TrimRight(line, "\r\n")
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// patternsIn reads a file of patterns. As in git, one that is a link, or that cannot be read, ignores nothing.
func patternsIn(path string) gitignore.Patterns {
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	data, err := readFile(path)
	if err != nil {
		return nil
	}
	return gitignore.Parse(data)
}
