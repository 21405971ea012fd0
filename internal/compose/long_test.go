package compose

import (
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/schema"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/transform"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"

	"composelint/internal/source"
)

// valueOf is the opposite of Value.Plain.
func valueOf(plain any) *Value {
	switch p := plain.(type) {
	case nil:
		return &Value{}
	case string:
		return text(p, Origin{})
	case bool:
		return boolean(p, Origin{})
	case []any:
		v := list(Origin{})
		for _, item := range p {
			v.Items = append(v.Items, valueOf(item))
		}
		return v
	case map[string]any:
		v := mapping(Origin{})
		for _, key := range slices.Sorted(maps.Keys(p)) {
			v.set(key, valueOf(p[key]))
		}
		return v
	}
	return number(plain, Origin{})
}

// under puts a value under keys.
func under(value any, keys ...string) map[string]any {
	for _, key := range slices.Backward(keys) {
		value = map[string]any{key: value}
	}
	return value.(map[string]any)
}

// ordinary takes away differences that end with the loader: its type for create_host_path, and lists that are nil.
func ordinary(plain any) any {
	switch p := plain.(type) {
	case types.OptOut:
		return bool(p)
	case []any:
		c := make([]any, len(p))
		for i := range p {
			c[i] = ordinary(p[i])
		}
		return c
	case map[string]any:
		c := make(map[string]any, len(p))
		for key := range p {
			c[key] = ordinary(p[key])
		}
		return c
	}
	return plain
}

// quiet keeps compose-go from logging during a test.
func quiet(tb testing.TB) {
	before := logrus.StandardLogger().Out
	logrus.SetOutput(io.Discard)
	tb.Cleanup(func() { logrus.SetOutput(before) })
}

// checkLong compares the long form of a model, and whether there is one, with compose-go's. What the schema refuses
// has no long form to compare.
func checkLong(t *testing.T, model map[string]any) {
	t.Helper()
	r := &resolver{}
	got := r.long(valueOf(model), specification()).Plain()
	want, err := guarded(func() (any, error) {
		m, err := transform.Canonical(ordinary(model).(map[string]any), false)
		return ordinary(m), err
	})
	same := err != nil && len(r.problems) > 0 || err == nil && len(r.problems) == 0 && reflect.DeepEqual(got, want)
	if same || schema.Validate(model) != nil {
		return
	}
	switch {
	case err == nil && len(r.problems) > 0:
		t.Errorf("%v: %s, where compose-go takes it", model, r.problems[0].Message)
	case err != nil:
		t.Errorf("%v: no problem, where compose-go says %v", model, err)
	default:
		t.Errorf("%v:\n got %#v\nwant %#v", model, got, want)
	}
}

// shortForms are places that have a short form, with the way to them. A text stands at "$".
var shortForms = map[string]func(s string) map[string]any{
	"port":       inService("ports", true),
	"volume":     inService("volumes", true),
	"device":     inService("devices", true),
	"secret":     inService("secrets", true),
	"config":     inService("configs", true),
	"network":    inService("networks", true),
	"label_file": inService("label_file", false),
	"env_file":   inService("env_file", false),
	"env_files":  inService("env_file", true),
	"dns":        inService("dns", false),
	"gpus":       inService("gpus", false),
	"build":      inService("build", false),
	"extends":    inService("extends", false),
	"dependency": inService("depends_on", true),
	"ssh":        inBuild("ssh", true),
	"context":    inBuild("additional_contexts", true),
	"provenance": inBuild("provenance", false),
	"schedule": func(s string) map[string]any {
		return under([]any{s}, "jobs", "j", "triggers", "schedule")
	},
	"include": func(s string) map[string]any { return under([]any{s}, "include") },
}

func inService(key string, listed bool) func(string) map[string]any {
	return func(s string) map[string]any { return under(item(s, listed), "services", "s", key) }
}

