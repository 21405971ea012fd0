package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var airflowMissingComponent = &Rule{
	Name:     "airflow-missing-component",
	Severity: High,
	Tier:     Default,
	Summary:  "Airflow lacks a component that it needs, or has one that its executor does not use.",
	Why: "Airflow 3 reads DAGs in a process of its own: without `dag-processor` the list of DAGs stays empty. With the " +
		"CeleryExecutor tasks wait in the queue for ever if no worker takes them. With the LocalExecutor the scheduler runs the " +
		"tasks itself, and a worker only uses memory.",
	Bad: `services:
  api-server:
    image: apache/airflow:3.0.4
    command: api-server
  scheduler:
    image: apache/airflow:3.0.4
    command: scheduler
    environment:
      AIRFLOW__API_AUTH__JWT_SECRET: ${JWT_SECRET:?}
`,
	Good: `services:
  api-server:
    image: apache/airflow:3.0.4
    command: api-server
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
		{"Airflow 3.0.0, upgrading to Airflow 3",
			"https://airflow.apache.org/docs/apache-airflow/3.0.0/installation/upgrading_to_airflow3.html"},
		{"Airflow 3.0.0, executor types",
			"https://airflow.apache.org/docs/apache-airflow/3.0.0/core-concepts/executor/index.html"},
	},
	Limits: "Nothing is said of a component that is missing where a service runs a script, whose commands are not known, or where " +
		"a published broker lets workers connect from other hosts.",
	Check: checkComponents,
}

func checkComponents(p *Pass) {
	services := p.Facts.airflow()
	i := indexOfComponent(services, knowledge.AirflowScheduler)
	if i < 0 {
		return
	}
	scheduler := services[i]
	executor := scheduler.executor()
	if executor != "" {
		reportLeftovers(p, scheduler, executor)
	}
	if slices.ContainsFunc(services, airflowService.isOpaque) {
		return
	}
	if scheduler.version.Major >= 3 && !starts(services, knowledge.AirflowDagProcessor) {
		reportMissing(p, scheduler, "dag-processor",
			"no DAG will show up: Airflow 3 reads them in a service of its own, and none runs dag-processor")
	}
	if executor == "CeleryExecutor" && !starts(services, knowledge.AirflowWorker) && !hasOpenBroker(p) {
		reportMissing(p, scheduler, "worker",
			"all tasks will wait in the queue: "+scheduler.Name+" hands them to Celery workers, and no service runs celery worker")
	}
}

func reportMissing(p *Pass, scheduler airflowService, component, message string) {
	p.Report(Finding{
		Message: message, Confidence: Likely, Origin: scheduler.Origin, Span: keySpan(scheduler.Value),
		Path: "services." + scheduler.Name, Services: []string{scheduler.Name}, Evidence: component,
	})
}

// reportLeftovers reports Celery's services beside an executor that does not use them.
func reportLeftovers(p *Pass, scheduler airflowService, executor string) {
	known, ok := knowledge.AirflowExecutorFor(executor)
	if !ok || known.NeedsBroker || strings.Contains(executor, ",") || slices.Contains(known.RunsTasks, knowledge.AirflowWorker) {
		return
	}
	var idle []airflowService
	for _, a := range p.Facts.airflow() {
		isCelery := a.component == knowledge.AirflowWorker || a.component == knowledge.AirflowFlower
		if isCelery && (a.executor() == "" || a.executor() == executor) {
			idle = append(idle, a)
		}
	}
	if len(idle) == 0 {
		return
	}
	p.Lacking(func(s compose.Service) bool {
		return slices.ContainsFunc(idle, func(a airflowService) bool { return a.Name == s.Name })
	}, func(all []compose.Service) Finding {
		return Finding{
			Severity: Low,
			Message:  fmt.Sprintf("with the %s, %s runs the tasks: there is nothing to do for %s", known.Name, scheduler.Name, serviceNames(all)),
		}
	})
}

// executor returns what the service's environment says about it; empty where that is not known.
func (a airflowService) executor() string {
	v := a.setting("AIRFLOW__CORE__EXECUTOR")
	if v == nil || v.Unset || v.Unknown {
		return ""
	}
	return v.Str()
}

// starts tells that one of the services starts a component, be it beside another one.
func starts(services []airflowService, component knowledge.AirflowComponent) bool {
	return slices.ContainsFunc(services, func(a airflowService) bool {
		return a.component == component || a.component == knowledge.AirflowStandalone ||
			strings.Contains(startText(a.Service), string(component))
	})
}

// isOpaque tells that what the service starts is in a script or an image, out of sight.
func (a airflowService) isOpaque() bool {
	start := startText(a.Service)
	return a.component == "" && !strings.HasSuffix(start, "airflow") && !strings.HasSuffix(start, "bash") ||
		strings.Contains(start, ".sh") || strings.Contains(start, ".py") || a.component != "" && isOwnScript(a)
}

// isOwnScript tells that the service replaces the image's entrypoint by a program of its own.
func isOwnScript(a airflowService) bool {
	entrypoint := commandText(a.Get("entrypoint"))
	return strings.HasPrefix(entrypoint, "/") && !a.usesImageEntrypoint() && !strings.HasSuffix(entrypoint, "sh") &&
		!strings.Contains(entrypoint, "sh ") && !strings.Contains(entrypoint, "airflow")
}

// hasOpenBroker tells that workers on other hosts can reach the broker.
func hasOpenBroker(p *Pass) bool {
	return slices.ContainsFunc(p.Project.Services(), func(s compose.Service) bool {
		return isNamedAfter(s, []string{"redis", "rabbitmq", "valkey"}) && len(items(s.Get("ports"))) > 0
	})
}
