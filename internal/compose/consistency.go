package compose

import (
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"composelint/internal/source"
)

// consistency reports what does not fit together in the finished model. Source: compose-go, loader/validate.go, the
// decoding of its types, and graph/cycle.go.
func (r *resolver) consistency(model *Value) {
	r.decodable(model, projectType(), r.refusedNodes())
	for _, f := range model.Get("services").fields() {
		r.within("services", f.Key, func() { r.checkService(model, f.Key, f.Value) })
	}
	for _, f := range model.Get("jobs").fields() {
		r.within("jobs", f.Key, func() { r.checkJob(model, f.Key, f.Value) })
	}
	for _, f := range model.Get("secrets").fields() {
		r.within("secrets", f.Key, func() { r.checkSecretSource(f.Key, f.Value) })
	}
	r.checkCycles(model.Get("services"))
}

// refusedNodes are the places where the schema was found to be violated.
func (r *resolver) refusedNodes() map[*source.Node]bool {
	nodes := map[*source.Node]bool{}
	for _, p := range r.problems {
		if p.Kind == Schema && p.Origin.Node != nil {
			nodes[p.Origin.Node] = true
		}
	}
	return nodes
}

// within runs a check with the current path at section.name.
func (r *resolver) within(section, name string, check func()) {
	r.enter(section)
	r.enter(name)
	check()
	r.leave()
	r.leave()
}

// undefined reports a name that nothing is declared under. That is natural in a fragment: the rest may be elsewhere.
func (r *resolver) undefined(at *Value, what, name, section string) {
	p := r.reportSpan(Model, at.Origin, keySpan(at), "the %s %q is not defined under %s", what, name, section)
	p.Fragment = true
}

// keySpan is the key of an entry; empty where the value is not one, or where the key is that of something else.
func keySpan(v *Value) source.Span {
	if v.Kind == String || v.Implicit || v.Origin.Key == nil {
		return source.Span{}
	}
	return v.Origin.Key.Content
}

// says reports whether a value is there and not blank.
func says(v *Value) bool { return v.Str() != "" }

func (r *resolver) checkService(model *Value, name string, s *Value) {
	r.checkImage(name, s)
	r.checkBuild(model, s.Get("build"), s.Get("platform"))
	r.checkNetworks(model, s)
	r.checkHealth(s.At("healthcheck", "test"))
	r.checkDependencies(model, name, s.Get("depends_on"))
	r.checkVolumes(model, s)
	r.checkReferences(model, s.Get("secrets"), "secret", "secrets")
	r.checkReferences(model, s.Get("configs"), "config", "configs")
	for _, f := range s.Get("models").fields() {
		if model.At("models", f.Key) == nil {
			r.undefined(f.Value, "model", f.Key, "models")
		}
	}
	r.checkScale(s)
	r.checkLimits(s)
	r.checkWatches(s.At("develop", "watch"))
	r.checkTargets(s)
}

// checkImage reports a service that there is nothing to run for.
func (r *resolver) checkImage(name string, s *Value) {
	image := s.Get("image")
	if says(image) || !s.Get("build").IsNull() || !s.Get("provider").IsNull() {
		return
	}
	if image != nil && image.Kind == String {
		p := r.report(Model, image.Origin,
			"the image of %q is empty%s, and there is no build: nothing to run", name, blankHint(image))
		p.Fragment = true
		return
	}
	p := r.reportSpan(Model, s.Origin, keySpan(s), "%q has neither an image nor a build: add one of them", name)
	p.Fragment = true
}

func (r *resolver) checkBuild(model, build, platform *Value) {
	inline, dockerfile := build.Get("dockerfile_inline"), build.Get("dockerfile")
	if says(inline) && says(dockerfile) {
		r.conflict(inline, dockerfile, "a build takes dockerfile or dockerfile_inline, not both: remove one of them")
	}
	for _, f := range build.Get("additional_contexts").fields() {
		target, ok := strings.CutPrefix(f.Value.Str(), types.ServicePrefix)
		if !ok {
			continue
		}
		switch service := model.At("services", target); {
		case service == nil:
			r.undefined(f.Value, "service", target, "services")
		case service.Get("build").IsNull():
			r.conflict(f.Value, service, "the service %q is not built, so it cannot be a build context", target)
		}
	}
	platforms := build.Get("platforms").items()
	sameAsService := func(p *Value) bool { return p.Str() == platform.Str() }
	if len(platforms) > 0 && says(platform) && !slices.ContainsFunc(platforms, sameAsService) {
		r.conflict(platform, build.Get("platforms"),
			"the service runs on %s, which it is not built for: add it to build.platforms", platform.Str())
	}
	r.checkReferences(model, build.Get("secrets"), "secret", "secrets")
}

