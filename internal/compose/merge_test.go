package compose

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/override"

	"composelint/internal/source"
)

// fromPlain returns the value that Plain would turn back into v. Its fields are in the order of their keys.
func fromPlain(v any) *Value {
	switch v := v.(type) {
	case nil:
		return &Value{}
	case bool:
		return boolean(v, Origin{})
	case string:
		return text(v, Origin{})
	case map[string]any:
		m := mapping(Origin{})
		for _, key := range slices.Sorted(maps.Keys(v)) {
			m.add(key, fromPlain(v[key]))
		}
		return m
	case []any:
		l := list(Origin{})
		for _, item := range v {
			l.Items = append(l.Items, fromPlain(item))
		}
		return l
	}
	return number(v, Origin{})
}

// plainCopy returns a deep copy, in which a list without items is never nil.
func plainCopy(v any) any { return fromPlain(v).Plain() }

// items and fields make lists and mappings for test values.
type (
	items  = []any
	fields = map[string]any
)

// shapes are values that an attribute of a service may have, in its short and long forms, and a few that it may not.
var shapes = map[string][]any{
	"annotations": {fields{"a": "1", "b": nil}, items{"a=2", "c"}, nil},
	"build": {"./dir", fields{"context": ".", "args": fields{"A": 1}}, fields{"args": items{"A=2", "B"}, "extra_hosts": fields{"h": "1"}},
		fields{"labels": items{"a=1"}, "ssh": fields{"default": nil}, "tags": items{"x", "y", "x"}}},
	"cap_add":      {items{"A", "B"}, items{"B", "B", "C=1", "C=2"}},
	"command":      {"run", items{"run", "it"}, nil},
	"configs":      {items{"a", fields{"source": "a", "target": "/a"}}, items{fields{"source": "b"}, "b"}},
	"depends_on":   {"db", items{"db", "cache"}, fields{"db": fields{"condition": "service_healthy"}}, nil},
	"devices":      {items{"/dev/a:/dev/b", "/dev/b"}, items{fields{"source": "/dev/x", "target": "/dev/b"}}},
	"dns":          {"1.1.1.1", items{"1.1.1.1", "8.8.8.8"}, nil},
	"env_file":     {".env", items{".env", fields{"path": ".env", "required": false}}, items{fields{"path": "b.env"}}},
	"environment":  {fields{"A": 1, "B": true, "C": nil, "D": "x=y"}, items{"A=2", "A", "E=", "B=1"}, nil, fields{}},
	"expose":       {items{80, "80", "90"}, items{"80-90", 80}},
	"extra_hosts":  {fields{"a": "1", "b": items{"1", "2"}}, items{"a=1", "c:3"}},
	"gpus":         {items{fields{"count": 1}}, items{fields{"count": 1}, fields{"driver": "x"}}},
	"healthcheck":  {fields{"test": "x"}, fields{"test": items{"CMD", "x"}, "retries": 3}, fields{"test": nil, "disable": true}},
	"image":        {"a", "b", nil},
	"labels":       {fields{"a": "1", "b": 1.5}, items{"a=2"}, "a=3"},
	"logging":      {fields{"driver": "a", "options": fields{"x": 1}}, fields{"driver": "b"}, fields{"options": fields{"y": "2"}}},
	"networks":     {items{"front", "back"}, fields{"front": fields{"aliases": items{"x", "y", "x"}}, "back": nil}, nil},
	"models":       {items{"m"}, fields{"m": fields{"model_var": "V"}}},
	"ports":        {items{"80:80", 90, fields{"target": 80, "published": "80"}}, items{fields{"target": 80, "published": 80, "protocol": "udp"}, "80:80"}},
	"secrets":      {items{"a", fields{"source": "a"}}, items{fields{"source": "b", "target": "a"}}},
	"sysctls":      {fields{"net.core.somaxconn": 1024}, items{"net.core.somaxconn=1"}},
	"tmpfs":        {"/run", items{"/run", "/tmp:size=1"}},
	"ulimits":      {fields{"nofile": 1}, fields{"nofile": fields{"soft": 1, "hard": 2}, "nproc": 3}, fields{"nofile": nil}},
	"volumes":      {items{"data:/a", "/b", "./c:/c:ro"}, items{fields{"type": "bind", "source": "./x", "target": "/a"}, "more:/b"}},
	"x-custom":     {fields{"a": items{1, 2}}, fields{"a": items{2, 3}, "b": nil}},
	"stop_signal":  {"SIGTERM"},
	"blkio_config": {fields{"weight": 1, "weight_device": items{fields{"path": "/a", "weight": 1}}}},
}

