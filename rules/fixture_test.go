package rules_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"composelint/internal/lint"
	"composelint/rules"
)

var update = flag.Bool("update", false, "write want.txt and the .fixed files of the fixtures as the rules have them now")

const fixtureRoot = "../testdata/rules"

// TestFixtures runs each rule over the folders under testdata/rules/NAME. A folder holds a project (compose.yaml,
// with compose.override.yaml where it is there), options.txt with a flag a line, want.txt with the findings, and for
// each file that the fixes change FILE.fixed.
func TestFixtures(t *testing.T) {
	for _, rule := range rules.All() {
		for _, dir := range fixtureDirs(t, rule) {
			t.Run(rule.Name+"/"+filepath.Base(dir), func(t *testing.T) {
				t.Parallel()
				checkFixture(t, rule, dir)
			})
		}
	}
}

// TestEveryRuleHasFixtures asks of each rule for a fixture that it objects to, one that it does not, and one with a
// fix where its documentation tells of one.
func TestEveryRuleHasFixtures(t *testing.T) {
	for _, rule := range rules.All() {
		if needsBaseline(rule) {
			continue
		}
		t.Run(rule.Name, func(t *testing.T) {
			fires, silent, fixes := false, false, false
			for _, dir := range fixtureDirs(t, rule) {
				want := string(readOptional(t, filepath.Join(dir, wantFile)))
				fires = fires || want != ""
				silent = silent || want == ""
				fixes = fixes || strings.Contains(want, "\n  fix: ")
			}
			if !fires || !silent {
				t.Errorf("fixture with findings: %v; without: %v; both are needed", fires, silent)
			}
			if fixes != (rule.Fix != "") {
				t.Errorf("fixture with a fix: %v; documentation of a fix: %v", fixes, rule.Fix != "")
			}
		})
	}
}

// TestFixturesBelongToRules finds folders that no rule is run over.
func TestFixturesBelongToRules(t *testing.T) {
	for _, dir := range subdirectories(t, fixtureRoot) {
		if _, ok := rules.ByName(filepath.Base(dir)); !ok {
			t.Errorf("%s: there is no such rule", dir)
		}
	}
}

func fixtureDirs(t *testing.T, rule *rules.Rule) []string {
	return subdirectories(t, filepath.Join(fixtureRoot, rule.Name))
}

func subdirectories(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var dirs []string
	for _, e := range entries {
		if e.IsDir() {
			dirs = append(dirs, filepath.Join(dir, e.Name()))
		}
	}
	return dirs
}

func checkFixture(t *testing.T, rule *rules.Rule, dir string) {
	f := readFixture(t, rule, dir)
	result := f.run(t, f.files, lint.ProveFixes)
	got := describe(f, result)
	fixed := changed(result)
	if *update {
		f.write(t, got, fixed)
		return
	}
	if got != f.want {
		t.Errorf("findings:\n%swant:\n%s", got, f.want)
	}
	compareFiles(t, fixed, f.fixed)
	checkFixes(t, f, result)
	for _, twin := range twins {
		t.Run(twin.name, func(t *testing.T) { checkTwin(t, f, twin) })
	}
}

// checkTwin compares what is found and fixed in another spelling of the project with what is in the project itself.
func checkTwin(t *testing.T, f *fixture, twin twin) {
	result := f.run(t, twin.all(f.files), lint.BuildFixes)
	if got := describe(f, result); got != f.want {
		t.Errorf("findings:\n%swant:\n%s", got, f.want)
	}
	compareFiles(t, changed(result), twin.all(f.fixed))
}

// checkFixes checks what holds for every fix of every rule.
func checkFixes(t *testing.T, f *fixture, result *lint.Result) {
	t.Helper()
	for _, finding := range result.Findings {
		if fix := finding.Fix; fix != nil && !finding.Fixed && finding.Dropped == "" && len(fix.Edits) > 0 && f.allows(fix) {
			t.Errorf("the fix of %q was neither made nor dropped", finding.Message)
		}
	}
	for _, change := range result.Changes {
		checkChange(t, change)
	}
	if len(result.Changes) == 0 {
		return
	}
	files := mergeFiles(f.files, changed(result))
	again := f.run(t, files, lint.ProveFixes)
	for _, change := range again.Changes {
		t.Errorf("a second run changes %s:\n%s", change.Name, change.New)
	}
	f.checkNoWorse(t, files)
}

// compareFiles compares repaired files with those that are wanted, by name.
func compareFiles(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	for _, name := range sortedNames(got, want) {
		fixed, expected := got[name], want[name]
		switch {
		case fixed == nil:
			t.Errorf("%s is not changed, and should be", name)
		case expected == nil:
			t.Errorf("%s is changed, and should not be:\n%s", name, fixed)
		case !bytes.Equal(fixed, expected):
			t.Errorf("%s becomes\n%q\nwant\n%q", name, fixed, expected)
		}
	}
}

func sortedNames(files ...map[string][]byte) []string {
	var names []string
	for _, f := range files {
		for name := range f {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
