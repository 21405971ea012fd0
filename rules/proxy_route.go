package rules

import (
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/source"
	"composelint/patch"
)

// routeLabel names the network on which Traefik reaches a container. Of several networks it takes any without it. See
// https://doc.traefik.io/traefik/reference/routing-configuration/other-providers/docker/.
const routeLabel = "traefik.docker.network"

// keepRoutes says at which network Traefik reaches the clients that are on one now and get another. The network leads
// nowhere that Traefik is.
func (x *connection) keepRoutes(g *proxyGroup) {
	for _, c := range g.clients {
		s := c.network
		networks := fields(s.Get("networks"))
		if c.leaves != "" || len(networks) != 1 || s.Get("networks").Get(g.network) != nil || !x.isRouted(c) || !x.onceAt(s.Origin.Node, routeLabel) {
			continue
		}
		written, name := x.networkName(networks[0].Key)
		if name == "" {
			x.unrouted = append(x.unrouted, c.Name)
			continue
		}
		x.addLabel(s, knowledge.EnvVar{Name: routeLabel, Value: written}, name)
		x.routed = append(x.routed, c.Name)
	}
}

// isRouted tells that Traefik reaches a client by its labels, and nothing says on which network.
func (x *connection) isRouted(c *socketClient) bool {
	if c.known.ID == traefik || x.routesByDefault() {
		return false
	}
	routed := false
	for _, s := range []compose.Service{c.Service, c.network} {
		for _, label := range s.Get("labels").Settings() {
			switch {
			case label.Key == routeLabel || label.Key == "traefik.enable" && label.Value.Str() == "false":
				return false
			case strings.HasPrefix(label.Key, "traefik."):
				routed = true
			}
		}
	}
	return routed
}

// traefik is the client that Traefik is.
const traefik = "traefik"

// routesByDefault tells that a Traefik of the project has a network for all containers. See
// https://doc.traefik.io/traefik/reference/install-configuration/providers/docker/.
func (x *connection) routesByDefault() bool {
	return slices.ContainsFunc(x.project.Services(), func(s compose.Service) bool {
		return environment(s).Setting("TRAEFIK_PROVIDERS_DOCKER_NETWORK") != nil ||
			slices.ContainsFunc(commandWords(s.Get("command")), func(word string) bool {
				return strings.HasPrefix(strings.ToLower(word), "--providers.docker.network")
			})
	})
}

// networkName returns the name that Docker knows a network of the project by, as it is to be written and as it is. Where
// it is made from the name of the project, that stays a variable: the project may get another name. Both are empty where
// nothing declares the network, as in a part of a project.
func (x *connection) networkName(key string) (written, name string) {
	made := x.project.Name + "_" + key
	said := x.project.Model.At("networks", key, "name")
	switch {
	case said == nil && key != defaultNetwork:
		return "", ""
	case said == nil || said.Str() == made:
		return "${COMPOSE_PROJECT_NAME}_" + key, made
	case said.Implicit:
		return said.Str(), said.Str() // that of an external network
	}
	return asWritten(said), said.Str()
}

// addLabel gives a service a label, of which value is what Compose makes of it.
func (x *connection) addLabel(s compose.Service, label knowledge.EnvVar, value string) {
	labels := s.Get("labels")
	line := label.Name + "=" + label.Value
	switch {
	case labels == nil:
		x.refuse("Add " + line + " to the labels of " + s.Name + " first: Traefik takes any of several networks.")
		return
	case x.isSaidFor(s, labels):
		if node := labels.Origin.Node; node.Kind == source.Sequence {
			x.draft(labels.Origin.File).Append(node, patch.String(line))
		} else {
			x.draft(labels.Origin.File).Insert(node, label.Name, patch.String(label.Value))
		}
	case !x.own(s, "labels", extending(patch.Map{{Key: label.Name, Value: patch.String(label.Value)}}, line)):
		return
	}
	if labels.Kind == compose.List {
		x.changeItem(s, nil, label.Name+"="+value, "labels")
	} else {
		x.change(s, value, "labels", label.Name)
	}
}

// isSaidFor tells that a part of a service stands in a file that a client is in, and no other service has it from there.
func (x *connection) isSaidFor(s compose.Service, labels *compose.Value) bool {
	node := labels.Origin.Node
	if node.Kind != source.Mapping && node.Kind != source.Sequence || node.Anchor != "" || !slices.Contains(x.homes, labels.Origin.File) {
		return false
	}
	return len(x.namesOf(func(other compose.Service) bool {
		said := other.Get("labels")
		return said != nil && said.Origin.Node == node && other.Name != s.Name
	})) == 0
}
