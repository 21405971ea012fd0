package knowledge

import (
	"slices"
	"sync"
)

// PortKind is the sort of service behind a port.
type PortKind string

// The kinds of services that should not be open to everyone.
const (
	PortDatabase     PortKind = "database"
	PortCache        PortKind = "cache"
	PortBroker       PortKind = "broker"
	PortSearch       PortKind = "search"
	PortCoordination PortKind = "coordination"
	PortEngine       PortKind = "container-engine"
	PortShell        PortKind = "remote-shell"
	PortDesktop      PortKind = "remote-desktop"
	PortFiles        PortKind = "file-sharing"
	PortDirectory    PortKind = "directory"
	PortSecrets      PortKind = "secret-store"
	PortConsole      PortKind = "admin-console"
	PortStorage      PortKind = "object-storage"
	PortCluster      PortKind = "cluster-internal"
)

// Port is a port that a service listens on inside its container.
type Port struct {
	Number   int      `yaml:"port"`
	Protocol string   `yaml:"protocol"`
	Service  string   `yaml:"service"`
	Kind     PortKind `yaml:"kind"`
	// Images make it certain what is behind the port.
	Images []string `yaml:"images"`
	// Except are images that offer the port to everyone on purpose.
	Except []string `yaml:"except"`
	// NeedsImage says that the number alone tells nothing: too much else uses it.
	NeedsImage bool   `yaml:"needs_image"`
	Notes      string `yaml:"notes"`
	Provenance `yaml:",inline"`
}

// Ports returns all known ports, sorted by number.
func Ports() []Port { return slices.Clip(portTable) }

var portIndex = sync.OnceValue(func() map[int][]Port {
	index := map[int][]Port{}
	for _, port := range portTable {
		index[port.Number] = append(index[port.Number], port)
	}
	return index
})

// PortFor returns the sensitive service behind a container port, and whether the image makes that certain. An empty
// protocol means tcp. The container's port counts, not the one it is published on.
func PortFor(number int, protocol string, img Image) (port Port, certain, ok bool) {
	if protocol == "" {
		protocol = "tcp"
	}
	for _, candidate := range portIndex()[number] {
		if candidate.Protocol != protocol || slices.ContainsFunc(candidate.Except, img.Matches) {
			continue
		}
		if slices.ContainsFunc(candidate.Images, img.Matches) {
			return candidate, true, true
		}
		if !candidate.NeedsImage && !ok {
			port, ok = candidate, true
		}
	}
	return port, false, ok
}

// storeKinds are the kinds of services that only answer: they keep data for others, and ask no engine for anything.
var storeKinds = []PortKind{PortDatabase, PortCache, PortBroker, PortSearch, PortCoordination, PortDirectory, PortStorage}

// IsStore tells whether an image is known to be a database, a cache, a message broker or the like.
func IsStore(img Image) bool {
	return slices.ContainsFunc(portTable, func(port Port) bool {
		return slices.Contains(storeKinds, port.Kind) && slices.ContainsFunc(port.Images, img.Matches)
	})
}
