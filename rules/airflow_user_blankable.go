package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
)

var airflowUserBlankable = &Rule{
	Name:     "airflow-user-blankable",
	Severity: Medium,
	Tier:     Default,
	Summary:  "The user of an Airflow service becomes root where a variable is not set, or its text is malformed.",
	Why: "`${AIRFLOW_UID}:0` is `:0` as long as nobody sets AIRFLOW_UID, and to Docker a blank user is root: Airflow then runs all " +
		"DAGs as root, and the files that it writes cannot be changed by another user later. Compose only warns that the " +
		"variable is not set. UID and GID are variables of the shell that Compose does not see.",
	Fix: "Gives the variable the default that Airflow's own file has, 50000, and writes group 0 where that was blank, too. It is " +
		"safe: where the variable is set, nothing changes.",
	Bad: `services:
  worker:
    image: apache/airflow:2.10.5
    command: celery worker
    user: "${AIRFLOW_UID}:0"
`,
	Good: `services:
  worker:
    image: apache/airflow:2.10.5
    command: celery worker
    user: "${AIRFLOW_UID:-50000}:0"
`,
	References: []Reference{
		{"Airflow's Compose file 2.10.5, setting the right Airflow user",
			"https://airflow.apache.org/docs/apache-airflow/2.10.5/howto/docker-compose/index.html#setting-the-right-airflow-user"},
		{"moby/sys, user.GetExecUser: what the parts of user mean", "https://github.com/moby/sys/blob/main/user/user.go"},
	},
	Limits: "A variable that an env file or the environment sets is taken for set.",
	Check:  checkBlankableUser,
}

func checkBlankableUser(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		if u, fault := a.userFault(); fault == userBlank || fault == userBroken {
			found(u.value, "user")
		}
	}, func(a airflowService, c Cause) Finding {
		u, fault := a.userFault()
		f := Finding{Evidence: asWritten(u.value)}
		if fault == userBroken {
			f.Severity, f.Message = High, brokenUserMessage(u, c)
			f.Repair = func() Fix { return mendUser(p, u, c) }
			return f
		}
		f.Message = fmt.Sprintf("%s will run as root: the user is blank", names(c.Services()))
		if u.value.Unset {
			f.Confidence = Likely
			f.Message = fmt.Sprintf("%s will run as root unless %s is set: the user is blank then",
				names(c.Services()), u.uid.variable())
		}
		if u.uid.uses("UID") {
			f.Notes = []string{"UID and GID are variables of the shell: Compose does not see them unless they are exported."}
		}
		f.Repair = func() Fix { return defaultUser(p, a, u, c) }
		return f
	})
}

func brokenUserMessage(u givenUser, c Cause) string {
	if u.value.Unknown {
		return fmt.Sprintf("Compose refuses the whole file: the user of %s is malformed", names(c.Services()))
	}
	return fmt.Sprintf("the user of %s is not what it looks like: Docker takes %q as user, %q as group, and leaves the rest aside",
		names(c.Services()), u.uid.text, u.gid.text)
}

// defaultUser gives the variable that the user is blank without a default.
func defaultUser(p *Pass, a airflowService, u givenUser, c Cause) Fix {
	title := fmt.Sprintf("Give the user the default %s", a.family.DefaultUID)
	if len(u.uid.variables) != 1 {
		return manual(title, "Write the user as ${AIRFLOW_UID:-50000}:0.")
	}
	if others := p.sharing(c); slices.ContainsFunc(others, func(s compose.Service) bool { return !p.Facts.isAirflow(s) }) {
		return manual(title, fmt.Sprintf("The line is also that of %s, which may need another user: give each a line of its own.",
			serviceNames(others)))
	}
	raw := asWritten(u.value)
	group, groupText := raw[u.gid.from:u.gid.to], u.gid.text
	if groupText == "" {
		groupText = cmp.Or(a.family.DefaultGID, "0")
		group = groupText
	}
	change := userChange{
		from: 0, to: len(raw),
		text:   fmt.Sprintf("${%s:-%s}:%s", u.uid.variable(), a.family.DefaultUID, group),
		result: a.family.DefaultUID + ":" + groupText,
	}
	return fixUser(p, c, change, title)
}

// mendUser repairs a malformed text where it can be told what was meant.
func mendUser(p *Pass, u givenUser, c Cause) Fix {
	const title = "Repair the text of the user"
	raw := asWritten(u.value)
	if !u.value.Unknown && !strings.ContainsAny(outsideVariables(raw[:u.uid.to]), "{}") {
		return fixUser(p, c, userChange{from: u.gid.from, to: len(raw), text: "0", result: u.uid.text + ":0"}, title)
	}
	if text, result, ok := mended(raw, p.Project.Env); ok {
		return fixUser(p, c, userChange{from: 0, to: len(raw), text: text, result: result}, title)
	}
	return manual(title, "Write it as ${AIRFLOW_UID:-50000}:0.")
}

// fixUser is the fix that changes the user of the services of a cause.
func fixUser(p *Pass, c Cause, change userChange, title string) Fix {
	var r repair
	if !r.setUser(p, c, change, p.Facts.isAirflow) {
		return manual(title, "The line is shared with services that are not Airflow: give those a user of their own first.")
	}
	return r.fix(title, Safe)
}