func (r *resolver) checkNetworks(model, s *Value) {
	mode, networks := s.Get("network_mode"), s.Get("networks")
	if says(mode) && len(networks.fields()) > 0 {
		r.conflict(mode, networks, "a service takes network_mode or networks, not both: remove one of them")
	}
	for _, f := range networks.fields() {
		if model.At("networks", f.Key) == nil {
			r.undefined(f.Value, "network", f.Key, "networks")
		}
	}
}

// checkHealth reports a test whose first word does not say what kind of test it is.
func (r *resolver) checkHealth(test *Value) {
	items := test.items()
	if len(items) == 0 || items[0].Kind != String || items[0].Unknown {
		return
	}
	switch items[0].Text {
	case "CMD", "CMD-SHELL", "NONE":
		return
	}
	r.report(Model, items[0].Origin,
		"the list of a health check starts with CMD, CMD-SHELL or NONE, not with %q", items[0].Text)
}

// checkDependencies reports services that are waited for and are not there. They include those that a link,
// network_mode: service:… or volumes_from names.
func (r *resolver) checkDependencies(model *Value, name string, dependsOn *Value) {
	for _, f := range dependsOn.fields() {
		switch {
		case model.At("services", f.Key) != nil:
		case model.At("jobs", f.Key) != nil:
			r.conflict(f.Value, model.At("jobs", f.Key),
				"%q is a job, and a service can only depend on services: remove it from what %q depends on", f.Key, name)
		default:
			r.undefined(f.Value, "service", f.Key, "services")
		}
	}
}

func (r *resolver) checkVolumes(model, s *Value) {
	for _, mount := range s.Get("volumes").items() {
		source := mount.Get("source")
		if mount.Get("type").Str() != types.VolumeTypeVolume || !says(source) || source.Unknown {
			continue
		}
		if model.At("volumes", source.Str()) == nil {
			r.undefined(source, "volume", source.Str(), "volumes")
		}
	}
}

// checkReferences reports secrets or configs that are used and not declared.
func (r *resolver) checkReferences(model, uses *Value, what, section string) {
	for _, use := range uses.items() {
		source := use.Get("source")
		switch {
		case use.Kind != Map || source != nil && (source.Unknown || source.Kind != String):
		case source == nil:
			r.report(Model, use.Origin, `it is not said which %s to use: add "source:"`, what)
		case model.At(section, source.Text) == nil:
			r.undefined(source, what, source.Text, section)
		}
	}
}

// checkScale reports numbers of containers that contradict each other, or the one name that they would share.
func (r *resolver) checkScale(s *Value) {
	count, replicas := s.Get("scale"), s.At("deploy", "replicas")
	n, scaled := count.Int()
	m, replicated := replicas.Int()
	if scaled && replicated && n != m {
		r.conflict(count, replicas, "scale is %d, and deploy.replicas is %d: remove one of them", n, m)
	}
	if !scaled {
		count, n = replicas, m
	}
	if !scaled && !replicated {
		return
	}
	if n < 0 {
		r.report(Model, count.Origin, "there cannot be %d containers: write 0 or more", n)
	}
	if name := s.Get("container_name"); n > 1 && says(name) {
		p := r.conflict(name, count,
			"%d containers cannot all be named %q: remove container_name, or run one container", n, name.Str())
		p.Kind = FixedName
	}
}

// doubleLimit is a limit that can be said in two places: as an attribute of the service, and under deploy.resources.
type doubleLimit struct {
	key, section, deployKey string
	amount                  func(*Value) (float64, bool)
}

