package compose

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/paths"
	"github.com/compose-spec/compose-go/v2/types"
)

// paths resolves the relative paths in a value against a directory. Source: compose-go, package paths.
func (r *resolver) paths(v *Value, a *attribute, base string) *Value {
	if v == nil || a == nil {
		return v
	}
	if a.path != nil {
		return a.path(r, v, base)
	}
	for i, f := range v.Fields {
		child := a.child(f.Key)
		if child == nil {
			continue
		}
		r.enter(f.Key)
		v.Fields[i].Value = r.paths(f.Value, child, base)
		r.leave()
	}
	if a.any == nil {
		return v
	}
	r.enter("[]")
	for i, item := range v.Items {
		v.Items[i] = r.paths(item, a.any, base)
	}
	r.leave()
	return v
}

// pathAbsolute resolves a path, or each of a list, on the machine that Compose runs on.
func pathAbsolute(r *resolver, v *Value, base string) *Value {
	switch v.Kind {
	case List:
		for i, item := range v.Items {
			v.Items[i] = pathAbsolute(r, item, base)
		}
	case String:
		if v.Text != "" {
			r.resolvePath(v, base, filepath.IsAbs)
		}
	}
	return v
}

// pathUnix resolves a path on the machine that the Docker engine runs on, which may be another kind of system.
func pathUnix(r *resolver, v *Value, base string) *Value {
	if v.Kind == String {
		r.resolvePath(v, base, func(p string) bool {
			return path.IsAbs(p) || paths.IsWindowsAbs(p) || filepath.IsAbs(p)
		})
	}
	return v
}

// pathContext resolves a build context that is neither remote nor a service.
func pathContext(r *resolver, v *Value, base string) *Value {
	if v.Kind != String || strings.Contains(v.Text, "://") || strings.HasPrefix(v.Text, types.ServicePrefix) {
		return v
	}
	for _, remote := range []string{"github.com/", "git@"} {
		if strings.HasPrefix(v.Text, remote) {
			return v
		}
	}
	return pathAbsolute(r, v, base)
}

// pathOfMount resolves the source of a bind mount.
func pathOfMount(r *resolver, v *Value, base string) *Value {
	if t := v.Get("type"); t == nil || t.Kind != String || t.Text != types.VolumeTypeBind {
		return v
	}
	source := v.Get("source")
	if source == nil {
		r.report(Model, v.Origin, `the bind mount has no source: add "source:" with a path on the host`)
		return v
	}
	pathUnix(r, source, base)
	return v
}

// pathOfVolume resolves the device of a volume that is a bind mount in fact.
func pathOfVolume(r *resolver, v *Value, base string) *Value {
	options := v.Get("driver_opts")
	if v.Get("driver").Str() != "local" || options.Get("o").Str() != "bind" {
		return v
	}
	if device := options.Get("device"); device != nil {
		pathUnix(r, device, base)
	}
	return v
}

// resolvePath makes the path of a text absolute. A path in a home directory that is not known stays as it is.
func (r *resolver) resolvePath(v *Value, base string, isAbs func(string) bool) {
	resolved := v.Text
	if strings.HasPrefix(resolved, "~") {
		if r.options.Home == "" {
			return
		}
		resolved = filepath.Join(r.options.Home, resolved[1:])
	}
	if !isAbs(resolved) {
		resolved = filepath.Join(base, resolved)
	}
	if resolved != v.Text {
		if v.Written == "" {
			v.Written = v.Text // an included project resolves its paths before the one around it does
		}
		v.Text = resolved
	}
}
