package knowledge

import (
	"strings"
)

// maxReference bounds what is looked at; the longest valid reference is 255 characters of name, 128 of tag and a
// digest.
const maxReference = 1024

// Image is an image reference, taken apart.
type Image struct {
	// Reference is the text as it was given, without surrounding blanks.
	Reference string
	// Registry is the registry's host, with its port if it has one; empty for Docker Hub.
	Registry string
	// Path is the repository's name inside the registry, without "library/".
	Path string
	// Repository is Registry and Path together, the name that catalogues use: "traefik", "ghcr.io/traefik/traefik".
	// It is empty when a variable without default hides the name.
	Repository string
	// Tag is empty when there is none, or when it depends on a variable without default.
	Tag string
	// Digest includes its algorithm: "sha256:…".
	Digest string
	// Defaulted says that a variable's default was used: another value may be set where the file is run.
	Defaulted bool
	// Uncertain says that a part depends on a variable without default, or that the text is not a valid reference.
	Uncertain bool
}

// ParseImage takes an image reference apart. It never fails: what cannot be known is left empty and marked as
// uncertain. Variables stand for their defaults; one that leads the text without a default ("${REGISTRY}/name") is
// taken for a registry and dropped.
func ParseImage(ref string) Image {
	ref = strings.TrimSpace(ref)
	img := Image{Reference: ref}
	if len(ref) > maxReference {
		img.Uncertain = true
		return img
	}
	text, defaulted, ok := withDefaults(ref)
	img.Defaulted = defaulted
	if !ok {
		img.Uncertain = true
		return img
	}
	text, dropped := dropLeadingHole(text)
	if dropped {
		img.Uncertain = true
	}
	img.split(text)
	return img
}

// hole stands for the unknown value of a variable; no valid reference contains it.
const hole = "\x00"

// withDefaults replaces each variable of Compose's syntax by its default, and by a hole where it has none.
func withDefaults(text string) (result string, defaulted, ok bool) {
	if !strings.ContainsAny(text, "$"+hole) {
		return text, false, true
	}
	result, _, defaulted, ok = expandDefaults(text, false, 0)
	return result, defaulted, ok
}

// expandDefaults reads text up to its end, or to the brace that closes the variable it is the default of.
func expandDefaults(text string, inner bool, depth int) (result string, rest string, defaulted, ok bool) {
	const maxDepth = 16
	if depth > maxDepth {
		return "", "", false, false
	}
	var b strings.Builder
	for text != "" {
		switch {
		case inner && text[0] == '}':
			return b.String(), text[1:], defaulted, true
		case strings.HasPrefix(text, "$$"):
			b.WriteByte('$')
			text = text[2:]
		case strings.HasPrefix(text, "${"):
			value, after, usedDefault, good := expandBraced(text[2:], depth)
			if !good {
				return "", "", false, false
			}
			b.WriteString(value)
			defaulted = defaulted || usedDefault
			text = after
		case text[0] == '$':
			name := variableName(text[1:])
			if name == "" {
				return "", "", false, false
			}
			b.WriteString(hole)
			text = text[1+len(name):]
		case text[0] == 0:
			return "", "", false, false
		default:
			b.WriteByte(text[0])
			text = text[1:]
		}
	}
	return b.String(), "", defaulted, !inner
}

// expandBraced reads a variable after its "${".
func expandBraced(text string, depth int) (value, rest string, defaulted, ok bool) {
	name := variableName(text)
	if name == "" {
		return "", "", false, false
	}
	text = text[len(name):]
	operator := ""
	for _, candidate := range []string{":-", "-", ":?", "?", ":+", "+", "}"} {
		if strings.HasPrefix(text, candidate) {
			operator = candidate
			break
		}
	}
	switch operator {
	case "}":
		return hole, text[1:], false, true
	case ":-", "-":
		value, rest, _, ok = expandDefaults(text[len(operator):], true, depth+1)
		return value, rest, true, ok
	case "":
		return "", "", false, false
	}
	_, rest, _, ok = expandDefaults(text[len(operator):], true, depth+1)
	return hole, rest, false, ok
}

func variableName(text string) string {
	end := 0
	for end < len(text) && (isWordByte(text[end]) && (end > 0 || text[end] < '0' || text[end] > '9')) {
		end++
	}
	return text[:end]
}

func isWordByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// dropLeadingHole removes an unknown prefix: "${REGISTRY}/name" and "${PREFIX}name" are most likely "name".
func dropLeadingHole(text string) (string, bool) {
	trimmed := strings.TrimLeft(text, hole)
	if trimmed == text {
		return text, false
	}
	if strings.HasPrefix(trimmed, "/") {
		return trimmed[1:], true
	}
	if trimmed == "" || !isWordByte(trimmed[0]) {
		return text, true
	}
	return trimmed, true
}

// split fills the image from a reference without variables, in which holes may remain.
func (img *Image) split(text string) {
	name := text
	if i := strings.IndexByte(name, '@'); i >= 0 {
		name, img.Digest = name[:i], name[i+1:]
		if !validDigest(img.Digest) {
			img.Digest, img.Uncertain = "", true
		}
	}
	if digest, ok := strings.CutPrefix(name, "sha256:"); ok && len(digest) == 64 && validDigest(name) {
		img.Digest = name
		return
	}
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		name, img.Tag = name[:i], name[i+1:]
		if !validTag(img.Tag) {
			img.Tag, img.Uncertain = "", true
		}
	}
	registry, path := splitRegistry(name)
	path = strings.TrimPrefix(path, "library/")
	if !validHost(registry) || !validPath(path) {
		img.Uncertain = true
		return
	}
	img.Registry, img.Path, img.Repository = registry, path, path
	if registry != "" {
		img.Repository = registry + "/" + path
	}
}

