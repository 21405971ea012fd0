package rules

import (
	"fmt"

	"composelint/internal/compose"
	"composelint/patch"
)

var dependencyNeverHealthy = &Rule{
	Name:     "dependency-never-healthy",
	Severity: High,
	Tier:     Default,
	Summary: "A service waits for another one to be healthy that has no health check, or to end that is started " +
		"again for ever.",
	Why: `Compose waits for what never comes: without a health check it gives up with "has no healthcheck configured",
and a service that is restarted whenever it ends has never ended. The service that waits does not start.`,
	Fix: "Waits until the other service is started, where it has no health check; that is safe, because nothing " +
		"started before. Where a job is restarted for ever, removes its restart policy; that is unsafe, because a " +
		"job that fails is not tried again.",
	Bad: `services:
  web:
    image: example/web:3.2
    depends_on:
      db:
        condition: service_healthy
  db:
    image: postgres:17.2
`,
	Good: `services:
  web:
    image: example/web:3.2
    depends_on:
      db:
        condition: service_healthy
  db:
    image: postgres:17.2
    healthcheck:
      test: ["CMD", "pg_isready", "-U", "postgres"]
`,
	References: []Reference{
		{"Compose specification, services: depends_on",
			"https://docs.docker.com/reference/compose-file/services/#depends_on"},
	},
	Limits: "Where nobody has looked whether an image has a health check of its own, nothing is said.",
	Check:  checkDependencies,
}

func checkDependencies(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, d := range fields(s.Get("depends_on")) {
			other := p.Project.Service(d.Key)
			if other.Value != nil && neverComes(p, other, d.Value.Get("condition").Str()) != "" {
				found(d.Value.Get("condition"), "depends_on", d.Key, "condition")
			}
		}
	}, func(c Cause) Finding {
		other := p.Project.Service(c.Uses[0].Path[1])
		condition := c.Value().Str()
		f := Finding{
			Message: fmt.Sprintf("%s can never start: %s %s",
				names(c.Services()), other.Name, neverComes(p, other, condition)),
			Evidence: other.Name,
			Repair:   c.waitForStart,
		}
		if condition == "service_completed_successfully" {
			f.Related = []Related{{other.Get("restart").Origin, other.Name + " is restarted here"}}
			f.Repair = func() Fix { return endRestarts(other) }
		}
		return f
	})
}

// neverComes returns why what a service waits for does not happen; empty where it may.
func neverComes(p *Pass, other compose.Service, condition string) string {
	switch condition {
	case "service_healthy":
		switch p.Facts.health(other) {
		case healthNone:
			return "is waited for to be healthy, and has no health check"
		case healthDisabled:
			return "is waited for to be healthy, and its health check is switched off"
		}
	case "service_completed_successfully":
		switch restart := other.Get("restart").Str(); restart {
		case "always", "unless-stopped":
			return "is waited for to end, and is started again whenever it does (restart: " + restart + ")"
		}
	}
	return ""
}

// waitForStart builds the fix that waits until the other service is started.
func (c Cause) waitForStart() Fix {
	const started = "service_started"
	var r repair
	for _, u := range c.Uses {
		r.set(u.Value, patch.String(started))
		r.change(u.Service, started, u.Path...)
	}
	return r.fix("Wait until it is started", Safe)
}

// endRestarts builds the fix that lets a job end.
func endRestarts(job compose.Service) Fix {
	var r repair
	r.remove(job.Get("restart"))
	r.change(job, nil, "restart")
	return r.fix("Remove restart of "+job.Name, Unsafe)
}
