package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"composelint/rules"
)

var update = flag.Bool("update", false, "write the reports of the golden tests anew")

// sample is a report with one of everything.
func sample() *Report {
	first := &rules.Rule{
		Name: "all-at-once", Severity: rules.Critical, Tier: rules.Default, Summary: "Something has everything at once.",
		Why:        "The first paragraph says\nwhy it matters.\n\nThe second one is left to --explain.",
		References: []rules.Reference{{Title: "A benchmark v1, 2.3", URL: "https://example.com/"}},
	}
	second := &rules.Rule{Name: "hardly-anything", Severity: rules.Info, Tier: rules.Strict, Summary: "Hardly anything is said."}
	return &Report{
		Version: "v1.2.3", FixesBuilt: true, Projects: 2,
		Findings: []Finding{
			{
				Rule: first, Severity: rules.Critical, Confidence: rules.Certain, Path: "services.web.volumes",
				Identity: "all-at-once\x00app/compose.yaml\x00services.web.volumes\x00socket",
				Message:  "web, worker and 2 more services can do everything on the host, and so can whoever takes one over",
				Place:    Place{"app/compose.yaml", 12, 7, 12, 27, 7, 27}, Services: []string{"web", "worker", "cron", "cli"},
				Came:    "set in x-common (line 4), merged by 4 services",
				Excerpt: &Excerpt{12, "    - /run/docker.sock:/run/docker.sock # 日本", 6, 22},
				Notes:   []string{"A DAG needs it: dags/transform.py:12."},
				Related: []Related{{Place{"app/compose.yaml", 30, 3, 30, 6, 3, 6}, "it is used here"}},
				Fix: &Fix{Title: "Give them a proxy", Safety: rules.Safe, Applied: true, Notes: []string{"The proxy is new."},
					Edits: []Edit{{Place{"app/compose.yaml", 12, 5, 13, 1, 5, 1}, 200, 240, "new\x1b\n"}}},
			},
			{
				Rule: first, Severity: rules.High, Confidence: rules.Likely, Message: "db is\x1b[31m open",
				Place: Place{"b.yaml", 3, 1, 3, 1, 1, 1}, Services: []string{"db"}, Excerpt: &Excerpt{3, "db:", 3, 3},
				Fix: &Fix{Title: "Close it", Safety: rules.Unsafe},
			},
			{
				Rule: second, Severity: rules.Medium, Confidence: rules.Possible, Message: "nothing to quote",
				Place: Place{"../far.yaml", 1, 1, 1, 1, 1, 1},
				Fix:   &Fix{Title: "Move it", Safety: rules.Manual, Advice: "Move it to another place."},
			},
			{
				Rule: second, Severity: rules.Info, Confidence: rules.Certain, Message: "tried",
				Place: Place{"b.yaml", 4, 1, 4, 3, 1, 3}, Excerpt: &Excerpt{4, strings.Repeat("x", 100) + "yes", 100, 103},
				Fix: &Fix{Title: "Try it", Safety: rules.Safe, Dropped: "it would change more than it should"},
			},
		},
		Failures: []Failure{{"c.yaml", "no such file"}},
		Diffs: []Diff{{"app/compose.yaml",
			"--- a/app/compose.yaml\n+++ b/app/compose.yaml\n@@ -1 +1 @@\n-old\x1b[2J\r\n+new\tline\r\n context\n"}},
	}
}

func withoutDiffs(r *Report) *Report {
	r.Diffs = nil
	return r
}

func TestGolden(t *testing.T) {
	written := func(r *Report) *Report { r.Written = true; return r }
	tests := []struct {
		name  string
		write func(io.Writer) error
	}{
		{"pipe.txt", func(w io.Writer) error { return Text(w, sample(), Style{}) }},
		{"terminal.txt", func(w io.Writer) error { return Text(w, sample(), Style{Color: true, Width: 80}) }},
		{"narrow.txt", func(w io.Writer) error { return Text(w, withoutDiffs(sample()), Style{Width: 40}) }},
		{"written.txt", func(w io.Writer) error { return Text(w, written(withoutDiffs(sample())), Style{}) }},
		{"report.json", func(w io.Writer) error { return JSON(w, sample()) }},
		{"empty.json", func(w io.Writer) error { return JSON(w, &Report{}) }},
		{"compact.txt", func(w io.Writer) error { return Compact(w, sample(), Style{}) }},
		{"report.jsonl", func(w io.Writer) error { return JSONLines(w, sample()) }},
		{"report.md", func(w io.Writer) error { return Markdown(w, sample()) }},
		{"report.sarif", func(w io.Writer) error { return SARIF(w, sample()) }},
		{"empty.sarif", func(w io.Writer) error { return SARIF(w, &Report{}) }},
		{"junit.xml", func(w io.Writer) error { return JUnit(w, sample()) }},
		{"junit_empty.xml", func(w io.Writer) error { return JUnit(w, &Report{Projects: 2}) }},
		{"checkstyle.xml", func(w io.Writer) error { return Checkstyle(w, sample()) }},
		{"github.txt", func(w io.Writer) error { return GitHub(w, sample()) }},
		{"gitlab.json", func(w io.Writer) error { return GitLab(w, sample()) }},
		{"sonar.json", func(w io.Writer) error { return Sonar(w, sample()) }},
		{"rdjson.json", func(w io.Writer) error { return RDJSON(w, sample()) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got bytes.Buffer
			if err := test.write(&got); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", test.name)
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s differs; got\n%s", path, &got)
			}
		})
	}
}

