package rules_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"

	"composelint/internal/compose"
	"composelint/internal/lint"
	"composelint/rules"
)

// styleRun lints a file with the rules about style alone, sorts every list that may be sorted, and makes all fixes.
func styleRun(t *testing.T, path string, data []byte) *lint.Result {
	t.Helper()
	o := lint.Options{Fixes: lint.ProveFixes, Now: today}
	o.Settings.Tier = rules.Pedantic
	o.Settings.Options = map[string]map[string][]string{}
	for _, rule := range rules.All() {
		if rule.Tier != rules.Pedantic {
			continue
		}
		o.Rules = append(o.Rules, rule)
		for _, option := range rule.Options {
			if option.Name == "lists" {
				o.Settings.Options[rule.Name] = map[string][]string{option.Name: option.Allowed}
			}
		}
	}
	in := compose.Options{Dir: ".", AbsDir: "/project", Files: []compose.Input{{Name: path, Data: data}}}
	result, err := lint.Run(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestRealFilesInStyle makes the fixes of style in real files: no comment is lost, the effective model stays but for the
// order of its lists, and a second run finds nothing to do.
func TestRealFilesInStyle(t *testing.T) {
	findings, dropped, repaired := 0, 0, 0
	for _, path := range corpusFiles(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		result := styleRun(t, path, data)
		findings += len(result.Findings)
		for _, f := range result.Findings {
			if f.Fix != nil && !f.Fixed {
				dropped++
			}
		}
		for _, change := range result.Changes {
			repaired++
			checkChange(t, change)
			again := styleRun(t, path, change.New)
			if len(again.Changes) > 0 {
				t.Errorf("a second run changes %s again", path)
			}
			if !reflect.DeepEqual(unordered(result.Project.Model.Plain()), unordered(again.Project.Model.Plain())) {
				t.Errorf("%s means something else", path)
			}
		}
	}
	t.Logf("%d findings, %d fixes not made, %d files repaired", findings, dropped, repaired)
	if dropped > findings/50 {
		t.Errorf("%d of %d fixes were not made", dropped, findings)
	}
}

// unordered sorts all lists of a model, and makes texts of its numbers: a port is one either way.
func unordered(model any) any {
	switch model := model.(type) {
	case map[string]any:
		for key, value := range model {
			model[key] = unordered(value)
		}
		return model
	case []any:
		for i, item := range model {
			model[i] = unordered(item)
		}
		slices.SortFunc(model, func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		return model
	case nil, bool:
		return model
	}
	return fmt.Sprint(model)
}

// TestStyleLeavesWhatCannotBeEdited runs the rules about style over files that no edit is made in: nothing is found
// that cannot be mended.
func TestStyleLeavesWhatCannotBeEdited(t *testing.T) {
	for _, text := range []string{
		"name: shop\nservices:\n  web: {? ports : [], image: x}\n",
		"name: shop\nservices:\n  web:\n    ports: [\"443\", 80]\n    image: x\u2028\n",
	} {
		for _, f := range styleRun(t, "f.yaml", []byte(text)).Findings {
			t.Errorf("%s: %s", f.Rule.Name, f.Message)
		}
	}
}