func inBuild(key string, listed bool) func(string) map[string]any {
	return func(s string) map[string]any { return under(item(s, listed), "services", "s", "build", key) }
}

func item(s string, listed bool) any {
	if listed {
		return []any{s}
	}
	return s
}

// shortTexts are texts that some short form treats in a way of its own.
var shortTexts = []string{
	"", "a", "ab", "/x", "abc", "all", "default", "default=/run/agent", "id=a=b", "=", "a=", "=b",
	"80", "080", "0", "65535", "65536", "-1", "80:80", "8080:80/udp", "8080:80/TCP", "80/sctp", "80/x", "80/", "/tcp",
	":80", "80:", "::80", "80-82", "80-82:90-92", "80-82:90", "80:90-92", "82-80", "1-2-3",
	"127.0.0.1:80:80", "127.0.0.1::80",
	"127.0.0.01:80:80", "localhost:80:80", "[::1]:80:80", "::1:80:80", "::ffff:1.2.3.4:1:2", "[::1%eth0]:1:2",
	"0.0.0.0:08:010",
	"1:2/tcp/udp", " 80:80", "+80:80", "8_0:80", "99999999999999999999",
	"./a:/b", "a:/b:ro", "a:/b:rw,nocopy", "./a:/b:z", "./a:/b:Z,rshared,ro", "a:/b:z", "a:/b:odd", "a:b:c:d",
	"a::b", "a:",
	"~/a:/b/", "/a:b/../c", `C:\a:/b`, `c:/a:d:/b`, `\\.\pipe\x:\\.\pipe\x`, "${A}:/b", "${A:-b}:/c", "${A:/b",
	"é:/ö", "\x00\x00\x00",
	"\xff\xfe\xfd:/a", "/dev/a:/dev/b:r", "/dev/a:/dev/b:rw:m", "/dev/a:", "/dev/a::r", "0 * * * *",
}

func TestLongForms(t *testing.T) {
	quiet(t)
	for _, place := range slices.Sorted(maps.Keys(shortForms)) {
		for _, s := range shortTexts {
			t.Run(fmt.Sprintf("%s %q", place, s), func(t *testing.T) { checkLong(t, shortForms[place](s)) })
		}
	}
}

func FuzzLongForms(f *testing.F) {
	quiet(f)
	for _, s := range shortTexts {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, model := range shortForms {
			checkLong(t, model(s))
		}
	})
}

// TestLongValues compares values of every kind, at every place that has a long form.
func TestLongValues(t *testing.T) {
	quiet(t)
	values := []any{
		nil, true, 1, 1.5, 80.0, -1, uint64(1 << 63), []any{}, []any{nil}, []any{1, "a"}, []any{1.5}, []any{"a", "b"},
		[]any{uint64(1 << 63)},
		[]any{80, 443, map[string]any{"target": 1}},
		[]any{map[string]any{"path": "a"}, map[string]any{"path": "b", "required": false}},
		map[string]any{}, map[string]any{"a": nil},
		map[string]any{"a": map[string]any{"condition": "service_healthy"}},
		map[string]any{"external": true}, map[string]any{"external": map[string]any{}}, map[string]any{"a": true},
		map[string]any{"external": map[string]any{"name": "n"}},
		map[string]any{"external": map[string]any{"name": "n"}, "name": "n"},
		map[string]any{"external": map[string]any{"name": "n"}, "name": "m"},
		map[string]any{"context": ".", "ssh": []any{"default"}},
		map[string]any{"ulimits": map[string]any{"nofile": "1", "core": 2.0}},
		map[string]any{"nofile": 1, "core": 1.0, "cpu": map[string]any{"soft": 1, "hard": 2}},
		[]any{map[string]any{"path": ".", "action": "sync", "ignore": "a", "include": "b"}},
		[]any{map[string]any{"command": "x", "dns": "1.1.1.1", "volumes": []any{"a:/a"}}},
	}
	places := []string{
		"services", "services.s", "jobs.s", "networks.s", "volumes.s", "secrets.s", "configs.s", "include",
		"services.s.build",
		"services.s.build.ssh", "services.s.build.sbom", "services.s.build.provenance",
		"services.s.build.additional_contexts",
		"services.s.build.secrets", "services.s.build.ulimits", "services.s.develop.watch", "services.s.pre_start",
		"services.s.depends_on", "services.s.devices", "services.s.dns", "services.s.env_file",
		"services.s.extends", "services.s.gpus",
		"services.s.label_file", "services.s.models", "services.s.networks", "services.s.ports", "services.s.secrets",
		"services.s.ulimits", "services.s.volumes", "jobs.s.triggers.schedule", "jobs.s.build", "x-other",
	}
	for _, place := range places {
		for _, value := range values {
			t.Run(fmt.Sprintf("%s %v", place, value), func(t *testing.T) {
				checkLong(t, under(value, strings.Split(place, ".")...))
			})
		}
	}
}

