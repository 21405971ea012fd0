package rules

import (
	"fmt"
	"strconv"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
)

var airflowGIDNotRoot = &Rule{
	Name:     "airflow-gid-not-root",
	Severity: Critical,
	Tier:     Default,
	Summary:  "A service of Airflow runs with a group other than 0.",
	Why: `The first thing that Airflow's image does is to look at its group. If that is not 0, it prints "ERROR! You should run the
image with GID=0" and ends; only for the image's own user, 50000, it warns and goes on. With ` + "`restart: always`" + `, which the
official file has for every component, that becomes an endless loop. airflow-init usually runs as 0:0 and succeeds, so the
file looks fine until the other services start.

The directories of the image belong to group 0, so that it can be run as any user. Another group gains nothing. Where it
was meant to open the Docker socket, ` + "`group_add`" + ` does that and leaves the group alone; a socket proxy needs no group at all.`,
	Fix: "Makes the group 0 and leaves the user, with its variables, as it is. It is safe, but for a service that starts in " +
		"spite of the warning and uses the Docker socket: there the group may be what lets it in.",
	Bad: `services:
  scheduler:
    image: apache/airflow:2.10.5
    command: scheduler
    user: "${AIRFLOW_UID:-1000}:999"
    restart: always
`,
	Good: `services:
  scheduler:
    image: apache/airflow:2.10.5
    command: scheduler
    user: "${AIRFLOW_UID:-1000}:0"
    restart: always
`,
	References: []Reference{
		{"Airflow's Docker image, allowing arbitrary user to run the container",
			"https://airflow.apache.org/docs/docker-stack/entrypoint.html#allowing-arbitrary-user-to-run-the-container"},
		{"Airflow 424b6e9c, scripts/docker/entrypoint_prod.sh, check_uid_gid",
			"https://github.com/apache/airflow/blob/424b6e9c/scripts/docker/entrypoint_prod.sh"},
		{"moby/sys, user.GetExecUser: what the parts of user mean",
			"https://github.com/moby/sys/blob/main/user/user.go"},
	},
	Limits: "Images before 2.0.2 and those of other makers do not check the group. A service that replaces the image's " +
		"entrypoint is left alone, unless it calls /entrypoint. Users and groups that a Dockerfile adds are not known.",
	Check: checkAirflowGroup,
}

func checkAirflowGroup(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		if u, fault := a.userFault(); fault == groupWrong {
			found(u.value, "user")
		}
	}, func(a airflowService, c Cause) Finding {
		u, _ := a.userFault()
		f := Finding{
			Message: groupMessage(p, a, u, c), Severity: groupSeverity(a, u), Confidence: groupConfidence(a, u),
			Evidence: asWritten(u.value), Notes: groupNotes(p, a, u, c),
		}
		f.Repair = func() Fix { return groupZero(p, a, u, c) }
		return f
	})
}

var number = pattern.New(`^[0-9]+$`)

// lacksGroup tells that the group is a name that the published image does not have. Docker then does not start the
// container. Names of Debian's own groups are there, but nobody uses them here.
func lacksGroup(a airflowService, u givenUser) bool {
	return a.certain && !a.built && u.gid.text != "" && !number().MatchString(u.gid.text) &&
		!a.isKnownBefore(airflowWithoutGID)
}

// groupSeverity tells apart the container that ends, the one that warns, and the official files before 2.2: their
// group was 50000, and their instructions set AIRFLOW_UID and AIRFLOW_GID together.
func groupSeverity(a airflowService, u givenUser) Severity {
	switch {
	case !u.isImageUser(a.family) || lacksGroup(a, u):
		return Critical
	case u.gid.uses("AIRFLOW_GID") && a.isKnownBefore(airflowWithoutGID):
		return Info
	}
	return Medium
}

func groupConfidence(a airflowService, u givenUser) Confidence {
	if a.certain && u.value.Raw == "" {
		return Certain
	}
	return Likely
}

