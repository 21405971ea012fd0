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

// dropGroups takes the host's docker group away from clients that no longer have its socket, and from services of the
// same anchor that never had it. A group that a service may have for its devices stays.
func (x *connection) dropGroups(groups []*proxyGroup) {
	var mayLose []string
	for _, c := range x.clients {
		mayLose = append(mayLose, c.Name)
	}
	for _, g := range groups {
		mayLose = append(mayLose, x.alike(g)...)
	}
	for _, c := range x.clients {
		for _, group := range items(c.Get("group_add")) {
			if isDockerGroup(group) && c.Get("devices") == nil {
				x.dropGroup(group, mayLose)
			}
		}
	}
}

func (x *connection) dropGroup(group *compose.Value, mayLose []string) {
	users := x.namesOf(func(s compose.Service) bool { return sameItem(s, group) != nil })
	if !within(users, mayLose) || !x.once(group.Origin.Site()) {
		return
	}
	x.draft(group.Origin.File).Remove(nil, group.Origin.Site())
	for _, name := range users {
		s := x.project.Service(name)
		x.changeItem(s, sameItem(s, group).Plain(), nil, "group_add")
	}
}

// sameItem returns the item of a service's group_add that was said in the same place as another one, or nil.
func sameItem(s compose.Service, group *compose.Value) *compose.Value {
	for _, other := range items(s.Get("group_add")) {
		if other.Origin.Node == group.Origin.Node {
			return other
		}
	}
	return nil
}
