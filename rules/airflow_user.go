package rules

import (
	"strings"

	"composelint/internal/knowledge"
)

// userFault is what is wrong with the user of a service of Airflow. Each fault has a rule.
type userFault uint8

const (
	noFault       userFault = iota
	userBroken              // the text is malformed
	userBlank               // a variable without value makes the user blank, which means root
	groupWrong              // the group is not 0
	groupVariable           // the group is AIRFLOW_GID, which has no purpose any more
)

// airflowWithoutGID is the version from which the images have no group of their own: AIRFLOW_GID went with it, see
// https://github.com/apache/airflow/pull/18747.
var airflowWithoutGID = knowledge.Version{Major: 2, Minor: 2}

// userFault returns what is wrong with the service's user, which is taken apart for it.
func (a airflowService) userFault() (givenUser, userFault) {
	u, ok := parseUser(a.Get("user"))
	otherGroup := a.exitsByGroup() && u.hasOtherGroup()
	switch {
	case !ok:
		return u, noFault
	case u.broken:
		return u, userBroken
	case !u.hasGroup:
		return u, noFault
	case otherGroup && u.gid.text != "":
		return u, groupWrong // a blank user is root, whose group is looked at all the same
	case u.uid.text == "" && !a.changesOwners():
		return u, userBlank
	case otherGroup:
		return u, groupWrong
	case a.family.ID == "apache" && u.gid.uses("AIRFLOW_GID") && !a.isKnownBefore(airflowWithoutGID):
		return u, groupVariable
	}
	return u, noFault
}

// exitsByGroup tells that the service runs the check that Airflow's image makes of its group.
func (a airflowService) exitsByGroup() bool {
	return a.family.ChecksGroup(a.version) && a.usesImageEntrypoint()
}

// hasOtherGroup tells that the group is another one than 0, or will be as soon as its variable is set.
func (u givenUser) hasOtherGroup() bool {
	switch u.gid.text {
	case "0", "root":
		return false
	case "":
		return u.groupIsUnset() && !u.gid.uses("AIRFLOW_GID")
	}
	return !strings.Contains(u.gid.text, "$")
}

// isImageUser tells that the user is the image's own, which may have any group.
func (u givenUser) isImageUser(family knowledge.AirflowFamily) bool {
	return u.uid.text == family.DefaultUID || u.uid.text == family.UserName
}
