package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var airflowServiceDrift = &Rule{
	Name:     "airflow-service-drift",
	Severity: High,
	Tier:     Default,
	Summary:  "Services of one Airflow have different versions, executors, databases or brokers.",
	Why: "Airflow's documentation asks for the same configuration everywhere. A service with another database or broker does not see " +
		"the tasks of the others; one with another version may not understand the database any more.",
	Bad: `services:
  webserver:
    image: apache/airflow:2.10.5
    command: webserver
  scheduler:
    image: apache/airflow:2.9.3
    command: scheduler
`,
	Good: `services:
  webserver:
    image: apache/airflow:2.10.5
    command: webserver
  scheduler:
    image: apache/airflow:2.10.5
    command: scheduler
`,
	References: []Reference{
		{"Airflow 2.10.5, production deployment, multi-node cluster",
			"https://airflow.apache.org/docs/apache-airflow/2.10.5/administration-and-deployment/production-deployment.html"},
	},
	Limits: "Images with names of their own are only compared with other tags of the same name.",
	Check:  checkServiceDrift,
}

// sharedSettings are those that all components need alike.
var sharedSettings = []struct{ name, what string }{
	{"AIRFLOW__CORE__EXECUTOR", "executor"},
	{"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "database"},
	{"AIRFLOW__CORE__SQL_ALCHEMY_CONN", "database"},
	{"AIRFLOW__CELERY__BROKER_URL", "broker"},
	{"AIRFLOW__CELERY__RESULT_BACKEND", "result backend"},
}

func checkServiceDrift(p *Pass) {
	for _, setting := range sharedSettings {
		reportDrift(p, p.Facts.airflow(), setting.name, func(odd, usual []Use) Finding {
			return Finding{
				Message: fmt.Sprintf("the %s of %s is another one than that of %s, so they do not work together",
					setting.what, useNames(odd), useNames(usual)),
			}
		})
	}
	reportVersionDrift(p)
}

// reportVersionDrift reports images that differ in their tags alone.
func reportVersionDrift(p *Pass) {
	byName := map[string][]airflowService{}
	var order []string
	for _, a := range p.Facts.airflow() {
		image := imageOf(a.Service)
		if !a.isLongRunning() || image.Repository == "" || image.Tag == "" {
			continue
		}
		if byName[image.Repository] == nil {
			order = append(order, image.Repository)
		}
		byName[image.Repository] = append(byName[image.Repository], a)
	}
	for _, name := range order {
		var uses []Use
		for _, a := range byName[name] {
			uses = append(uses, Use{Service: a.Service, Value: a.Get("image"), Path: []string{"image"}})
		}
		reportOdd(p, uses, func(u Use) string { return sameVersion(imageOf(u.Service)) }, func(odd, usual []Use) Finding {
			return Finding{
				Message: fmt.Sprintf("the image's version is %s in %s and %s in %s: they may not understand each other's database",
					imageOf(odd[0].Service).Tag, useNames(odd), imageOf(usual[0].Service).Tag, useNames(usual)),
			}
		})
	}
}

// sameVersion returns the version that a tag names, or the tag: variants for another Python have the same database.
func sameVersion(image knowledge.Image) string {
	if version, ok := knowledge.AirflowVersion(image); ok {
		return version.String()
	}
	return image.Tag
}

// reportDrift reports the services whose value of a setting is not that of most others. Values that are not known are
// left out.
func reportDrift(p *Pass, services []airflowService, name string, describe func(odd, usual []Use) Finding) {
	var uses []Use
	for _, a := range services {
		v := a.setting(name)
		if v.Str() == "" || v.Unset || v.Unknown || !a.isLongRunning() || a.component == knowledge.AirflowFlower {
			continue
		}
		uses = append(uses, Use{Service: a.Service, Value: v, Path: []string{"environment", name}})
	}
	reportOdd(p, uses, func(u Use) string { return sameMeaning(u.Str()) }, describe)
}

// sameMeaning returns one spelling of values that mean the same: PostgreSQL's usual driver may be named, and an
// executor may be given with its module.
func sameMeaning(value string) string {
	if executor, ok := knowledge.AirflowExecutorFor(value); ok {
		return executor.Name
	}
	value = strings.TrimSuffix(strings.Replace(value, "+psycopg2://", "://", 1), "/")
	return strings.Replace(value, "postgres://", "postgresql://", 1)
}

// reportOdd reports each value other than the most frequent one, once for each place where it was said.
func reportOdd(p *Pass, uses []Use, key func(Use) string, describe func(odd, usual []Use) Finding) {
	groups := map[string][]Use{}
	usual := ""
	for _, u := range uses {
		k := key(u)
		groups[k] = append(groups[k], u)
		if usual == "" {
			usual = k
		}
	}
	for _, u := range uses {
		if k := key(u); len(groups[k]) > len(groups[usual]) {
			usual = k
		}
	}
	for _, c := range p.Causes(func(s compose.Service, found Visit) {
		for _, u := range uses {
			if u.Service.Name == s.Name && key(u) != usual {
				found(u.Value, u.Path...)
			}
		}
	}) {
		f := describe(c.Uses, groups[usual])
		f.Origin, f.Path, f.Services = c.Value().Origin, c.Path(), c.Services()
		f.Evidence = c.Uses[0].Path[len(c.Uses[0].Path)-1]
		f.Related = []Related{{groups[usual][0].Origin, "the one of " + useNames(groups[usual])}}
		if c.Value().Raw != "" || groups[usual][0].Raw != "" {
			f.Confidence = Likely
		}
		p.Report(f)
	}
}

// useNames lists the services of uses for a message.
func useNames(uses []Use) string {
	var list []string
	for _, u := range uses {
		if !slices.Contains(list, u.Service.Name) {
			list = append(list, u.Service.Name)
		}
	}
	return names(list)
}
