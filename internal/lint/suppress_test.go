package lint_test

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"composelint/internal/compose"
	"composelint/internal/lint"
	"composelint/patch"
	"composelint/rules"
)

// badUser objects to "user: bad", once for each place that says it.
var badUser = &rules.Rule{
	Name: "bad-user", Severity: rules.High, Tier: rules.Default,
	Check: func(p *rules.Pass) {
		for _, c := range p.Causes(func(s compose.Service, found rules.Visit) {
			if v := s.Get("user"); v.Str() == "bad" {
				found(v, "user")
			}
		}) {
			p.Report(rules.Finding{
				Message: strings.Join(c.Services(), " ") + " bad", Origin: c.Value().Origin, Path: c.Path(),
				Services: c.Services(), Repair: func() rules.Fix { return mendUser(c) },
			})
		}
	},
}

// mendUser makes the value good, for all services that use it.
func mendUser(c rules.Cause) rules.Fix {
	origin := c.Value().Origin
	edits, err := patch.SetScalar(origin.File, origin.Node, patch.String("good"))
	if err != nil {
		return rules.Fix{Safety: rules.Manual, Advice: err.Error()}
	}
	fix := rules.Fix{Title: "Mend the user", Safety: rules.Safe, Edits: edits}
	for _, name := range c.Services() {
		fix.Changes = append(fix.Changes, compose.Change{Path: []string{"services", name, "user"}, Old: "bad", New: "good"})
	}
	return fix
}

// noHostname objects to services without a hostname, once for all of them. It is strict.
var noHostname = &rules.Rule{
	Name: "no-hostname", Severity: rules.Low, Tier: rules.Strict,
	Check: func(p *rules.Pass) {
		p.Lacking(func(s compose.Service) bool { return s.Get("hostname") == nil }, func(services []compose.Service) rules.Finding {
			return rules.Finding{Message: fmt.Sprintf("%d without hostname", len(services))}
		})
	},
}

// withSuppressions are those rules and the ones about suppressions.
func withSuppressions() []*rules.Rule {
	all := []*rules.Rule{badUser, noHostname}
	for _, r := range rules.All() {
		if r.Check == nil {
			all = append(all, r)
		}
	}
	return all
}

