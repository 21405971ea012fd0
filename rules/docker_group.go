package rules

import (
	"strconv"
	"strings"

	"composelint/internal/compose"
)

// isDockerGroup tells that a group of a service is the host's docker group: it is called so, itself or its variable, or
// its number is one that systems give to such groups when Docker is installed. Those are from 100 to 999, counted down,
// on Debian and Red Hat alike (SYS_GID_MIN and SYS_GID_MAX in login.defs); the low ones belong to devices.
func isDockerGroup(group *compose.Value) bool {
	if strings.Contains(strings.ToLower(asWritten(group)), "docker") {
		return true
	}
	return isSystemGroup(group.Str())
}

func isSystemGroup(group string) bool {
	number, err := strconv.Atoi(group)
	return err == nil && number >= 900 && number < 1000
}

// dropGroups takes the host's docker group away from clients that no longer have its socket. A group that a service
// may have for its devices stays.
func (x *connection) dropGroups() {
	for _, c := range x.clients {
		for _, group := range items(c.Get("group_add")) {
			if !isDockerGroup(group) || c.Get("devices") != nil || !x.isClients(group) {
				continue
			}
			x.remove(group)
			x.changeItem(c.Service, group.Plain(), nil, "group_add")
		}
	}
}

// isClients tells that only clients have an item of group_add, which may be said for several services at once.
func (x *connection) isClients(group *compose.Value) bool {
	users := x.namesOf(func(s compose.Service) bool {
		for _, other := range items(s.Get("group_add")) {
			if other.Origin.Node == group.Origin.Node {
				return true
			}
		}
		return false
	})
	list := make([]string, len(x.clients))
	for i, c := range x.clients {
		list[i] = c.Name
	}
	return within(users, list)
}
