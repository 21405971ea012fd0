package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/pattern"
)

var airflowDefaultCredentials = &Rule{
	Name:     "airflow-default-credentials",
	Severity: Medium,
	Tier:     Default,
	Summary:  "Airflow's administrator or its published database has a password that everybody knows, or none.",
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
	Limits: "Where the port is not published beyond the host, or through a proxy only, nothing is said. Other passwords " +
		"in command lines are left to secret-in-command.",
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
	checkAirflowAccounts(p)
	checkAirflowAdmins(p)
}

// createdPassword matches the command that makes an account, with its password.
// Source: airflow users create --help, Airflow 2.10.5; create_user was its name in 1.10.
var createdPassword = pattern.New(`\bairflow (?:users create|create_user)\b[^;&|]*\s(?:-p|--password)[=\s]+["']?([a-z]+)\b`)

// createdAccountPassword returns the password of the account that a service makes, where everybody knows it.
func createdAccountPassword(command *compose.Value) string {
	text := commandText(command)
	m := matchIf(strings.Contains(text, "airflow "), createdPassword, text)
	if m == nil || !slices.Contains(knownPasswords, m[1]) {
		return ""
	}
	return m[1]
}

// checkAirflowAccounts reports accounts that a command makes.
func checkAirflowAccounts(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		eachCommand(s, func(command *compose.Value, path ...string) {
			if createdAccountPassword(command) != "" {
				found(command, path...)
			}
		})
	}, func(c Cause) Finding {
		return Finding{
			Message: fmt.Sprintf("everybody who reaches Airflow's published port can log in: %s makes an account with the password %q",
				names(c.Services()), createdAccountPassword(c.Value())),
			Evidence: "users create",
		}
	})
}

// checkAirflowAdmins reports services that ask nobody for a password.
// Source: configuration of Airflow 3, [core] simple_auth_manager_all_admins; it counts for the SimpleAuthManager alone,
// which is the default.
func checkAirflowAdmins(p *Pass) {
	const variable = "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS"
	p.flagAirflow(func(a airflowService, found Visit) {
		manager := a.setting("AIRFLOW__CORE__AUTH_MANAGER").Str()
		isSimple := manager == "" || strings.HasSuffix(manager, ".SimpleAuthManager")
		if v := a.setting(variable); a.isWeb() && isSimple && strings.EqualFold(v.Str(), "true") {
			found(v, "environment", variable)
		}
	}, func(airflowService, Cause) Finding {
		return Finding{
			Message:  "everybody who reaches Airflow's published port is its administrator: " + variable + " lets them in without a password",
			Severity: High, Evidence: variable,
		}
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
