package compose

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/compose-spec/compose-go/v2/validation"
)

// TestCheckLikeCompose checks random resources. Compose and this package must agree whether anything is wrong.
func TestCheckLikeCompose(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	refused := 0
	for range 5000 {
		some := func(all fields) fields {
			m := fields{}
			for key, value := range all {
				if random.IntN(3) == 0 {
					m[key] = value
				}
			}
			return m
		}
		project := fields{
			"volumes": fields{"v": some(fields{"external": random.IntN(2) == 0, "name": "n", "driver": "d", "x-a": 1}), "w": nil},
			"secrets": fields{"s": some(fields{"file": "f", "environment": "E", "external": true, "driver": "d"})},
			"configs": fields{"c": some(fields{"file": "f", "environment": "E", "content": "c", "external": false})},
			"services": fields{"web": fields{
				"ports":   items{fields{"host_ip": pick(random, "::1", "1.2.3.4", "host", "")}, fields{"target": 80}},
				"gpus":    items{some(fields{"count": 1, "device_ids": items{"0"}})},
				"develop": fields{"watch": items{fields{"path": pick(random, "./x", "./y", "")}}},
				"deploy": fields{"resources": fields{"reservations": fields{"devices": items{
					some(fields{"count": "all", "device_ids": items{"1"}}),
				}}}},
			}},
		}
		r := &resolver{options: &Options{}}
		r.check(fromPlain(project), specification())
		err := validation.Validate(project)
		if (err == nil) != (len(r.problems) == 0) {
			t.Fatalf("compose-go says %v, and the problems are %v\n%v", err, r.problems, project)
		}
		if err != nil {
			refused++
		}
	}
	if refused == 0 || refused == 5000 {
		t.Errorf("%d of 5000 projects are refused: the test tests nothing", refused)
	}
}

func TestCheckReportsAll(t *testing.T) {
	v := fromPlain(fields{
		"volumes":  fields{"v": fields{"external": true, "driver": "d", "labels": fields{"a": "b"}}},
		"secrets":  fields{"s": fields{"file": "f", "environment": "E"}, "t": fields{}},
		"configs":  fields{"c": fields{"file": "f", "environment": "E", "content": "x"}},
		"services": fields{"web": fields{"ports": items{fields{"host_ip": "a"}, fields{"host_ip": "b"}}}},
	})
	r := &resolver{options: &Options{}}
	r.check(v, specification())
	var got []string
	for _, p := range r.problems {
		got = append(got, p.Path)
	}
	want := []string{
		"configs.c", "configs.c", "secrets.s", "secrets.t",
		"services.web.ports.[].host_ip", "services.web.ports.[].host_ip", "volumes.v.driver", "volumes.v.labels",
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("problems at %v, want %v", got, want)
	}
}

// TestStepsSurviveAnyKind gives each step values of kinds that the schema refuses.
func TestStepsSurviveAnyKind(t *testing.T) {
	odd := items{nil, true, 1, 1.5, "", "x", items{}, items{nil, 1, items{nil}}, fields{}, fields{"a": nil, "type": items{}, "source": 1}}
	for _, section := range []string{"services", "jobs", "networks", "volumes", "secrets", "configs"} {
		for key := range specification().child(section).child("x").fields {
			for _, value := range odd {
				for _, other := range odd {
					project := func(v any) *Value { return fromPlain(fields{section: fields{"x": fields{key: v, "other": items{v}}}}) }
					r := &resolver{options: &Options{}}
					model := r.merge(project(value), project(other), specification())
					r.unique(model, specification())
					r.check(model, specification())
					model = r.paths(model, specification(), "/base")
					r.consistency(model)
				}
			}
		}
	}
}