func TestTextFitsTheTerminal(t *testing.T) {
	for width := 40; width <= 120; width += 20 {
		var b bytes.Buffer
		if err := Text(&b, withoutDiffs(sample()), Style{Width: width}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := columns(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%d columns, %d wanted: %s", n, width, line)
			}
		}
	}
}

func TestDiffIsExactWhereNoTerminalShowsIt(t *testing.T) {
	diffs := sample().Diffs
	tests := []struct {
		style Style
		exact bool
	}{{Style{}, true}, {Style{Terminal: true}, false}, {Style{Color: true}, false}}
	for _, test := range tests {
		var b bytes.Buffer
		if err := WriteDiff(&b, diffs, test.style); err != nil || (b.String() == diffs[0].Text) != test.exact {
			t.Errorf("%+v: %v, %q", test.style, err, b.String())
		}
		if !test.exact && strings.Contains(b.String(), "\x1b[2J") {
			t.Errorf("%+v: a control sequence is left: %q", test.style, b.String())
		}
	}
}

func TestJSONIsExact(t *testing.T) {
	var b bytes.Buffer
	r := sample()
	r.Findings[0].Message = "\u202e\x7f\x1b\U000e0041<&>"
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	if bytes.ContainsFunc(b.Bytes(), func(c rune) bool { return c != '\n' && isUnsafe(c) }) {
		t.Errorf("not safe to print:\n%s", &b)
	}
	var got struct{ Findings []jsonFinding }
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Findings[0].Message != r.Findings[0].Message || got.Findings[0].Fix.Edits[0].New != "new\x1b\n" {
		t.Errorf("texts are changed: %+v", got.Findings[0])
	}
}

func TestStatus(t *testing.T) {
	tests := []struct {
		fix     Fix
		written bool
		want    string
	}{
		{Fix{Safety: rules.Safe, Applied: true}, true, "applied"},
		{Fix{Safety: rules.Safe, Applied: true}, false, "offered"},
		{Fix{Safety: rules.Unsafe}, false, "withheld"},
		{Fix{Safety: rules.Safe, Dropped: "why"}, false, "dropped"},
		{Fix{Safety: rules.Manual}, true, "manual"},
	}
	for _, test := range tests {
		if got := test.fix.status(test.written); got != test.want {
			t.Errorf("%+v: %q, want %q", test.fix, got, test.want)
		}
	}
}

func TestEscape(t *testing.T) {
	tests := []struct{ what, text, want string }{
		{"plain text", "naïve 日本", "naïve 日本"},
		{"a terminal sequence", "\x1b[2J", `\x1b[2J`},
		{"line breaks and tabs", "a\r\n\tb", `a\r\n\tb`},
		{"the other direction", "a\u202eb", `a\u202eb`},
		{"no characters", "a\xffb", `a\xffb`},
		{"a family", "👩\u200d👧", "👩\u200d👧"},
	}
	for _, test := range tests {
		if got := Escape(test.text); got != test.want {
			t.Errorf("%s: got %q, want %q", test.what, got, test.want)
		}
	}
}

func TestExplainAndList(t *testing.T) {
	rule := &rules.Rule{
		Name: "bad-thing", Severity: rules.High, Tier: rules.Strict, Summary: "Something is bad.", Why: "One.\n\nTwo.",
		Fix: "Removes it.", Bad: "a: 1\n", Good: "b: 2\n", Limits: "Sees little.",
		References: []rules.Reference{{Title: "A book, 2nd edition", URL: "https://example.com/"}},
	}
	var b bytes.Buffer
	if err := errors.Join(ExplainRule(&b, rule, Style{}), ListRules(&b, []*rules.Rule{rule}, Style{})); err != nil {
		t.Fatal(err)
	}
	const want = `bad-thing (high, strictness strict)

  Something is bad.

Why
  One.

  Two.

Fix
  Removes it.

Limits
  Sees little.

Instead of
  a: 1

Write
  b: 2

References
  A book, 2nd edition https://example.com/
bad-thing  high      strict    Something is bad.
`
	if b.String() != want {
		t.Errorf("got\n%s", &b)
	}
}

func TestErrorOfTheWriter(t *testing.T) {
	closed, writer := io.Pipe()
	_ = closed.Close()
	errs := []error{WriteDiff(writer, sample().Diffs, Style{})}
	for _, format := range Formats() {
		errs = append(errs, format.Write(writer, sample(), Style{}))
	}
	if slices.ContainsFunc(errs, func(err error) bool { return !errors.Is(err, io.ErrClosedPipe) }) {
		t.Errorf("errors are lost: %v", errs)
	}
}