var doubleLimits = []doubleLimit{
	{"cpus", "limits", "cpus", processorAmount},
	{"mem_limit", "limits", "memory", byteAmount},
	{"mem_reservation", "reservations", "memory", byteAmount},
	{"pids_limit", "limits", "pids", wholeAmount},
}

// checkLimits reports limits that are said twice and differently. One that deploy leaves out counts as none there.
func (r *resolver) checkLimits(s *Value) {
	for _, l := range doubleLimits {
		own, deploy := s.Get(l.key), s.At("deploy", "resources", l.section)
		a, ok := l.amount(own)
		if !ok || a == 0 || deploy.IsNull() {
			continue
		}
		section, other := "deploy.resources."+l.section, deploy.Get(l.deployKey)
		if other.IsNull() {
			r.conflict(own, deploy, "%s is set here, and %s is there without %s: move it there", l.key, section, l.deployKey)
		} else if b, ok := l.amount(other); ok && a != b {
			r.conflict(own, other, "%s is %s, and %s.%s is %s: remove one of them",
				l.key, own.Str(), section, l.deployKey, other.Str())
		}
	}
}

// processorAmount is a number of processors, in the precision that compose-go compares them in.
func processorAmount(v *Value) (float64, bool) {
	if v != nil && v.Kind == String {
		v, _ = castFloat(v.Text)
	}
	n, ok := v.float()
	return float64(float32(n)), ok
}

func byteAmount(v *Value) (float64, bool) {
	if v == nil {
		return 0, false
	}
	var b types.UnitBytes
	err := b.DecodeMapstructure(v.Plain())
	return float64(b), err == nil
}

func wholeAmount(v *Value) (float64, bool) {
	if v != nil && v.Kind == String {
		v, _ = castInt64(v.Text)
	}
	n, ok := v.float()
	return float64(int64(n)), ok
}

// checkWatches reports a path that is to be copied nowhere.
func (r *resolver) checkWatches(watches *Value) {
	for _, watch := range watches.items() {
		action := watch.Get("action").Str()
		if watch.Kind != Map || says(watch.Get("target")) ||
			action == string(types.WatchActionRebuild) || action == string(types.WatchActionRestart) {
			continue
		}
		r.report(Model, watch.Origin, `%s needs to know where in the container to copy to: add "target:"`, action)
	}
}

// checkTargets reports two mounts at one place in the container.
func (r *resolver) checkTargets(s *Value) {
	mounts := map[string]*Value{}
	mount := func(v *Value, target string) {
		if first, taken := mounts[target]; taken {
			p := r.conflict(v, first, "there is a mount at %s already: remove one of the two", target)
			p.Kind = DuplicateMount
			return
		}
		mounts[target] = v
	}
	for _, tmpfs := range listOf(s.Get("tmpfs")) {
		target, _, _ := strings.Cut(tmpfs.Str(), ":")
		mount(tmpfs, target)
	}
	for _, volume := range s.Get("volumes").items() {
		if target := volume.Get("target"); says(target) && !target.Unknown {
			mount(volume, target.Str())
		}
	}
}

// listOf returns the items of a list, or a single text as the only one.
func listOf(v *Value) []*Value {
	if v != nil && v.Kind == String {
		return []*Value{v}
	}
	return v.items()
}

func (r *resolver) checkJob(model *Value, name string, job *Value) {
	if service := model.At("services", name); service != nil {
		p := r.reportSpan(Model, job.Origin, keySpan(job), "there is a service of the name %q, too: rename one of the two", name)
		p.relate(service.Origin)
	}
	for _, f := range job.Get("depends_on").fields() {
		if model.At("services", f.Key) == nil && model.At("jobs", f.Key) == nil {
			r.undefined(f.Value, "service or job", f.Key, "services or jobs")
		}
	}
}

// checkSecretSource reports a secret without content. One that says nothing at all has been reported by checkSecret.
func (r *resolver) checkSecretSource(name string, secret *Value) {
	if secret.Get("external").True() || says(secret.Get("file")) || says(secret.Get("environment")) {
		return
	}
	for _, key := range []string{"file", "environment", "external", "driver"} {
		if said := secret.Get(key); said != nil {
			r.report(Model, said.Origin, "the secret %q has no content: give it a file or an environment variable", name)
			return
		}
	}
}
