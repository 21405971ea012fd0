package lint_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"composelint/internal/compose"
	"composelint/internal/lint"
	"composelint/patch"
	"composelint/rules"
)

// wording is a rule that objects to one text as the value of an attribute and wants another in its place.
type wording struct {
	name, attribute string
	bad, good       string
	severity        rules.Severity
	safety          rules.Safety // Safe where it is not said
	claim           string       // declared instead of good, where it is not empty
	noFix           bool
}

func (w wording) rule() *rules.Rule {
	return &rules.Rule{Name: w.name, Severity: w.severity, Tier: rules.Default, Check: w.check}
}

func (w wording) check(p *rules.Pass) {
	for _, s := range p.Project.Services() {
		v := s.Get(w.attribute)
		if v.Str() != w.bad {
			continue
		}
		f := rules.Finding{
			Message: s.Name + " has a bad " + w.attribute, Origin: v.Origin, Path: "services." + s.Name + "." + w.attribute,
			Services: []string{s.Name},
		}
		if !w.noFix {
			f.Repair = func() rules.Fix { return w.fix(s.Name, v) }
		}
		p.Report(f)
	}
}

func (w wording) fix(service string, v *compose.Value) rules.Fix {
	edits, err := patch.SetScalar(v.Origin.File, v.Origin.Node, patch.String(w.good))
	if err != nil {
		return rules.Fix{Safety: rules.Manual, Advice: err.Error()}
	}
	return rules.Fix{
		Title: "Mend it", Safety: cmp.Or(w.safety, rules.Safe), Edits: edits,
		Changes: []compose.Change{{
			Path: []string{"services", service, w.attribute}, Old: w.bad, New: cmp.Or(w.claim, w.good),
		}},
	}
}

