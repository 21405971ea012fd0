package compose

import (
	"path"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// normalize moves what is said in older or shorter ways to one place, and adds what Compose implies. Source:
// compose-go, loader/normalize.go.
func (r *resolver) normalize(model *Value, name string, env map[string]string) {
	model.set("name", nameValue(model, name))
	addDefaultNetwork(model)
	for _, section := range workloads {
		for _, f := range model.Get(section).fields() {
			if f.Value.Kind == Map {
				r.enter(section)
				r.enter(f.Key)
				r.normalizeService(f.Value, env)
				r.leave()
				r.leave()
			}
		}
	}
	nameResources(model, name)
}

func nameValue(model *Value, name string) *Value {
	if said := model.Get("name"); said != nil {
		return text(name, said.Origin)
	}
	return implicit(text(name, Origin{}))
}

// addDefaultNetwork connects services that say nothing about networks to the default one.
func addDefaultNetwork(model *Value) {
	used := false
	for _, section := range workloads {
		for _, f := range model.Get(section).fields() {
			service := f.Value
			if service.Kind != Map || service.Get("provider") != nil || service.Get("network_mode") != nil {
				continue
			}
			networks := service.Get("networks")
			switch {
			case networks == nil || networks.Kind == Map && len(networks.Fields) == 0:
				service.set("networks", implicit(mapping(service.Origin, Field{"default", implicit(&Value{Origin: service.Origin})})))
				used = true
			case networks.Get("default") != nil:
				used = true
			}
		}
	}
	networks := model.Get("networks")
	if !used || networks.Get("default") != nil {
		return
	}
	if networks == nil || networks.Kind != Map {
		networks = implicit(mapping(Origin{}))
		model.set("networks", networks)
	}
	networks.add("default", implicit(&Value{}))
}

func (r *resolver) normalizeService(service *Value, env map[string]string) {
	if policy := service.Get("pull_policy"); policy.Str() == types.PullPolicyIfNotPresent {
		policy.Text = types.PullPolicyMissing
	}
	normalizeBuild(service.Get("build"), env)
	resolveKeys(service.Get("environment"), env, true)
	addImpliedDependencies(service)
	for _, volume := range service.Get("volumes").items() {
		if target := volume.Get("target"); target != nil && target.Kind == String {
			target.Text = path.Clean(target.Text)
		}
	}
	r.inheritPreStart(service)
}

func normalizeBuild(build *Value, env map[string]string) {
	if build == nil || build.Kind != Map {
		return
	}
	if build.Get("context").IsNull() {
		build.set("context", implicit(text(".", build.Origin)))
	}
	if build.Get("dockerfile").IsNull() && build.Get("dockerfile_inline").IsNull() {
		build.set("dockerfile", implicit(text("Dockerfile", build.Origin)))
	}
	resolveKeys(build.Get("args"), env, false)
}

// addImpliedDependencies makes a service depend on those that it links to, shares a namespace with, or takes volumes
// from.
func addImpliedDependencies(service *Value) {
	for _, link := range service.Get("links").items() {
		name, _, found := strings.Cut(link.Text, ":")
		if found && strings.Count(link.Text, ":") > 1 {
			name = link.Text
		}
		imply(service, name, true, link.Origin)
	}
	for _, namespace := range []string{"network_mode", "ipc", "pid", "uts", "cgroup"} {
		mode := service.Get(namespace)
		if name, ok := strings.CutPrefix(mode.Str(), types.ServicePrefix); ok {
			imply(service, name, true, mode.Origin)
		}
	}
	for _, from := range service.Get("volumes_from").items() {
		if !strings.HasPrefix(from.Text, types.ContainerPrefix) {
			name, _, _ := strings.Cut(from.Text, ":")
			imply(service, name, false, from.Origin)
		}
	}
}

func imply(service *Value, on string, restart bool, at Origin) {
	dependsOn := service.Get("depends_on")
	if dependsOn == nil || dependsOn.Kind != Map {
		dependsOn = implicit(mapping(at))
		service.set("depends_on", dependsOn)
	}
	if dependsOn.Get(on) != nil {
		return
	}
	dependsOn.add(on, implicit(mapping(at,
		Field{"condition", implicit(text(types.ServiceConditionStarted, at))},
		Field{"restart", implicit(boolean(restart, at))},
		Field{"required", implicit(boolean(true, at))},
	)))
}

// inheritPreStart completes the containers that run before a service with what the service itself says.
func (r *resolver) inheritPreStart(service *Value) {
	hooks := service.Get("pre_start").items()
	if len(hooks) == 0 {
		return
	}
	inherited := mapping(service.Origin)
	for _, key := range types.ContainerSpecAttributes {
		if v := service.Get(key); v != nil && key != "volumes" {
			inherited.add(key, v)
		}
	}
	for i, hook := range hooks {
		if hook.Kind == Map && r.spend(inherited.size()) {
			hooks[i] = r.merge(inherited.clone(), hook, specification().child("services").child("hook"))
		}
	}
}

// nameResources gives resources without a name of their own the one that Compose derives from their key.
func nameResources(model *Value, project string) {
	for _, section := range []string{"networks", "volumes", "configs", "secrets"} {
		resources := model.Get(section)
		for i, f := range resources.fields() {
			resource := f.Value
			if resource.IsNull() {
				resource = mapping(f.Value.Origin)
				resource.Implicit = f.Value.Implicit
				resources.Fields[i].Value = resource
			}
			if resource.Kind != Map || !resource.Get("name").IsNull() {
				continue
			}
			name := project + "_" + f.Key
			if isTrue(resource.Get("external")) {
				name = f.Key
			}
			resource.set("name", implicit(text(name, resource.Origin)))
		}
	}
}

func isTrue(v *Value) bool {
	b, err := strconv.ParseBool(v.Str())
	return err == nil && b
}
