package rules

import "composelint/internal/compose"

// namedFile is a file or directory that a project needs.
type namedFile struct {
	kind fileKind
	// value is the first place that names it, and others are the other ones.
	value  *compose.Value
	others []compose.Origin
	// path is where it should be; inside is the directory that has to be there first, where there is one.
	path, inside string
	// model is the place in the model, and services are those that need it; none for a secret or a config.
	model    string
	services []string
}

// fileKind is what a file is for, and what comes of one that is not there.
type fileKind struct {
	name, consequence string
	severity          Severity
}

const (
	refused  = "Compose refuses the project"
	unbuilt  = "nothing can be built"
	unusable = "services that use it do not start"
)

var (
	envFileKind    = fileKind{"the env file", refused, High}
	labelFileKind  = fileKind{"the label file", refused, High}
	contextKind    = fileKind{"the build context", unbuilt, Medium}
	dockerfileKind = fileKind{"the Dockerfile", unbuilt, Medium}
	secretKind     = fileKind{"the file of a secret,", unusable, Medium}
	configKind     = fileKind{"the file of a config,", unusable, Medium}
)

// namedFiles returns the files that Compose needs to build and start the project.
func (p *Pass) namedFiles() []namedFile {
	named := p.filesOf(envFileKind, func(s compose.Service, found Visit) {
		for _, item := range items(s.Get("env_file")) {
			if path := item.Get("path"); path != nil && item.Get("required").True() {
				found(path, "env_file")
			}
		}
	})
	named = append(named, p.filesOf(labelFileKind, func(s compose.Service, found Visit) {
		for _, item := range items(s.Get("label_file")) {
			found(item, "label_file")
		}
	})...)
	named = append(named, p.filesOf(contextKind, func(s compose.Service, found Visit) {
		if context := s.At("build", "context"); context != nil {
			found(context, "build", "context")
		}
	})...)
	named = append(named, p.dockerfiles()...)
	named = append(named, p.contentFiles(secretKind, "secrets")...)
	return together(append(named, p.contentFiles(configKind, "configs")...))
}

// together makes one of those that are the same file for the same purpose.
func together(named []namedFile) []namedFile {
	type key struct {
		kind fileKind
		path string
	}
	var all []namedFile
	index := map[key]int{}
	for _, n := range named {
		k := key{n.kind, n.path}
		i, ok := index[k]
		if !ok {
			index[k], all = len(all), append(all, n)
			continue
		}
		all[i].services = append(all[i].services, n.services...)
		all[i].others = append(all[i].others, n.value.Origin)
	}
	for i := range all {
		all[i].services = union(all[i].services)
	}
	return all
}

// filesOf returns the files that services name, each place once.
func (p *Pass) filesOf(kind fileKind, find func(s compose.Service, found Visit)) []namedFile {
	var named []namedFile
	for _, c := range p.Causes(find) {
		if path, ok := p.Facts.path(c.Value()); ok {
			named = append(named, namedFile{kind: kind, value: c.Value(), path: path, model: c.Path(), services: c.Services()})
		}
	}
	return named
}

// dockerfiles returns the Dockerfiles of builds whose context is a directory of the project.
func (p *Pass) dockerfiles() []namedFile {
	var named []namedFile
	for _, c := range p.Causes(func(s compose.Service, found Visit) {
		if file := s.At("build", "dockerfile"); file != nil && !file.Unset && !file.Unknown {
			found(file, "build", "dockerfile")
		}
	}) {
		build := c.Uses[0].Service.Get("build")
		context, _ := p.Facts.path(build.Get("context"))
		if path, ok := p.Facts.dockerfilePath(build); ok {
			named = append(named, namedFile{
				kind: dockerfileKind, value: c.Value(), path: path, inside: context, model: c.Path(), services: c.Services(),
			})
		}
	}
	return named
}

// contentFiles returns the files of the secrets or the configs.
func (p *Pass) contentFiles(kind fileKind, section string) []namedFile {
	var named []namedFile
	for _, f := range fields(p.Project.Model.Get(section)) {
		file := f.Value.Get("file")
		if path, ok := p.Facts.path(file); ok {
			named = append(named, namedFile{kind: kind, value: file, path: path, model: section + "." + f.Key + ".file"})
		}
	}
	return named
}

// finding reports that the file is not there.
func (n namedFile) finding() Finding {
	name := asWritten(n.value)
	subject := n.kind.name + " " + name
	if len(n.services) > 0 {
		subject += " of " + names(n.services)
	}
	f := Finding{
		Severity: n.kind.severity, Message: subject + " is not there: " + n.kind.consequence,
		Origin: n.value.Origin, Path: n.model, Services: n.services, Evidence: n.kind.name + " " + name,
	}
	f.relate(n.others, "it is named here, too")
	return f
}
