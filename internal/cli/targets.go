package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"composelint/internal/report"
)

const (
	// standardInput is the path that stands for it.
	standardInput = "-"
	// fileNamedDash is the path of a file with that name.
	fileNamedDash = "./-"
)

// The names that docker compose looks for where no file is named, in its order.
// Source: compose-go v2.16.2, cli/options.go, DefaultFileNames and DefaultOverrideFileNames.
var (
	defaultNames  = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}
	overrideNames = []string{
		"compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
	}
)

// target is one project to lint.
type target struct {
	files     []string   // in the order of merging
	decisions *decisions // what counts for it; see chooser
}

// dir is the project directory, as it is shown.
func (t target) dir() string { return filepath.Dir(t.files[0]) }

// finder turns the paths of the command line into projects.
type finder struct {
	recursive, noOverride, noGitignore bool
	territory                          *territory

	targets  []target
	failures []report.Failure
	// passedOver tells that something was left out because git ignores it.
	passedOver bool
}

// find returns the projects that are meant: the files that are to be merged, and one for each path.
func (f *finder) find(merged, paths []string) ([]target, []report.Failure) {
	if len(merged) > 0 {
		f.targets = append(f.targets, target{files: cleaned(merged)})
	}
	for _, path := range cleaned(paths) {
		f.path(path)
	}
	return f.distinct(), f.failures
}

func cleaned(paths []string) []string {
	clean := make([]string, len(paths))
	for i, path := range paths {
		clean[i] = filepath.Clean(path)
		if clean[i] == standardInput && path != standardInput {
			clean[i] = fileNamedDash
		}
	}
	return clean
}

func (f *finder) fail(path, message string) {
	f.failures = append(f.failures, report.Failure{File: path, Message: message})
}

func (f *finder) path(path string) {
	if path == standardInput {
		f.targets = append(f.targets, target{files: []string{path}})
		return
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		f.fail(path, notRead(cause(err)))
	case !info.IsDir():
		f.file(path)
	case f.recursive:
		f.walk(path)
	default:
		f.directory(path)
	}
}

// file adds a file. One that docker compose would find by itself takes its override file along.
func (f *finder) file(path string) {
	t := target{files: []string{path}}
	dir, rank := filepath.Dir(path), slices.Index(defaultNames, filepath.Base(path))
	if !f.noOverride && rank >= 0 && firstOf(dir, defaultNames[:rank]) == "" {
		if override := firstOf(dir, overrideNames); override != "" {
			t.files = append(t.files, override)
		}
	}
	f.targets = append(f.targets, t)
}

func (f *finder) directory(path string) {
	file := firstOf(path, defaultNames)
	if file == "" {
		if _, err := listDirectory(path); err != nil {
			f.fail(path, notRead(err))
			return
		}
		f.fail(path, "no "+strings.Join(defaultNames, ", ")+" in this directory; name a file, or search below it with --recursive")
		return
	}
	f.file(file)
}

// firstOf returns the first of the names that is in a directory, or "".
func firstOf(dir string, names []string) string {
	for _, name := range names {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path
		}
	}
	return ""
}

// distinct drops a project that is there already, and a file that is part of another project: an override that is
// named beside its base.
func (f *finder) distinct() []target {
	parts, seen := map[string]bool{}, map[string]bool{}
	for _, t := range f.targets {
		for _, file := range t.files[1:] {
			parts[f.territory.absolute(file)] = true
		}
	}
	return slices.DeleteFunc(f.targets, func(t target) bool {
		var key strings.Builder
		for _, file := range t.files {
			key.WriteString(f.territory.absolute(file) + "\x00")
		}
		if seen[key.String()] || len(t.files) == 1 && parts[f.territory.absolute(t.files[0])] {
			return true
		}
		seen[key.String()] = true
		return false
	})
}
