package rules

import (
	"slices"
	"strings"

	"composelint/internal/knowledge"
)

// setNeed establishes which proxy suits a client and what it needs of it.
func (p *Pass) setNeed(c *socketClient) {
	c.kind, c.need = p.needOf(c, p.proxyKind())
	other, ok := knowledge.ProxyByID("linuxserver")
	if !p.Settings.Proxy.AllowMixed || !ok || !slices.Contains(c.need.Permissions, "POST") {
		return
	}
	if kind, need := p.needOf(c, other); !slices.Contains(need.Permissions, "POST") {
		c.kind, c.need = kind, need
	}
}

// proxyKind returns the proxy that is to be added.
func (p *Pass) proxyKind() knowledge.Proxy {
	if kind, ok := knowledge.ProxyByID(p.Settings.Proxy.Kind); ok {
		return kind
	}
	kind, _ := knowledge.ProxyByID(ProxyKinds()[0])
	return kind
}

// needOf returns what a client needs of a proxy. What the user has stated goes before everything; then Airflow's DAGs
// decide, and the image.
func (p *Pass) needOf(c *socketClient, kind knowledge.Proxy) (knowledge.Proxy, knowledge.Need) {
	if stated, ok := p.Settings.Proxy.Permissions[c.Name]; ok {
		c.stated = true
		return kind, knowledge.Need{Permissions: sorted(stated)}
	}
	if c.known.ID == "" {
		return kind, knowledge.Need{Permissions: []string{"CONTAINERS"}}
	}
	need := c.known.Need(kind, p.Facts.configuration(c.Service))
	if c.known.ID == "airflow" {
		dags := p.Facts.dags()
		c.evidence, c.unmoved = dags.uses.evidence(), c.ignoresDockerHost(dags)
		need.MayNeed = nil
		if permissions := dags.uses.permissions(kind); len(permissions) > 0 {
			need.Permissions = permissions
		}
	}
	return kind, need
}

func sorted(names []string) []string {
	s := slices.Clone(names)
	slices.Sort(s)
	return slices.Compact(s)
}

// permissionText lists permissions for people.
func permissionText(permissions []string) string {
	if len(permissions) == 0 {
		return "nothing beyond its defaults"
	}
	return strings.Join(permissions, ", ")
}

// isRootEquivalent tells that what a client may do through its proxy is as good as root on the host.
func (c *socketClient) isRootEquivalent() bool {
	has := func(name string) bool { return slices.Contains(c.need.Permissions, name) }
	return has("POST") && (has("CONTAINERS") || has("SERVICES"))
}

// startsContainers tells that a client starts containers and waits for them, as far as that is known.
func (c *socketClient) startsContainers() bool {
	return c.known.ID == "" || strings.HasPrefix(c.known.Group, "CI/")
}

// safety returns how safe it is to move a client behind its proxy.
func (c *socketClient) safety() Safety {
	documented := c.known.ID != "" && c.certain && c.known.Confidence != knowledge.Inferred && c.known.Confidence != knowledge.Unknown
	switch {
	case c.unmoved != "":
		return Unsafe
	case c.pointed && c.server == "":
		return Unsafe // who answers there is not known
	case c.onHost:
		return Unsafe // the proxy's port is open to everybody on the host
	case c.leaves == "bridge":
		return Unsafe // it may use addresses of the bridge
	case c.givesLogins() && slices.Contains(c.need.Permissions, "POST"):
		return Unsafe // it may pull private images
	case c.isBehindTunnel():
		return Unsafe // the proxy's name may not be found there
	case slices.Contains(c.need.MayNeed, "POST"):
		return Unsafe // what changes things may be in use, and would stop
	case documented || c.stated:
		return Safe
	}
	return Unsafe
}
