package compose

import (
	"net/netip"
	"path"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/format"
	"github.com/compose-spec/compose-go/v2/types"
)

// longPorts brings all ports into the long form. A range becomes several ports, all with the origin of the range.
func longPorts(r *resolver, v *Value, _ *attribute) *Value {
	if v.Kind != List {
		return v
	}
	ports := make([]*Value, 0, len(v.Items))
	r.enter("[]")
	defer r.leave()
	for _, item := range v.Items {
		ports = append(ports, r.parsePorts(item)...)
	}
	v.Items = ports
	return v
}

// parsePorts returns the ports that an item stands for. One that Compose cannot read is reported and stays as it is.
func (r *resolver) parsePorts(v *Value) []*Value {
	if v.Kind != String && v.Kind != Number {
		return []*Value{v}
	}
	short := v.Str()
	saysProtocol := strings.Contains(short, "/")
	_, whole := v.scalar.(int)
	readable := v.Kind == String || whole
	if p, ok := parsePlainPort(short); ok && readable {
		return []*Value{r.longPort(v, p, saysProtocol)}
	}
	if !r.spend(0) {
		return []*Value{v}
	}
	parsed, err := types.ParsePortConfig(short)
	if err != nil || !readable {
		r.malformed(v, "port", `"[address:][host port:]container port[/protocol]", such as "127.0.0.1:8080:80"`)
		return []*Value{v}
	}
	if !r.spend(len(parsed)) {
		return []*Value{v}
	}
	ports := make([]*Value, len(parsed))
	for i, p := range parsed {
		ports[i] = r.longPort(v, p, saysProtocol)
	}
	return ports
}

// parsePlainPort is types.ParsePortConfig for one port as it is mostly written, and several times faster.
func parsePlainPort(short string) (types.ServicePortConfig, bool) {
	p := types.ServicePortConfig{Mode: "ingress", Protocol: "tcp"}
	rest, protocol, found := strings.Cut(short, "/")
	if found {
		if protocol != "tcp" && protocol != "udp" {
			return p, false
		}
		p.Protocol = protocol
	}
	host := ""
	if i := strings.LastIndexByte(rest, ':'); i >= 0 {
		host, rest = rest[:i], rest[i+1:]
		if j := strings.LastIndexByte(host, ':'); j >= 0 {
			p.HostIP, host = host[:j], host[j+1:]
			if ip, err := netip.ParseAddr(p.HostIP); err != nil || !ip.Is4() {
				return p, false
			}
		}
		if _, ok := plainPortNumber(host); !ok {
			return p, false
		}
		p.Published = host
	}
	target, ok := plainPortNumber(rest)
	p.Target = target
	return p, ok
}

// plainPortNumber reads a port number without leading zeros.
func plainPortNumber(s string) (uint32, bool) {
	if s == "" || s[0] < '1' || s[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 16)
	return uint32(n), err == nil
}

// longPort returns the long form of a port. Parts that are empty are left out, as compose-go does.
func (r *resolver) longPort(v *Value, p types.ServicePortConfig, saysProtocol bool) *Value {
	fields := make([]Field, 0, 5)
	fields = append(fields, Field{"mode", implicit(r.part(v, p.Mode))})
	if p.HostIP != "" {
		fields = append(fields, Field{"host_ip", r.part(v, p.HostIP)})
	}
	if p.Target != 0 {
		fields = append(fields, Field{"target", number(p.Target, v.Origin)})
	}
	if p.Published != "" {
		fields = append(fields, Field{"published", r.part(v, p.Published)})
	}
	protocol := r.part(v, p.Protocol)
	protocol.Implicit = !saysProtocol
	return r.expanded(v, append(fields, Field{"protocol", protocol})...)
}

// longVolume brings a mount into the long form. One that Compose cannot read is reported and stays as it is.
func longVolume(r *resolver, v *Value, _ *attribute) *Value {
	if v.Kind != String {
		return v
	}
	m, err := format.ParseVolume(v.Text)
	if err != nil {
		r.malformed(v, "volume", `"source:target" or "source:target:ro"`)
		return v
	}
	fields := make([]Field, 0, 5)
	fields = append(fields, Field{"type", r.part(v, m.Type)})
	if m.Source != "" {
		fields = append(fields, Field{"source", r.part(v, m.Source)})
	}
	if m.Target != "" {
		fields = append(fields, Field{"target", r.part(v, path.Clean(m.Target))})
	}
	if m.ReadOnly {
		fields = append(fields, Field{"read_only", boolean(true, v.Origin)})
	}
	if m.Bind != nil {
		fields = append(fields, Field{"bind", r.longBind(v, m.Bind)})
	}
	if m.Volume != nil {
		fields = append(fields, Field{"volume", longVolumeOptions(v, m.Volume)})
	}
	return r.expanded(v, fields...)
}

func (r *resolver) longBind(v *Value, bind *types.ServiceVolumeBind) *Value {
	m := mapping(v.Origin)
	if bind.SELinux != "" {
		m.set("selinux", r.part(v, bind.SELinux))
	}
	if bind.Propagation != "" {
		m.set("propagation", r.part(v, bind.Propagation))
	}
	if bind.CreateHostPath {
		m.set("create_host_path", implicit(boolean(true, v.Origin)))
	}
	m.Implicit = bind.SELinux == "" && bind.Propagation == ""
	return m
}

func longVolumeOptions(v *Value, options *types.ServiceVolumeVolume) *Value {
	if options.NoCopy {
		return mapping(v.Origin, Field{"nocopy", boolean(true, v.Origin)})
	}
	return implicit(mapping(v.Origin))
}

// longDevice brings a device mapping into the long form. One that Compose cannot read is reported and stays as it is.
func longDevice(r *resolver, v *Value, _ *attribute) *Value {
	if v.Kind != String {
		return v
	}
	source, rest, _ := strings.Cut(v.Text, ":")
	target, permissions, said := strings.Cut(rest, ":")
	if strings.Contains(permissions, ":") {
		r.malformed(v, "device", `"source:target:permissions", or with source, target and permissions under it`)
		return v
	}
	if target == "" {
		target = source
	}
	allowed := r.part(v, permissions)
	if !said {
		allowed = implicit(r.part(v, "rwm"))
	}
	return r.expanded(v,
		Field{"source", r.part(v, source)}, Field{"target", r.part(v, target)}, Field{"permissions", allowed})
}
