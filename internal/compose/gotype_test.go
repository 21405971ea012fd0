package compose

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/schema"
	"github.com/compose-spec/compose-go/v2/transform"
	"github.com/compose-spec/compose-go/v2/types"
)

// required are the entries that the schema asks for, by the end of the path of their mapping.
var required = map[string]fields{
	"jobs.x":            {"triggers": fields{"manual": true}},
	"volumes.[]":        {"type": "bind"},
	"depends_on.x":      {"condition": "service_started"},
	"devices.[]":        {"source": "s"},
	"reservations.[]":   {"capabilities": items{"c"}},
	"schedule.[]":       {"cron": "c"},
	"env_file.[]":       {"path": "p"},
	"services.provider": {"type": "t"},
	"models.x":          {"model": "m"},
	"post_start.[]":     {"command": nil},
	"pre_stop.[]":       {"command": nil},
	"watch.[]":          {"path": "p", "action": "rebuild"},
	"exec":              {"command": nil},
	"ulimits.x":         {"soft": 1, "hard": 1},
}

// leafValues are tried in every place.
var leafValues = items{
	"", "x", "10", "-1", "1.5", "true", "on", "10s", "1w", "10m", "all", "0444", "it's", `"a b"`, "$(", "a=b", "a:b",
	-1, 0, 1, 70000, 1.5, -1.5, true, items{}, items{"a"}, items{"a=1", "b"}, items{"a =1"}, items{"a:1", "b=2"},
	fields{}, fields{"a": "1"}, fields{"a:b": "1"}, fields{"": "1"}, fields{"a": items{"1"}}, fields{"soft": "1", "hard": 1},
	fields{"soft": 1, "hard": 1.0},
}

// TestDecodableLikeCompose puts values in every place that compose-go decodes into a type of its own. Where the schema
// takes a value, compose-go and this package must agree on it; what compose-go decodes must never be refused.
// COMPOSELINT_LONG=1 takes all values in all places instead of a sample.
func TestDecodableLikeCompose(t *testing.T) {
	silence()
	step := 7
	if os.Getenv("COMPOSELINT_LONG") != "" {
		step = 1
	}
	agreed := map[bool]int{}
	for i, path := range leafPaths(projectType(), nil) {
		for j := i % step; j < len(leafValues); j += step {
			value := leafValues[j]
			project := at(path, plainCopy(value)).(fields)
			fits := schema.Validate(project) == nil
			project, err := guarded(func() (fields, error) { return transform.Canonical(project, false) })
			if err != nil {
				continue // refused before it comes to the types
			}
			r := &resolver{options: &Options{}}
			r.decodable(fromPlain(project), projectType(), nil)
			_, err = guarded(func() (any, error) { return nil, loader.Transform(project, &types.Project{}) })
			switch refused := len(r.problems) > 0; {
			case refused && err == nil:
				t.Errorf("%s: %#v is decoded by compose-go, and here: %s", pathString(path), value, r.problems[0].Message)
			case !refused && err != nil && fits:
				t.Errorf("%s: %#v is not refused; compose-go: %v", pathString(path), value, err)
			case fits:
				agreed[refused]++
			}
		}
	}
	if agreed[true] < 50 || agreed[false] < 200 {
		t.Errorf("only %v values fit the schema and are decoded or not: the test tests too little", agreed)
	}
}

// leafPaths lists the places of all types with a check of their own.
func leafPaths(g *goType, path []string) [][]string {
	if g.refuse != nil {
		return [][]string{path}
	}
	var paths [][]string
	for _, key := range slices.Sorted(maps.Keys(g.fields)) {
		paths = append(paths, leafPaths(g.fields[key], append(path[:len(path):len(path)], key))...)
	}
	if g.items == nil {
		return paths
	}
	for _, key := range []string{"x", "[]"} { // only one of them suits; the schema refuses the other
		paths = append(paths, leafPaths(g.items, append(path[:len(path):len(path)], key))...)
	}
	return paths
}

// at returns a project with a value at a path and what the schema requires beside it.
func at(path []string, value any) any {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == "[]" {
			value = items{value}
			continue
		}
		m := fields{}
		for end, entries := range required {
			if strings.HasSuffix(pathString(path[:i]), end) {
				maps.Copy(m, entries)
			}
		}
		m[path[i]] = value
		value = m
	}
	return value
}