// randomProject returns a project with one service and one network.
func randomProject(random *rand.Rand) fields {
	service := fields{}
	for _, key := range slices.Sorted(maps.Keys(shapes)) {
		if random.IntN(2) == 0 {
			service[key] = pick(random, shapes[key]...)
		}
	}
	return plainCopy(fields{
		"services": fields{"web": service},
		"networks": fields{"front": pick(random,
			fields{"labels": fields{"a": "1"}, "ipam": fields{"config": items{fields{"subnet": "1", "gateway": "g"}}}},
			fields{"labels": items{"a=2"}, "ipam": fields{"config": items{fields{"subnet": "2"}, fields{"subnet": "1", "aux_addresses": fields{"h": "1"}}}}},
			fields{"ipam": fields{"config": items{fields{"gateway": "g"}, fields{"subnet": "3"}, fields{"subnet": "3", "ip_range": "r"}}}},
		)},
	}).(fields)
}

func pick(random *rand.Rand, of ...any) any { return of[random.IntN(len(of))] }

// TestMergeLikeCompose merges random projects, and real services of the corpus, and compares with compose-go.
func TestMergeLikeCompose(t *testing.T) {
	t.Run("random", func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		const runs = 1000
		compared := 0
		for range runs {
			if compareMerge(t, randomProject(random), randomProject(random)) {
				compared++
			}
		}
		if compared < runs/2 {
			t.Errorf("compose-go merges only %d of %d pairs: the test tests too little", compared, runs)
		}
	})
	t.Run("corpus", func(t *testing.T) {
		var previous fields
		for i, path := range corpusFiles(t) {
			if i%4 > 1 {
				continue // every other pair
			}
			current := firstService(t, path)
			if current != nil && previous != nil {
				compareMerge(t, previous, current)
			}
			previous = current
		}
	})
}

// firstService returns a project with the first service of a file, under the name web.
func firstService(t *testing.T, path string) fields {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := source.Parse(path, data)
	if err != nil || len(file.Documents) == 0 {
		return nil
	}
	r := &resolver{options: &Options{}}
	d := &decoder{r: r, file: file, scope: &scope{}}
	services := d.value(file.Documents[0], place{attr: specification()}).Get("services").fields()
	if len(services) == 0 {
		return nil
	}
	service, ok := services[0].Value.Plain().(fields)
	if !ok {
		return nil
	}
	return fields{"services": fields{"web": service}}
}

// compareMerge is false for what compose-go refuses. The schema or a problem says so; here it is enough that nothing
// panics.
func compareMerge(t *testing.T, base, over fields) bool {
	t.Helper()
	r := &resolver{options: &Options{}}
	got := r.merge(fromPlain(base), fromPlain(over), specification())
	want, err := guarded(func() (map[string]any, error) {
		return override.Merge(plainCopy(base).(fields), plainCopy(over).(fields))
	})
	if err != nil {
		return false
	}
	if len(r.problems) > 0 {
		t.Fatalf("a problem that compose-go has not: %s\nbase: %v\nover: %v", r.problems[0].Message, base, over)
	}
	if d := differences(got.Plain(), plainCopy(want)); d != "" {
		t.Fatalf("%s\nbase: %v\nover: %v", d, base, over)
	}
	return true
}

// differences describes where two plain values differ, or returns "".
func differences(got, want any) string {
	if reflect.DeepEqual(got, want) {
		return ""
	}
	return strings.Join(modelDifferences(got, want, "", nil), "\n")
}

