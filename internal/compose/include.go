package compose

import (
	"maps"
	"path/filepath"
	"slices"

	"composelint/internal/source"
)

// include adds what the files under "include" say to a configuration. stack are the files that led here.
func (r *resolver) include(config *Value, s *scope, stack []string, resets [][]string) {
	includes := config.Get("include")
	if includes == nil {
		return
	}
	r.enter("include")
	for _, item := range includes.items() {
		r.includeOne(config, item, s, stack, resets)
	}
	r.leave()
	config.remove("include")
}

func (r *resolver) includeOne(config, item *Value, s *scope, stack []string, resets [][]string) {
	paths := texts(item)
	if item.Kind == Map {
		paths = texts(item.Get("path"))
	}
	if len(paths) == 0 {
		return // the schema asks for one
	}
	if slices.ContainsFunc(paths, func(p *Value) bool { return isRemote(p.Text) }) {
		r.report(RemoteFile, item.Origin, "%s is a remote project: it is not fetched, and what it says is not checked", paths[0].Text)
		return
	}
	inner := includeScope(s, paths[0].Text, item.Get("project_directory"))
	main := s.read(paths[0].Text)
	if slices.Contains(stack, main) {
		r.report(Model, paths[0].Origin, "%s includes itself, by way of other files", main)
		return
	}
	var files []*source.File
	for _, path := range paths {
		included, err := r.open(s.read(path.Text))
		if err != nil {
			r.report(MissingFile, path.Origin, "%s cannot be read: %s", s.read(path.Text), err)
			continue
		}
		files = append(files, included)
	}
	r.readIncludeEnv(inner, item, s)
	outer := r.path
	r.path = nil
	model := r.load(files, inner, stack)
	r.path = outer
	through(model, Hop{Kind: ByInclude, File: item.Origin.File, Node: item.Origin.Node, Name: main})
	r.importResources(model, config, resets)
}

// includeScope returns the scope of an included project: its directory is that of its first file, unless stated.
func includeScope(s *scope, path string, directory *Value) *scope {
	dir := filepath.Dir(path)
	if stated := directory.Str(); stated != "" {
		dir = stated
	}
	return &scope{modelDir: dir, readDir: s.read(dir)}
}

// readIncludeEnv sets the variables of an included project: those of the project around it win over those of its own
// env files, or of the .env in its directory.
func (r *resolver) readIncludeEnv(inner *scope, item *Value, s *scope) {
	var paths []string
	origin := item.Origin
	if named := item.Get("env_file"); named != nil {
		origin = named.Origin
		for _, path := range texts(named) {
			if path.Text != "/dev/null" {
				paths = append(paths, s.read(path.Text))
			}
		}
	}
	if len(texts(item.Get("env_file"))) == 0 {
		path := filepath.Join(inner.readDir, ".env")
		if _, err := r.readFile(path); err == nil {
			paths = append(paths, path)
		}
	}
	inner.env = r.envFromFiles(paths, s.env, origin)
	maps.Copy(inner.env, s.env)
}

// importResources puts an included model under the configuration that includes it.
func (r *resolver) importResources(model, config *Value, resets [][]string) {
	for _, section := range []string{"services", "jobs", "volumes", "networks", "secrets", "configs", "models"} {
		from := model.Get(section)
		if from == nil || from.Kind != Map {
			continue
		}
		to := config.Get(section)
		if to == nil || to.Kind != Map {
			to = mapping(from.Origin)
			config.set(section, to)
		}
		for _, f := range from.Fields {
			own := to.Get(f.Key)
			if own == nil || equal(own, f.Value) {
				if own == nil {
					to.set(f.Key, f.Value)
				}
				continue
			}
			reset(mapping(Origin{}, Field{section, mapping(Origin{}, Field{f.Key, f.Value})}), resets)
			to.set(f.Key, r.merge(f.Value, own, specification().child(section).child(f.Key)))
		}
	}
}

// texts returns the texts of a value that is one, or a list of them.
func texts(v *Value) []*Value {
	if v == nil {
		return nil
	}
	if v.Kind == String && v.Text != "" {
		return []*Value{v}
	}
	var list []*Value
	for _, item := range v.items() {
		if item.Kind == String && item.Text != "" {
			list = append(list, item)
		}
	}
	return list
}
