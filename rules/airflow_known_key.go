package rules

import (
	"fmt"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var airflowKnownKey = &Rule{
	Name:     "airflow-known-key",
	Severity: High,
	Tier:     Default,
	Summary:  "Airflow encrypts or signs with a key that is published on the internet.",
	Why: "The Fernet key encrypts the passwords of connections in the database, the JWT secret signs the tokens with which tasks and " +
		"users are let in. A key from an example protects nothing: whoever has a copy of the database reads the passwords, and " +
		"whoever reaches the API makes tokens for any user.\n\n" +
		"Put a key of your own into an .env file that git ignores. Values that are encrypted already need the old Fernet key, " +
		"too, until `airflow rotate-fernet-key` has run.",
	Bad: `services:
  scheduler:
    image: apache/airflow:3.0.4
    command: scheduler
    environment:
      AIRFLOW__API_AUTH__JWT_SECRET: test-key
  dag-processor:
    image: apache/airflow:3.0.4
    command: dag-processor
`,
	Good: `services:
  scheduler:
    image: apache/airflow:3.0.4
    command: scheduler
    environment:
      AIRFLOW__API_AUTH__JWT_SECRET: ${JWT_SECRET:?}
  dag-processor:
    image: apache/airflow:3.0.4
    command: dag-processor
`,
	References: []Reference{
		{"Airflow 2.10.5, Fernet", "https://airflow.apache.org/docs/apache-airflow/2.10.5/security/secrets/fernet.html"},
		{"Airflow 3.2.2, docker-compose.yaml", "https://airflow.apache.org/docs/apache-airflow/3.2.2/docker-compose.yaml"},
	},
	Limits: "Only keys that are known to be published are found. The one that the official file gives as a default is told as info.",
	Check:  checkKnownKeys,
}

func checkKnownKeys(p *Pass) {
	var order []string
	same := map[string][]Cause{}
	for _, c := range p.airflowCauses(func(a airflowService, found Visit) {
		for _, s := range a.Get("environment").Settings() {
			if p.Facts.hasPublishedKey(a.Service, s.Key, s.Value) {
				found(s.Value, "environment", s.Key)
			}
		}
	}) {
		id := c.Uses[0].Path[1] + "=" + asWritten(c.Value())
		if same[id] == nil {
			order = append(order, id)
		}
		same[id] = append(same[id], c)
	}
	for _, id := range order {
		reportKnownKey(p, same[id])
	}
}

// hasPublishedKey reports whether a variable of a service of Airflow has a key that everybody can read.
func (f *Facts) hasPublishedKey(s compose.Service, name string, v *compose.Value) bool {
	_, known := knowledge.AirflowPublishedKey(name, v.Str())
	return known && f.isAirflow(s)
}

// reportKnownKey reports a key once, however often the file says it.
func reportKnownKey(p *Pass, causes []Cause) {
	var all Cause
	var related []Related
	for i, c := range causes {
		all.Uses = append(all.Uses, c.Uses...)
		if i > 0 {
			related = append(related, Related{c.Value().Origin, "the same key"})
		}
	}
	name, v := all.Uses[0].Path[1], all.Value()
	key, _ := knowledge.AirflowPublishedKey(name, v.Str())
	f := Finding{
		Message:  fmt.Sprintf("%s of %s is no secret: it is the one in %s", name, names(all.Services()), key.Where),
		Evidence: name, Origin: v.Origin, Path: all.Path(), Services: all.Services(), Related: related,
	}
	if v.Raw != "" {
		f.Message = fmt.Sprintf("unless it is set, %s of %s is no secret: it is the one in %s",
			name, names(all.Services()), key.Where)
		f.Confidence = Likely
		if key.Value == "airflow_jwt_secret" {
			f.Severity = Info // everybody who starts from the official file has it
		}
	}
	p.Report(f)
}
