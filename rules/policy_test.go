package rules_test

import (
	"regexp"
	"strings"
	"testing"

	"composelint/internal/compose"
	"composelint/internal/glob"
	"composelint/rules"
)

func TestPolicy(t *testing.T) {
	patterns := func(texts ...string) (all []glob.Pattern) {
		for _, text := range texts {
			p, err := glob.Compile(text)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, p)
		}
		return all
	}
	owner := []rules.LabelPolicy{{Name: "owner", Value: regexp.MustCompile("^team-")}}
	tests := []struct {
		name     string
		policy   rules.Policy
		services string
		want     string // the messages, up to the policy's own
	}{
		{"a key that is there", rules.Policy{Required: []string{"healthcheck"}}, "a: {image: i, healthcheck: {test: t}}", ""},
		{"a key that is not there", rules.Policy{Required: []string{"healthcheck"}}, "a: {image: i}", "healthcheck is missing in a"},
		{"a key further in", rules.Policy{Required: []string{"deploy.resources.limits.memory"}},
			"a: {image: i, deploy: {resources: {limits: {cpus: '1'}}}}\n  b: {image: i, deploy: {resources: {limits: {memory: 1g}}}}",
			"deploy.resources.limits.memory is missing in a"},
		{"a key that Compose adds", rules.Policy{Required: []string{"networks"}}, "a: {image: i}", "networks is missing in a"},
		{"a key that must not be there", rules.Policy{Forbidden: []string{"privileged"}}, "a: {image: i, privileged: false}", "privileged is set in a"},
		{"a forbidden key from an anchor", rules.Policy{Forbidden: []string{"user"}},
			"a: &a {image: i, user: u}\n  b: *a", "user is set in a and b"},
		{"other services", rules.Policy{Required: []string{"user"}, Services: patterns("web-*")},
			"web-1: {image: i}\n  db: {image: i}", "user is missing in web-1"},
		{"a label", rules.Policy{Labels: owner}, "a: {image: i, labels: [owner=team-a]}", ""},
		{"a label that is not there", rules.Policy{Labels: owner}, "a: {image: i, labels: [own=team-a]}", "the label owner is missing in a"},
		{"a label with another value", rules.Policy{Labels: owner}, "a: {image: i, labels: {owner: me}}", "the label owner has another value in a"},
		{"a label from a variable", rules.Policy{Labels: owner}, "a: {image: i, labels: {owner: '${OWNER}'}}", ""},
		{"a registry", rules.Policy{Registries: []string{"r.example"}}, "a: {image: r.example/a}\n  b: {image: 'b:1'}\n  c: {image: '${X}'}",
			"the image is not allowed in b"},
		{"Docker Hub", rules.Policy{Registries: []string{"docker.io"}}, "a: {image: docker.io/library/a}\n  b: {image: b}\n  c: {image: ghcr.io/c/c}",
			"the image is not allowed in c"},
		{"allowed images", rules.Policy{Allowed: patterns("postgres:16*", "acme/**")},
			"a: {image: 'postgres:16.1'}\n  b: {image: 'postgres:15'}\n  c: {image: 'acme/x/y:1'}", "the image is not allowed in b"},
		{"denied images", rules.Policy{Denied: patterns("**:latest", "docker.io/bad")},
			"a: {image: x}\n  b: {image: 'r.example/x:latest'}\n  c: {image: 'x:1'}\n  d: {image: 'bad:1'}\n  e: {image: 'x@sha256:" + strings.Repeat("0", 64) + "'}",
			"the image is not allowed in a; the image is not allowed in b; the image is not allowed in d"},
		{"no image", rules.Policy{Denied: patterns("**")}, "a: {build: .}", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.policy.Name, tt.policy.Message, tt.policy.Severity = "own", "as agreed", rules.Medium
			file := "services:\n  " + tt.services + "\n"
			project := compose.Resolve(compose.Options{Dir: ".", AbsDir: "/p", Files: []compose.Input{{Name: "f.yaml", Data: []byte(file)}}})
			var got []string
			seen := map[string]bool{}
			for _, f := range rules.Run(project, []*rules.Rule{tt.policy.Rule()}, rules.Settings{Tier: rules.Default}) {
				got = append(got, strings.TrimSuffix(f.Message, ": as agreed"))
				if seen[f.Identity()] || f.Severity != rules.Medium {
					t.Errorf("the finding %q has severity %v, or the identity of another", f.Message, f.Severity)
				}
				seen[f.Identity()] = true
			}
			if text := strings.Join(got, "; "); text != tt.want {
				t.Errorf("got %q, want %q", text, tt.want)
			}
		})
	}
}
