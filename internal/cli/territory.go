package cli

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// territory knows which files belong to the user of this run: what lies in the working directory, in the directory of
// a project that was named, or in the repository around one of them. A Compose file may name any file of the machine;
// one that lies elsewhere is read as Compose would read it, but never quoted and never changed.
type territory struct {
	current string // the working directory
	base    string // the real path of the working directory

	mu           sync.Mutex
	real         map[string]string // by path, the path behind all symbolic links
	repositories map[string]string // by real directory
}

// maxRemembered bounds how many paths are remembered of each kind, so that a run over very many files stays small.
const maxRemembered = 1000

func newTerritory() (*territory, error) {
	current, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	t := &territory{current: current, real: map[string]string{}, repositories: map[string]string{}}
	t.base = t.realPath(".")
	return t, nil
}

// absolute returns the absolute path of a file. Asking the system for the working directory each time would take
// longer than all the rest.
func (t *territory) absolute(path string) string {
	if path == standardInput || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(t.current, path)
}

// owns reports whether a file lies in the working directory, the directory of a project, or the repository around one
// of them, wherever symbolic links lead.
func (t *territory) owns(dir, path string) bool {
	if path == standardInput {
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	real := t.realPath(path)
	return within(t.root("."), real) || within(t.root(dir), real)
}

// realPathOf returns the path behind all symbolic links: the identity of a file.
func (t *territory) realPathOf(path string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.realPath(path)
}

// realPath asks the file system once for each directory on the way.
func (t *territory) realPath(path string) string {
	if path == standardInput {
		return path
	}
	if known, ok := t.real[path]; ok {
		return known
	}
	real := t.absolute(path)
	if parent := filepath.Dir(real); parent != real {
		real = filepath.Join(t.realPath(parent), filepath.Base(real))
	}
	if info, err := os.Lstat(real); err == nil && info.Mode()&os.ModeSymlink != 0 {
		if resolved, err := filepath.EvalSymlinks(real); err == nil {
			real = resolved
		}
	}
	if len(t.real) >= maxRemembered {
		clear(t.real) // what is still needed comes back soon
	}
	t.real[path] = real
	return real
}

// root returns the repository that holds a directory, or the directory itself.
func (t *territory) root(dir string) string {
	real := t.realPath(dir)
	if repository := t.repository(real); repository != "" {
		return repository
	}
	return real
}

// repositoryOf returns the repository around a directory, of which the real path is given, or "".
func (t *territory) repositoryOf(real string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.repository(real)
}

// repository returns the nearest directory upwards that holds a Git repository, or "".
func (t *territory) repository(dir string) string {
	if known, ok := t.repositories[dir]; ok {
		return known
	}
	var repository string
	if _, err := os.Lstat(filepath.Join(dir, gitDirectory)); err == nil {
		repository = dir
	} else if parent := filepath.Dir(dir); parent != dir {
		repository = t.repository(parent)
	}
	if len(t.repositories) >= maxRemembered {
		clear(t.repositories)
	}
	t.repositories[dir] = repository
	return repository
}

// configurable returns the real path of a directory, and that of the highest directory whose configuration file
// counts for it: the root of its repository. Without one it is the working directory, where that is above, or else
// the directory itself: further up, in /tmp for example, anybody might have put a file.
func (t *territory) configurable(dir string) (from, limit string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	from = t.realPath(dir)
	switch repository := t.repository(from); {
	case repository != "":
		return from, repository
	case within(t.base, from):
		return from, t.base
	default:
		return from, from
	}
}

// relativeTo returns a function that gives the paths of files relative to a directory, with slashes, as patterns
// match them. What has no such path keeps its own.
func (t *territory) relativeTo(dir string) func(path string) string {
	base := t.realPathOf(dir)
	return func(path string) string {
		relative, err := filepath.Rel(base, t.realPathOf(path))
		if path == standardInput || err != nil {
			relative = path
		}
		return filepath.ToSlash(relative)
	}
}

// shownName returns the name that messages give to a file: relative to the working directory, if it lies there.
func (t *territory) shownName(path string) string {
	if relative, err := filepath.Rel(t.base, t.absolute(path)); err == nil && filepath.IsLocal(relative) {
		return relative
	}
	return path
}

// diffName returns the name that a file has in a diff: relative to the working directory, so that "git apply" finds
// it from there. What lies elsewhere is named from the root of the file system, for "patch -p1 -d /".
func (t *territory) diffName(path string) string {
	real := t.realPathOf(path)
	if within(t.base, real) {
		real = strings.TrimPrefix(strings.TrimPrefix(real, t.base), string(filepath.Separator))
	}
	return strings.TrimPrefix(filepath.ToSlash(real), "/")
}

func within(root, path string) bool {
	return path == root || strings.HasPrefix(path, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator))
}
