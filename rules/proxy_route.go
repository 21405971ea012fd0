package rules

import (
	"fmt"
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
	if x.routesByDefault() {
		return
	}
	for _, c := range g.clients {
		s := c.network
		networks := fields(s.Get("networks"))
		if c.leaves != "" || len(networks) != 1 || s.Get("networks").Get(g.network) != nil || !c.isRouted() || !x.onceAt(s.Origin.Node, routeLabel) {
			continue
		}
		written, name := x.networkName(networks[0].Key)
		if name == "" {
			x.unrouted = append(x.unrouted, c.Name)
			continue
		}
		x.addLabel(s, patch.Pair{Key: routeLabel, Value: patch.String(written)}, name)
		x.routed = append(x.routed, c.Name)
	}
}

// isRouted tells that Traefik reaches a client by its labels, and they do not say on which network.
func (c *socketClient) isRouted() bool {
	if c.known.ID == traefik {
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

// exposesAll tells that a Traefik makes a way, by its name, to each container that it reaches and that does not say
// otherwise, as it does by default. See https://doc.traefik.io/traefik/reference/install-configuration/providers/docker/.
func exposesAll(s compose.Service) bool {
	if environment(s).Setting("TRAEFIK_PROVIDERS_DOCKER_EXPOSEDBYDEFAULT").Str() == "false" {
		return false
	}
	return !slices.ContainsFunc(commandWords(s.Get("command")), func(word string) bool {
		return strings.HasSuffix(strings.ToLower(word), "docker.exposedbydefault=false")
	})
}

// checkRoutedProxies looks for proxies that Traefik makes a way to, as to any container.
func (p *Pass) checkRoutedProxies(proxies []proxyService) {
	for _, s := range p.Project.Services() {
		known, _, _ := p.Facts.client(s)
		if known.ID != traefik || !asksDocker(s) || !exposesAll(s) {
			continue
		}
		for _, proxy := range proxies {
			isNear := func(f compose.Field) bool { return s.At("networks", f.Key) != nil }
			onHost := s.Get("network_mode").Str() == "host" && hasOwnNetwork(proxy.Service)
			if proxy.Get("labels").Setting(known.ProxyLabel.Name) == nil && (onHost || slices.ContainsFunc(fields(proxy.Get("networks")), isNear)) {
				p.reportRouted(proxy, s, known.ProxyLabel)
			}
		}
	}
}

// asksDocker tells that a Traefik looks for containers, and takes all that it finds: constraints may leave out some. A
// configuration file goes before all else, and a file of variables may hold anything.
func asksDocker(s compose.Service) bool {
	isConfig := func(mount *compose.Value) bool {
		return strings.HasPrefix(mount.Get("target").Str()+"/", "/etc/traefik/")
	}
	if s.Get("env_file") != nil || slices.ContainsFunc(items(s.Get("volumes")), isConfig) {
		return false
	}
	asks := false
	for _, text := range slices.Concat(commandWords(s.Get("command")), settingNames(environment(s))) {
		text = strings.ToLower(text)
		if strings.Contains(text, "constraints") || strings.Contains(text, "configfile") {
			return false
		}
		asks = asks || strings.HasPrefix(text, "--providers.docker") || strings.HasPrefix(text, "--docker") ||
			strings.HasPrefix(text, "traefik_providers_docker")
	}
	return asks
}

func settingNames(settings *compose.Value) []string {
	var list []string
	for _, e := range settings.Settings() {
		list = append(list, e.Key)
	}
	return list
}

func (p *Pass) reportRouted(proxy proxyService, by compose.Service, label knowledge.EnvVar) {
	p.Report(Finding{
		Message: fmt.Sprintf("%s can be reached through %s, which makes a way to each container that does not say otherwise: whoever "+
			"guesses the name may use the engine", proxy.Name, by.Name),
		Severity: High, Confidence: Likely,
		Origin: proxy.Origin, Span: keySpan(proxy.Value), Services: []string{proxy.Name},
		Path: "services." + proxy.Name + ".labels", Evidence: by.Name,
		Repair: func() Fix {
			x := connection{project: p.Project, homes: []*source.File{proxy.Origin.File}}
			x.addLabel(proxy.Service, labelled(label), label.Value)
			title := "Hide the proxy from " + by.Name
			if x.refusal != "" {
				return manual(title, x.refusal)
			}
			return x.fix(title, Safe)
		},
	})
}

// labelsOf returns the labels of the proxy of a group: those that keep its clients from it, and a Traefik on the host's
// network, which reaches all containers.
func (x *connection) labelsOf(g *proxyGroup) patch.Map {
	var labels patch.Map
	for _, c := range x.clients {
		label := c.known.ProxyLabel
		isTraefik := c.known.ID == traefik
		if label.Name == "" || isTraefik && !exposesAll(c.Service) || !slices.Contains(g.clients, c) && !(isTraefik && c.onHost) {
			continue
		}
		if added := labelled(label); !slices.Contains(labels, added) {
			labels = append(labels, added)
		}
	}
	return labels
}

func labelled(label knowledge.EnvVar) patch.Pair {
	return patch.Pair{Key: label.Name, Value: patch.Quoted(label.Value, patch.DoubleQuote)}
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
func (x *connection) addLabel(s compose.Service, label patch.Pair, value string) {
	labels := s.Get("labels")
	switch {
	case labels == nil:
		chosen, missed := cover(x.places("labels", itself), []string{s.Name}, nil)
		for _, p := range chosen {
			x.draft(p.file).Insert(p.node, "labels", patch.Map{label})
		}
		x.refuseShared(missed, "labels")
	case x.isSaidFor(s, labels):
		x.addSetting(labels.Origin.File, labels.Origin.Node, label)
	default:
		x.own(s, "labels", extending(patch.Map{label}, asLine(label)))
	}
	x.declareSetting(s, "labels", label.Key, value)
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