// TestLongFormsOfCorpus brings every attribute of every real service into its long form, and compose-go does too.
func TestLongFormsOfCorpus(t *testing.T) {
	quiet(t)
	seen := map[string]bool{}
	eachAttribute(t, func(key string, model map[string]any) {
		said := fmt.Sprint(model)
		if seen[said] || key == "ulimits" { // whose texts are numbers by then
			return
		}
		seen[said] = true
		checkLong(t, model)
	})
	t.Logf("%d distinct attributes", len(seen))
}

// eachAttribute calls f with every attribute of every service and resource in the corpus, each in a model of its own,
// with variables replaced by their defaults. COMPOSELINT_LONG=1 takes all files instead of a sample.
func eachAttribute(t *testing.T, f func(key string, model map[string]any)) {
	files := corpusFiles(t)
	step := 10
	if os.Getenv("COMPOSELINT_LONG") != "" {
		step = 1
	}
	for i := 0; i < len(files); i += step {
		data, err := os.ReadFile(files[i])
		if err != nil {
			t.Fatal(err)
		}
		file, _ := source.Parse(files[i], data)
		if file.Root() == nil {
			continue
		}
		model, _ := plainOf(file.Root(), 0).(map[string]any)
		for section, entries := range model {
			named, _ := entries.(map[string]any)
			for name, attributes := range named {
				whole, _ := attributes.(map[string]any)
				for key, value := range whole {
					f(key, under(value, section, name, key))
				}
			}
		}
	}
}

// plainOf returns the data of a node, as far as the long form needs it: merge keys are left out.
func plainOf(n *source.Node, depth int) any {
	n = n.Resolved()
	switch {
	case depth > 30:
		return nil
	case n.Kind == source.Mapping:
		m := map[string]any{}
		for _, e := range n.Entries {
			m[e.Key.Value] = plainOf(e.Value, depth+1)
		}
		return m
	case n.Kind == source.Sequence:
		items := []any{}
		for _, item := range n.Items {
			items = append(items, plainOf(item, depth+1))
		}
		return items
	}
	scalar := n.Scalar()
	if s, ok := scalar.(string); ok {
		if replaced, err := template.Substitute(s, func(string) (string, bool) { return "", false }); err == nil {
			return replaced
		}
	}
	return scalar
}

