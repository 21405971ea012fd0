package rules

import (
	"fmt"
	"slices"

	"composelint/internal/compose"
)

var airflowDefaultCredentials = &Rule{
	Name:     "airflow-default-credentials",
	Severity: Medium,
	Tier:     Default,
	Summary:  "Airflow's administrator or its published database has a password that everybody knows.",
	Why: "The official file makes a user airflow with the password airflow, for a try on one's own computer; admin and admin is as " +
		"common. Whoever is let in can see the connections with their passwords and start DAGs, which run programs. The database of the " +
		"official file has the password airflow, too: that is fine as long as its port is not published.",
	Bad: `services:
  init:
    image: apache/airflow:2.10.5
    command: version
    environment:
      _AIRFLOW_DB_MIGRATE: "true"
      _AIRFLOW_WWW_USER_CREATE: "true"
      _AIRFLOW_WWW_USER_USERNAME: admin
      _AIRFLOW_WWW_USER_PASSWORD: admin
  webserver:
    image: apache/airflow:2.10.5
    command: webserver
    ports:
      - "127.0.0.1:8081:8081"
      - "8080:8080"
`,
	Good: `services:
  init:
    image: apache/airflow:2.10.5
    command: version
    environment:
      _AIRFLOW_DB_MIGRATE: "true"
      _AIRFLOW_WWW_USER_CREATE: "true"
      _AIRFLOW_WWW_USER_USERNAME: admin
      _AIRFLOW_WWW_USER_PASSWORD: ${AIRFLOW_ADMIN_PASSWORD:?}
  webserver:
    image: apache/airflow:2.10.5
    command: webserver
    ports:
      - "127.0.0.1:8081:8081"
      - "8080:8080"
`,
	References: []Reference{
		{"Airflow's Compose file 2.10.5, cleaning up and running: the account airflow",
			"https://airflow.apache.org/docs/apache-airflow/2.10.5/howto/docker-compose/index.html"},
		{"CWE-1392: Use of Default Credentials, CWE 4.16", "https://cwe.mitre.org/data/definitions/1392.html"},
	},
	Limits: "Where the port is not published beyond the host, or through a proxy only, nothing is said. Passwords in " +
		"command lines are left to secret-in-command.",
	Check: checkAirflowCredentials,
}

// knownPasswords are those of the official file and of the tutorials.
var knownPasswords = []string{"airflow", "admin", "password", "test", "user", "bitnami"}

// passwordVariables are those in which images take the password of the administrator.
var passwordVariables = []string{"_AIRFLOW_WWW_USER_PASSWORD", "AIRFLOW_PASSWORD"}

func checkAirflowCredentials(p *Pass) {
	checkAirflowDatabase(p)
	open := slices.ContainsFunc(p.Facts.airflow(), func(a airflowService) bool {
		return a.isWeb() && len(openPorts(a.Service)) > 0
	})
	if !open {
		return
	}
	p.flagAirflow(func(a airflowService, found Visit) {
		for _, name := range passwordVariables {
			if v := a.setting(name); slices.Contains(knownPasswords, v.Str()) {
				found(v, "environment", name)
			}
		}
	}, func(_ airflowService, c Cause) Finding {
		f := Finding{
			Message: fmt.Sprintf("everybody who reaches Airflow's published port can log in as administrator: the password is %q",
				c.Value().Str()),
			Evidence: c.Uses[0].Path[1],
		}
		if c.Value().Raw != "" {
			f.Severity, f.Confidence = Info, Likely
			f.Message = fmt.Sprintf("unless it is set, the password of Airflow's administrator is %q, as in the official file",
				c.Value().Str())
		}
		return f
	})
}

// checkAirflowDatabase reports databases that are published with the password of Airflow's official file.
func checkAirflowDatabase(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		if len(openPorts(s)) == 0 || p.Facts.isAirflow(s) {
			return
		}
		for _, e := range s.Get("environment").Settings() {
			if e.Value.Str() == "airflow" && len(pairsWith(s, e.Key)) > 0 {
				found(e.Value, "environment", e.Key)
			}
		}
	}, func(c Cause) Finding {
		f := Finding{
			Message: fmt.Sprintf("everybody who reaches the published port of %s can read and change its data: the password is \"airflow\"",
				names(c.Services())),
			Evidence: c.Uses[0].Path[1],
		}
		if c.Value().Raw != "" {
			f.Confidence = Likely
		}
		return f
	})
}
