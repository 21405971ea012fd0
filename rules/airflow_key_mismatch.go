package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var airflowKeyMismatch = &Rule{
	Name:     "airflow-key-mismatch",
	Severity: High,
	Tier:     Default,
	Summary:  "Services of one Airflow have different keys, or each would make up its own.",
	Why: "With another Fernet key a service cannot read the connections that the others have stored. With another secret key the web " +
		"interface cannot fetch the logs of workers. With another JWT secret, in Airflow 3, tasks are turned away by the API " +
		"server. Where Airflow 3 is given no JWT secret, each container makes up one at its start.",
	Bad: `services:
  webserver:
    image: apache/airflow:2.10.5
    command: webserver
    environment:
      AIRFLOW__CORE__FERNET_KEY: ${FERNET_KEY:-one}
  scheduler:
    image: apache/airflow:2.10.5
    command: scheduler
    environment:
      AIRFLOW__CORE__FERNET_KEY: ${FERNET_KEY:-two}
`,
	Good: `services:
  webserver:
    image: apache/airflow:2.10.5
    command: webserver
    environment:
      AIRFLOW__CORE__FERNET_KEY: ${FERNET_KEY:?}
  scheduler:
    image: apache/airflow:2.10.5
    command: scheduler
    environment:
      AIRFLOW__CORE__FERNET_KEY: ${FERNET_KEY:?}
`,
	References: []Reference{
		{"Airflow 2.10.5, Fernet", "https://airflow.apache.org/docs/apache-airflow/2.10.5/security/secrets/fernet.html"},
		{"Airflow 2.10.5, configuration reference, secret_key",
			"https://airflow.apache.org/docs/apache-airflow/2.10.5/configurations-ref.html#secret-key"},
		{"Airflow issue 49646, Invalid auth token: Signature verification failed",
			"https://github.com/apache/airflow/issues/49646"},
	},
	Limits: "Keys in env files, in airflow.cfg and behind variables without value are not compared.",
	Check:  checkKeyMismatch,
}

const jwtSecret = "AIRFLOW__API_AUTH__JWT_SECRET"

// sharedKeys are the settings that all services of one Airflow need alike, and what goes wrong otherwise.
var sharedKeys = []struct{ name, effect string }{
	{"AIRFLOW__CORE__FERNET_KEY", "they cannot read each other's stored passwords"},
	{"AIRFLOW__WEBSERVER__SECRET_KEY", "the logs of tasks cannot be fetched from other services"},
	{"AIRFLOW__API__SECRET_KEY", "the logs of tasks cannot be fetched from other services"},
	{jwtSecret, "the API server turns the tasks away"},
}

func checkKeyMismatch(p *Pass) {
	for _, key := range sharedKeys {
		reportDrift(p, p.Facts.airflow(), key.name, func(odd, usual []Use) Finding {
			return Finding{
				Message: fmt.Sprintf("%s of %s is another one than that of %s: %s", key.name, useNames(odd), useNames(usual), key.effect),
			}
		})
	}
	checkMissingJWTSecret(p)
}

// checkMissingJWTSecret reports Airflow 3 in several containers of which none is given the secret.
func checkMissingJWTSecret(p *Pass) {
	var services []airflowService
	for _, a := range p.Facts.airflow() {
		if a.version.Major < 3 || !a.isLongRunning() {
			continue
		}
		if a.has(jwtSecret) || a.hasOwnConfiguration() {
			return
		}
		services = append(services, a)
	}
	if !slices.ContainsFunc(services, airflowService.isWeb) || indexOfComponent(services, knowledge.AirflowScheduler) < 0 {
		return
	}
	p.Lacking(func(s compose.Service) bool {
		a, ok := p.Facts.airflowNamed(s.Name)
		return ok && a.isLongRunning()
	}, func(all []compose.Service) Finding {
		return Finding{
			Message: fmt.Sprintf("the API server will turn all tasks away: %s each make up a secret of their own, because %s is not set",
				serviceNames(all), jwtSecret),
			Confidence: Likely,
		}
	})
}

// has tells that a setting is given to the service, be it by a command or a secrets backend.
func (a airflowService) has(name string) bool {
	for _, suffix := range []string{"", "_CMD", "_SECRET"} {
		if v := a.setting(name + suffix); v != nil && (v.Str() != "" || v.Raw != "") {
			return true
		}
	}
	return false
}

// hasOwnConfiguration tells that the service may be configured by something that is not in the Compose file: an env
// file, or an airflow.cfg.
func (a airflowService) hasOwnConfiguration() bool {
	if len(items(a.Get("env_file"))) > 0 || a.has("AIRFLOW_CONFIG") || a.built {
		return true
	}
	for _, mount := range items(a.Get("volumes")) {
		target := mount.Get("target").Str()
		if target == a.family.Home || strings.HasSuffix(target, "/airflow.cfg") {
			return true
		}
	}
	return false
}

func indexOfComponent(services []airflowService, component knowledge.AirflowComponent) int {
	for i, a := range services {
		if a.component == component {
			return i
		}
	}
	return -1
}
