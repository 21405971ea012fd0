package cli

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
)

var hopVerbs = map[compose.HopKind]string{
	compose.ByAlias: "used", compose.ByMerge: "merged", compose.ByExtends: "extended",
}

// came says how a value got from where it was said to the services: "set in x-common (line 4), merged by 6 services".
// It is empty for a value that stands where it counts.
func came(origin compose.Origin, services []string) string {
	hops := origin.Hops()
	if len(hops) == 0 || origin.Node == nil {
		return ""
	}
	holder := holderOf(origin.Node)
	text := "set in " + holder.describe(origin.File, origin.File)
	for i := len(hops) - 1; i >= 0; i-- {
		hop := hops[i]
		next := holderOf(hop.Node)
		switch {
		case hop.Kind == compose.ByInclude:
			text += fmt.Sprintf(", included by %s (line %d)", hop.File.Name, hop.File.Position(hop.Node.Span.Start).Line)
		case i == 0:
			text += ", " + hopVerbs[hop.Kind] + " by " + users(services, hop, origin.File)
		case next.key != holder.key:
			text += ", " + hopVerbs[hop.Kind] + " into " + next.describe(hop.File, origin.File)
		}
		holder = next
	}
	return text
}

func users(services []string, hop *compose.Hop, from *source.File) string {
	switch len(services) {
	case 0:
		return holderOf(hop.Node).describe(hop.File, from)
	case 1:
		return services[0]
	default:
		return fmt.Sprintf("%d services", len(services))
	}
}

// holder is the part of a file that people know by its name: a service, or what stands at the top.
type holder struct {
	name string
	key  *source.Node
}

// holderOf returns the service, or other named resource, that holds a node; else the key at the top of the file.
func holderOf(node *source.Node) holder {
	var keys []*source.Node
	for at := node; at != nil; at = at.Parent {
		if key := at.Key(); key != nil {
			keys = append(keys, key)
		}
	}
	switch n := len(keys); {
	case n == 0:
		return holder{}
	case n > 1 && isSection(keys[n-1].Value):
		return holder{keys[n-1].Value + "." + keys[n-2].Value, keys[n-2]}
	default:
		return holder{keys[n-1].Value, keys[n-1]}
	}
}

// isSection reports the keys at the top of a file under which things with names stand.
func isSection(key string) bool { return !strings.HasPrefix(key, "x-") && key != "include" }

// describe names the holder with its line, and with its file where that is another one.
func (h holder) describe(file, from *source.File) string {
	switch {
	case h.key == nil:
		return file.Name
	case file != from:
		return fmt.Sprintf("%s (%s:%d)", h.name, file.Name, file.Position(h.key.Span.Start).Line)
	default:
		return fmt.Sprintf("%s (line %d)", h.name, file.Position(h.key.Span.Start).Line)
	}
}
