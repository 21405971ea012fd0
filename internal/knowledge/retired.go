package knowledge

import (
	"strings"
	"sync"
)

// RetiredState tells what became of an image.
type RetiredState string

// What can become of an image.
const (
	RetiredMoved        RetiredState = "moved"        // to another namespace
	RetiredRenamed      RetiredState = "renamed"      // the project goes on under another name
	RetiredDeprecated   RetiredState = "deprecated"   // its makers advise against it
	RetiredArchived     RetiredState = "archived"     // the project is closed
	RetiredUnmaintained RetiredState = "unmaintained" // there are no more releases
)

// RetiredImage is an image that gets no more updates under its name.
type RetiredImage struct {
	// Images are repository names; one that ends in "/*" stands for all images of a namespace.
	Images []string     `yaml:"images"`
	State  RetiredState `yaml:"state"`
	// Since is a year, a month or a day: "2020", "2022-07", "2025-08-28"; empty if that is not known.
	Since string `yaml:"since"`
	// Successor is the repository to use instead, empty if there is none. If it ends in "/*", the image keeps the last
	// part of its name: see SuccessorOf.
	Successor string `yaml:"successor"`
	// Gone says that the registry does not have the image any more.
	Gone bool `yaml:"gone"`
	// DropIn says that the successor takes the image's place with the same tag, and nothing else has to change.
	DropIn bool `yaml:"drop_in"`
	// ExceptTags are tags that are still updated.
	ExceptTags []string `yaml:"except_tags"`
	Notes      string   `yaml:"notes"`
	Provenance `yaml:",inline"`
}

// SuccessorOf returns the repository that takes the image's place; empty if there is none.
func (r RetiredImage) SuccessorOf(img Image) string {
	if namespace, ok := strings.CutSuffix(r.Successor, "*"); ok {
		return namespace + img.Name()
	}
	return r.Successor
}

var retiredIndex = sync.OnceValue(func() map[string]*RetiredImage {
	index := map[string]*RetiredImage{}
	for i := range retiredTable {
		for _, name := range retiredTable[i].Images {
			index[name] = &retiredTable[i]
		}
	}
	return index
})

// RetiredImageFor returns what became of the image, if it is known to get no more updates. An image without a tag
// counts as "latest".
func RetiredImageFor(img Image) (RetiredImage, bool) {
	retired, ok := lookupWithNamespace(retiredIndex(), img)
	if !ok {
		return RetiredImage{}, false
	}
	tag := img.Tag
	if tag == "" {
		tag = "latest"
	}
	if matchesAny(retired.ExceptTags, tag) {
		return RetiredImage{}, false
	}
	return *retired, true
}
