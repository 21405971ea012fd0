package rules

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/source"
)

// Facts are what several rules need to know of a project. Each is established on first use.
type Facts struct {
	project  *compose.Project
	settings *Settings
	bases    map[string]knowledge.Image // the images that builds start from, by service
	served   map[*source.Node][]string  // by node, the services that it counts in; see servicesFrom
	labels   []string                   // what labelNames returns; nil until it is asked
	built    map[string]bool            // the images that services build
	awaited  map[string]bool            // the services whose end others wait for
	around   *surroundings              // nil until it is looked around
	part     *string                    // what partOf returns; nil until it is asked
	forSwarm *bool                      // what isForSwarm returns; nil until it is asked
	bySwarm  *bool                      // what isRunBySwarm returns; nil until it is asked
	proxied  []proxyService             // what proxies returns; nil until it is asked

	airflowStack *airflowStack // nil until it is looked for
	dagScan      *dagScan      // likewise
}

// ProxyChoice says which socket proxy the fixes add.
type ProxyChoice struct {
	// Kind is one of ProxyKinds; empty for the first.
	Kind string
	// AllowMixed lets the fixes choose another kind where the named one cannot grant what a client needs without more.
	AllowMixed bool
	// Permissions are stated for services whose needs are not known, by service name.
	Permissions map[string][]string
}

// ProxyKinds returns the socket proxies that fixes can add, by their names in the catalogue, the usual one first.
func ProxyKinds() []string { return []string{"tecnativa", "linuxserver", "wollomatic"} }

// maxBuildFile is more than any Dockerfile or inline one needs.
const maxBuildFile = 1 << 20

// base returns the image that a service's own build starts from. It is the empty image where nothing is built, or the
// Dockerfile cannot be read.
func (f *Facts) base(s compose.Service) knowledge.Image {
	if base, known := f.bases[s.Name]; known {
		return base
	}
	if f.bases == nil {
		f.bases = map[string]knowledge.Image{}
	}
	build := s.Get("build")
	from, _ := knowledge.DockerfileBase(f.dockerfile(s), build.Get("target").Str(), keyValues(build.Get("args")))
	base := knowledge.ParseImage(from)
	f.bases[s.Name] = base
	return base
}

// dockerfile returns the Dockerfile of a service's build, or nothing where there is none to be read.
func (f *Facts) dockerfile(s compose.Service) []byte {
	build := s.Get("build")
	if inline := build.Get("dockerfile_inline"); inline != nil {
		return []byte(inline.Str())
	}
	path, ok := f.dockerfilePath(build)
	if !ok || f.settings.ReadFile == nil {
		return nil
	}
	data, err := f.settings.ReadFile(path)
	if err != nil || len(data) > maxBuildFile {
		return nil
	}
	return data
}

// dockerfilePath returns where the Dockerfile of a build should be, spelled like the project's directory.
func (f *Facts) dockerfilePath(build *compose.Value) (string, bool) {
	context, ok := f.path(build.Get("context"))
	if build == nil || !ok {
		return "", false
	}
	name := build.Get("dockerfile").Str()
	if filepath.IsAbs(name) {
		return name, true
	}
	return filepath.Join(context, name), true
}

// dockerfileLine names a line of the Dockerfile of a service's build, for people.
func (f *Facts) dockerfileLine(s compose.Service, line int) string {
	build := s.Get("build")
	if path, ok := f.dockerfilePath(build); ok && build.Get("dockerfile_inline") == nil {
		return fmt.Sprintf("%s:%d", filepath.ToSlash(path), line)
	}
	return fmt.Sprintf("line %d of it", line)
}

// path returns a relative path that a value holds, spelled like the project's directory. It is false for other paths
// and addresses: only what belongs to the project is looked at. In a file that is extended or included, the path starts
// where that file says, which the resolved text knows.
func (f *Facts) path(v *compose.Value) (string, bool) {
	if v == nil || v.Unset || v.Unknown || v.Kind != compose.String || v.Text == "" {
		return "", false
	}
	rel := v.Text
	switch {
	case !filepath.IsAbs(rel) && !v.Implicit, filepath.IsAbs(rel) && (v.Written == "" || strings.HasPrefix(v.Written, "~")):
		return "", false
	case filepath.IsAbs(rel):
		var err error
		if rel, err = filepath.Rel(f.project.AbsDir, rel); err != nil {
			return "", false
		}
	}
	if !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.Join(f.project.Dir, rel), true
}

// keyValues returns the entries of a value that is a mapping or a list of KEY=value; a key without value has an empty
// one.
func keyValues(v *compose.Value) map[string]string {
	entries := map[string]string{}
	for _, f := range fields(v) {
		entries[f.Key] = f.Value.Str()
	}
	for _, item := range items(v) {
		key, value, _ := strings.Cut(item.Str(), "=")
		entries[key] = value
	}
	return entries
}

// client returns what is known of a service as a client of a container engine. It is certain where the service's own
// image says so; what its build starts from, and the traces of Airflow, make it likely.
func (f *Facts) client(s compose.Service) (client knowledge.Client, certain, ok bool) {
	if client, ok := knowledge.ClientFor(imageOf(s)); ok {
		return client, true, true
	}
	if client, ok := knowledge.ClientFor(f.base(s)); ok {
		return client, false, true
	}
	if f.isAirflow(s) {
		client, ok := knowledge.ClientByID("airflow")
		return client, true, ok
	}
	return knowledge.Client{}, false, false
}

// configuration returns what a service says about itself as a client.
func (f *Facts) configuration(s compose.Service) knowledge.Configuration {
	return knowledge.Configuration{
		Environment: keyValues(s.Get("environment")), Command: commandWords(s.Get("command")), Labels: f.labelNames(),
		Mounts: mountedFiles(s),
	}
}

// mountedFiles returns where in its container a service has files and directories of the host, and configs.
func mountedFiles(s compose.Service) []string {
	var targets []string
	for _, mount := range append(slices.Clone(items(s.Get("volumes"))), items(s.Get("configs"))...) {
		if kind := mount.Get("type").Str(); kind == "" || kind == "bind" {
			targets = append(targets, mount.Get("target").Str())
		}
	}
	return targets
}

// labelNames returns the names of the labels of all services, each once.
func (f *Facts) labelNames() []string {
	if f.labels != nil {
		return f.labels
	}
	f.labels = []string{}
	seen := map[string]bool{}
	for _, service := range f.project.Services() {
		for name := range keyValues(service.Get("labels")) {
			if !seen[name] {
				seen[name] = true
				f.labels = append(f.labels, name)
			}
		}
	}
	return f.labels
}

// commandWords returns the words of a command: the items of a list, or a text cut at blanks.
func commandWords(v *compose.Value) []string {
	if v == nil || v.Kind != compose.List {
		return strings.Fields(v.Str())
	}
	var words []string
	for _, item := range v.Items {
		words = append(words, item.Str())
	}
	return words
}
