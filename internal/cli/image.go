package cli

import (
	"cmp"
	"fmt"
	"strings"

	"composelint/internal/knowledge"
	"composelint/internal/report"
)

// proxyHost and proxyPort stand for a proxy's address in what is told about an image.
const (
	proxyHost = "docker-socket-proxy"
	proxyPort = 2375
)

// explainImage tells what is known of an image: as a client of the Docker socket, as a proxy in front of it, as one of
// Airflow's, and of the user it has to run as.
func explainImage(ref string) string {
	img, shown := knowledge.ParseImage(ref), report.Escape(ref)
	var b strings.Builder
	if client, ok := knowledge.ClientFor(img); ok {
		explainClient(&b, client)
	}
	if proxy, ok := knowledge.ProxyFor(img); ok {
		fmt.Fprintf(&b, "It is a filtering proxy for the Docker socket (%s).\n", proxy.ID)
		line(&b, "switches", strings.Join(proxy.Switches, ", "))
		line(&b, "on by default", strings.Join(proxy.OnByDefault, ", "))
		why, _ := proxy.IsBadTag(img.Tag)
		line(&b, "this tag", why)
		explainSources(&b, proxy.Notes, proxy.Provenance)
	}
	if forwarder, ok := knowledge.ForwarderFor(img); ok {
		b.WriteString("It passes a socket on without filtering anything.\n")
		explainSources(&b, forwarder.Notes, forwarder.Provenance)
	}
	if family, ok := knowledge.AirflowFamilyFor(img); ok {
		fmt.Fprintf(&b, "It is Airflow (%s).\n", family.ID)
		if version, ok := knowledge.AirflowVersion(img); ok {
			line(&b, "version", version.String())
		}
		explainSources(&b, family.Notes, family.Provenance)
	}
	if contract, ok := knowledge.UserContractFor(img); ok {
		b.WriteString("It is documented which user it may run as.\n")
		explainSources(&b, contract.Notes, contract.Provenance)
	}
	if b.Len() == 0 {
		return fmt.Sprintf("Nothing is known of %s.\n", shown)
	}
	return fmt.Sprintf("%s\n\n%s", shown, b.String())
}

func explainClient(b *strings.Builder, c knowledge.Client) {
	fmt.Fprintf(b, "It is a client of the Docker socket (%s).\n", c.Group)
	line(b, "read-only features", unknownIfEmpty(c.PermissionsRead))
	line(b, "to be of use", unknownIfEmpty(c.PermissionsBase))
	line(b, "everything", unknownIfEmpty(c.PermissionsFull))
	line(b, "changes things", string(c.PostRequired))
	line(b, "as good as root", string(c.RootEquivalent))
	line(b, "passes the socket on", string(c.PassesSocketOn))
	line(b, "how to point it at a proxy", wiringOf(c.Wiring))
	explainSources(b, c.Notes, c.Provenance)
}

// wiringOf says in one line how a client is pointed at an endpoint.
func wiringOf(w knowledge.Wiring) string {
	switch w.Kind {
	case knowledge.WiringEnv:
		var settings []string
		for _, e := range w.Env(proxyHost, proxyPort) {
			settings = append(settings, e.Name+"="+e.Value)
		}
		return strings.Join(settings, " ")
	case knowledge.WiringArgs:
		return strings.Join(w.Args(proxyHost, proxyPort), " ")
	case knowledge.WiringConfigFile:
		return "its own configuration: " + w.ConfigFile(proxyHost, proxyPort)
	case knowledge.WiringUI:
		return "its own interface: " + w.UI(proxyHost, proxyPort)
	case knowledge.WiringDropMount:
		return "it does not need the socket"
	case knowledge.WiringImpossible:
		return "impossible"
	}
	return "unknown"
}

func unknownIfEmpty(permissions []string) string {
	return cmp.Or(strings.Join(permissions, ", "), "unknown")
}

// line writes a fact; one that says nothing is left out.
func line(b *strings.Builder, name, value string) {
	if value != "" {
		fmt.Fprintf(b, "  %s: %s\n", name, value)
	}
}

func explainSources(b *strings.Builder, notes string, p knowledge.Provenance) {
	line(b, "note", notes)
	line(b, "confidence", strings.ReplaceAll(string(p.Confidence), "_", " "))
	for _, source := range p.Sources {
		line(b, "source", source)
	}
	b.WriteByte('\n')
}