func TestLongFormKeepsWhatWasSaid(t *testing.T) {
	at := Origin{Node: &source.Node{Value: "the item"}}
	tests := []struct {
		name, place, said string
		implicit          []string
	}{
		{"a port", "ports", "127.0.0.1:80:8080/udp", []string{"mode"}},
		{"a port without protocol", "ports", "80", []string{"mode", "protocol"}},
		{"a range of ports", "ports", "80-81:90-91", []string{"mode", "protocol"}},
		{"a bind mount", "volumes", "./a:/b", []string{"bind"}},
		{"a volume", "volumes", "data:/b:nocopy", nil},
		{"a device", "devices", "/dev/a", []string{"permissions"}},
		{"an env file", "env_file", "a.env", []string{"required"}},
		{"a secret", "secrets", "a", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			short := &Value{Kind: String, Text: tt.said, Raw: "${SAID}", Unset: true, Origin: at}
			items := list(Origin{}, short)
			service := mapping(Origin{}, Field{tt.place, items})
			model := mapping(Origin{}, Field{"services", mapping(Origin{}, Field{"s", service})})
			long := (&resolver{}).long(model, specification()).At("services", "s", tt.place)
			for _, item := range long.Items {
				if item.Kind != Map || item.Text != tt.said || item.Raw != "${SAID}" || !item.Unset {
					t.Errorf("the long form does not keep the short one: %+v", item)
				}
				item.Walk(func(v *Value) bool {
					if v.Origin != at {
						t.Errorf("%v comes from %v", v.Plain(), v.Origin)
					}
					return true
				})
				var implicit []string
				for _, f := range item.Fields {
					if f.Value.Implicit {
						implicit = append(implicit, f.Key)
					}
				}
				if !slices.Equal(implicit, tt.implicit) {
					t.Errorf("implicit: %q, want %q", implicit, tt.implicit)
				}
			}
		})
	}
}

func TestMalformedShortForms(t *testing.T) {
	at := Origin{Node: &source.Node{Value: "the item"}}
	bad := &Value{Kind: String, Text: "8080:", Raw: "8080:${PORT}", Unset: true, Origin: at}
	service := mapping(Origin{}, Field{"ports", list(Origin{}, bad, text("8080:80", Origin{}))})
	model := mapping(Origin{}, Field{"services", mapping(Origin{}, Field{"s", service})})
	r := &resolver{}
	ports := r.long(model, specification()).At("services", "s", "ports")
	if len(r.problems) != 1 {
		t.Fatalf("%d problems, want 1: %v", len(r.problems), r.problems)
	}
	p := r.problems[0]
	r.long(model, specification()) // as for the next file
	if len(r.problems) != 1 {
		t.Errorf("the problem is reported again: %v", r.problems)
	}
	want := `the port "8080:" is not valid (a variable in it has no value); write it as ` +
		`"[address:][host port:]container port[/protocol]", such as "127.0.0.1:8080:80"`
	if p.Kind != Model || p.Origin != at || p.Path != "services.s.ports.[]" || p.Message != want {
		t.Errorf("got %+v\nwant the message %s", p, want)
	}
	if len(r.path) != 0 {
		t.Errorf("the path is %q at the end", r.path)
	}
	if ports.Items[0] != bad || !bad.Unknown || ports.Items[1].Get("published").Str() != "8080" {
		t.Errorf("the item at fault does not stay, or the other is not treated: %v", ports.Plain())
	}
}

// TestPortRangesAreBounded gives ranges that would become billions of ports.
func TestPortRangesAreBounded(t *testing.T) {
	ranges := list(Origin{})
	for range 1000 {
		ranges.Items = append(ranges.Items, text("1-65535", Origin{}))
	}
	r := &resolver{}
	ports := longPorts(r, ranges, nil)
	if len(ports.Items) > freeValues+len(ranges.Items) {
		t.Errorf("%d ports", len(ports.Items))
	}
	if len(r.problems) != 1 || r.problems[0].Kind != Limit {
		t.Errorf("got %v, want one problem, that a limit is reached", r.problems)
	}
}

func BenchmarkLongPort(b *testing.B) {
	for _, s := range []string{"80", "8080:80", "127.0.0.1:8080:80/tcp"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			r, item := &resolver{}, text(s, Origin{})
			for b.Loop() {
				r.parsePorts(item)
			}
		})
	}
}

func BenchmarkLongVolume(b *testing.B) {
	b.ReportAllocs()
	r, mount := &resolver{}, text("./conf/nginx.conf:/etc/nginx/nginx.conf:ro", Origin{})
	for b.Loop() {
		longVolume(r, mount, nil)
	}
}
