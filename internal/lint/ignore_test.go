package lint_test

import (
	"cmp"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"composelint/internal/compose"
	"composelint/internal/lint"
	"composelint/internal/source"
	"composelint/patch"
	"composelint/rules"
)

// everything are rules that object to each scalar of each service, to each list and mapping, to all services together
// and to each file. They are apart, since a comment for what is outside covers what is inside.
func everything() []*rules.Rule {
	rule := func(name string, check func(*rules.Pass)) *rules.Rule {
		return &rules.Rule{Name: name, Severity: rules.Low, Tier: rules.Default, Check: check}
	}
	values := func(scalars bool) func(*rules.Pass) {
		return func(p *rules.Pass) {
			for _, s := range p.Project.Services() {
				s.Walk(func(v *compose.Value) bool {
					if isScalar := v.Kind != compose.Map && v.Kind != compose.List; isScalar == scalars && !v.Implicit {
						p.Report(rules.Finding{Message: "a value", Origin: v.Origin, Services: []string{s.Name}})
					}
					return true
				})
			}
		}
	}
	return []*rules.Rule{
		rule("any-scalar", values(true)),
		rule("any-collection", values(false)),
		rule("any-service", func(p *rules.Pass) {
			p.Lacking(func(compose.Service) bool { return true },
				func([]compose.Service) rules.Finding { return rules.Finding{Message: "services"} })
		}),
		rule("any-file", func(p *rules.Pass) {
			for _, f := range p.Project.Files {
				p.Report(rules.Finding{Message: "a file", Origin: compose.Origin{File: f}})
			}
		}),
	}
}

func TestAddIgnores(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"above the key", "services:\n  a:\n    user: bad\n",
			"services:\n  a:\n    # composelint: ignore[bad-user] because\n    user: bad\n"},
		{"CRLF", "services:\r\n  a:\r\n    user: bad\r\n",
			"services:\r\n  a:\r\n    # composelint: ignore[bad-user] because\r\n    user: bad\r\n"},
		{"flow style", "services: {a: {user: bad}}\n", "# composelint: ignore[bad-user] because\nservices: {a: {user: bad}}\n"},
		{"flow style over lines", "services: {\n  a: {\n    user: bad\n  }}",
			"services: {\n  a: {\n    # composelint: ignore[bad-user] because\n    user: bad\n  }}"},
		{"at the anchor", "x-u: &u\n  user: bad\nservices:\n  a:\n    <<: *u\n  b:\n    <<: *u\n",
			"x-u: &u\n  # composelint: ignore[bad-user] because\n  user: bad\nservices:\n  a:\n    <<: *u\n  b:\n    <<: *u\n"},
		{"a line that begins within a text", "services: {a: {hostname: \"x\n  y\", user: bad}}\n",
			"# composelint: ignore[bad-user] because\nservices: {a: {hostname: \"x\n  y\", user: bad}}\n"},
		{"behind a block scalar", "services:\n  a:\n    command: |+\n      x\n\n    user: bad\n",
			"services:\n  a:\n    command: |+\n      x\n\n    # composelint: ignore[bad-user] because\n    user: bad\n"},
		{"a byte order mark", "\ufeffservices: {a: {user: bad}}\n", "\ufeff# composelint: ignore[bad-user] because\nservices: {a: {user: bad}}\n"},
		{"under another one", "services:\n  a:\n    # composelint: ignore[no-hostname] so\n    user: bad\n",
			"services:\n  a:\n    # composelint: ignore[no-hostname] so\n    # composelint: ignore[bad-user] because\n    user: bad\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := lint.Options{Rules: []*rules.Rule{badUser}}
			_, _, r := examine(t, map[string]string{"f.yaml": tt.file}, o)
			edits, left := lint.AddIgnores(r.Project, r.Remaining, "be-\ncause\t", &o)
			data, err := patch.Apply([]byte(tt.file), edits)
			if err != nil || len(left) > 0 {
				t.Fatal(err, left)
			}
			if got := strings.ReplaceAll(string(data), "be- cause", "because"); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if counted, _, _ := examine(t, map[string]string{"f.yaml": string(data)}, o); len(counted) > 0 {
				t.Errorf("still found: %v", counted)
			}
		})
	}
}

func TestAddIgnoresForSeveralServicesAndFiles(t *testing.T) {
	files := map[string]string{
		"f.yaml":        "services:\n  a: {image: i}\n  b: {image: i, hostname: h}\n",
		"override.yaml": "services:\n  c: {image: i}\n",
	}
	o := lint.Options{Rules: append(everything()[2:], noHostname), Settings: rules.Settings{Tier: rules.Strict}}
	_, _, r := examine(t, files, o)
	edits, left := lint.AddIgnores(r.Project, r.Remaining, "for now", &o)
	if len(left) > 0 {
		t.Fatalf("left: %v", left)
	}
	want := map[string]string{
		"f.yaml": "# composelint: ignore-file[any-file] for now\nservices:\n" +
			"  # composelint: ignore[any-service, no-hostname] for now\n  a: {image: i}\n" +
			"  # composelint: ignore[any-service] for now\n  b: {image: i, hostname: h}\n",
		"override.yaml": "# composelint: ignore-file[any-file] for now\nservices:\n" +
			"  # composelint: ignore[any-service, no-hostname] for now\n  c: {image: i}\n",
	}
	for name, content := range files {
		data, err := patch.Apply([]byte(content), slices.DeleteFunc(slices.Clone(edits), func(e patch.Edit) bool { return e.File != name }))
		if err != nil {
			t.Fatal(err)
		}
		if string(data) != want[name] {
			t.Errorf("got  %s\nwant %s", data, want[name])
		}
		files[name] = string(data)
	}
	if counted, _, _ := examine(t, files, o); len(counted) > 0 {
		t.Errorf("still found: %v", counted)
	}
}

