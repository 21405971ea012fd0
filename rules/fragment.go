package rules

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"

	"composelint/internal/compose"
)

// defaultFiles are the names that docker compose looks for.
// Source: compose-go v2.16.2, cli/options.go, DefaultFileNames.
var defaultFiles = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}

// platforms are systems that add something to the Compose files of their applications, by its name: the service, or the
// network, that those files use and leave undefined.
// Source: the files of github.com/getumbrel/umbrel-apps and github.com/runtipi/runtipi-appstore.
var platforms = map[string]string{
	"app_proxy":         "Umbrel",
	"tipi_main_network": "Runtipi",
}

// platform returns the name of the system that the project is evidently made for, or "".
func (p *Pass) platform() string {
	for _, q := range p.Project.Problems {
		if name := platforms[inPlace(q)]; q.Fragment && name != "" {
			return name
		}
	}
	return ""
}

// isDefaultFile reports whether docker compose finds the project's file by itself.
func isDefaultFile(project *compose.Project) bool {
	return slices.Contains(defaultFiles, filepath.Base(project.Files[0].Name))
}

// partOf says why a file that was given alone is evidently a part of a project, whose other files define what it
// lacks; it is empty where nothing tells so. Several files that were given together are all there is.
func (p *Pass) partOf() (evidence string) {
	if p.Facts.part == nil {
		evidence = p.evidenceOfPart()
		p.Facts.part = &evidence
	}
	return *p.Facts.part
}

func (p *Pass) evidenceOfPart() string {
	if p.Project.Main != 1 {
		return ""
	}
	path := p.Project.Files[0].Name
	name := filepath.Base(path)
	if slices.Contains(nameWords(stem(name)), "override") {
		return "its name says so"
	}
	if base := p.baseOf(name); base != "" {
		return base + " is beside it"
	}
	if parent := p.takenFrom(path); parent != "" {
		return parent + " takes it in"
	}
	switch {
	case isDefaultFile(p.Project):
		return ""
	case slices.ContainsFunc(p.Project.Services(), isIdle):
		return "not all of its services have an image or a build"
	case !p.declares():
		return "it has services alone, and declares nothing that they use"
	}
	return ""
}

// baseOf returns the file beside the given one that it is most likely meant to be merged with: the one that docker
// compose finds by itself, or one whose name the given one goes on with, as a.prod.yaml does with that of a.yaml.
func (p *Pass) baseOf(name string) string {
	if isDefaultFile(p.Project) {
		return ""
	}
	for _, other := range p.surroundings().names(p.Project.Dir) {
		if slices.Contains(defaultFiles, other) {
			return other
		}
		rest, longer := strings.CutPrefix(stem(name), stem(other))
		if longer && isYAML(other) && rest != "" && strings.ContainsAny(rest[:1], ".-_") {
			return other
		}
	}
	return ""
}

// takenFrom returns the Compose file in one of the two directories above that names the given one.
func (p *Pass) takenFrom(path string) string {
	if p.Settings.ReadFile == nil {
		return ""
	}
	rel, dir, abs := filepath.Base(path), p.Project.Dir, p.Project.AbsDir
	for range 2 {
		rel = filepath.Base(abs) + "/" + rel
		abs, dir = filepath.Dir(abs), filepath.Join(dir, "..")
		for _, name := range defaultFiles {
			if data, err := p.Settings.ReadFile(filepath.Join(dir, name)); err == nil && bytes.Contains(data, []byte(rel)) {
				return filepath.Join(dir, name)
			}
		}
	}
	return ""
}

// declares reports whether the file declares anything that services use.
func (p *Pass) declares() bool {
	for _, document := range p.Project.Files[0].Documents {
		for _, section := range sections {
			if section != "services" && section != "include" && document.Lookup(section) != nil {
				return true
			}
		}
	}
	return false
}

func isYAML(name string) bool {
	extension := filepath.Ext(name)
	return extension == ".yaml" || extension == ".yml"
}

// stem is the name of a file without its extension.
func stem(name string) string { return strings.TrimSuffix(name, filepath.Ext(name)) }

func nameWords(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune(".-_ ", r) })
}
