package rules

import (
	"fmt"
	"slices"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var airflowDockerAccessIdle = &Rule{
	Name:     "airflow-docker-access-idle",
	Severity: Medium,
	Tier:     Strict,
	Summary:  "A component of Airflow that never runs tasks has access to the Docker API.",
	Why: "Only tasks start containers, and they run in the workers, or with the LocalExecutor in the scheduler. The web interface, " +
		"the triggerer and the others gain nothing from the socket or from DOCKER_HOST, and whoever takes them over gains the host.",
	Fix: "Takes the access from a service that has it on a line of its own. It is unsafe, since a program in the image may use " +
		"it all the same. Where the line is shared with services that run tasks, it is advice.",
	Bad: `services:
  triggerer:
    image: apache/airflow:2.10.5
    command: triggerer
    environment:
      DOCKER_HOST: tcp://docker-socket-proxy:2375
`,
	Good: `services:
  worker:
    image: apache/airflow:2.10.5
    command: celery worker
    environment:
      DOCKER_HOST: tcp://docker-socket-proxy:2375
`,
	References: []Reference{
		{"Airflow 2.10.5, executor types",
			"https://airflow.apache.org/docs/apache-airflow/2.10.5/core-concepts/executor/index.html"},
		{"CIS Docker Benchmark v1.6.0, 5.32", ""},
	},
	Limits: "Code of DAGs that asks Docker for something outside of tasks is not known.",
	Check:  checkIdleAccess,
}

func checkIdleAccess(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		if !a.neverRunsTasks() {
			return
		}
		eachSocket(p.Project, a.Service, found)
		if v := a.setting("DOCKER_HOST"); v.Str() != "" {
			found(v, "environment", "DOCKER_HOST")
		}
	}, func(_ airflowService, c Cause) Finding {
		f := Finding{
			Message:  fmt.Sprintf("no task runs in %s, so the access to Docker there helps nobody but an intruder", names(c.Services())),
			Evidence: c.Uses[0].Path[0],
		}
		f.Repair = func() Fix { return takeAccess(p, c) }
		return f
	})
}

// neverRunsTasks tells that the executor has no tasks run in the service. Where the executor is not known, it tells
// so of the components that never do.
func (a airflowService) neverRunsTasks() bool {
	switch a.component {
	case "", knowledge.AirflowOnce, knowledge.AirflowStandalone, knowledge.AirflowWorker:
		return false
	case knowledge.AirflowScheduler:
		runners, known := knowledge.AirflowTaskRunners(a.executor())
		return known && len(runners) > 0 && !slices.Contains(runners, knowledge.AirflowScheduler)
	}
	return true
}

// takeAccess removes what gives the access, unless other services have it from the same line.
func takeAccess(p *Pass, c Cause) Fix {
	const title = "Take the access to Docker away"
	const advice = "The line is shared: move it from there to the services that run tasks."
	if shared := p.sharing(c); len(shared) > 0 {
		return manual(title, advice)
	}
	if c.Uses[0].Path[0] != "environment" {
		return c.removal(title, Unsafe)()
	}
	var r repair
	for _, u := range c.Uses {
		r.remove(u.Value)
		r.removeSetting(u, "DOCKER_HOST")
	}
	return r.fix(title, Unsafe)
}

// sharing returns the services outside of a cause that have its value.
func (p *Pass) sharing(c Cause) []compose.Service {
	path := c.Uses[0].Path
	var others []compose.Service
	for _, s := range p.Project.Services() {
		if slices.Contains(c.Services(), s.Name) {
			continue
		}
		uses := false
		s.At(path...).Walk(func(v *compose.Value) bool {
			uses = uses || v.Origin.Node == c.Value().Origin.Node
			return !uses
		})
		if uses {
			others = append(others, s)
		}
	}
	return others
}
