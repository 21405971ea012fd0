package rules

import "fmt"

var airflowGIDVariable = &Rule{
	Name:     "airflow-gid-variable",
	Severity: Low,
	Tier:     Default,
	Summary:  "The group of an Airflow service is taken from AIRFLOW_GID.",
	Why: "Since 2.2 Airflow's image has no group of its own, and the variable is gone from the official file: group 0 is the only " +
		"one that works for every user. The variable can only do harm: with any other value the containers end at once.",
	Fix: "Writes group 0 in the place of the variable. It is safe: no other value works.",
	Bad: `services:
  scheduler:
    image: apache/airflow:2.10.5
    command: scheduler
    user: "${AIRFLOW_UID:-50000}:${AIRFLOW_GID:-0}"
`,
	Good: `services:
  scheduler:
    image: apache/airflow:2.10.5
    command: scheduler
    user: "${AIRFLOW_UID:-50000}:0"
`,
	References: []Reference{
		{"Airflow pull request 18747, Remove AIRFLOW_GID from Docker images",
			"https://github.com/apache/airflow/pull/18747"},
		{"Airflow's Compose file 2.10.5, environment variables",
			"https://airflow.apache.org/docs/apache-airflow/2.10.5/howto/docker-compose/index.html"},
	},
	Check: checkGIDVariable,
}

func checkGIDVariable(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		if u, fault := a.userFault(); fault == groupVariable {
			found(u.value, "user")
		}
	}, func(a airflowService, c Cause) Finding {
		u, _ := a.userFault()
		f := Finding{
			Message: fmt.Sprintf("AIRFLOW_GID has had no purpose since Airflow 2.2, and any value but 0 keeps %s from starting",
				names(c.Services())),
			Evidence: asWritten(u.value),
		}
		f.Repair = func() Fix {
			change := userChange{from: u.gid.from, to: u.gid.to, text: "0", result: u.uid.text + ":0"}
			return fixUser(p, c, change, "Make the group 0")
		}
		return f
	})
}
