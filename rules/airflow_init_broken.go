package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
	"composelint/patch"
)

var airflowInitBroken = &Rule{
	Name:     "airflow-init-broken",
	Severity: Medium,
	Tier:     Default,
	Summary:  "The service that prepares Airflow cannot do it, or does it again and again.",
	Why: "The others wait until airflow-init has ended well. It changes owners, which only root can do. With `restart: always` it " +
		"starts over whenever it has ended, and never counts as done. The script of the official file up to 2.7 calls gosu, which " +
		"the image has not had since 2.8.3. Since Airflow 3, there are accounts to make only with the FabAuthManager.",
	Fix: "Makes the service root, as in Airflow's own file, or has it restarted on failure alone. Both are safe: root is what the " +
		"script in it needs, and nothing else of the service changes.",
	Bad: `services:
  airflow-init:
    image: apache/airflow:2.10.5
    entrypoint: /bin/bash
    command: -c "chown -R 50000:0 /sources && exec /entrypoint airflow version"
    user: "50000:0"
`,
	Good: `services:
  airflow-init:
    image: apache/airflow:2.10.5
    entrypoint: /bin/bash
    command: -c "chown -R 50000:0 /sources && exec /entrypoint airflow version"
    user: "0:0"
`,
	References: []Reference{
		{"Airflow 2.10.5, docker-compose.yaml", "https://airflow.apache.org/docs/apache-airflow/2.10.5/docker-compose.yaml"},
		{"Airflow's Docker image, changelog, 2.8.3", "https://airflow.apache.org/docs/docker-stack/changelog.html"},
		{"Airflow's FAB provider 2.4.4, command line reference",
			"https://airflow.apache.org/docs/apache-airflow-providers-fab/2.4.4/cli-ref.html"},
		{"Airflow issue 40985, AIRFLOW_UID in the script of airflow-init", "https://github.com/apache/airflow/issues/40985"},
	},
	Limits: "Commands in scripts are not seen.",
	Check:  checkAirflowInit,
}

func checkAirflowInit(p *Pass) {
	checkInitUser(p)
	checkInitRestart(p)
	checkInitGosu(p)
	checkInitVariable(p)
	checkUsersCommand(p)
}

var callsChown = pattern.New(`\bchown\s`)

// changesOwners tells that the service gives files to another user, and does nothing that lasts.
func (a airflowService) changesOwners() bool {
	return !a.isLongRunning() && callsChown().MatchString(startText(a.Service))
}

// checkInitUser reports scripts that change owners as somebody else than root.
func checkInitUser(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		if a.changesOwners() && a.family.ID == "apache" && !a.isRoot() {
			found(a.Value, "user")
		}
	}, func(a airflowService, c Cause) Finding {
		f := Finding{
			Message:  fmt.Sprintf("%s cannot change owners, because it does not run as root: its chown will fail", names(c.Services())),
			Span:     keySpan(c.Value()),
			Evidence: "chown",
		}
		if user := a.Get("user"); user != nil && user.Unset && strings.HasPrefix(user.Text, ":") {
			f.Confidence = Likely
			f.Message = fmt.Sprintf("%s can change owners only as long as the variable of its user is not set: otherwise it is not root, "+
				"and its chown fails", names(c.Services()))
		}
		f.Repair = func() Fix { return makeRoot(c) }
		return f
	})
}

// isRoot tells that the service is root, or that this is not known.
func (a airflowService) isRoot() bool {
	u, given := parseUser(a.Get("user"))
	if !given {
		return a.built // a Dockerfile may end as root
	}
	return u.broken || u.value.Unknown || !u.value.Unset && knowledge.ParseUser(u.value.Str()).IsRoot()
}

func makeRoot(c Cause) Fix {
	const title = "Run it as root"
	const root = "0:0"
	s := c.Uses[0].Service
	var r repair
	if own := s.Get("user"); own != nil && s.Origin.Node.Lookup("user") == own.Origin.Node && own.Origin.Node != nil {
		r.set(own, patch.String(root))
	} else if !r.setOwn(s, "user", patch.String(root)) {
		return manual(title, `Give the service user: "0:0".`)
	}
	r.change(s, root, "user")
	return r.fix(title, Safe)
}

