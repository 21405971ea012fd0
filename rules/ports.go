package rules

import (
	"maps"
	"net/netip"
	"strings"

	"composelint/internal/compose"
	"composelint/patch"
)

const (
	loopback4 = "127.0.0.1"
	loopback6 = "::1"
)

// openPorts returns the ports that a service publishes on all addresses of the host.
func openPorts(s compose.Service) []*compose.Value {
	if !hasOwnNetwork(s) {
		return nil
	}
	var open []*compose.Value
	for _, port := range items(s.Get("ports")) {
		if port.Kind == compose.Map && isAnyAddress(port) && !isMispublished(port) {
			open = append(open, port)
		}
	}
	return open
}

// isExposed tells that others than the project's own services may reach a service: it publishes a port on all
// addresses of the host, or its ports are the host's.
func isExposed(s compose.Service) bool {
	return len(openPorts(s)) > 0 || s.Get("network_mode").Str() == "host"
}

// hasOwnNetwork tells that ports of a service can be published: not so in the network of the host or of another
// container.
func hasOwnNetwork(s compose.Service) bool {
	mode, _, _ := strings.Cut(s.Get("network_mode").Str(), ":")
	switch mode {
	case "host", "none", "service", "container":
		return false
	}
	return true
}

// isAnyAddress tells that a port is bound to no address, or to the one that stands for all. What a variable without
// value may make of it is not known.
func isAnyAddress(port *compose.Value) bool {
	host := port.Get("host_ip")
	if port.Unknown || host != nil && (host.Unset || host.Unknown) {
		return false
	}
	if isShort(port) && port.Unset && strings.Count(outsideVariables(asWritten(port)), ":") != 1 {
		return false
	}
	if host.Str() == "" {
		return true
	}
	address, err := netip.ParseAddr(strings.Trim(host.Str(), "[]"))
	return err == nil && address.IsUnspecified()
}

// isShort tells that a Map stands for a short form.
func isShort(v *compose.Value) bool { return v.Text != "" }

// openAt returns the port of the host that a port is reached at, or the container's where the host's is not known.
func openAt(port *compose.Value) string {
	if published := port.Get("published").Str(); published != "" && published != "0" && !port.Unset && !port.Unknown {
		return published
	}
	return port.Get("target").Str()
}

// portText returns a port as it is written, in short form.
func portText(port *compose.Value) string {
	if isShort(port) {
		return asWritten(port)
	}
	return port.Get("published").Str() + ":" + port.Get("target").Str()
}

// outsideVariables returns what is left of a text when the variables in braces are taken out.
func outsideVariables(text string) string {
	var b strings.Builder
	depth := 0
	for i := 0; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], "${"):
			depth++
		case text[i] == '}' && depth > 0:
			depth--
		case depth == 0:
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

// closePort returns what builds the fix that publishes a port on the host itself alone. Swarm cannot do that.
// Source: docker/cli v28.5.1, opts/swarmopts/port.go, ConvertPortToPortConfig.
func (p *Pass) closePort(c Cause) func() Fix {
	if !p.Facts.isForSwarm() {
		return c.bindToLoopback
	}
	return func() Fix {
		return manual("Take the port away", "Swarm listens on all addresses, whatever stands in front of the port. Remove the "+
			"port where only other services use it; they reach each other without one.")
	}
}

// bindToLoopback builds the fix that publishes a port on the host itself alone.
func (c Cause) bindToLoopback() Fix {
	const title = "Publish the port on 127.0.0.1 only"
	var r repair
	port := c.Value()
	address, ok := r.bind(port)
	if !ok {
		return manual(title,
			"A variable holds the address: set it to 127.0.0.1, or write 127.0.0.1 in front of the port.")
	}
	for _, s := range c.distinct() {
		for _, item := range items(s.Get("ports")) {
			if item.Origin.Node == port.Origin.Node { // a range is several ports in the model
				bound := maps.Clone(item.Plain().(map[string]any))
				bound["host_ip"] = address
				r.changeItem(s, item.Plain(), bound, "ports")
			}
		}
	}
	return r.fix(title, Unsafe)
}

// bind edits a port so that it is bound to a loopback address, and returns the address.
func (r *repair) bind(port *compose.Value) (address string, ok bool) {
	address = loopback4
	if host := port.Get("host_ip").Str(); strings.Contains(host, ":") {
		address = loopback6
	}
	if isShort(port) {
		return address, r.bindShort(port, address)
	}
	if host := port.Get("host_ip"); host != nil {
		r.set(host, patch.String(address))
	} else {
		r.draft(port.Origin.File).Insert(port.Origin.Node, "host_ip", patch.String(address))
	}
	return address, true
}

// bindShort writes an address in front of a short form, or in the place of the one that stands for all addresses.
func (r *repair) bindShort(port *compose.Value, address string) bool {
	text := asWritten(port)
	for _, all := range []string{"0.0.0.0", "[::]"} {
		if at := strings.Index(text, all); at >= 0 {
			r.setPart(port, at, at+len(all), strings.Replace(all, strings.Trim(all, "[]"), address, 1))
			return true
		}
	}
	switch colons := strings.Count(outsideVariables(text), ":"); {
	case port.Get("host_ip") != nil || colons == 0 && strings.Contains(port.Text, ":"):
		return false
	case colons == 0:
		r.setPart(port, 0, 0, address+"::")
	default:
		r.setPart(port, 0, 0, address+":")
	}
	return true
}
