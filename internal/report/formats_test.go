package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"composelint/rules"
)

// writtenAs returns what a format makes of a report.
func writtenAs(t *testing.T, name string, r *Report) string {
	t.Helper()
	for _, format := range Formats() {
		if format.Name != name {
			continue
		}
		var b bytes.Buffer
		if err := format.Write(&b, r, Style{}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	t.Fatalf("there is no format %s", name)
	return ""
}

// schema compiles a JSON Schema from a file.
func schema(t *testing.T, path string) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func checkJSON(t *testing.T, schema *jsonschema.Schema, text string) {
	t.Helper()
	instance, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err == nil {
		err = schema.Validate(instance)
	}
	if err != nil {
		t.Error(err)
	}
}

// reports are those that every format has to be valid for.
func reports() map[string]*Report {
	hostile := &Report{}
	for _, test := range hostileTexts {
		hostile.Findings = append(hostile.Findings, hostileReport(test.text).Findings...)
		hostile.Failures = append(hostile.Failures, Failure{test.text, test.text})
	}
	written := sample()
	written.Written = true
	absolute := sample()
	absolute.Findings[0].Place.File = "/srv/compose.yaml"
	removal := sample()
	removal.Findings[0].Fix.Edits[0].New = ""
	return map[string]*Report{
		"sample": sample(), "empty": {}, "hostile": hostile, "written": written, "absolute": absolute, "removal": removal,
	}
}

// TestSchemas checks the formats of JSON with schemas that say what their readers ask for.
func TestSchemas(t *testing.T) {
	for _, name := range []string{"sarif", "gitlab", "sonar", "rdjson"} {
		compiled := schema(t, filepath.Join("testdata", name+".schema.json"))
		for what, r := range reports() {
			t.Run(name+"/"+what, func(t *testing.T) { checkJSON(t, compiled, writtenAs(t, name, r)) })
		}
	}
}

func TestSARIFURIs(t *testing.T) {
	tests := []struct{ what, file, uri, base string }{
		{"in the source root", "./a/compose.yaml", "a/compose.yaml", sourceRoot},
		{"characters that URIs do not have", "ä b#c?.yaml", "%C3%A4%20b%23c%3F.yaml", sourceRoot},
		{"a colon is no scheme", "a:b.yaml", "./a:b.yaml", sourceRoot},
		{"bytes that are no characters", "a\xff\x1b.yaml", "a%FF%1B.yaml", sourceRoot},
		{"above the source root", "../far.yaml", "../far.yaml", ""},
		{"absolute", "/srv/a b.yaml", "file:///srv/a%20b.yaml", ""},
		{"absolute, with two slashes", "//srv/a.yaml", "file:///srv/a.yaml", ""},
	}
	for _, test := range tests {
		if got := toArtifact(test.file); got != (sarifArtifact{test.uri, test.base}) {
			t.Errorf("%s: got %+v, want %q and %q", test.what, got, test.uri, test.base)
		}
	}
}

func TestFixesAreOffered(t *testing.T) {
	offers := func(r *Report) (sarif, rdjson bool) {
		return strings.Contains(writtenAs(t, "sarif", r), `"fixes"`), strings.Contains(writtenAs(t, "rdjson", r), `"suggestions"`)
	}
	tests := []struct {
		what          string
		change        func(r *Report, f *Fix)
		sarif, rdjson bool
	}{
		{"one edit", func(*Report, *Fix) {}, true, true},
		{"not applied", func(_ *Report, f *Fix) { f.Applied = false }, false, false},
		{"in the file already", func(r *Report, _ *Fix) { r.Written = true }, false, false},
		{"several edits", func(_ *Report, f *Fix) { f.Edits = append(f.Edits, f.Edits[0]) }, true, false},
		{"another file", func(_ *Report, f *Fix) { f.Edits[0].Place.File = "base.yaml" }, true, false},
	}
	for _, test := range tests {
		r := sample()
		test.change(r, r.Findings[0].Fix)
		if sarif, rdjson := offers(r); sarif != test.sarif || rdjson != test.rdjson {
			t.Errorf("%s: in sarif %t, want %t; in rdjson %t, want %t", test.what, sarif, test.sarif, rdjson, test.rdjson)
		}
	}
}

func TestFingerprints(t *testing.T) {
	of := func(change func(*Finding)) string {
		f := sample().Findings[0]
		change(&f)
		return fingerprints{}.of(&f)
	}
	plain := of(func(*Finding) {})
	moved := of(func(f *Finding) { f.Message, f.Place.Line, f.Severity = "in other words", 99, rules.Info })
	if moved != plain {
		t.Error("a fingerprint depends on words or places")
	}
	if other := of(func(f *Finding) { f.Identity += "x" }); other == plain {
		t.Error("two identities have one fingerprint")
	}
	seen := fingerprints{}
	f := sample().Findings[0]
	if first, second := seen.of(&f), seen.of(&f); first != plain || second == first {
		t.Errorf("findings that share an identity: %s, %s", first, second)
	}
}

func TestMarkdownFitsAJobSummary(t *testing.T) {
	r := &Report{}
	for range 2000 {
		r.Findings = append(r.Findings, sample().Findings[1])
	}
	r.Findings[0].Message = strings.Repeat("<", 700<<10) // two bytes each
	r.Findings[0].Severity = rules.Info
	text := writtenAs(t, "markdown", r)
	if len(text) > 1<<20 || !strings.HasSuffix(text, "\n1 more finding does not fit here.\n") {
		t.Errorf("%d bytes that end with %q", len(text), text[len(text)-100:])
	}
}

var hostileTexts = []struct{ what, text string }{
	{"a workflow command", "::error::x\n::add-mask::y%0A::stop-commands::z"},
	{"a workflow command behind blanks", " \t::stop-commands::x"},
	{"a command in a log", "x ##[add-mask]y ###[stop-commands]z ##\x1b["},
	{"a property of a workflow command", "a,line=1::b:c%3A"},
	{"markup", `<script>alert("1")</script> & <!-- x --> ]]> '`},
	{"a table of Markdown", "a | b\n|---|\n\\| ` **c** [d](http://example.com) ![e](f) www.example.com @user #1"},
	{"a link in SARIF", "see [here](0) and [there](http://example.com)"},
	{"terminal sequences", "\x1b[2J\x1b]8;;http://example.com\x07\r\x00\x7f\u009b"},
	{"the other direction", "a\u202eb\u2066c\u2028d\ufeff"},
	{"no characters", "a\xff\xc0b"},
	{"no XML characters", "a\ufffe\uffffb\x01"},
	{"an absolute path", "/etc/../../passwd"},
	{"a URI", "javascript:alert(1)//%2e%2e/?q#f"},
	{"JSON", `"},{"x":"\u0000\`},
	{"a blank", " "},
}

func TestHostileTexts(t *testing.T) {
	for _, test := range hostileTexts {
		t.Run(test.what, func(t *testing.T) { checkHostile(t, test.text) })
	}
}

func FuzzHostileTexts(f *testing.F) {
	for _, test := range hostileTexts {
		f.Add(test.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" {
			t.Skip("no file is without a name")
		}
		checkHostile(t, text)
	})
}

// hostileReport returns a report of one finding and one failure that says a text wherever one comes from outside.
func hostileReport(text string) *Report {
	r := sample()
	r.Findings = r.Findings[:1]
	f := &r.Findings[0]
	f.Place.File, f.Message, f.Identity, f.Path, f.Came = text, text, text, text, "set in "+text
	f.Services, f.Notes, f.Fix.Title = []string{text}, []string{text}, text
	f.Excerpt.Text, f.Excerpt.Start, f.Excerpt.End = text, 0, len(text)
	f.Related[0].Message = text
	r.Failures = []Failure{{text, text}}
	r.Diffs = []Diff{{text, " " + strings.ReplaceAll(text, "\n", "\n ") + "\n"}}
	return r
}

// checkHostile checks that a text from outside does not act in any format.
func checkHostile(t *testing.T, text string) {
	r := hostileReport(text)
	for _, format := range Formats() {
		got := writtenAs(t, format.Name, r)
		if format.Name == "text" { // whose diff keeps these
			got = strings.NewReplacer("\r\n", "\n", "\t", " ").Replace(got)
		}
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(c rune) bool { return c != '\n' && isUnsafe(c) }) {
			t.Errorf("%s is not safe to print: %q", format.Name, got)
		}
		if strings.Contains(got, commandMark) || format.Name != "github" && hasCommand(got) {
			t.Errorf("%s has a command: %q", format.Name, got)
		}
	}
	checkDocumentation(t, text)
	checkCommands(t, writtenAs(t, "github", r))
	checkTable(t, writtenAs(t, "markdown", r))
	checkMessages(t, r, Escape(text))
	if got := writtenAs(t, "compact", r); strings.Count(got, "\n") != 1 {
		t.Errorf("not one line: %q", got)
	}
	for line := range strings.Lines(writtenAs(t, "jsonl", r)) {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
}

// checkDocumentation checks that the words of a rule that a configuration file states do not act.
func checkDocumentation(t *testing.T, text string) {
	t.Helper()
	rule := &rules.Rule{Name: "own", Summary: text, Why: text}
	for what, write := range map[string]func(io.Writer) error{
		"its text":             func(w io.Writer) error { return ExplainRule(w, rule, Style{}) },
		"the list":             func(w io.Writer) error { return ListRules(w, []*rules.Rule{rule}, Style{}) },
		"its page":             func(w io.Writer) error { return RulePage(w, rule) },
		"the list in Markdown": func(w io.Writer) error { return RuleIndex(w, []*rules.Rule{rule}) },
	} {
		got := string(page(t, write))
		if strings.ContainsFunc(got, func(c rune) bool { return c != '\n' && isUnsafe(c) }) || hasCommand(got) {
			t.Errorf("%s acts: %q", what, got)
		}
	}
}

// hasCommand reports whether GitHub Actions would take a line for a command.
func hasCommand(text string) bool {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			return true
		}
	}
	return false
}

// checkCommands wants two workflow commands: one for the finding and one for the failure.
func checkCommands(t *testing.T, got string) {
	t.Helper()
	lines := strings.SplitAfter(got, "\n")
	if len(lines) != 3 || lines[2] != "" {
		t.Errorf("%d lines: %q", len(lines)-1, got)
	}
	for _, line := range lines[:len(lines)-1] {
		properties, _, ok := strings.Cut(strings.TrimPrefix(line, "::error"), "::")
		if !ok || !strings.HasPrefix(line, "::error") || strings.Contains(properties, ":") || strings.Count(properties, ",") > 5 {
			t.Errorf("not a workflow command: %q", line)
		}
	}
}

// checkTable wants a table with one row of four cells, and no markup apart from that and the line breaks in it.
func checkTable(t *testing.T, got string) {
	t.Helper()
	if n := strings.Count(got, "|"); n != 15 {
		t.Errorf("%d pipes, want 15:\n%s", n, got)
	}
	bare := strings.NewReplacer("<br>", "", "done:\n", "", `\<`, "", `\[`, "", "\\`", "", `\@`, "", `\:`, "").Replace(got)
	if strings.ContainsAny(bare, "<[`@:") {
		t.Errorf("markup:\n%s", got)
	}
}

// checkMessages reads the message back from the formats that others show.
func checkMessages(t *testing.T, r *Report, want string) {
	t.Helper()
	var sarif struct {
		Runs []struct{ Results []sarifResult }
	}
	var gitlab []gitlabIssue
	var sonar struct{ Issues []sonarIssue }
	var rd struct{ Diagnostics []rdDiagnostic }
	var junit struct {
		Cases []junitCase `xml:"testsuite>testcase"`
	}
	var checkstyle struct {
		Errors []checkstyleError `xml:"file>error"`
	}
	err := errors.Join(
		json.Unmarshal([]byte(writtenAs(t, "sarif", r)), &sarif), json.Unmarshal([]byte(writtenAs(t, "gitlab", r)), &gitlab),
		json.Unmarshal([]byte(writtenAs(t, "sonar", r)), &sonar), json.Unmarshal([]byte(writtenAs(t, "rdjson", r)), &rd),
		xml.Unmarshal([]byte(writtenAs(t, "junit", r)), &junit), xml.Unmarshal([]byte(writtenAs(t, "checkstyle", r)), &checkstyle),
	)
	if err != nil {
		t.Fatal(err)
	}
	const replacement = "\ufffd" // for what XML cannot hold
	inXML := strings.NewReplacer("\ufffe", replacement, "\uffff", replacement).Replace(want)
	for _, got := range []struct{ format, message, want string }{
		{"sarif", sarif.Runs[0].Results[0].Message.Text, sarifMessage(want).Text},
		{"gitlab", gitlab[0].Description, want},
		{"sonar", sonar.Issues[0].Primary.Message, want},
		{"rdjson", rd.Diagnostics[0].Message, want},
		{"junit", junit.Cases[0].Failure.Message, inXML},
		{"checkstyle", checkstyle.Errors[0].Message, inXML},
	} {
		if got.message != got.want {
			t.Errorf("%s: got %q, want %q", got.format, got.message, got.want)
		}
	}
}

// xmlAttributes are the elements and attributes that the readers of XML know. A test of junit-10.xsd, the schema of
// Jenkins' xUnit plugin, has no file and no line.
var xmlAttributes = map[string]string{
	"testsuites": "name tests failures errors", "testsuite": "name file tests failures errors",
	"testcase": "classname name", "failure": "type message", "error": "type message line column severity source",
	"checkstyle": "version", "file": "name",
}

func TestXMLIsUnderstood(t *testing.T) {
	for _, name := range []string{"junit", "checkstyle"} {
		for what, r := range reports() {
			t.Run(name+"/"+what, func(t *testing.T) { checkXML(t, writtenAs(t, name, r)) })
		}
	}
}

func checkXML(t *testing.T, text string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		known := strings.Fields(xmlAttributes[element.Name.Local])
		for _, a := range element.Attr {
			if !slices.Contains(known, a.Name.Local) {
				t.Errorf("<%s> has the attribute %s", element.Name.Local, a.Name.Local)
			}
		}
	}
}

// TestJUnitCounts checks that each suite says how many tests it has, since some readers add them up, and that no two
// of them share a name, since others drop the second one.
func TestJUnitCounts(t *testing.T) {
	twice := sample()
	twice.Findings = append(twice.Findings, twice.Findings...)
	all := reports()
	all["twice"] = twice
	for what, r := range all {
		var junit struct {
			Tests  int          `xml:"tests,attr"`
			Suites []junitSuite `xml:"testsuite"`
		}
		if err := xml.Unmarshal([]byte(writtenAs(t, "junit", r)), &junit); err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, suite := range junit.Suites {
			if suite.Tests != len(suite.Cases) || suite.Failures+suite.Errors > suite.Tests {
				t.Errorf("%s: a suite miscounts: %+v", what, suite)
			}
			for _, c := range suite.Cases {
				names[c.Class+"\x00"+c.Name] = true
			}
		}
		if len(names) != junit.Tests {
			t.Errorf("%s: the tests have %d names, and the report says that there are %d tests", what, len(names), junit.Tests)
		}
	}
}
