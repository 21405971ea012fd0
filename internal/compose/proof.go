package compose

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"

	"composelint/internal/source"
)

// ErrNotLoadable is wrapped by the error of Prove for a project that compose-go does not load as it is, so that there
// is nothing to compare with.
var ErrNotLoadable = errors.New("compose-go does not load the project")

// Prove asks compose-go, the judge of what Compose does, whether other contents of some of a project's files change the
// effective model exactly as declared. contents holds them by the names of p.Files.
func Prove(options Options, p *Project, contents map[string][]byte, declared []Change) error {
	if slices.ContainsFunc(p.Files, (*source.File).HasCycle) {
		// compose-go finds most of these cycles itself. Of those through a key that ends with "<<" it makes no end.
		return fmt.Errorf("%w: an alias stands within the value that it names", ErrNotLoadable)
	}
	load := loadInMemory
	for name := range contents {
		if !p.IsMain(name) {
			load = loadMirror
		}
	}
	before, err := load(options, p, nil)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotLoadable, err)
	}
	after, err := load(options, p, contents)
	if err != nil {
		return fmt.Errorf("compose-go refuses the changed project: %w", err)
	}
	return declaredOn(nil, withoutExtensions(before), withoutExtensions(after), declared)
}

// withoutExtensions drops the extensions at the top of a model; see Declared.
func withoutExtensions(model map[string]any) map[string]any {
	maps.DeleteFunc(model, func(key string, _ any) bool { return strings.HasPrefix(key, "x-") })
	return model
}

// IsMain reports whether a file, by its name, is one of those that the project was asked for: the others are extended
// or included.
func (p *Project) IsMain(name string) bool {
	return slices.ContainsFunc(p.Files[:p.Main], func(file *source.File) bool { return file.Name == name })
}

// loadInMemory loads a project whose changed files are all given ones. Files that those name are read from disk.
func loadInMemory(options Options, p *Project, contents map[string][]byte) (map[string]any, error) {
	details := types.ConfigDetails{WorkingDir: options.AbsDir, Environment: maps.Clone(types.Mapping(p.Env))}
	for _, file := range options.Files {
		data := file.Data
		if changed, ok := contents[file.Name]; ok {
			data = changed
		}
		details.ConfigFiles = append(details.ConfigFiles, types.ConfigFile{
			Filename: filepath.Join(options.AbsDir, filepath.Base(file.Name)), Content: data,
		})
	}
	return loadModel(details, p.Name)
}

// loadMirror loads a copy of the project's files from a temporary directory, because compose-go reads the files that
// are extended and included from disk.
func loadMirror(options Options, p *Project, contents map[string][]byte) (map[string]any, error) {
	root, err := os.MkdirTemp("", "composelint")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(root) }()
	m := mirror{root: root, options: options}
	details := types.ConfigDetails{
		WorkingDir: filepath.Join(root, options.AbsDir), Environment: maps.Clone(types.Mapping(p.Env)),
	}
	for i, file := range p.Files {
		data := file.Data
		if changed, ok := contents[file.Name]; ok {
			data = changed
		}
		path, err := m.write(file.Name, data)
		if err != nil {
			return nil, err
		}
		if i < p.Main {
			details.ConfigFiles = append(details.ConfigFiles, types.ConfigFile{Filename: path, Content: data})
		}
	}
	for name, data := range p.envFiles {
		if _, err := m.write(name, data); err != nil {
			return nil, err
		}
	}
	model, err := loadModel(details, p.Name)
	if err != nil {
		return nil, err
	}
	return trimRoot(model, root).(map[string]any), nil
}

// mirror is a temporary directory that stands for the root of the file system.
type mirror struct {
	root    string
	options Options
}

func (m mirror) write(name string, data []byte) (path string, err error) {
	if !filepath.IsAbs(name) {
		rel, err := filepath.Rel(m.options.Dir, name)
		if err != nil {
			return "", err
		}
		name = filepath.Join(m.options.AbsDir, rel)
	}
	path = filepath.Join(m.root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, data, 0o600)
}

// trimRoot takes the temporary directory out of a model's paths, so that two models are comparable.
func trimRoot(v any, root string) any {
	switch v := v.(type) {
	case string:
		if rel, ok := strings.CutPrefix(v, root); ok {
			return rel
		}
	case map[string]any:
		for key, inner := range v {
			v[key] = trimRoot(inner, root)
		}
	case []any:
		for i := range v {
			v[i] = trimRoot(v[i], root)
		}
	}
	return v
}

// loadModel runs compose-go's loader, which panics on some input.
func loadModel(details types.ConfigDetails, name string) (model map[string]any, err error) {
	defer func() {
		if p := recover(); p != nil {
			model, err = nil, fmt.Errorf("compose-go fails: %v", p)
		}
	}()
	silence()
	return loader.LoadModelWithContext(context.Background(), details, func(o *loader.Options) {
		o.SetProjectName(name, true)
		o.Profiles = []string{"*"}
	})
}