func TestAddIgnoresLeaves(t *testing.T) {
	tests := []struct {
		name, file string
		options    lint.Options
	}{
		{"a file that is not YAML", "services: [", lint.Options{Rules: everything()[3:]}},
		{"a file that cannot be edited", "services: {a: {user: bad, hostname: \"x\u2028y\"}}\n", lint.Options{Rules: []*rules.Rule{badUser}}},
		{"a rule that cannot be ignored", "services: {a: {user: bad}}\n",
			lint.Options{Rules: []*rules.Rule{badUser}, Choices: map[string]lint.Choice{"bad-user": {Locked: true}}}},
		{"a finding about a comment", "services: {a: {user: good}} # composelint: ignore[banana] why\n",
			lint.Options{Rules: []*rules.Rule{rules.UnknownSuppression}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, r := examine(t, map[string]string{"f.yaml": tt.file}, tt.options)
			edits, left := lint.AddIgnores(r.Project, r.Remaining, "why", &tt.options)
			if len(edits) != 0 || len(left) != 1 {
				t.Errorf("edits %v, left %v", edits, left)
			}
		})
	}
}

// ignoreAll adds comments for all findings of rules in a file and checks that the model stays and the findings go.
func ignoreAll(t *testing.T, name string, data []byte, o lint.Options) {
	t.Helper()
	in := compose.Options{Dir: ".", AbsDir: "/project", Files: []compose.Input{{Name: name, Data: data}},
		ReadFile: func(string) ([]byte, error) { return nil, fs.ErrNotExist }}
	before, err := lint.Run(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	edits, left := lint.AddIgnores(before.Project, before.Remaining, "accepted", &o)
	if len(left) > 0 && readable(before.Project) {
		t.Errorf("%s: no comments for %d of %d findings, the first is %s", name, len(left), len(before.Remaining), shown(&left[0]))
	}
	if len(edits) == 0 {
		return
	}
	if in.Files[0].Data, err = patch.Apply(data, edits); err != nil {
		t.Fatal(err)
	}
	after, err := lint.Run(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := compose.Declared(before.Project.Model, after.Project.Model, nil); err != nil {
		t.Errorf("%s: the model changed: %v\n%s", name, err, in.Files[0].Data)
	}
	want := map[string]bool{}
	for i := range left {
		want[left[i].Identity()] = true
	}
	for i := range after.Remaining {
		if f := &after.Remaining[i]; !want[f.Identity()] && f.Rule.Check != nil {
			t.Errorf("%s: still found: %s\n%s", name, shown(f), in.Files[0].Data)
			return
		}
	}
}

// readable reports whether the files can be read and edited, and where each node stands is known.
func readable(p *compose.Project) bool {
	return !slices.ContainsFunc(p.Files, func(f *source.File) bool {
		return len(f.Documents) == 0 || f.Fault() != "" || slices.ContainsFunc(f.Documents, isInexact)
	})
}

func isInexact(document *source.Node) (found bool) {
	document.Walk(func(n *source.Node) bool {
		found = found || n.Inexact
		return !found
	})
	return found
}

func FuzzAddIgnores(f *testing.F) {
	for _, seed := range []string{
		"services:\n  a:\n    user: bad\n    command: |+\n      x\n\n    ports: [\"1:1\",\n      2]\n",
		"\ufeffservices: {a: {command: \"x\n  y\", user: *u}}\r\n", "x: &a\n  ? k\n  : v\nservices:\n  a: *a\n",
		"# composelint: ignore-file[everything] why\n---\nservices:\n  - a\n...\n", "services:\n  a: &a\n    - !t\n      b: 'c\n\n       d'\n    -\n      e: f\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if json.Valid(data) {
			return // JSON takes no comments
		}
		ignoreAll(t, "f.yaml", data, lint.Options{Rules: everything(), Settings: rules.Settings{Tier: rules.Default}})
	})
}

func TestAddIgnoresCorpus(t *testing.T) {
	step := 1
	if os.Getenv("COMPOSELINT_LONG") == "" {
		step = 20
	}
	paths := corpus(t)
	for i := 0; i < len(paths); i += step {
		data, err := os.ReadFile(paths[i])
		if err != nil {
			t.Fatal(err)
		}
		ignoreAll(t, paths[i], data, lint.Options{Rules: everything(), Settings: rules.Settings{Tier: rules.Default}})
		ignoreAll(t, paths[i], data, lint.Options{Rules: rules.All(), Settings: rules.Settings{Tier: rules.Pedantic}})
	}
}

// corpus returns the paths of real Compose files, or skips the test.
func corpus(t *testing.T) (paths []string) {
	t.Helper()
	root := cmp.Or(os.Getenv("COMPOSELINT_CORPUS"), "../../../shared/corpus")
	err := filepath.WalkDir(filepath.Join(root, "open"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Skipf("no corpus in %s (set COMPOSELINT_CORPUS): %v", root, err)
	}
	return paths
}

func TestCheckReason(t *testing.T) {
	tests := []struct{ name, reason, want string }{
		{"a reason", "not yet", ""},
		{"a reason with a last day", "not yet until=2027-01-31", ""},
		{"blank", " \n", "say why: the reason stands in each comment"},
		{"a last day alone", "until=2027-01-31", "say why: the reason stands in each comment"},
		{"not a day", "not yet until=tomorrow", "the date is not understood; write until=2027-01-31"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if err := lint.CheckReason(tt.reason); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