var today = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// examine lints files, f.yaml first, and returns the findings as "rule line: message", and the suppressed ones.
func examine(t *testing.T, files map[string]string, o lint.Options) (counted, suppressed []string, r *lint.Result) {
	t.Helper()
	if o.Rules == nil {
		o.Rules = withSuppressions()
	}
	if o.Settings.Tier == 0 {
		o.Settings.Tier = rules.Default
	}
	o.Now = today
	in := compose.Options{Dir: ".", AbsDir: "/project", Files: []compose.Input{{Name: "f.yaml", Data: []byte(files["f.yaml"])}}}
	if text, ok := files["override.yaml"]; ok {
		in.Files = append(in.Files, compose.Input{Name: "override.yaml", Data: []byte(text)})
	}
	in.ReadFile = func(path string) ([]byte, error) {
		if text, ok := files[path]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	}
	r, err := lint.Run(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Findings {
		counted = append(counted, shown(&r.Findings[i].Finding))
	}
	for i := range r.Suppressed {
		suppressed = append(suppressed, r.Suppressed[i].Rule.Name+": "+r.Suppressed[i].Reason)
	}
	return counted, suppressed, r
}

func shown(f *rules.Finding) string {
	file, span := f.Place()
	return fmt.Sprintf("%s %d: %s", f.Rule.Name, file.Position(span.Start).Line, f.Message)
}

func TestSuppressions(t *testing.T) {
	tests := []struct {
		name string
		file string
		// want are the findings that count, by rule and line; empty for none.
		want string
		// reason is that of the one suppressed finding; "-" where none is suppressed.
		reason string
	}{
		{"nothing is suppressed", "services:\n  a:\n    user: bad\n", "bad-user 3", "-"},
		{"behind the value", "services:\n  a:\n    user: bad # composelint: ignore[bad-user] why\n", "", "why"},
		{"above the key", "services:\n  a:\n    # composelint: ignore[bad-user] why\n    user: bad\n", "", "why"},
		{"above the service", "services:\n  # composelint: ignore[bad-user] why\n  a:\n    user: bad\n", "", "why"},
		{"behind the service's key", "services:\n  a: # composelint: ignore[bad-user] why\n    user: bad\n", "", "why"},
		{"another service is not covered",
			"services:\n  # composelint: ignore[bad-user] why\n  a: {user: bad}\n  b: {user: bad}\n", "bad-user 4", "why"},
		{"for the whole file", "# composelint: ignore-file[bad-user] why\nservices:\n  a: {user: bad}\n", "", "why"},
		{"for the file, behind a byte order mark",
			"\ufeff# composelint: ignore-file[bad-user] why\nservices:\n  a: {user: bad}\n", "", "why"},
		{"ignore-file that is not at the top",
			"services:\n  # composelint: ignore-file[bad-user] why\n  a: {user: bad}\n", "unknown-suppression 2, bad-user 3", "-"},
		{"other comments in between",
			"services:\n  a:\n    # composelint: ignore[bad-user] why\n    # the user\n    user: bad\n", "", "why"},
		{"two comments for one key", "services:\n  a:\n    # composelint: ignore[no-hostname] so\n" +
			"    # composelint: ignore[bad-user] why\n    user: bad\n", "unused-suppression 3", "why"},
		{"an empty line in between", "services:\n  a:\n    # composelint: ignore[bad-user] why\n\n    user: bad\n",
			"unused-suppression 3, bad-user 5", "-"},
		{"flow style", "services: {a: {user: bad}} # composelint: ignore[bad-user] why\n", "", "why"},
		{"behind a text of two lines", "services:\n  a:\n    user: \"b\\\n    ad\" # composelint: ignore[bad-user] why\n", "", "why"},
		{"behind a closing bracket", "services:\n  a: {\n    user: bad\n    } # composelint: ignore[bad-user] why\n", "", "why"},
		{"CRLF", "services:\r\n  a:\r\n    # composelint: ignore[bad-user] why\r\n    user: bad\r\n", "", "why"},
		{"an anchored value, at the anchor",
			"x-u: &u bad # composelint: ignore[bad-user] why\nservices:\n  a: {user: *u}\n  b: {user: *u}\n", "", "why"},
		{"an anchored mapping, above the anchor",
			"# composelint: ignore[bad-user] why\nx-c: &c\n  user: bad\nservices:\n  a:\n    <<: *c\n  b:\n    <<: *c\n", "", "why"},
		{"an anchored value, at its only use",
			"x-u: &u bad\nservices:\n  a:\n    user: *u # composelint: ignore[bad-user] why\n", "", "why"},
		{"an anchored mapping, at the merge",
			"x-c: &c\n  user: bad\nservices:\n  a:\n    <<: *c # composelint: ignore[bad-user] why\n", "", "why"},
		{"an anchored value, at one of two services", "x-u: &u bad\nservices:\n  # composelint: ignore[bad-user] why\n" +
			"  a: {user: *u}\n  b: {user: *u}\n", "bad-user 1", "-"},
		{"a comment within a text is none",
			"services:\n  a:\n    command: |\n      # composelint: ignore[bad-user] why\n    user: bad\n", "bad-user 5", "-"},
		{"two rules", "services:\n  # composelint: ignore[ no-such , bad-user ] why\n  a: {user: bad}\n", "unknown-suppression 2", "why"},
		{"expires today", "services:\n  a: {user: bad} # composelint: ignore[bad-user] why until=2026-11-25\n", "", "why"},
		{"expired yesterday", "services:\n  a: {user: bad} # composelint: ignore[bad-user] until=2026-11-24 why\n",
			"bad-user 2, expired-suppression 2", "-"},
		{"not a date", "services:\n  a: {user: bad} # composelint: ignore[bad-user] why until=soon\n",
			"bad-user 2, unknown-suppression 2", "-"},
		{"no brackets", "services:\n  a: {user: bad} # composelint: ignore bad-user\n", "bad-user 2, unknown-suppression 2", "-"},
		{"no colon", "services:\n  a: {user: bad} # composelint ignore[bad-user]\n", "bad-user 2, unknown-suppression 2", "-"},
		{"no rule", "services:\n  a: {user: bad} # composelint: ignore[] why\n", "bad-user 2, unknown-suppression 2", "-"},
		{"a comment about the program", "# checked with composelint, see ignore[bad-user]\nservices:\n  a: {user: bad}\n", "bad-user 3", "-"},
		{"unused", "services:\n  a: {user: good} # composelint: ignore[bad-user] why\n", "unused-suppression 2", "-"},
		{"whether it is used does not depend on strictness",
			"services:\n  a: {image: i, user: good} # composelint: ignore[no-hostname] why\n", "", "-"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			counted, suppressed, _ := examine(t, map[string]string{"f.yaml": tt.file}, lint.Options{})
			for i, text := range counted {
				counted[i], _, _ = strings.Cut(text, ":")
			}
			if got := strings.Join(counted, ", "); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
			got := "-"
			for _, text := range suppressed {
				if rule, reason, _ := strings.Cut(text, ": "); rule == badUser.Name {
					got = reason
				}
			}
			if got != tt.reason {
				t.Errorf("suppressed for %q, want %q", got, tt.reason)
			}
		})
	}
}

