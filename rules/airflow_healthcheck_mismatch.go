package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
	"composelint/internal/source"
	"composelint/patch"
)

const schedulerHealth = "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK"

var airflowHealthcheckMismatch = &Rule{
	Name:     "airflow-healthcheck-mismatch",
	Severity: Medium,
	Tier:     Default,
	Summary:  "The health check of an Airflow service asks for something that its version, or its configuration, does not have.",
	Why: "The pages about health moved from Airflow 2 to 3. The scheduler only answers on port 8974 where " +
		"`AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK` says so. A service that never becomes healthy keeps those waiting that depend " +
		"on it, and a check that is answered by another page finds no fault.",
	Fix: "Asks for the page of the version, or enables the scheduler's answers. It is safe: it changes nothing but the check.",
	Bad: `services:
  scheduler:
    image: apache/airflow:2.10.5
    command: scheduler
    environment:
      AIRFLOW__CORE__LOAD_EXAMPLES: "false"
    healthcheck:
      test: ["CMD", "curl", "--fail", "http://localhost:8974/health"]
`,
	Good: `services:
  scheduler:
    image: apache/airflow:2.10.5
    command: scheduler
    environment:
      AIRFLOW__CORE__LOAD_EXAMPLES: "false"
      AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK: "true"
    healthcheck:
      test: ["CMD", "curl", "--fail", "http://localhost:8974/health"]
`,
	References: []Reference{
		{"Airflow 2.10.5, checking Airflow health status",
			"https://airflow.apache.org/docs/apache-airflow/2.10.5/administration-and-deployment/logging-monitoring/check-health.html"},
		{"Airflow pull request 51497, the page about health in Airflow 3", "https://github.com/apache/airflow/pull/51497"},
	},
	Limits: "The version is the one in the tag of the image. Programs that the image lacks are not looked for.",
	Check:  checkAirflowHealth,
}

func checkAirflowHealth(p *Pass) {
	checkHealthPaths(p)
	checkSchedulerHealth(p)
}

// localURL is an address of the container itself, with its path.
var localURL = pattern.New(`https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::[0-9]+)?(/[A-Za-z0-9/_.-]*)`)

// healthPath returns the path that a part of a health check asks for, with its bytes in the text as it is written.
func healthPath(part *compose.Value) (path string, at source.Span) {
	m := localURL().FindStringSubmatchIndex(asWritten(part))
	if m == nil {
		return "", source.Span{}
	}
	at = source.Span{Start: m[2], End: m[3]}
	return asWritten(part)[at.Start:at.End], at
}

// checkHealthPaths reports checks of the web interface that ask for the page of another version.
func checkHealthPaths(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		if !a.isWeb() || a.version.IsZero() {
			return
		}
		for _, part := range words(a.At("healthcheck", "test")) {
			if path, _ := healthPath(part); path != "" && isOfOtherVersion(path, a.version) {
				found(part, "healthcheck", "test")
			}
		}
	}, func(a airflowService, c Cause) Finding {
		path, at := healthPath(c.Value())
		right := healthPageOf(a.version)
		f := Finding{
			Message: fmt.Sprintf("the health check of %s says nothing: Airflow %s does not report its health at %s, but at %s",
				names(c.Services()), a.version, path, right),
			Evidence: path,
		}
		f.Repair = func() Fix { return askFor(c, at, right) }
		return f
	})
}

// isOfOtherVersion tells that a path is known as a page about health, and not in a version.
func isOfOtherVersion(path string, version knowledge.Version) bool {
	pages := knowledge.AirflowHealthPaths()
	i := slices.IndexFunc(pages, func(p knowledge.AirflowHealthPath) bool { return p.Path == strings.TrimSuffix(path, "/") })
	return i >= 0 && !pages[i].ServedBy(version)
}

// healthPageOf returns the page about health that a version has.
func healthPageOf(version knowledge.Version) string {
	pages := knowledge.AirflowHealthPaths()
	i := slices.IndexFunc(pages, func(p knowledge.AirflowHealthPath) bool { return p.ServedBy(version) })
	return pages[i].Path
}

func askFor(c Cause, at source.Span, page string) Fix {
	var r repair
	part := c.Value()
	r.setPart(part, at.Start, at.End, page)
	text := strings.Replace(part.Str(), asWritten(part)[at.Start:at.End], page, 1)
	for _, u := range c.Uses {
		if u.isItem() {
			r.changeItem(u.Service, u.Str(), text, "healthcheck", "test")
		} else {
			r.change(u.Service, text, "healthcheck", "test")
		}
	}
	return r.fix("Ask for "+page, Safe)
}

// checkSchedulerHealth reports checks on the port that the scheduler only opens when it is told to.
func checkSchedulerHealth(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		test := a.At("healthcheck", "test")
		if a.component == knowledge.AirflowScheduler && strings.Contains(commandText(test), ":8974") &&
			!isEnabled(a.setting(schedulerHealth)) && !a.hasOwnConfiguration() {
			found(test, "healthcheck", "test")
		}
	}, func(_ airflowService, c Cause) Finding {
		f := Finding{
			Message: fmt.Sprintf("%s will never be healthy: it only answers on port 8974 with %s, which is not set",
				names(c.Services()), schedulerHealth),
			Evidence: schedulerHealth,
		}
		f.Repair = func() Fix { return enableSchedulerHealth(p, c) }
		return f
	})
}

func isEnabled(v *compose.Value) bool {
	switch strings.ToLower(v.Str()) {
	case "true", "t", "1":
		return true
	}
	return v != nil && (v.Unset || v.Unknown)
}

// enableSchedulerHealth adds the setting where the scheduler's environment was said. Services that merge it from
// there get it, too, and pay no attention to it.
func enableSchedulerHealth(p *Pass, c Cause) Fix {
	const title = "Enable the health check of the scheduler"
	scheduler := c.Uses[0].Service
	environment := scheduler.Get("environment")
	if environment == nil || environment.Setting(schedulerHealth) != nil || environment.Origin.Node == nil {
		return manual(title, "Set "+schedulerHealth+" to 'true' in the environment of the scheduler.")
	}
	var r repair
	draft := r.draft(environment.Origin.File)
	if environment.Origin.Node.Kind == source.Sequence {
		draft.Append(environment.Origin.Node, patch.String(schedulerHealth+"=true"))
	} else {
		draft.Insert(environment.Origin.Node, schedulerHealth, patch.Quoted("true", patch.SingleQuote))
	}
	for _, s := range p.Project.Services() {
		switch {
		case !usesNode(s.Get("environment"), environment.Origin.Node):
		case !p.Facts.isAirflow(s):
			return manual(title, "The environment is shared with "+s.Name+", which is not Airflow: set "+schedulerHealth+" for the scheduler alone.")
		default:
			r.addSetting(s, schedulerHealth, "true")
		}
	}
	return r.fix(title, Safe)
}

// usesNode tells that a value was said at a node, or has entries that were.
func usesNode(v *compose.Value, node *source.Node) bool {
	if v == nil {
		return false
	}
	said := func(o compose.Origin) bool { return o.Node == node || o.Node != nil && o.Node.Parent == node }
	return said(v.Origin) || slices.ContainsFunc(v.Also, said) ||
		slices.ContainsFunc(fields(v), func(f compose.Field) bool { return said(f.Value.Origin) }) ||
		slices.ContainsFunc(items(v), func(item *compose.Value) bool { return said(item.Origin) })
}
