package rules

import (
	"cmp"
	"fmt"
	"net/netip"

	"composelint/internal/compose"
)

var staticAddressConflict = &Rule{
	Name:     "static-address-conflict",
	Severity: High,
	Tier:     Default,
	Summary:  "A service cannot have its fixed address: another one has it, or no subnet of the network holds it.",
	Why: "An address belongs to one container of a network. The one that starts second fails with \"Address already in " +
		"use\". An address outside the subnets that the network declares is refused at once, and so is any " +
		"`ipv4_address` or `ipv6_address` in a network that declares none.\n\n" +
		"Most services need no fixed address: they reach each other by their names.",
	Bad: `services:
  web:
    image: example/web:3.2
    networks: {shop: {ipv4_address: 172.28.0.10}}
  api:
    image: example/api:2.1
    networks: {shop: {ipv4_address: 172.28.0.10}}
networks:
  shop: {ipam: {config: [{subnet: 172.28.0.0/24}]}}
`,
	Good: `services:
  web:
    image: example/web:3.2
    networks: {shop: {ipv4_address: 172.28.0.10}}
  api:
    image: example/api:2.1
    networks: [shop]
networks:
  shop: {ipam: {config: [{subnet: 172.28.0.0/24}]}}
`,
	References: []Reference{
		{"Compose specification, services: ipv4_address, ipv6_address",
			"https://docs.docker.com/reference/compose-file/services/#ipv4_address-ipv6_address"},
		{"moby v28.0.0, api/types/network/endpoint.go",
			"https://github.com/moby/moby/blob/v28.0.0/api/types/network/endpoint.go"},
	},
	Limits: "External networks, networks with an address driver of their own, and variables without value are not looked " +
		"into. Services that never run together because they have no profile in common may share an address.",
	Check: checkAddresses,
}

// staticAddress is an address that a service wants, and its path: networks, the network, the key.
type staticAddress struct {
	netip.Addr
	value *compose.Value
	path  []string
}

func checkAddresses(p *Pass) {
	p.Compete(func(s compose.Service, wants func(string, *compose.Value, ...string)) {
		for _, a := range staticAddresses(s) {
			wants(a.String()+" in "+a.path[1], a.value, a.path...)
		}
	}, func(address string, c Cause) Finding {
		return Finding{Message: fmt.Sprintf("%s want the address %s: the first that starts gets it, and the rest fails",
			names(c.Services()), address)}
	})
	p.Flag(func(s compose.Service, found Visit) {
		for _, a := range staticAddresses(s) {
			if hasContainer(s) && p.partOf() == "" {
				found(misplaced(p.Project, a), a.path...)
			}
		}
	}, func(c Cause) Finding {
		address, network := c.Uses[0].Service.At(c.Uses[0].Path...).Str(), c.Uses[0].Path[1]
		return Finding{
			Message: fmt.Sprintf("Docker refuses to start %s: the network %s declares no subnet that holds %s",
				names(c.Services()), network, address),
			Evidence: address + " in " + network, Confidence: confidence(c.Uses),
		}
	})
}

func staticAddresses(s compose.Service) []staticAddress {
	var all []staticAddress
	for _, network := range fields(s.Get("networks")) {
		for _, key := range []string{"ipv4_address", "ipv6_address"} {
			v := network.Value.Get(key)
			if address, err := netip.ParseAddr(v.Str()); err == nil {
				all = append(all, staticAddress{address, v, []string{"networks", network.Key, key}})
			}
		}
	}
	return all
}

// misplaced returns what keeps a service from having an address: the network, if it declares no subnet, or else the
// address. It is nil where a subnet holds the address, and where not all of them are known.
func misplaced(project *compose.Project, a staticAddress) *compose.Value {
	network := project.Model.At(a.path[:2]...)
	driver := cmp.Or(network.At("ipam", "driver").Str(), "default")
	if network == nil || network.Get("external").True() || driver != "default" {
		return nil
	}
	atFault := network
	if network.Origin.Node == nil { // nobody says anything about the default network
		atFault = a.value
	}
	for _, config := range items(network.At("ipam", "config")) {
		subnet, err := netip.ParsePrefix(config.Get("subnet").Str())
		if subnet.Contains(a.Addr) || err != nil && !config.Get("subnet").IsNull() {
			return nil
		}
		if err == nil && subnet.Addr().Is4() == a.Is4() {
			atFault = a.value
		}
	}
	return atFault
}
