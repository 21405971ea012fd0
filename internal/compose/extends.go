package compose

import (
	"path/filepath"
	"slices"

	"composelint/internal/source"
)

// extending is what the services that extend others are resolved with.
type extending struct {
	file  *source.File
	scope *scope
	// resets are those of the document that the services stand in.
	resets [][]string
	// chain are the services on the way here, to notice a circle.
	chain []extendsLink
}

type extendsLink struct{ file, service string }

// base is a file that services extend: its services in long form, with paths relative to the project.
type base struct {
	services *Value
	resets   [][]string
}

// extends replaces the services and jobs that extend others by the outcome.
func (r *resolver) extends(config *Value, e extending) {
	for _, section := range workloads {
		services := config.Get(section)
		if services == nil || services.Kind != Map {
			continue
		}
		r.enter(section)
		for _, f := range services.Fields {
			if service := services.Get(f.Key); service.Get("extends") != nil {
				services.set(f.Key, r.extendService(f.Key, services, e))
			}
		}
		r.leave()
	}
}

// extendService returns a service with what it extends put under it.
func (r *resolver) extendService(name string, services *Value, e extending) *Value {
	service := services.Get(name)
	extends := service.Get("extends")
	if extends == nil {
		return service
	}
	r.enter(name)
	r.enter("extends")
	from, bases, inner, ok := r.findBase(extends, services, e)
	if ok {
		link := extendsLink{inner.file.Name, name}
		inner.chain = append(slices.Clip(e.chain), link)
		if ok = !slices.Contains(e.chain, link); !ok {
			r.report(Model, extends.Origin, "%s extends itself, by way of other services", name)
		}
	}
	r.leave()
	r.leave()
	if !ok {
		service.remove("extends")
		return service
	}
	extended := r.extendService(from, bases, inner)
	if extended.IsNull() {
		return service // as Compose does, which leaves extends in place
	}
	if extended.Kind != Map || !r.spend(extended.size()) {
		service.remove("extends")
		return service
	}
	under := through(extended.clone(), Hop{Kind: ByExtends, File: extends.Origin.File, Node: extends.Origin.Node, Name: from})
	resetService(under, name, e.resets)
	r.enter(name)
	merged := r.merge(under, service, specification().child("services").child(name))
	r.leave()
	merged.remove("extends")
	services.set(name, merged)
	return merged
}

// resetService takes what a document resets in a service out of what the service extends.
func resetService(service *Value, name string, resets [][]string) {
	for _, path := range resets {
		if len(path) > 2 && path[0] == "services" && path[1] == name {
			reset(service, [][]string{path[2:]})
		}
	}
}

// findBase returns the service that an extends names, the services it stands among, and what to resolve it with.
func (r *resolver) findBase(extends, services *Value, e extending) (from string, bases *Value, inner extending, ok bool) {
	from, path := extends.Str(), ""
	if extends.Kind == Map {
		from, path = extends.Get("service").Str(), extends.Get("file").Str()
	}
	if from == "" {
		return "", nil, e, false // the schema asks for it
	}
	if path == "" {
		if services.Get(from) == nil {
			r.report(Model, extendsPart(extends, "service"), "the service %q that is extended is not in this file", from)
			return "", nil, e, false
		}
		return from, services, e, true
	}
	file, b, ok := r.openBase(path, extendsPart(extends, "file"), e)
	if !ok {
		return "", nil, e, false
	}
	if b.services.Get(from) == nil {
		r.report(Model, extendsPart(extends, "service"), "the service %q that is extended is not in %s", from, file.Name)
		return "", nil, e, false
	}
	inner = extending{file: file, scope: e.scope, resets: b.resets}
	// Each service gets services of its own to resolve: an extends chain writes its outcome back.
	return from, &Value{Kind: Map, Fields: slices.Clone(b.services.Fields)}, inner, true
}

func extendsPart(extends *Value, key string) Origin {
	if part := extends.Get(key); part != nil {
		return part.Origin
	}
	return extends.Origin
}

// openBase reads a file that is extended. Paths in it are relative to the file.
func (r *resolver) openBase(path string, at Origin, e extending) (*source.File, *base, bool) {
	if isRemote(path) {
		r.report(RemoteFile, at, "%s is a remote file: it is not fetched, and what it says is not checked", path)
		return nil, nil, false
	}
	file, err := r.open(e.scope.read(path))
	if err != nil {
		r.report(MissingFile, at, "%s cannot be read: %s", e.scope.read(path), err)
		return nil, nil, false
	}
	key := e.scope.modelDir + "\x00" + file.Name
	if b, ok := r.extend[key]; ok {
		return file, b, b != nil
	}
	b := r.loadBase(file, path, at, e.scope)
	r.extend[key] = b
	return file, b, b != nil
}

func (r *resolver) loadBase(file *source.File, path string, at Origin, s *scope) *base {
	if len(file.Documents) == 0 {
		r.report(Model, at, "%s says nothing that can be extended", file.Name)
		return nil
	}
	b := &base{services: mapping(Origin{File: file})}
	model := mapping(Origin{})
	outer := r.path
	r.path = nil
	for _, document := range file.Documents {
		d := &decoder{r: r, file: file, scope: s}
		config := d.value(document, place{attr: specification()})
		r.promoteExtensions(config)
		reset(model, d.resets)
		model = r.merge(model, config, specification())
		r.unique(model, specification())
		model = r.canonical(model)
		b.resets = d.resets
	}
	model = r.paths(model, specification(), filepath.Dir(path))
	r.path = outer
	services := model.Get("services")
	if services == nil || services.Kind != Map {
		r.report(Model, at, "%s has no services that can be extended", file.Name)
		return nil
	}
	b.services = services
	return b
}
