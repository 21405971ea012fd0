package compose

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/schema"
	"github.com/compose-spec/compose-go/v2/transform"
	"github.com/compose-spec/compose-go/v2/tree"

	"composelint/internal/source"
)

// checkDefaults compares what is added to a model in long form with what compose-go adds.
func checkDefaults(t *testing.T, model map[string]any) {
	t.Helper()
	v := valueOf(model)
	(&resolver{}).defaults(v, specification())
	want, err := guarded(func() (any, error) {
		m, err := transform.SetDefaultValues(ordinary(model).(map[string]any))
		return ordinary(m), err
	})
	if got := v.Plain(); err == nil && !reflect.DeepEqual(got, want) {
		t.Errorf("%v:\n got %#v\nwant %#v", model, got, want)
	}
	if err != nil && schema.Validate(model) == nil {
		t.Errorf("%v: the schema takes it, and compose-go says %v", model, err)
	}
}

func TestDefaults(t *testing.T) {
	values := []any{
		nil, true, 1, "a", []any{}, []any{nil}, map[string]any{}, []any{map[string]any{}},
		[]any{map[string]any{"bind": map[string]any{}}},
		[]any{map[string]any{"bind": map[string]any{"create_host_path": false}}},
		[]any{map[string]any{"bind": nil}},
		[]any{map[string]any{"source": "a"}}, []any{map[string]any{"source": "a", "target": "b"}},
		[]any{map[string]any{"source": nil}},
		[]any{map[string]any{"mode": "host"}}, []any{map[string]any{"protocol": nil}},
		[]any{map[string]any{"count": 1}}, []any{map[string]any{"device_ids": []any{"1"}}},
		map[string]any{"dockerfile": "d"}, map[string]any{"context": nil},
		map[string]any{"secrets": []any{map[string]any{"source": "a"}}},
	}
	var places []string
	for pattern := range transform.DefaultValues {
		place := strings.ReplaceAll(strings.TrimSuffix(strings.TrimSuffix(pattern.String(), ".bind"), ".*"), "*", "s")
		places = append(places, place)
	}
	for _, place := range slices.Sorted(slices.Values(places)) {
		for _, value := range values {
			t.Run(fmt.Sprintf("%s %v", place, value), func(t *testing.T) {
				checkDefaults(t, under(value, strings.Split(place, ".")...))
			})
		}
	}
}

// TestPlacesOfDefaults compares the places that have defaults with compose-go's.
func TestPlacesOfDefaults(t *testing.T) {
	got := map[string]bool{}
	eachPath(specification(), nil, func(path string, a *attribute) {
		if a.defaults == nil {
			return
		}
		for pattern := range transform.DefaultValues {
			if tree.Path(path).Matches(pattern) {
				got[pattern.String()] = true
				return
			}
		}
		t.Errorf("%s: a default is added, and compose-go adds none", path)
	})
	for _, pattern := range slices.Sorted(maps.Keys(transform.DefaultValues)) {
		if !got[pattern.String()] {
			t.Errorf("%s: no default is added, and compose-go adds one", pattern)
		}
	}
}

// TestDefaultsOfCorpus adds the defaults to every attribute of every real service, and compose-go does too.
func TestDefaultsOfCorpus(t *testing.T) {
	quiet(t)
	seen := map[string]bool{}
	eachAttribute(t, func(_ string, model map[string]any) {
		long, err := guarded(func() (map[string]any, error) { return transform.Canonical(model, false) })
		if said := fmt.Sprint(long); err == nil && !seen[said] {
			seen[said] = true
			checkDefaults(t, ordinary(long).(map[string]any))
		}
	})
	t.Logf("%d distinct attributes", len(seen))
}

func TestDefaultsAreMarked(t *testing.T) {
	at := Origin{Node: &source.Node{Value: "the build"}}
	build := mapping(at, Field{"dockerfile", text("d", Origin{})})
	service := mapping(Origin{}, Field{"build", build})
	model := mapping(Origin{}, Field{"services", mapping(Origin{}, Field{"s", service})})
	(&resolver{}).defaults(model, specification())
	context := build.Get("context")
	if context.Str() != "." || !context.Implicit || context.Origin != at {
		t.Errorf("got %+v, want an implicit \".\" that comes from the build", context)
	}
	if build.Get("dockerfile").Implicit {
		t.Error("what the file says is marked as a default")
	}
}

func TestOmitEmpty(t *testing.T) {
	tests := []struct {
		name  string
		model map[string]any
	}{
		{"empty servers go", under([]any{"", "1.1.1.1", nil, " "}, "services", "s", "dns")},
		{"of jobs too", under([]any{""}, "jobs", "j", "dns")},
		{"other empty texts stay", under([]any{""}, "services", "s", "dns_search")},
		{"of a hook they stay", under([]any{map[string]any{"dns": []any{""}}}, "services", "s", "pre_start")},
		{"no servers", under(nil, "services", "s", "dns")},
		{"a service that is none", under("x", "services", "s")},
		{"services that are none", under(nil, "services")},
		{"nothing", map[string]any{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := valueOf(tt.model)
			omitEmpty(v)
			got, want := v.Plain(), ordinary(loader.OmitEmpty(ordinary(tt.model).(map[string]any)))
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