// splitRegistry follows the rule of Docker's reference package: what is before the first slash is a registry when it
// looks like a host, and part of the name otherwise.
func splitRegistry(name string) (registry, path string) {
	first, rest, found := strings.Cut(name, "/")
	if !found || (!strings.ContainsAny(first, ".:") && first != "localhost" && strings.ToLower(first) == first) {
		return "", name
	}
	if !strings.ContainsAny(first, ".:") {
		return first, rest // in lower case it would be part of the name
	}
	switch host := strings.ToLower(first); host {
	case "docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com":
		return "", rest
	default:
		return host, rest
	}
}

// validHost accepts what may stand in a host name or address with a port, and the empty host.
func validHost(host string) bool {
	for i := range len(host) {
		if !isWordByte(host[i]) && strings.IndexByte("-.:[]", host[i]) < 0 {
			return false
		}
	}
	return true
}

func validTag(tag string) bool {
	if tag == "" || len(tag) > 128 || tag[0] == '.' || tag[0] == '-' {
		return false
	}
	for i := range len(tag) {
		if !isWordByte(tag[i]) && tag[i] != '.' && tag[i] != '-' {
			return false
		}
	}
	return true
}

func validDigest(digest string) bool {
	algorithm, hex, found := strings.Cut(digest, ":")
	if !found || !validAlgorithm(algorithm) || len(hex) < 32 {
		return false
	}
	for i := range len(hex) {
		if !isHexByte(hex[i]) {
			return false
		}
	}
	return true
}

// validAlgorithm accepts the name of a digest's algorithm: words that begin with a letter, joined by one of "-_+.".
func validAlgorithm(algorithm string) bool {
	begins := true
	for i := range len(algorithm) {
		c := algorithm[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			begins = false
		case begins:
			return false
		case strings.IndexByte("-_+.", c) >= 0:
			begins = true
		case c < '0' || c > '9':
			return false
		}
	}
	return !begins
}

func isHexByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func validPath(path string) bool {
	if path == "" || len(path) > 255 {
		return false
	}
	for component := range strings.SplitSeq(path, "/") {
		if component == "" || !isLowerOrDigit(component[0]) || !isLowerOrDigit(component[len(component)-1]) {
			return false
		}
		for i := range len(component) {
			if c := component[i]; !isLowerOrDigit(c) && c != '.' && c != '_' && c != '-' {
				return false
			}
		}
	}
	return true
}

func isLowerOrDigit(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// Name returns the last part of the repository: "airflow" of "apache/airflow".
func (img Image) Name() string {
	return img.Path[strings.LastIndexByte(img.Path, '/')+1:]
}

// Matches tells whether the image is the one that a catalogue calls by name, a repository without tag. A copy in a
// private registry counts when it kept a name with a namespace ("registry.example:5000/apache/airflow"). On a public
// registry other than the catalogue's the namespace belongs to someone else, so it does not count there.
func (img Image) Matches(name string) bool {
	return name != "" && (name == img.Repository || name == img.alias())
}

// alias returns the second name under which a catalogue may list the image, besides Repository; empty if there is
// none.
//
// Two public registries mirror Docker Hub and keep its names, see
// https://docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html (docker/library holds the official
// images) and https://cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images.
func (img Image) alias() string {
	switch {
	case img.Registry == "public.ecr.aws" && strings.HasPrefix(img.Path, "docker/library/"):
		return strings.TrimPrefix(img.Path, "docker/library/")
	case img.Registry == "mirror.gcr.io":
		return img.Path
	case img.Registry == "" || publicRegistry(img.Registry) || !strings.Contains(img.Path, "/"):
		return ""
	}
	return img.Path
}

func publicRegistry(host string) bool {
	switch host {
	case "ghcr.io", "quay.io", "lscr.io", "gcr.io", "public.ecr.aws", "mcr.microsoft.com", "registry.gitlab.com",
		"codeberg.org", "code.forgejo.org", "data.forgejo.org", "registry.k8s.io", "docker.elastic.co",
		"container-registry.oracle.com", "icr.io", "registry.access.redhat.com", "nvcr.io", "docker.gitea.com":
		return true
	}
	return strings.HasSuffix(host, ".gcr.io") || strings.HasSuffix(host, ".pkg.dev")
}

// lookup finds the image in an index by repository name.
func lookup[T any](index map[string]T, img Image) (T, bool) {
	if found, ok := index[img.Repository]; ok {
		return found, true
	}
	found, ok := index[img.alias()]
	return found, ok
}

// lookupWithNamespace is lookup for an index in which a name may end in "/*", for all images of a namespace; an image's
// own name goes before that.
func lookupWithNamespace[T any](index map[string]T, img Image) (T, bool) {
	if found, ok := lookup(index, img); ok {
		return found, true
	}
	for _, name := range []string{img.Repository, img.alias()} {
		if slash := strings.LastIndexByte(name, '/'); slash >= 0 {
			if found, ok := index[name[:slash]+"/*"]; ok {
				return found, true
			}
		}
	}
	var none T
	return none, false
}
