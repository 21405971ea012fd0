package compose

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"composelint/internal/source"
)

// Input is a Compose file that was read.
type Input struct {
	// Name is the path, as it is to be shown; "-" for standard input.
	Name string
	Data []byte
}

// Options say what to resolve and what may be read for it.
type Options struct {
	// Files are merged in order, as with docker compose -f.
	Files []Input
	// Dir is the project directory, spelled as it is to be shown; AbsDir is the same directory as an absolute path.
	Dir, AbsDir string
	// Env are variables from outside. They win over those of .env files.
	Env map[string]string
	// EnvFiles are read instead of the .env file in Dir, later ones win. HasEnvFiles tells that they were named, so
	// that the .env file is left alone even where none is.
	EnvFiles []string
	// Home is the directory that "~" stands for; empty leaves paths with "~" as they are.
	Home string
	// ReadFile reads what the files name: files that are extended or included, and env files. Where it is nil,
	// nothing is read.
	ReadFile func(path string) ([]byte, error)
	// Parsed may return a file that was parsed before, to save the work. It may be nil.
	Parsed func(path string, data []byte) *source.File
}

func (o *Options) parsed(path string, data []byte) *source.File {
	if o.Parsed == nil {
		return nil
	}
	return o.Parsed(path, data)
}

// Project is a Compose project as docker compose sees it, with the place where each value was said.
type Project struct {
	Name string
	// Model is the effective model, in long form, with what Compose adds.
	Model *Value
	// Files are those that were read, the ones given first, then those that they extend or include.
	Files []*source.File
	// Main is how many of Files were given.
	Main int
	// Problems are what Compose would refuse, in the order they were met.
	Problems []Problem
	// Missing are the variables without value, once for each text that refers to them.
	Missing []MissingVariable
	// Repetitions are the entries that a list says several times, in the order they were met.
	Repetitions []Repetition
	// EnvFiles are the env files that were read for variables: .env, or those named in Options.
	EnvFiles []string
	// Env are the variables that were there.
	Env map[string]string
	// Dir is the project directory, and AbsDir the same one as an absolute path, as Options say.
	Dir, AbsDir string

	services []Service
	envFiles map[string][]byte // the env files that were read, those of included projects too
}

// Service is one service of a project.
type Service struct {
	Name string
	*Value
}

// Services returns the services in the order they were said. The list must not be changed.
func (p *Project) Services() []Service { return p.services }

func servicesOf(model *Value) []Service {
	fields := model.Get("services").fields()
	services := make([]Service, 0, len(fields))
	for _, f := range fields {
		if f.Value.Kind == Map {
			services = append(services, Service{f.Key, f.Value})
		}
	}
	return services
}

// Service returns the service of a name; its Value is nil where there is none.
func (p *Project) Service(name string) Service {
	return Service{name, p.Model.At("services", name)}
}

// Resolve puts a project together. It always returns one; what is wrong is in its Problems.
func Resolve(options Options) *Project {
	r := &resolver{options: &options, files: map[string]*readResult{}, extend: map[string]*base{}, envRead: map[string][]byte{}}
	var files []*source.File
	for _, input := range options.Files {
		files = append(files, r.parse(input.Name, input.Data))
	}
	p := &Project{Files: files, Main: len(files), Dir: options.Dir, AbsDir: options.AbsDir}
	p.Env, p.EnvFiles = r.environment()
	p.Name = projectName(files, options.AbsDir, p.Env)
	env := maps.Clone(p.Env)
	env["COMPOSE_PROJECT_NAME"] = p.Name
	s := &scope{env: env, modelDir: options.AbsDir, readDir: options.Dir}
	p.Model = r.load(files, s, nil)
	if len(p.Model.Fields) == 0 && len(r.problems) == 0 && len(files) > 0 {
		r.report(Model, Origin{File: files[0]}, "the file says nothing: there are no services in it")
	}
	r.normalize(p.Model, p.Name, env)
	r.consistency(p.Model)
	p.services = servicesOf(p.Model)
	p.Files, p.envFiles = r.read, r.envRead
	p.Problems = distinct(r.problems)
	p.Missing = distinctVariables(r.missed)
	p.Repetitions = joinRepetitions(r.repeated)
	return p
}

// environment returns the variables of the project and the env files that were read for them.
func (r *resolver) environment() (env map[string]string, read []string) {
	paths := r.options.EnvFiles
	if len(paths) == 0 && r.options.ReadFile != nil {
		path := filepath.Join(r.options.Dir, ".env")
		if _, err := r.readFile(path); err != nil {
			return cloneEnv(r.options.Env), nil
		}
		paths = []string{path}
	}
	env = r.envFromFiles(paths, r.options.Env, Origin{})
	maps.Copy(env, r.options.Env)
	return env, paths
}

func cloneEnv(env map[string]string) map[string]string {
	c := make(map[string]string, len(env)+1)
	maps.Copy(c, env)
	return c
}

// projectName returns the name that Compose gives the project: that of the environment, of the files, or of the
// directory.
func projectName(files []*source.File, dir string, env map[string]string) string {
	if name := env["COMPOSE_PROJECT_NAME"]; name != "" {
		return name
	}
	name := ""
	for _, file := range files {
		for _, document := range file.Documents {
			if n := document.Lookup("name").Resolved(); n != nil && n.Kind == source.Scalar && n.Value != "" {
				name = n.Value
			}
		}
	}
	e := expand(name, func(key string) (string, bool) {
		value, ok := env[key]
		return value, ok
	})
	if name = normalizeProjectName(e.text); name != "" {
		return name
	}
	return normalizeProjectName(filepath.Base(dir))
}

// normalizeProjectName is compose-go's loader.NormalizeProjectName, which compiles a regular expression at each call.
func normalizeProjectName(name string) string {
	name = strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '_' || r == '-' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	return strings.TrimLeft(name, "_-")
}

// distinct drops problems that are said of the same place in the same words: a mistake in an anchor is met wherever
// the anchor is used.
func distinct(problems []Problem) []Problem {
	type key struct {
		kind    ProblemKind
		message string
		file    *source.File
		span    source.Span
	}
	seen := map[key]bool{}
	return slices.DeleteFunc(problems, func(p Problem) bool {
		file, span := p.Place()
		k := key{p.Kind, p.Message, file, span}
		if seen[k] {
			return true
		}
		seen[k] = true
		return false
	})
}

func distinctVariables(missed []MissingVariable) []MissingVariable {
	type key struct {
		name string
		node *source.Node
	}
	seen := map[key]bool{}
	return slices.DeleteFunc(missed, func(m MissingVariable) bool {
		k := key{m.Name, m.Origin.Node}
		if seen[k] {
			return true
		}
		seen[k] = true
		return false
	})
}