func run(t *testing.T, files map[string]string, o lint.Options) *lint.Result {
	t.Helper()
	in := compose.Options{Dir: ".", AbsDir: "/project", Files: []compose.Input{{Name: "f.yaml", Data: []byte(files["f.yaml"])}},
		ReadFile: func(path string) ([]byte, error) {
			if text, ok := files[path]; ok {
				return []byte(text), nil
			}
			return nil, fs.ErrNotExist
		}}
	o.Settings.Tier = rules.Default
	result, err := lint.Run(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func content(r *lint.Result, name string) string {
	for _, c := range r.Changes {
		if c.Name == name {
			return string(c.New)
		}
	}
	return "unchanged"
}

func TestFixes(t *testing.T) {
	image := wording{name: "bad-image", attribute: "image", bad: "bad", good: "good", severity: rules.High}.rule()
	user := wording{name: "bad-user", attribute: "user", bad: "bad", good: "good", severity: rules.Medium}.rule()
	liar := wording{name: "liar", attribute: "hostname", bad: "bad", good: "good", claim: "better", severity: rules.High}.rule()
	hop := wording{name: "hop", attribute: "image", bad: "good", good: "best", severity: rules.Low}.rule()
	worse := wording{name: "worse", attribute: "user", bad: "bad", good: "awful", severity: rules.Medium}.rule()
	awful := wording{name: "awful", attribute: "user", bad: "awful", severity: rules.High, noFix: true}.rule()
	there := wording{name: "there", attribute: "user", bad: "a", good: "b", severity: rules.Low}.rule()
	back := wording{name: "back", attribute: "user", bad: "b", good: "a", severity: rules.Info}.rule()

	tests := []struct {
		name  string
		rules []*rules.Rule
		file  string
		want  string
		fixed []bool // of each finding
		drop  string // words of why the first fix that is dropped is
	}{
		{"two fixes in one pass", []*rules.Rule{image, user}, "services: {a: {image: bad, user: bad}}",
			"services: {a: {image: good, user: good}}", []bool{true, true}, ""},
		{"fixes that touch take turns", []*rules.Rule{image, user}, "services: {a: {user: bad,image: bad}}",
			"services: {a: {user: good,image: good}}", []bool{true, true}, ""},
		{"a fix that brings up another", []*rules.Rule{image, hop}, "services: {a: {image: bad}}",
			"services: {a: {image: best}}", []bool{true}, ""},
		{"a fix that declares what it does not do", []*rules.Rule{image, liar}, "services: {a: {image: bad, hostname: bad}}",
			"services: {a: {image: good, hostname: bad}}", []bool{true, false}, "services.a.hostname is good instead of better"},
		{"a value in an anchor that other services share", []*rules.Rule{image},
			"x: &i bad\nservices: {a: {image: *i, hostname: *i}}\n", "unchanged", []bool{false}, "services.a.hostname"},
		{"a fix that raises something that weighs more", []*rules.Rule{worse, awful}, "services: {a: {image: i, user: bad}}",
			"unchanged", []bool{false}, "new finding"},
		{"fixes that undo each other come to an end", []*rules.Rule{there, back}, "services: {a: {image: i, user: a}}",
			"services: {a: {image: i, user: b}}", []bool{true}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := strings.Replace(tt.file, "x: &i", "x-x: &i", 1)
			want := strings.Replace(tt.want, "x: &i", "x-x: &i", 1)
			r := run(t, map[string]string{"f.yaml": file}, lint.Options{Rules: tt.rules, Fixes: lint.ProveFixes})
			if got := content(r, "f.yaml"); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			drop := ""
			for i, f := range r.Findings {
				if i < len(tt.fixed) && f.Fixed != tt.fixed[i] {
					t.Errorf("%s: fixed is %v", f.Message, f.Fixed)
				}
				drop += f.Dropped
			}
			if len(r.Findings) != len(tt.fixed) {
				t.Errorf("%d findings, want %d", len(r.Findings), len(tt.fixed))
			}
			if !strings.Contains(drop, tt.drop) || tt.drop == "" && drop != "" {
				t.Errorf("dropped because %q, want %q", drop, tt.drop)
			}
		})
	}
}

// Fixes that cannot be proved are found by halves, and do not keep the others from being made together.
func TestManyFixesTakeFewProofs(t *testing.T) {
	const services, liars, most = 256, 3, 30
	var proofs int
	count := &rules.Rule{Name: "count", Check: func(*rules.Pass) { proofs++ }}
	image := wording{name: "bad-image", attribute: "image", bad: "bad", good: "good", severity: rules.Low}.rule()
	user := wording{name: "bad-user", attribute: "user", bad: "bad", good: "good", severity: rules.Medium}.rule()
	liar := wording{name: "liar", attribute: "hostname", bad: "bad", good: "good", claim: "better", severity: rules.Low}.rule()
	var file, want strings.Builder
	file.WriteString("services:\n")
	want.WriteString("services:\n")
	for i := range services {
		hostname := "h"
		if i%100 == 50 {
			hostname = "bad"
		}
		fmt.Fprintf(&file, "  s%d: {image: bad, hostname: %s, user: bad}\n", i, hostname)
		fmt.Fprintf(&want, "  s%d: {image: good, hostname: %s, user: good}\n", i, hostname)
	}
	for _, fixes := range []lint.Fixes{lint.BuildFixes, lint.ProveFixes} {
		proofs = 0
		r := run(t, map[string]string{"f.yaml": file.String()},
			lint.Options{Rules: []*rules.Rule{count, image, user, liar}, Fixes: fixes})
		if content(r, "f.yaml") != want.String() {
			t.Errorf("not all fixes are made that can be:\n%s", content(r, "f.yaml"))
		}
		if dropped := len(r.Remaining); dropped != liars || proofs > most {
			t.Errorf("%d fixes are dropped, want %d; the rules ran %d times, want %d at most", dropped, liars, proofs, most)
		}
	}
}

// A finding about all services that lack something names one more when a fix adds a service. That is no reason to make
// fewer fixes together.
func TestFixMayChangeWhomAFindingNames(t *testing.T) {
	var proofs int
	lacking := &rules.Rule{Name: "lacking", Severity: rules.Medium, Tier: rules.Default, Check: func(p *rules.Pass) {
		proofs++
		var names []string
		for _, s := range p.Project.Services() {
			names = append(names, s.Name)
		}
		p.Report(rules.Finding{Message: "there is no limit", Path: "services", Evidence: strings.Join(names, " ")})
	}}
	socket, _ := rules.ByName("docker-socket-mount")
	user := wording{name: "bad-user", attribute: "user", bad: "bad", good: "good", severity: rules.Low}.rule()
	r := run(t, map[string]string{"f.yaml": `services:
  logs:
    image: amir20/dozzle:v8.11.9
    user: bad
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock
`}, lint.Options{Rules: []*rules.Rule{lacking, socket, user}, Fixes: lint.ProveFixes})
	if len(r.Remaining) != 1 || r.Remaining[0].Rule != lacking {
		t.Errorf("left are %v in\n%s", r.Remaining, content(r, "f.yaml"))
	}
	if proofs != 2 {
		t.Errorf("the rules ran %d times, want once before and once after", proofs)
	}
}

// A fix that cannot be proved gets another chance when others were made.
func TestFixThatNeedsAnother(t *testing.T) {
	user := wording{name: "bad-user", attribute: "user", bad: "bad", good: "good", severity: rules.High}.rule()
	image := wording{name: "bad-image", attribute: "image", bad: "bad", good: "good", severity: rules.Low}.rule()
	clash := &rules.Rule{Name: "clash", Severity: rules.High, Tier: rules.Default, Check: func(p *rules.Pass) {
		if a := p.Project.Service("a"); a.Get("user").Str() == "good" && a.Get("image").Str() == "bad" {
			p.Report(rules.Finding{Message: "user and image do not go together", Origin: a.Origin, Path: "services.a"})
		}
	}}
	// The two fixes touch, so that they are not made together.
	r := run(t, map[string]string{"f.yaml": "services: {a: {user: bad,image: bad}}"},
		lint.Options{Rules: []*rules.Rule{user, image, clash}, Fixes: lint.BuildFixes})
	if got := content(r, "f.yaml"); got != "services: {a: {user: good,image: good}}" || len(r.Remaining) > 0 {
		t.Errorf("got %s, and %v is left", got, r.Remaining)
	}
}

func TestFixInExtendedFile(t *testing.T) {
	image := wording{name: "bad-image", attribute: "image", bad: "bad", good: "good", severity: rules.High}.rule()
	r := run(t, map[string]string{
		"f.yaml":     "services: {a: {extends: {file: sub/b.yaml, service: b}}}\n",
		"sub/b.yaml": "services: {b: {image: bad, env_file: ./e.env}} # kept\n",
		"sub/e.env":  "",
	}, lint.Options{Rules: []*rules.Rule{image}, Fixes: lint.ProveFixes})
	if got := content(r, "sub/b.yaml"); got != "services: {b: {image: good, env_file: ./e.env}} # kept\n" {
		t.Errorf("got %s", got)
	}
}

func TestUnsafeFixesAreAskedFor(t *testing.T) {
	rule := wording{
		name: "bad-image", attribute: "image", bad: "bad", good: "good", severity: rules.High, safety: rules.Unsafe,
	}.rule()
	files := map[string]string{"f.yaml": "services: {a: {image: bad}}"}
	if r := run(t, files, lint.Options{Rules: []*rules.Rule{rule}, Fixes: lint.BuildFixes}); len(r.Changes) > 0 {
		t.Error("an unsafe fix was made without asking")
	} else if r.Findings[0].Fix == nil || r.Findings[0].Fixed {
		t.Error("the unsafe fix is not offered")
	}
	r := run(t, files, lint.Options{Rules: []*rules.Rule{rule}, Fixes: lint.BuildFixes, Unsafe: true})
	if got := content(r, "f.yaml"); got != "services: {a: {image: good}}" {
		t.Errorf("got %s", got)
	}
}

// The group may be what opens the socket. Once that is gone, a group that is not 0 is of no use to anybody.
func TestFixBecomesSafe(t *testing.T) {
	socket, _ := rules.ByName("docker-socket-mount")
	group, _ := rules.ByName("airflow-gid-not-root")
	files := map[string]string{"f.yaml": `services:
  worker:
    image: apache/airflow:2.10.5
    command: celery worker
    user: "50000:999"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock
`}
	r := run(t, files, lint.Options{Rules: []*rules.Rule{socket, group}, Fixes: lint.ProveFixes})
	if len(r.Remaining) > 0 || !strings.Contains(content(r, "f.yaml"), `user: "50000:0"`) {
		t.Errorf("got %d findings and\n%s", len(r.Remaining), content(r, "f.yaml"))
	}
}

func TestNoFixesBuildsNone(t *testing.T) {
	rule := wording{name: "bad-image", attribute: "image", bad: "bad", good: "good", severity: rules.High}.rule()
	r := run(t, map[string]string{"f.yaml": "services: {a: {image: bad}}"}, lint.Options{Rules: []*rules.Rule{rule}})
	if len(r.Findings) != 1 || r.Findings[0].Fix != nil || len(r.Remaining) != 1 {
		t.Errorf("got %+v", r.Findings)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := lint.Run(ctx, compose.Options{Files: []compose.Input{{Name: "f", Data: []byte("a: 1")}}}, lint.Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestNoFixesInHugeProjects(t *testing.T) {
	file := "version: \"3\"\nservices:\n" + manyServices(40_000)
	_, _, result := examine(t, map[string]string{"f.yaml": file}, lint.Options{Fixes: lint.BuildFixes, Rules: rules.All()})
	for _, f := range result.Findings {
		if f.Rule.Name == "obsolete-version" {
			if f.Fix == nil || f.Fix.Safety != rules.Manual || !strings.Contains(f.Fix.Advice, "512 KiB") {
				t.Errorf("%d bytes: the fix is %+v", len(file), f.Fix)
			}
			return
		}
	}
	t.Error("obsolete-version is not found")
}
