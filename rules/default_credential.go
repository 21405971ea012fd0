package rules

import (
	"fmt"
	"slices"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var defaultCredential = &Rule{
	Name:     "default-credential",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A service has a well-known password, the name of its user as password, or none at all.",
	Why: `Programs that search the network for databases try these first: postgres and postgres, guest and guest,
minioadmin and minioadmin, and what stood in the example: password, changeme. Behind a published port they are as good
as no password.`,
	Bad: `services:
  charts:
    image: grafana/grafana:11.3.0
    environment:
      GF_SECURITY_ADMIN_USER: admin
      GF_SECURITY_ADMIN_PASSWORD: admin
    ports:
      - "3000:3000"
`,
	Good: `services:
  charts:
    image: grafana/grafana:11.3.0
    environment:
      GF_SECURITY_ADMIN_USER: admin
      GF_SECURITY_ADMIN_PASSWORD: ${GRAFANA_PASSWORD:?}
    ports:
      - "3000:3000"
`,
	References: []Reference{
		{"OWASP Application Security Verification Standard 4.0.3, 2.1 and 2.5",
			"https://github.com/OWASP/ASVS/tree/v4.0.3"},
		{"CWE-1392: Use of Default Credentials, CWE 4.16", "https://cwe.mitre.org/data/definitions/1392.html"},
	},
	Limits: "Where no port of the service is published beyond the host, only the project's own services can " +
		"connect: that is told from the strict tier on, as low, and so is what stood in the example where it is not " +
		"known to be the service's own password. Airflow has a rule of its own.",
	Check: checkDefaultCredentials,
}

func checkDefaultCredentials(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, f := range s.Get("environment").Settings() {
			isAirflows := p.Facts.isAirflow(s) && slices.Contains(passwordVariables, f.Key)
			if !isAirflows && weakness(s, f.Key, f.Value) != "" {
				found(f.Value, "environment", f.Key)
			}
		}
	}, func(c Cause) Finding {
		name := c.Uses[0].Path[1]
		f := Finding{
			Message:  fmt.Sprintf("%s: %s (%s)", names(c.Services()), weakness(c.Uses[0].Service, name, c.Value()), name),
			Evidence: name,
		}
		if c.Value().Raw != "" {
			f.Confidence = Likely
		}
		if !slices.ContainsFunc(c.distinct(), func(s compose.Service) bool { return isReachable(s, name, c.Value()) }) {
			f.Severity, f.Tier = Low, Strict
		}
		return f
	})
}

// weakness returns how a variable of a service opens it to everyone; empty where it does not.
func weakness(s compose.Service, name string, v *compose.Value) string {
	text := v.Str()
	setting, ok := knowledge.OpenSettingFor(name, text)
	if ok && !hasAnyPassword(s, setting.Unless) && (slices.ContainsFunc(setting.Images, imageOf(s).Matches) || isNamedAfter(s, setting.Images)) {
		return setting.Effect
	}
	switch {
	case isWellKnown(s, name, v) && text == userOf(s, name):
		return "the password is the name of the user"
	case isWellKnown(s, name, v):
		return "the password is one that everybody knows"
	case isFirstGuess(name, v):
		return "the value is one of the first that are tried"
	}
	return ""
}

// hasAnyPassword tells that a service is given a password by one of some variables, or by the file that it names.
func hasAnyPassword(s compose.Service, variables []string) bool {
	environment := s.Get("environment")
	return slices.ContainsFunc(variables, func(name string) bool {
		return asWritten(environment.Setting(name)) != "" || asWritten(environment.Setting(name+"_FILE")) != ""
	})
}

// isReachable tells that others than the project's own services can try a weak password: the service is exposed,
// and the password is known to be its own.
func isReachable(s compose.Service, name string, v *compose.Value) bool {
	return isExposed(s) && (!isFirstGuess(name, v) || len(pairsWith(s, name)) > 0)
}

// isWellKnown tells that a variable of a service holds a password that is tried first: one of a well-known pair, or the
// name of the user. Airflow's pair is left to the rule about it.
func isWellKnown(s compose.Service, name string, v *compose.Value) bool {
	text, _, ok := shippedText(v)
	if !ok || text == "" || text == "airflow" {
		return false
	}
	user := userOf(s, name)
	if text == user {
		return true
	}
	return slices.ContainsFunc(pairsWith(s, name), func(pair knowledge.Credential) bool {
		isUser := pair.User == user || user == "" && (pair.IsDefault || pair.User == "postgres" || len(pair.UserEnv) == 0)
		return pair.Password == text && isUser
	})
}

// pairsWith returns the well-known pairs of a service's image whose password the variable holds.
func pairsWith(s compose.Service, name string) []knowledge.Credential {
	var pairs []knowledge.Credential
	for _, pair := range knowledge.CredentialsIn(name) {
		if slices.ContainsFunc(pair.Images, imageOf(s).Matches) {
			pairs = append(pairs, pair)
		}
	}
	return pairs
}

// userOf returns the name of the user whose password a variable holds, as far as the service's environment says it.
func userOf(s compose.Service, name string) string {
	for _, pair := range pairsWith(s, name) {
		for _, variable := range pair.UserEnv {
			if user := s.Get("environment").Setting(variable).Str(); user != "" {
				return user
			}
		}
	}
	return ""
}
