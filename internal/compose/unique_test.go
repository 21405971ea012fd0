package compose

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/compose-spec/compose-go/v2/override"
)

// TestUniqueLikeCompose makes random projects unique, before and after merging, and compares with compose-go.
func TestUniqueLikeCompose(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	const runs = 1000
	compared := 0
	for range runs {
		project := randomProject(random)
		for _, attribute := range []string{"ports", "volumes", "environment", "expose", "secrets"} {
			doubled(project["services"].(fields)["web"].(fields), attribute)
		}
		r := &resolver{options: &Options{}}
		got := fromPlain(project)
		r.unique(got, specification())
		want, err := guarded(func() (map[string]any, error) { return override.EnforceUnicity(plainCopy(project).(fields)) })
		if err != nil {
			continue
		}
		compared++
		if len(r.problems) > 0 {
			t.Fatalf("a problem that compose-go has not: %s\n%v", r.problems[0].Message, project)
		}
		if d := differences(got.Plain(), plainCopy(want)); d != "" {
			t.Fatalf("%s\n%v", d, project)
		}
	}
	if compared < runs/2 {
		t.Errorf("compose-go takes only %d of %d projects: the test tests too little", compared, runs)
	}
}

// doubled repeats a list until it is longer than what is searched without a map.
func doubled(service fields, key string) {
	if l, ok := service[key].(items); ok {
		for range 3 {
			l = append(l, l...)
		}
		service[key] = l
	}
}

func TestUniqueKeys(t *testing.T) {
	service := specification().child("services").child("web")
	tests := []struct {
		name, attribute string
		items           items
		want            items
	}{
		{"the last one wins, at the place of the first", "environment", items{"A=1", "B=1", "A=2"}, items{"A=2", "B=1"}},
		{"a name and its value", "environment", items{"A", "A=1"}, items{"A=1"}},
		{"mounts by target", "volumes", items{"one:/x", "two:/x:ro"}, items{"two:/x:ro"}},
		{"short and long mounts", "volumes", items{"one:/x", fields{"type": "tmpfs", "target": "/x"}}, items{fields{"type": "tmpfs", "target": "/x"}}},
		{"ports by protocol", "ports", items{fields{"target": 1, "protocol": "udp"}, fields{"target": 1}}, items{fields{"target": 1, "protocol": "udp"}, fields{"target": 1}}},
		{"the protocol tcp is implied", "ports", items{fields{"target": 1, "protocol": "tcp"}, fields{"target": 1}}, items{fields{"target": 1}}},
		{"a published text is no number", "ports", items{fields{"target": 1, "published": 1}, fields{"target": 1, "published": "1"}}, items{fields{"target": 1, "published": 1}, fields{"target": 1, "published": "1"}}},
		{"secrets at the default place", "secrets", items{"a", fields{"source": "x", "target": "/run/secrets/a"}}, items{fields{"source": "x", "target": "/run/secrets/a"}}},
		{"exposed numbers and texts", "expose", items{80, "80"}, items{"80"}},
		{"an item of a wrong kind stays", "cap_add", items{fields{"a": 1}, "A", fields{"a": 1}}, items{fields{"a": 1}, "A", fields{"a": 1}}},
		{"a mount that cannot be read stays", "volumes", items{"::::", "::::"}, items{"::::", "::::"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &resolver{options: &Options{}}
			v := fromPlain(tt.items)
			r.unique(v, service.child(tt.attribute))
			if d := differences(v.Plain(), tt.want); d != "" {
				t.Error(d)
			}
			if len(r.problems) > 0 {
				t.Errorf("problem: %s", r.problems[0].Message)
			}
		})
	}
}

func TestUniqueProblems(t *testing.T) {
	service := specification().child("services").child("web")
	tests := []struct {
		name, attribute string
		item            any
		want            bool
	}{
		{"a mount without target", "volumes", fields{"type": "volume", "source": "x"}, true},
		{"a device without target", "devices", fields{"source": "/dev/x"}, true},
		{"a port without target", "ports", fields{"published": "80"}, true},
		{"a fraction of a port", "expose", 80.5, true},
		{"a target that the schema refuses", "volumes", fields{"target": 1}, false},
		{"an env file without path, which the schema refuses", "env_file", fields{"required": true}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &resolver{options: &Options{}}
			r.unique(fromPlain(items{tt.item}), service.child(tt.attribute))
			if got := len(r.problems) > 0; got != tt.want {
				t.Errorf("problems: %v", r.problems)
			}
			_, err := guarded(func() (map[string]any, error) {
				return override.EnforceUnicity(fields{"services": fields{"web": fields{tt.attribute: items{tt.item}}}})
			})
			if err == nil {
				t.Error("compose-go takes it")
			}
		})
	}
}

