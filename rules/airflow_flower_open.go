package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/knowledge"
	"composelint/internal/pattern"
)

var airflowFlowerOpen = &Rule{
	Name:     "airflow-flower-open",
	Severity: High,
	Tier:     Default,
	Summary:  "Flower, the page about Celery workers, is published without a password, or with one that everybody knows.",
	Why: "Flower asks for no password unless it is told to. It shows the arguments of all tasks, and lets anybody stop workers and " +
		"revoke tasks.",
	Bad: `services:
  flower:
    image: apache/airflow:2.10.5
    command: celery flower
    ports:
      - "5555:5555"
`,
	Good: `services:
  flower:
    image: apache/airflow:2.10.5
    command: celery flower
    ports:
      - "127.0.0.1:5555:5555"
`,
	References: []Reference{
		{"Airflow Celery provider 3.12.1, securing Flower with basic authentication",
			"https://airflow.apache.org/docs/apache-airflow-providers-celery/3.12.1/security/flower.html"},
	},
	Limits: "Where a profile has to be asked for to start Flower, it is told as info. A password that a configuration file sets is " +
		"not seen.",
	Check: checkOpenFlower,
}

// flowerPassword are the variables that make Flower ask for a password.
var flowerPassword = []string{
	"AIRFLOW__CELERY__FLOWER_BASIC_AUTH", "AIRFLOW__CELERY__FLOWER_BASIC_AUTH_CMD",
	"AIRFLOW__CELERY__FLOWER_BASIC_AUTH_SECRET", "FLOWER_BASIC_AUTH", "FLOWER_OAUTH2_KEY",
}

func checkOpenFlower(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		if a.component != knowledge.AirflowFlower || asksForPassword(a) && knownFlowerPassword(a) == "" {
			return
		}
		for _, port := range openPorts(a.Service) {
			found(port, "ports")
		}
	}, func(a airflowService, c Cause) Finding {
		what := "without a password"
		if password := knownFlowerPassword(a); password != "" {
			what = fmt.Sprintf("with the password %q", password)
		}
		f := Finding{
			Message: fmt.Sprintf("everybody who reaches the host can see and stop tasks: %s is published %s",
				names(c.Services()), what),
			Evidence: portText(c.Value()),
			Notes:    []string{"Set AIRFLOW__CELERY__FLOWER_BASIC_AUTH, or publish the port on 127.0.0.1 only."},
		}
		if len(items(a.Get("profiles"))) > 0 {
			f.Severity = Info
			f.Message = fmt.Sprintf("when its profile is started, everybody who reaches the host can see and stop tasks: "+
				"%s is published %s", names(c.Services()), what)
		}
		return f
	})
}

func asksForPassword(a airflowService) bool {
	isSet := func(name string) bool {
		v := a.setting(name)
		return v != nil && (v.Str() != "" || v.Raw != "")
	}
	options := strings.ReplaceAll(startText(a.Service), "-", "_")
	return slices.ContainsFunc(flowerPassword, isSet) || strings.Contains(options, "__basic_auth") ||
		strings.Contains(options, "__auth")
}

// flowerAccount matches an account in Flower's settings and options: user:password.
var flowerAccount = pattern.New(`(?:^|,|basic[_-]auth[= ])[^:,\s]+:(\w+)`)

// knownFlowerPassword returns the password of Flower, where it is one that everybody knows.
func knownFlowerPassword(a airflowService) string {
	for _, text := range []string{
		a.setting("AIRFLOW__CELERY__FLOWER_BASIC_AUTH").Str(), a.setting("FLOWER_BASIC_AUTH").Str(), startText(a.Service),
	} {
		for _, account := range flowerAccount().FindAllStringSubmatch(text, -1) {
			if slices.Contains(knownPasswords, account[1]) {
				return account[1]
			}
		}
	}
	return ""
}
