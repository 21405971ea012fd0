package rules

import (
	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

// imageOf returns the image of a service. It is read from the text as it is written where a variable in it has no
// value, so that what is known of it is kept.
func imageOf(s compose.Service) knowledge.Image {
	v := s.Get("image")
	if v != nil && (v.Unset || v.Unknown) {
		return knowledge.ParseImage(asWritten(v))
	}
	return knowledge.ParseImage(v.Str())
}

// isBuilt tells that an image is made from a Dockerfile on the spot, by this service or by another one, and not pulled.
func isBuilt(p *compose.Project, s compose.Service) bool {
	if !s.Get("build").IsNull() {
		return true
	}
	image := s.Get("image").Str()
	for _, other := range p.Services() {
		if !other.Get("build").IsNull() && other.Get("image").Str() == image {
			return true
		}
	}
	return false
}
