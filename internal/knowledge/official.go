package knowledge

import (
	"strings"
	"sync"
)

// OfficialImages are names of images that Docker Hub has without a namespace.
type OfficialImages struct {
	Names      []string `yaml:"names"`
	Provenance `yaml:",inline"`
}

var officialIndex = sync.OnceValue(func() map[string]bool {
	index := map[string]bool{}
	for _, list := range officialTable {
		for _, name := range list.Names {
			index[name] = true
		}
	}
	return index
})

// IsLocal tells that an image can only have been built on the host: it names neither a registry nor a namespace, and
// Docker Hub has no official image of the name.
func IsLocal(img Image) bool {
	isBelowVariable := img.Uncertain && strings.Contains(img.Reference, "/") // ${REGISTRY}/web
	return img.Repository != "" && img.Registry == "" && img.Path == img.Name() && !isBelowVariable && !officialIndex()[img.Path]
}