func TestSuppressionMessages(t *testing.T) {
	tests := []struct{ name, comment, want string }{
		{"a misspelt rule", "ignore[privileged-contaner] why",
			`unknown-suppression 2: there is no rule "privileged-contaner" to suppress; did you mean privileged-container?`},
		{"a rule that is like none", "ignore[banana] why",
			"unknown-suppression 2: there is no rule \"banana\" to suppress; `composelint --list-rules` lists them all"},
		{"a word that is not ignore", "disable[bad-user]",
			"unknown-suppression 2: this comment suppresses nothing, because it is not understood: write `# composelint: ignore[rule] reason`"},
		{"a date that is none", "ignore[bad-user] until=2027-02-30",
			"unknown-suppression 2: this comment suppresses nothing, because its date is not understood: write until=2027-01-31"},
		{"expired", "ignore[bad-user] until=2026-01-31",
			"expired-suppression 2: this comment suppresses nothing any more: its last day was 31 January 2026"},
		{"unused", "ignore[bad-user] why", "unused-suppression 2: nothing here needs to be suppressed: bad-user finds no problem"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := "services:\n  # composelint: " + tt.comment + "\n  a: {user: good}\n"
			counted, _, _ := examine(t, map[string]string{"f.yaml": file}, lint.Options{})
			if got := strings.Join(counted, "\n"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestServicesOfOneFinding(t *testing.T) {
	const file = "services:\n  a:\n    image: i # %s\n  # composelint: ignore[no-hostname] why\n  b: {image: i}\n  c: {image: i}\n"
	strict := lint.Options{Settings: rules.Settings{Tier: rules.Strict}}
	counted, _, r := examine(t, map[string]string{"f.yaml": fmt.Sprintf(file, "first")}, strict)
	if want := []string{"no-hostname 2: 2 without hostname"}; !slices.Equal(counted, want) {
		t.Errorf("got %q, want %q", counted, want)
	}
	if got := r.Findings[0].Services; !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("the services are %v", got)
	}
	above := strings.Replace(fmt.Sprintf(file, ""), "  a:", "  # composelint: ignore[no-hostname] why\n  a:", 1)
	if counted, _, _ := examine(t, map[string]string{"f.yaml": above}, strict); len(counted) != 1 || !strings.HasSuffix(counted[0], " 1 without hostname") {
		t.Errorf("a comment at the first service alone: got %q", counted)
	}
}

func TestSuppressedIsNotFixed(t *testing.T) {
	file := "services:\n  a: {user: bad}\n  b: {user: bad} # composelint: ignore[bad-user] why\n"
	_, _, r := examine(t, map[string]string{"f.yaml": file}, lint.Options{Rules: []*rules.Rule{badUser}, Fixes: lint.ProveFixes})
	if got, want := content(r, "f.yaml"), strings.Replace(file, "a: {user: bad}", "a: {user: good}", 1); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestFixSparesSuppressedService(t *testing.T) {
	file := "services:\n  a: &a {user: bad}\n  # composelint: ignore[bad-user] why\n  b: *a\n  c: {user: bad}\n"
	counted, _, r := examine(t, map[string]string{"f.yaml": file}, lint.Options{Fixes: lint.BuildFixes})
	if len(counted) == 0 || strings.Contains(content(r, "f.yaml"), "&a {user: good}") {
		t.Errorf("found %q; now %s", counted, content(r, "f.yaml"))
	}
}

func TestChoices(t *testing.T) {
	const file = "# composelint: ignore-file[bad-user]\nservices:\n  a: {image: i, user: bad}\n"
	tests := []struct {
		name    string
		options lint.Options
		want    string
	}{
		{"none", lint.Options{}, ""},
		{"comments are left out of account", lint.Options{NoIgnores: true}, "high bad-user 3: a bad"},
		{"a rule that cannot be ignored", lint.Options{Choices: map[string]lint.Choice{"bad-user": {Locked: true}}},
			"low unused-suppression 1: this comment does not suppress bad-user: the configuration does not allow that, high bad-user 3: a bad"},
		{"another severity", lint.Options{NoIgnores: true, Choices: map[string]lint.Choice{"bad-user": {Severity: rules.Info}}},
			"info bad-user 3: a bad"},
		{"a rule of a higher strictness", lint.Options{Choices: map[string]lint.Choice{"no-hostname": {Always: true}}},
			"low no-hostname 3: 1 without hostname"},
		{"a reason is wanted", lint.Options{Choices: map[string]lint.Choice{"unexplained-suppression": {Always: true, Severity: rules.High}}},
			"high unexplained-suppression 1: this comment does not say why it suppresses bad-user"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, r := examine(t, map[string]string{"f.yaml": file}, tt.options)
			var got []string
			for i := range r.Findings {
				got = append(got, r.Findings[i].Severity.String()+" "+shown(&r.Findings[i].Finding))
			}
			if text := strings.Join(got, ", "); text != tt.want {
				t.Errorf("got  %s\nwant %s", text, tt.want)
			}
		})
	}
}

func TestExceptions(t *testing.T) {
	is := func(want string) func(string) bool { return func(got string) bool { return got == want } }
	files := map[string]string{
		"f.yaml":        "services:\n  a: {user: bad}\n  b: {user: good}\n",
		"override.yaml": "services:\n  b: {user: bad}\n",
	}
	bad := []string{"bad-user"}
	tests := []struct {
		name      string
		exception lint.Exception
		want      string
	}{
		{"of a file", lint.Exception{Rules: bad, File: is("override.yaml")}, "bad-user 2: a bad"},
		{"of another file", lint.Exception{Rules: bad, File: is("other.yaml")}, "bad-user 2: a bad, bad-user 2: b bad"},
		{"of a service", lint.Exception{Rules: bad, Service: is("a")}, "bad-user 2: b bad"},
		{"of a service in a file where it is not", lint.Exception{Rules: bad, Service: is("a"), File: is("x")}, "bad-user 2: a bad, bad-user 2: b bad"},
		{"of another rule", lint.Exception{Rules: []string{"no-hostname"}}, "bad-user 2: a bad, bad-user 2: b bad"},
		{"of everything", lint.Exception{Rules: bad}, ""},
		{"on its last day", lint.Exception{Rules: bad, Until: today}, ""},
		{"past its last day", lint.Exception{Rules: bad, Until: today.AddDate(0, 0, -1)}, "bad-user 2: a bad, bad-user 2: b bad"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			counted, _, _ := examine(t, files, lint.Options{Exceptions: []lint.Exception{tt.exception}})
			if got := strings.Join(counted, ", "); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestFixDoesNotHideFindings(t *testing.T) {
	// The comment above user would stand above hostname, and hide the rule's finding there.
	remove := &rules.Rule{Name: "remove-user", Severity: rules.High, Tier: rules.Default, Check: func(p *rules.Pass) {
		for _, s := range p.Project.Services() {
			if v := s.Get("user"); v != nil {
				p.Report(rules.Finding{Message: "has a user", Origin: v.Origin, Path: "services.a.user", Services: []string{"a"},
					Repair: func() rules.Fix {
						edits, err := patch.Remove(v.Origin.File, v.Origin.Node.Parent, []int{1}, nil)
						if err != nil {
							return rules.Fix{Safety: rules.Manual, Advice: err.Error()}
						}
						return rules.Fix{Title: "Remove it", Safety: rules.Safe, Edits: edits,
							Changes: []compose.Change{{Path: []string{"services", "a", "user"}, Old: "x"}}}
					}})
			}
		}
	}}
	hostname := wording{name: "bad-hostname", attribute: "hostname", bad: "bad", good: "good", severity: rules.Low, noFix: true}.rule()
	file := "services:\n  a:\n    image: i\n    # composelint: ignore[bad-hostname] why\n    user: x\n    hostname: bad\n"
	_, _, r := examine(t, map[string]string{"f.yaml": file}, lint.Options{Rules: []*rules.Rule{remove, hostname}, Fixes: lint.BuildFixes})
	if got := content(r, "f.yaml"); got != "unchanged" {
		t.Errorf("the fix was made: %s", got)
	}
	if !strings.Contains(r.Findings[0].Dropped, "would then hide") {
		t.Errorf("dropped because %q", r.Findings[0].Dropped)
	}
}

// TestFixOfRuleThatKnowsNoExceptions has a rule that reports all services together and changes them all: without those
// that are suppressed, the finding stays, and the fix becomes advice.
func TestFixOfRuleThatKnowsNoExceptions(t *testing.T) {
	together := &rules.Rule{Name: "together", Severity: rules.High, Tier: rules.Default, Check: func(p *rules.Pass) {
		all := p.Project.Services()
		f := rules.Finding{Message: "bad", Origin: all[0].Get("user").Origin, Path: "services"}
		for _, s := range all {
			f.Services = append(f.Services, s.Name)
		}
		f.Repair = func() rules.Fix {
			fix := rules.Fix{Title: "Mend all", Safety: rules.Safe}
			for _, s := range all {
				one := mendUser(rules.Cause{Uses: []rules.Use{{Service: s, Value: s.Get("user"), Path: []string{"user"}}}})
				fix.Edits, fix.Changes = append(fix.Edits, one.Edits...), append(fix.Changes, one.Changes...)
			}
			return fix
		}
		p.Report(f)
	}}
	tests := []struct{ name, comment, services, want string }{
		{"no comment", "", "a b", "services:\n  a: {user: good}\n  \n  b: {user: good}\n"},
		{"one is suppressed", "# composelint: ignore[together] why", "a", "unchanged"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := "services:\n  a: {user: bad}\n  " + tt.comment + "\n  b: {user: bad}\n"
			_, _, r := examine(t, map[string]string{"f.yaml": file}, lint.Options{Rules: []*rules.Rule{together}, Fixes: lint.BuildFixes})
			if got := strings.Join(r.Findings[0].Services, " "); got != tt.services {
				t.Errorf("the services are %s, want %s", got, tt.services)
			}
			if got := content(r, "f.yaml"); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestHostileComments checks that the cost of comments grows with the file and not with its square.
func TestHostileComments(t *testing.T) {
	const n = 20_000
	tests := []struct{ name, file string }{
		{"stacked above one key", strings.Repeat("# composelint: ignore[bad-user] why\n", n) + "services:\n" + manyServices(n/10)},
		{"names in one comment", "services: # composelint: ignore[" + strings.Repeat("bad-usr,", n) + "] why\n" + manyServices(n/10)},
		{"unknown names", "services:\n" + strings.Repeat("# composelint: ignore[privileged-contain] why\n", n) + manyServices(n/10)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			examine(t, map[string]string{"f.yaml": tt.file}, lint.Options{})
			if spent := time.Since(start); spent > 30*time.Second {
				t.Errorf("it took %v", spent)
			}
		})
	}
}

func manyServices(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  s%d: {user: bad}\n", i)
	}
	return b.String()
}