// checkInitRestart reports services that end by themselves, and are started again whenever they have.
func checkInitRestart(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		if a.component == knowledge.AirflowOnce && a.restarts() && !knowsOtherComponent(a) {
			found(a.Get("restart"), "restart")
		}
	}, func(_ airflowService, c Cause) Finding {
		f := Finding{
			Message: fmt.Sprintf("%s does its work again whenever it is done, and services that wait for its end never start",
				names(c.Services())),
			Evidence: c.Value().Str(),
		}
		f.Repair = func() Fix { return restartOnFailure(p, c) }
		return f
	})
}

// keepsRunning matches commands that do not end, behind one that does.
var keepsRunning = pattern.New(`\b(sleep infinity|tail -f|while true|exec "?\$|webserver|scheduler|standalone|\S+\.sh)`)

func knowsOtherComponent(a airflowService) bool {
	return keepsRunning().MatchString(startText(a.Service))
}

// restartOnFailure lets the service try again until it succeeds, and no longer.
func restartOnFailure(p *Pass, c Cause) Fix {
	const title = "Restart it on failure alone"
	const policy = "on-failure"
	var r repair
	for _, s := range p.Project.Services() {
		if v := s.Get("restart"); v != nil && v.Origin.Node == c.Value().Origin.Node && !usesService(c, s) {
			return manual(title, "Others have the line in common: give the service a line of its own, restart: on-failure.")
		}
	}
	r.set(c.Value(), patch.String(policy))
	for _, u := range c.Uses {
		r.change(u.Service, policy, "restart")
	}
	return r.fix(title, Safe)
}

func usesService(c Cause, s compose.Service) bool {
	for _, u := range c.Uses {
		if u.Service.Name == s.Name {
			return true
		}
	}
	return false
}

var (
	callsGosu = pattern.New(`\bgosu\s`)
	// airflowWithoutGosu is the version whose image does not have gosu any more, see its changelog.
	airflowWithoutGosu = knowledge.Version{Major: 2, Minor: 8, Patch: 3}
)

// checkInitGosu reports calls of gosu in images that do not have it.
func checkInitGosu(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		if a.family.ID != "apache" || a.built || a.version.IsZero() || !a.version.AtLeast(airflowWithoutGosu) {
			return
		}
		for _, part := range words(a.Get("command")) {
			if callsGosu().MatchString(asWritten(part)) {
				found(part, "command")
			}
		}
	}, func(a airflowService, c Cause) Finding {
		return Finding{
			Severity: High, Confidence: Likely, Evidence: "gosu",
			Message: fmt.Sprintf("%s will stop with \"gosu: command not found\": the image of Airflow %s does not have it",
				names(c.Services()), a.version),
			Notes: []string{"Take the script of airflow-init from the official file of this version."},
		}
	})
}

// uidByCompose matches a use of AIRFLOW_UID in a script that Compose replaces before the shell sees it.
var uidByCompose = pattern.New(`chown[^\n]*\$\{?AIRFLOW_UID\}?:`)

// checkInitVariable reports scripts that change owners to a variable that has no value here. The official file does
// so, too: it means the shell's variable, and Compose is first.
func checkInitVariable(p *Pass) {
	if p.Project.Env["AIRFLOW_UID"] != "" {
		return
	}
	p.flagAirflow(func(a airflowService, found Visit) {
		for _, part := range words(a.Get("command")) {
			if part.Unset && uidByCompose().MatchString(part.Raw) {
				found(part, "command")
			}
		}
	}, func(_ airflowService, c Cause) Finding {
		return Finding{
			Severity: Info, Tier: Strict, Confidence: Likely, Evidence: "AIRFLOW_UID",
			Message: fmt.Sprintf("%s leaves the owner of files as it is unless AIRFLOW_UID is set: "+
				"Compose replaces the variable before the script can give it a value", names(c.Services())),
			Notes: []string{"Put AIRFLOW_UID into the .env file, as Airflow's instructions say."},
		}
	})
}
