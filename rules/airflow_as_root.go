package rules

import (
	"fmt"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var airflowAsRoot = &Rule{
	Name:     "airflow-as-root",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A component of Airflow that keeps running is told to run as root.",
	Why: "DAGs are programs of many authors, and here they run as root in the container: with a mounted Docker socket or host " +
		"directory that is root on the host. The files that they write belong to root, so that Airflow cannot change them " +
		"once it runs as it should. Only airflow-init needs root, to prepare directories.",
	Fix: "Sets the user of Airflow's own file, `${AIRFLOW_UID:-50000}:0`. It is unsafe: files that were written as root have to be " +
		"given to that user first, and packages that were installed for root are not there.",
	Bad: `services:
  worker:
    image: apache/airflow:2.10.5
    command: celery worker
    user: root
`,
	Good: `services:
  worker:
    image: apache/airflow:2.10.5
    command: celery worker
    user: "${AIRFLOW_UID:-50000}:0"
`,
	References: []Reference{
		{"Airflow's Docker image, allowing arbitrary user to run the container",
			"https://airflow.apache.org/docs/docker-stack/entrypoint.html#allowing-arbitrary-user-to-run-the-container"},
	},
	Limits: "A Dockerfile that ends as root is not seen.",
	Check:  checkAirflowRoot,
}

func checkAirflowRoot(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		if a.isLongRunning() && a.isToldRoot() {
			found(a.Get("user"), "user")
		}
	}, func(a airflowService, c Cause) Finding {
		f := Finding{
			Message:  fmt.Sprintf("%s will run as root, and so will the code of every DAG in it", names(c.Services())),
			Evidence: asWritten(c.Value()),
		}
		if a.component == knowledge.AirflowFlower {
			f.Message = fmt.Sprintf("%s will run as root", names(c.Services()))
		}
		f.Repair = func() Fix { return airflowUserAgain(p, a, c) }
		return f
	})
}

// isToldRoot tells that "user:" names root, and that no other rule about it applies.
func (a airflowService) isToldRoot() bool {
	user := a.Get("user")
	if _, fault := a.userFault(); fault != noFault || user.Str() == "" || user.Unknown {
		return false
	}
	return knowledge.ParseUser(user.Str()).IsRoot()
}

// airflowUserAgain sets the user of Airflow's own file. Services that prepare the others stay root.
func airflowUserAgain(p *Pass, a airflowService, c Cause) Fix {
	const title = "Run as the user of Airflow's own file"
	if a.family.ID != "apache" {
		return manual(title, "Leave user out, so that the image's own user is used.")
	}
	change := userChange{
		from: 0, to: len(asWritten(c.Value())), text: "${AIRFLOW_UID:-50000}:0", result: "50000:0",
	}
	if uid := p.Project.Env["AIRFLOW_UID"]; uid != "" {
		change.result = uid + ":0"
	}
	var r repair
	mayChange := func(s compose.Service) bool {
		other, ok := p.Facts.airflowNamed(s.Name)
		return ok && other.isLongRunning()
	}
	if !r.setUser(p, c, change, mayChange) {
		return manual(title, "The line is shared with services that need root: give the others a line of their own.")
	}
	return r.fix(title, Unsafe)
}
