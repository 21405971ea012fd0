package config

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/lint"
	"composelint/rules"
)

func TestProblems(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"an unknown key", "strictnes: strict\n", `line 1, column 1: there is no key "strictnes" here; did you mean "strictness"?`},
		{"a key like none", "x: 1\n",
			`line 1, column 1: there is no key "x" here; there are strictness, min-severity, fail-on, rules, exceptions, socket-proxy, own-rules`},
		{"an unknown word", "strictness: strickt\n", `line 1, column 13: strictness cannot be "strickt"; did you mean "strict"?`},
		{"a word like none", "fail-on: never\n", `line 1, column 10: fail-on cannot be "never"; there are info, low, medium, high, critical`},
		{"a list for a text", "fail-on: [low]\n", "line 1, column 10: fail-on has to be a text"},
		{"a text for a list", "rules:\n  disable: image-tag-mutable\n", "line 2, column 12: disable has to be a list"},
		{"a text for a mapping", "rules: off\n", "line 1, column 8: rules has to be a mapping"},
		{"a text for a boolean", "socket-proxy: {allow-mixed: maybe}\n", "line 1, column 29: allow-mixed has to be true or false"},
		{"nothing", "rules:\n", "line 1, column 7: rules is empty; it has to be a mapping"},
		{"an empty list", "rules: {disable: []}\n", "line 1, column 18: disable is an empty list; leave the key out instead"},
		{"an empty mapping", "rules: {severity: {}}\n", "line 1, column 19: severity says nothing; leave the key out instead"},
		{"a key that is there twice", "fail-on: low\nfail-on: high\n", `line 2, column 1: the key "fail-on" is there twice`},
		{"an unknown rule", "rules: {enable: [privilegd-container]}\n",
			`line 1, column 18: an item of enable cannot be "privilegd-container"; did you mean "privileged-container"?`},
		{"a rule like none", "rules: {severity: {banana: low}}\n",
			"line 1, column 20: the key cannot be \"banana\"; `composelint --list-rules` lists all rules"},
		{"an option that a rule does not have", "rules: {options: {privileged-container: {order: [a]}}}\n",
			`line 1, column 42: privileged-container has no option "order"`},
		{"no reason", "exceptions:\n- rules: [privileged-container]\n", `line 2, column 3: an item of exceptions needs the key "reason"`},
		{"a blank reason", "exceptions:\n- {rules: [privileged-container], reason: ' '}\n", "line 2, column 43: reason: say something"},
		{"not a date", "exceptions:\n- {rules: [privileged-container], reason: r, until: 2027-2-1}\n",
			`line 2, column 53: until: "2027-2-1" is not a date; write it as 2027-01-31`},
		{"an anchor", "rules: {enable: &a [privileged-container], disable: *a}\n",
			"line 1, column 20: anchors and aliases are not for this file: write the value out"},
		{"an unknown permission", "socket-proxy: {permissions: {web: [CONTAINER]}}\n",
			`line 1, column 36: an item of web cannot be "CONTAINER"; did you mean "CONTAINERS"?`},
		{"an own rule that checks nothing", "own-rules:\n- {name: a, message: m}\n",
			`line 2, column 3: the rule "a" checks nothing: give it required-keys, forbidden-keys, required-labels, allowed-images, denied-images or allowed-registries`},
		{"an own rule with the name of another", "own-rules:\n- {name: privileged-container, message: m, forbidden-keys: [privileged]}\n",
			`line 2, column 10: name: there is a rule "privileged-container" already`},
		{"two own rules with one name", "own-rules:\n- {name: a, message: m, forbidden-keys: [b]}\n- {name: a, message: m, forbidden-keys: [b]}\n",
			`line 3, column 10: there are two own rules with the name "a"`},
		{"a name that is none", "own-rules:\n- {name: My Rule, message: m, forbidden-keys: [b]}\n",
			`line 2, column 10: name: "My Rule" is not a name for a rule: use small letters and hyphens`},
		{"a regular expression that is none", "own-rules:\n- {name: a, message: m, required-labels: {b: '('}}\n",
			"line 2, column 46: b: error parsing regexp: missing closing ): `(`"},
		{"an attribute that is none", "own-rules:\n- {name: a, message: m, required-keys: [a..b]}\n",
			`line 2, column 41: an item of required-keys: "a..b" is not an attribute of services: write it like deploy.resources`},
		{"not YAML", "rules: [\n", "line 1"},
		{"two documents", "fail-on: low\n---\nfail-on: high\n", "line 3, column 1: the file has to be one document: take out the line ---"},
		{"a list", "- rules\n", "line 1, column 1: the file has to be a mapping"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			config, problems := Parse(".composelint.yaml", []byte(tt.file))
			if config != nil || len(problems) == 0 {
				t.Fatalf("it was accepted: %+v", config)
			}
			if got := problems[0].Error(); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	_, problems := Parse("c", []byte("strictness: a\nrules:\n  enable: [b]\n  foo: 1\nexceptions: [{rules: [c]}]\n"))
	var lines []int
	for _, p := range problems {
		lines = append(lines, p.Position.Line)
	}
	if want := []int{1, 3, 4, 5, 5}; !slices.Equal(lines, want) {
		t.Errorf("problems on lines %v, want %v", lines, want)
	}
}