func groupMessage(p *Pass, a airflowService, u givenUser, c Cause) string {
	given := u.gid.text
	if strings.Contains(given, "\n") {
		given = strconv.Quote(given)
	}
	group := "it is " + given
	if u.groupIsUnset() {
		group = "it comes from " + u.gid.variable()
	}
	end := "cannot start"
	if restartsAny(p, c) {
		end = "cannot start, and will be restarted without end"
	}
	switch who := names(c.Services()); {
	case lacksGroup(a, u):
		return fmt.Sprintf("%s %s: Airflow's image has no group %s", who, end, given)
	case !u.isImageUser(a.family):
		return fmt.Sprintf("%s %s: Airflow's image ends at once unless the group is 0, and here %s", who, end, group)
	default:
		return fmt.Sprintf("%s will start with a warning, and write files that no other user of Airflow can change: "+
			"Airflow's image wants group 0, and here %s", who, group)
	}
}

func restartsAny(p *Pass, c Cause) bool {
	for _, name := range c.Services() {
		if a, _ := p.Facts.airflowNamed(name); a.restarts() {
			return true
		}
	}
	return false
}

// groupNotes tell what depends on variables, and what else misleads.
func groupNotes(p *Pass, a airflowService, u givenUser, c Cause) []string {
	var notes []string
	switch uid := u.uid.variable(); {
	case uid == "" || u.uid.to == len(asWritten(u.value)) || lacksGroup(a, u):
	case u.isImageUser(a.family):
		notes = append(notes, fmt.Sprintf("With any value of %s but %s, the container ends at once.", uid, a.family.DefaultUID))
	case !u.value.Unknown:
		notes = append(notes, fmt.Sprintf("With %s=%s the container would start, with a warning.", uid, a.family.DefaultUID))
	}
	if u.groupIsUnset() {
		notes = append(notes, fmt.Sprintf("As long as %s is not set, the group is 0.", u.gid.variable()))
	}
	if init := rootInit(p); init != "" && groupSeverity(a, u) == Critical {
		notes = append(notes, init+" runs as root and succeeds, so only the other services show it.")
	}
	if mayOpenSocket(p, a, u, c) {
		notes = append(notes, "If the group was meant to open the Docker socket: group_add does that, and a socket proxy needs no group.")
	}
	return notes
}

// rootInit returns the Airflow service that prepares the others as root, or "".
func rootInit(p *Pass) string {
	for _, a := range p.Facts.airflow() {
		if !a.isLongRunning() && a.Get("user").Str() != "" && knowledge.ParseUser(a.Get("user").Str()).IsRoot() {
			return a.Name
		}
	}
	return ""
}

// mayOpenSocket tells that one of the services is given an engine's socket, and that the group may be there for it:
// it is not the one that Airflow's own file once had.
func mayOpenSocket(p *Pass, a airflowService, u givenUser, c Cause) bool {
	if u.gid.uses("AIRFLOW_GID") || u.gid.text == a.family.DefaultUID {
		return false
	}
	has := false
	for _, s := range c.distinct() {
		eachSocket(p.Project, s, func(*compose.Value, ...string) { has = true })
	}
	return has
}

// groupZero replaces the group, where it was said.
func groupZero(p *Pass, a airflowService, u givenUser, c Cause) Fix {
	const title = "Make the group 0"
	if u.gid.from == u.gid.to {
		return manual(title, fmt.Sprintf("%s holds user and group: make the group 0 where it is set.", u.uid.variable()))
	}
	change := userChange{from: u.gid.from, to: u.gid.to, text: "0", result: u.uid.text + ":0"}
	fix := fixUser(p, c, change, title)
	if fix.Safety == Safe && groupSeverity(a, u) != Critical && mayOpenSocket(p, a, u, c) {
		fix.Safety = Unsafe
	}
	return fix
}