func TestMergeKeepsOrigins(t *testing.T) {
	tests := []struct {
		name, base, over string
		path             []string // keys, or an index into a list
		want             string   // file:line of the value, then of the others in Also
	}{
		{"a field of its own", "  web:\n    image: a\n", "  web:\n    user: b\n", []string{"image"}, "base:3"},
		{"an overridden scalar", "  web:\n    image: a\n", "  web:\n    image: b\n", []string{"image"}, "over:3"},
		{"a merged mapping", "  web:\n    image: a\n", "  web:\n    user: b\n", nil, "over:3 base:3"},
		{"an appended item", "  web:\n    cap_add: [A]\n", "  web:\n    cap_add:\n      - B\n", []string{"cap_add", "1"}, "over:4"},
		{"an item of base", "  web:\n    cap_add: [A]\n", "  web:\n    cap_add:\n      - B\n", []string{"cap_add", "0"}, "base:3"},
		{
			"an entry that became KEY=value", "  web:\n    environment:\n      A: 1\n", "  web:\n    environment: [B=2]\n",
			[]string{"environment", "0"}, "base:4",
		},
		{
			"a short build", "  web:\n    build: .\n", "  web:\n    build:\n      target: x\n",
			[]string{"build", "context"}, "base:3",
		},
		{
			"the same variable twice", "  web:\n    environment: [A=1, B=2]\n", "  web:\n    environment:\n      - A=3\n",
			[]string{"environment", "0"}, "over:4",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			project := Resolve(Options{Files: []Input{
				{"base", []byte("services:\n" + tt.base)}, {"over", []byte("services:\n" + tt.over)},
			}})
			v := project.Model.At("services", "web")
			for _, step := range tt.path {
				if v.Kind == List {
					v = v.Items[step[0]-'0']
				} else {
					v = v.Get(step)
				}
			}
			got := placeName(v.Origin)
			for _, also := range v.Also {
				got += " " + placeName(also)
			}
			if got != tt.want {
				t.Errorf("said at %q, want %q", got, tt.want)
			}
		})
	}
}

// positionOf returns the line and column of a value.
func positionOf(o Origin) source.Position { return o.File.Position(o.Span().Start) }

func placeName(o Origin) string { return fmt.Sprintf("%s:%d", o.File.Name, positionOf(o).Line) }

func TestMergeKeepsVariables(t *testing.T) {
	project := Resolve(Options{Files: []Input{
		{"base", []byte("services:\n  web:\n    environment:\n      A: \"${NOPE}x\"\n")},
		{"over", []byte("services:\n  web:\n    environment: [B=1]\n")},
	}})
	a := project.Model.At("services", "web", "environment").Items[0]
	if a.Text != "A=x" || a.Raw != "A=${NOPE}x" || !a.Unset {
		t.Errorf("got text %q, raw %q, unset %v", a.Text, a.Raw, a.Unset)
	}
}

func TestMergeConflict(t *testing.T) {
	r := &resolver{options: &Options{}}
	over := items{"x"}
	got := r.merge(fromPlain(fields{"x-a": fields{"b": 1}}), fromPlain(fields{"x-a": over}), specification())
	if len(r.problems) != 1 || r.problems[0].Kind != Model || r.problems[0].Related == nil || r.problems[0].Path != "x-a" {
		t.Fatalf("got %+v, want one conflict at x-a with the other place", r.problems)
	}
	if d := differences(got.Plain(), fields{"x-a": over}); d != "" {
		t.Error(d)
	}
}

// TestMergeIsLinear merges long lists: comparing every item with every other would take minutes.
func TestMergeIsLinear(t *testing.T) {
	const n = 200_000
	base, over := list(Origin{}), list(Origin{})
	for i := range n {
		base.Items = append(base.Items, text(fmt.Sprint("a", i), Origin{}))
		over.Items = append(over.Items, mapping(Origin{}, Field{"k", text(fmt.Sprint("a", i/2), Origin{})}))
	}
	r := &resolver{options: &Options{}}
	if got := len(r.merge(base, over, nil).Items); got != n+n/2 {
		t.Errorf("merged to %d items, want %d", got, n+n/2)
	}
}

func TestMergeManyPools(t *testing.T) {
	pools := func(n int) *Value {
		l := list(Origin{})
		for i := range n {
			l.Items = append(l.Items, mapping(Origin{}, Field{"subnet", text(fmt.Sprint(i), Origin{})}))
		}
		return mapping(Origin{}, Field{"config", l})
	}
	r := &resolver{options: &Options{}}
	r.merge(pools(1000), pools(1000), specification().child("networks").child("n").child("ipam"))
	if len(r.problems) != 1 || r.problems[0].Kind != Limit {
		t.Errorf("got %v, want one problem about the limit", r.problems)
	}
}