func TestOptions(t *testing.T) {
	rule := &rules.Rule{Name: "key-order", Options: []rules.Option{
		{Name: "style", Default: []string{"long"}, Allowed: []string{"long", "short"}}, {Name: "first", Default: []string{"image"}},
	}}
	tests := []struct{ name, option, want string }{
		{"any text", "first: [a, b]", ""},
		{"one of the words", "style: [short]", ""},
		{"another word", "style: [shrt]", `line 1, column 39: an item of style cannot be "shrt"; did you mean "short"?`},
		{"another option", "styles: [short]", `line 1, column 31: key-order has no option "styles"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			config, problems := parse("c", []byte("rules: {options: {key-order: {"+tt.option+"}}}"), []*rules.Rule{rule})
			got := ""
			if len(problems) > 0 {
				got = problems[0].Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if (config == nil) != (tt.want != "") {
				t.Errorf("the configuration is %+v", config)
			}
		})
	}
}

func TestChosenOptions(t *testing.T) {
	var got []string
	rule := &rules.Rule{Name: "key-order", Options: []rules.Option{{Name: "first", Default: []string{"image"}}, {Name: "last", Default: []string{"x"}}},
		Check: func(p *rules.Pass) { got = slices.Concat(p.Option("first"), p.Option("last"), p.Option("none")) }}
	config, problems := parse("c", []byte("rules: {options: {key-order: {first: [a, b]}}}"), []*rules.Rule{rule})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var o lint.Options
	config.Apply(&o, nil)
	rules.Run(compose.Resolve(compose.Options{}), []*rules.Rule{rule}, o.Settings)
	if want := []string{"a", "b", "x"}; !slices.Equal(got, want) {
		t.Errorf("the options are %v, want %v", got, want)
	}
}

const full = `strictness: strict
min-severity: low
fail-on: high
rules:
  enable: [privileged-container, own-keys]
  disable: [obsolete-version]
  severity: {privileged-container: medium}
  not-ignorable: [privileged-container]
exceptions:
  - {rules: [privileged-container], paths: ["lab/**"], reason: r, until: 2026-11-24}
  - {rules: [own-keys], services: ["db-*"], reason: s}
socket-proxy: {kind: wollomatic, allow-mixed: true, permissions: {web: [CONTAINERS, POST]}}
own-rules:
  - {name: own-keys, message: Read the guide., severity: high, required-keys: [healthcheck]}
`

func TestApply(t *testing.T) {
	config, problems := Parse(".composelint.yaml", []byte(full))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if config.FailOn != rules.High {
		t.Errorf("FailOn is %v", config.FailOn)
	}
	var o lint.Options
	config.Apply(&o, func(name string) string { return "lab/" + name })
	if o.Settings.Tier != rules.Strict || o.MinSeverity != rules.Low {
		t.Errorf("the settings are %+v", o.Settings)
	}
	wantProxy := rules.ProxyChoice{Kind: "wollomatic", AllowMixed: true, Permissions: map[string][]string{"web": {"CONTAINERS", "POST"}}}
	if !reflect.DeepEqual(o.Settings.Proxy, wantProxy) {
		t.Errorf("the proxy is %+v", o.Settings.Proxy)
	}
	if got, want := o.Choices["privileged-container"], (lint.Choice{Always: true, Severity: rules.Medium, Locked: true}); got != want {
		t.Errorf("the choice is %+v", got)
	}
	has := func(name string) bool {
		return slices.ContainsFunc(o.Rules, func(r *rules.Rule) bool { return r.Name == name })
	}
	if has("obsolete-version") || !has("own-keys") || !has("privileged-container") || len(o.Rules) != len(rules.All()) {
		t.Error("the wrong rules are selected")
	}
	if e := o.Exceptions[0]; !e.File("compose.yaml") || e.Service != nil || e.Reason != "r" {
		t.Errorf("the first exception is %+v", e)
	}
	if e := o.Exceptions[1]; e.File != nil || !e.Service("db-1") || e.Service("web") {
		t.Errorf("the second exception is %+v", e)
	}
}

func TestDefaults(t *testing.T) {
	for _, file := range []string{"", "# nothing\n", "{}\n", string(Init())} {
		config, problems := Parse("c", []byte(file))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		var o, plain lint.Options
		config.Apply(&o, nil)
		(&Config{}).Apply(&plain, nil)
		o.Choices, o.Settings.Options = nil, nil // empty or not there
		if !reflect.DeepEqual(o, plain) || o.Settings.Tier != rules.Default || o.MinSeverity != rules.Info {
			t.Errorf("%q gives %+v", file, o)
		}
		if config.FailOn != 0 && config.FailOn != rules.Low {
			t.Errorf("%q fails on %v", file, config.FailOn)
		}
	}
}

func TestExpired(t *testing.T) {
	config, _ := Parse("c", []byte(full))
	day := func(d int) time.Time { return time.Date(2026, 11, d, 23, 0, 0, 0, time.UTC) }
	if got := config.Expired(day(24)); len(got) > 0 {
		t.Errorf("expired on its last day: %v", got)
	}
	got := config.Expired(day(25))
	if len(got) != 1 {
		t.Fatalf("got %v", got)
	}
	file, span := got[0].Place()
	const want = "this exception of privileged-container does not count any more: its last day was 24 November 2026"
	if line := file.Position(span.Start).Line; line != 10 || got[0].Message != want {
		t.Errorf("got %q in line %d, want %q in line 10", got[0].Message, line, want)
	}
}

func TestRun(t *testing.T) {
	config, _ := Parse("c", []byte(full))
	var o lint.Options
	config.Apply(&o, func(name string) string { return name })
	o.Rules = slices.DeleteFunc(o.Rules, func(r *rules.Rule) bool { return r.Name != "own-keys" })
	file := "services:\n  db-1: {image: i}\n  web: {image: i}\n  api: {image: i, healthcheck: {test: [CMD, t]}}\n"
	r, err := lint.Run(context.Background(), compose.Options{Dir: ".", AbsDir: "/p", Files: []compose.Input{{Name: "f.yaml", Data: []byte(file)}}}, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 1 || r.Findings[0].Message != "healthcheck is missing in web: Read the guide" || len(r.Suppressed) != 1 {
		t.Errorf("got %+v", r.Findings)
	}
}

func TestFind(t *testing.T) {
	tests := []struct {
		name  string
		limit string
		there []string
		want  string
	}{
		{"beside", "/r", []string{"/r/a/b/.composelint.yaml", "/r/.composelint.yaml"}, "/r/a/b/.composelint.yaml"},
		{"at the limit", "/r", []string{"/r/.composelint.yaml"}, "/r/.composelint.yaml"},
		{"above the limit", "/r/a", []string{"/r/.composelint.yaml"}, ""},
		{"the directory is the limit", "/r/a/b", []string{"/r/a/.composelint.yaml"}, ""},
		{"the other ending", "/r", []string{"/r/a/.composelint.yml"}, "/r/a/.composelint.yml"},
		{"both endings", "/r", []string{"/r/a/.composelint.yml", "/r/a/.composelint.yaml"}, "/r/a/.composelint.yaml"},
		{"nowhere", "/", nil, ""},
		{"a limit elsewhere", "/elsewhere", nil, ""},
		{"at the top", "/", []string{"/.composelint.yaml"}, "/.composelint.yaml"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			exists := func(path string) bool { return slices.Contains(tt.there, filepath.ToSlash(path)) }
			path, ok := Find(filepath.FromSlash("/r/a/b"), filepath.FromSlash(tt.limit), exists)
			if filepath.ToSlash(path) != tt.want || ok != (tt.want != "") {
				t.Errorf("found %q, want %q", path, tt.want)
			}
		})
	}
}

// TestTableAndDocumentAgree compares the table with the struct that its values are read into, key by key.
func TestTableAndDocumentAgree(t *testing.T) {
	var compare func(s *shape, typ reflect.Type, path string)
	compare = func(s *shape, typ reflect.Type, path string) {
		if s.kind == list || s.kind == mapping {
			compare(s.of, typ.Elem(), path+"[]")
			return
		}
		if s.kind != object {
			return
		}
		var tags []string
		for i := range typ.NumField() {
			tags = append(tags, typ.Field(i).Tag.Get("json"))
		}
		for _, f := range s.fields {
			i := slices.Index(tags, f.name)
			if i < 0 {
				t.Errorf("no field of document is read from %s.%s", path, f.name)
				continue
			}
			compare(f.shape, typ.Field(i).Type, path+"."+f.name)
			if f.about == "" || !strings.HasSuffix(f.about, ".") {
				t.Errorf("%s.%s is not explained in sentences", path, f.name)
			}
		}
		if len(tags) != len(s.fields) {
			t.Errorf("document has %d keys in %q, the table has %d", len(tags), path, len(s.fields))
		}
	}
	compare(table(), reflect.TypeFor[document](), "")
}

func TestProxyKindsAreKnown(t *testing.T) {
	for _, kind := range socketProxy().fields[0].shape.words {
		if _, ok := knowledge.ProxyByID(kind); !ok {
			t.Errorf("no proxy is called %q", kind)
		}
	}
}

// TestExamples checks that what Init comments out is valid, each part alone and all together, for the schema too.
func TestExamples(t *testing.T) {
	schema := compiledSchema(t)
	all := ""
	for _, f := range table().fields {
		if f.example == "" {
			t.Errorf("%s has no example", f.name)
		}
		all += f.example
		for _, file := range []string{f.example, all, full} {
			if _, problems := Parse("c", []byte(file)); len(problems) > 0 {
				t.Errorf("%v in\n%s", problems, file)
			}
			if err := schema.Validate(asJSON(t, file)); err != nil {
				t.Errorf("the schema refuses %s:\n%v", file, err)
			}
		}
	}
}

// TestSchemaRefuses checks that the schema refuses what the parser refuses, as far as a schema can.
func TestSchemaRefuses(t *testing.T) {
	schema := compiledSchema(t)
	for _, file := range []string{
		"strictnes: strict", "fail-on: never", "fail-on: [low]", "rules: {disable: a}", "rules: {disable: []}", "rules: {severity: {}}",
		"socket-proxy: {allow-mixed: maybe}", "exceptions: [{rules: [a]}]", "exceptions: [{rules: [a], reason: ' '}]",
		"exceptions: [{rules: [a], reason: r, until: soon}]", "socket-proxy: {permissions: {web: [X]}}", "own-rules: [{name: My Rule, message: m}]",
		"own-rules: [{name: a, message: m, required-keys: [a..b]}]", "rules: {enable: ['not a rule']}", "- a",
	} {
		if _, problems := Parse("c", []byte(file)); len(problems) == 0 {
			t.Errorf("the parser accepts %s", file)
		}
		if schema.Validate(asJSON(t, file)) == nil {
			t.Errorf("the schema accepts %s", file)
		}
	}
}

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(Schema())))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("config.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("config.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// asJSON reads YAML as an editor does: a date is a text.
func asJSON(t *testing.T, file string) any {
	t.Helper()
	var value any
	if err := yaml.Unmarshal([]byte(file), &value); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.ReplaceAll(string(encoded), "T00:00:00Z", "")))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	f.Add(Init())
	for _, field := range table().fields {
		f.Add([]byte(field.example))
	}
	f.Add([]byte("own-rules: [{name: a, message: m, required-labels: {b: '(a|a)*$'}}, 1, [], {name: [x]}]\nrules: {options: {a: {b: [c]}}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		config, problems := Parse("c", data)
		if (config == nil) == (len(problems) == 0) {
			t.Fatalf("config %v, problems %v", config, problems)
		}
		for i, p := range problems {
			if strings.Contains(p.Message, "internal error") || p.Position.Line < 1 || p.Position.Column < 1 {
				t.Errorf("problem %v", p)
			}
			if i > 0 && p.Position.Line < problems[i-1].Position.Line {
				t.Errorf("the problems are not in the order of the file: %v", problems)
			}
		}
		if config == nil {
			return
		}
		var o lint.Options
		config.Apply(&o, func(name string) string { return name })
		in := compose.Options{Dir: ".", AbsDir: "/p", Files: []compose.Input{{Name: "f.yaml", Data: []byte("services: {a: {image: i, privileged: true}}")}},
			ReadFile: func(string) ([]byte, error) { return nil, fs.ErrNotExist }}
		if _, err := lint.Run(context.Background(), in, o); err != nil {
			t.Error(err)
		}
	})
}

func ExampleProblem_Error() {
	_, problems := Parse(".composelint.yaml", []byte("rules:\n  disabel: [privileged-container]\n"))
	fmt.Println(problems[0])
	// Output: line 2, column 3: there is no key "disabel" here; did you mean "disable"?
}
