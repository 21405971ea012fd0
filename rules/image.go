package rules

import (
	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

// imageOf returns the image of a service.
func imageOf(s compose.Service) knowledge.Image { return imageIn(s.Get("image")) }

// imageIn returns the image that a value names. It is read from the text as it is written where a variable in it has no
// value, so that what is known of it is kept.
func imageIn(v *compose.Value) knowledge.Image {
	if v != nil && (v.Unset || v.Unknown) {
		return knowledge.ParseImage(asWritten(v))
	}
	return knowledge.ParseImage(v.Str())
}

// isBuilt tells that an image is built and not pulled: from a Dockerfile that the project has, or by hand, as its name
// shows that no registry has.
func (f *Facts) isBuilt(s compose.Service) bool {
	return knowledge.IsLocal(imageOf(s)) || f.isBuiltHere(s)
}

// isBuiltHere tells that an image is built from a Dockerfile that the project has, by this service or by another one.
func (f *Facts) isBuiltHere(s compose.Service) bool {
	return !s.Get("build").IsNull() || f.builds(s.Get("image").Str())
}

// builds tells that a service builds the image of a name.
func (f *Facts) builds(image string) bool {
	if f.built == nil {
		f.built = map[string]bool{}
		for _, other := range f.project.Services() {
			if !other.Get("build").IsNull() {
				f.built[other.Get("image").Str()] = true
			}
		}
	}
	return f.built[image]
}
