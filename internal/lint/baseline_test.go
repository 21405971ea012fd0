package lint_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"composelint/internal/lint"
	"composelint/rules"
)

func TestBaselineRoundTrip(t *testing.T) {
	const file = "services:\n  b: {user: bad}\n  a: {user: bad}\n"
	o := lint.Options{Rules: []*rules.Rule{badUser}}
	_, _, r := examine(t, map[string]string{"f.yaml": file}, o)
	data := lint.WriteBaseline(lint.KeysOf(r.Remaining))
	const want = `{
  "version": 1,
  "findings": [
    {"rule":"bad-user","file":"f.yaml","path":"services.a.user","evidence":""},
    {"rule":"bad-user","file":"f.yaml","path":"services.b.user","evidence":""}
  ]
}
`
	if string(data) != want {
		t.Errorf("got %s", data)
	}
	reversed := slices.Clone(r.Remaining)
	slices.Reverse(reversed)
	if !bytes.Equal(lint.WriteBaseline(lint.KeysOf(append(reversed, reversed...))), data) {
		t.Error("the baseline depends on the order or on repetitions")
	}
	var err error
	if o.Baseline, err = lint.ParseBaseline("base.json", data); err != nil {
		t.Fatal(err)
	}
	moved := "# a line more\n\n" + strings.Replace(file, "user", "hostname: h, user", 1) + "  c: {user: bad}\n"
	o.Fixes = lint.BuildFixes
	counted, _, r := examine(t, map[string]string{"f.yaml": moved}, o)
	if !slices.Equal(counted, []string{"bad-user 6: c bad"}) || len(r.Known) != 2 {
		t.Errorf("found %v, known %d", counted, len(r.Known))
	}
	if got, want := content(r, "f.yaml"), strings.Replace(moved, "c: {user: bad", "c: {user: good", 1); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestStaleEntries(t *testing.T) {
	const text = `{"version": 1, "findings": [
  {"rule": "bad-user", "file": "f.yaml", "path": "services.a.user", "evidence": ""},
  {"rule": "gone", "file": "f.yaml", "path": "services.a", "evidence": "a {b} \"c\""},
  {"rule": "gone", "file": "not-linted.yaml", "path": "services.a", "evidence": ""}
]}`
	baseline, err := lint.ParseBaseline("base.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	_, _, r := examine(t, map[string]string{"f.yaml": "services: {a: {user: bad}}\n"},
		lint.Options{Rules: []*rules.Rule{badUser}, Baseline: baseline})
	stale := baseline.Stale(lint.KeysOf(r.Known), func(name string) bool { return name == "f.yaml" })
	if len(stale) != 1 {
		t.Fatalf("got %d stale entries", len(stale))
	}
	const want = "stale-baseline-entry 3: the baseline lists a finding of gone in f.yaml that is not there any more"
	if got := shown(&stale[0]); got != want {
		t.Errorf("got %s", got)
	}
	file, span := stale[0].Place()
	if got := file.Text(span); !strings.HasPrefix(got, `{"rule": "gone"`) || !strings.HasSuffix(got, `"c\""}`) {
		t.Errorf("the place is %s", got)
	}
}

func TestParseBaselineErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "line 1, column 1"},
		{"not JSON", "{\n  version: 1}", "line 2, column"},
		{"another object", `{"name": 1}`, "this is not a baseline"},
		{"a list", `[]`, "this is not a baseline"},
		{"from a later program", `{"version": 2, "findings": []}`, "its version is 2, and this program reads version 1"},
		{"no findings", `{"version": 1}`, "this is not a baseline"},
		{"an unknown key", "{\"version\": 1, \"findings\": [\n{\"rul\": \"a\"}]}", `unknown field "rul"`},
		{"cut off", `{"version": 1, "findings": [{"rule": "a"}`, "unexpected EOF"},
		{"something behind it", `{"version": 1, "findings": []} x`, "this is not a baseline"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := lint.ParseBaseline("base.json", []byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

// FuzzBaseline checks that what is written reads back as the same findings, whatever their texts hold.
func FuzzBaseline(f *testing.F) {
	f.Add("services.a", "image {x} \"y\"", []byte(`{"version": 1, "findings": []}`))
	f.Add("\u2028<&>", "\xff\x00", []byte("{"))
	f.Fuzz(func(t *testing.T, path, evidence string, arbitrary []byte) {
		finding := rules.Finding{Rule: badUser, Path: path, Evidence: evidence}
		baseline, err := lint.ParseBaseline("base.json", lint.WriteBaseline(lint.KeysOf([]rules.Finding{finding})))
		if err != nil || !baseline.Covers(&finding) {
			t.Errorf("%q %q does not read back: %v", path, evidence, err)
		}
		if b, err := lint.ParseBaseline("base.json", arbitrary); err == nil {
			for _, f := range b.Stale(nil, func(string) bool { return true }) {
				if file, span := f.Place(); span.Len() == 0 || file == nil {
					t.Errorf("%q has an entry without place", arbitrary)
				}
			}
		}
	})
}