// TestRepetitions lists what a file says twice in one list. An override, and what a variable makes alike, are none.
func TestRepetitions(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"another value", numbered("services: {web: {image: i, environment: [A=1, B=1, A=2]}}"),
			[]string{"services.web.environment A: A=1, then A=2, which differ"}},
		{"three times", numbered("services: {web: {image: i, labels: [A=1, A=1, A=2]}}"),
			[]string{"services.web.labels A: A=1, A=1, then A=2, which differ"}},
		{"the same value", numbered("services: {web: {image: i, dns: [192.0.2.1, 192.0.2.1]}}"),
			[]string{"services.web.dns 192.0.2.1: 192.0.2.1, then 192.0.2.1"}},
		{"another way to the same value", numbered("services: {web: {image: i, environment: ['A=${V:-1}', A=1]}}"),
			[]string{"services.web.environment A: A=${V:-1}, then A=1, which differ"}},
		{"mounts by target", numbered("services: {web: {image: i, volumes: ['./a:/x', './b:/x']}}"),
			[]string{"services.web.volumes /x: ./a:/x, then ./b:/x, which differ"}},
		{"short and long mounts, spelled in two ways", numbered("services: {web: {image: i, volumes: ['./a:/x/', {type: bind, source: ./b, target: /x}]}}"),
			[]string{"services.web.volumes /x: ./a:/x/, then , which differ"}},
		{"variables beside the target", numbered("services: {web: {image: i, volumes: ['${V:-./a}:/x', './b:/x:ro']}}"),
			[]string{"services.web.volumes /x: ${V:-./a}:/x, then ./b:/x:ro, which differ"}},
		{"a list of several services", numbered("x-e: &e [A=1, A=2]\nservices: {a: {image: i, environment: *e}, b: {image: i, environment: *e}}"),
			[]string{"services.a.environment A: A=1, then A=2, which differ"}},
		{"a list that is extended", numbered("services: {a: {image: i, environment: [A=1, A=2]}, b: {extends: a, environment: [A=3]}}"),
			[]string{"services.b.environment A: A=1, then A=2, which differ"}},
		{"an override", numbered("services: {web: {image: i, environment: [A=1]}}", "services: {web: {environment: [A=2]}}"), nil},
		{"values of variables", numbered("services: {web: {image: i, devices: ['${V:-/dev/x}:/dev/${W:-x}', '/dev/x:/dev/${V:-x}']}}"), nil},
		{"a port of a range", numbered("services: {web: {image: i, ports: ['80-81:80-81', '81:81']}}"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, r := range resolveTexts(tt.files, slices.Sorted(maps.Keys(tt.files))...).Repetitions {
				line := r.Path + " " + r.Key + ": "
				for _, lost := range r.Lost {
					line += lost.Node.Value + ", "
				}
				line += "then " + r.Kept.Node.Value
				if r.Differs {
					line += ", which differ"
				}
				got = append(got, line)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// numbered names files by their numbers.
func numbered(texts ...string) map[string]string {
	files := map[string]string{}
	for i, text := range texts {
		files[fmt.Sprintf("%d.yaml", i)] = text
	}
	return files
}

// TestUniqueIsLinear takes a list so long that comparing all keys with each other would take minutes.
func TestUniqueIsLinear(t *testing.T) {
	const n = 200_000
	l := list(Origin{})
	for i := range n {
		l.Items = append(l.Items, text(fmt.Sprintf("K%d=%d", i/2, i), Origin{}))
	}
	r := &resolver{options: &Options{}}
	r.unique(l, specification().child("services").child("web").child("environment"))
	if len(l.Items) != n/2 {
		t.Errorf("%d items left, want %d", len(l.Items), n/2)
	}
}
