package rules_test

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"composelint/internal/compose"
	"composelint/internal/lint"
	"composelint/rules"
)

// corpusRoot returns where the real Compose files are.
func corpusRoot(t *testing.T) string {
	t.Helper()
	root := os.Getenv("COMPOSELINT_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no corpus in %s (set COMPOSELINT_CORPUS): %v", root, err)
	}
	return root
}

// corpusFiles returns a sample of the real Compose files; all of them with COMPOSELINT_LONG=1.
func corpusFiles(t *testing.T) []string {
	t.Helper()
	root := corpusRoot(t)
	list, err := os.ReadFile(filepath.Join(root, "open.tsv"))
	if err != nil {
		t.Skipf("no list of files in %s: %v", root, err)
	}
	step := 20
	switch {
	case os.Getenv("COMPOSELINT_LONG") != "":
		step = 1
	case testing.Short():
		step = 200
	}
	var files []string
	for i, line := range slices.Collect(strings.Lines(string(list))) {
		path, _, _ := strings.Cut(line, "\t")
		if i%step != 1%step || i == 0 {
			continue // the first line names the columns
		}
		if path = filepath.Join(root, "open", path); isFile(path) {
			files = append(files, path)
		}
	}
	return files
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// lintFile lints a real file with all rules, and makes all fixes. contents stand for the files of the disk, by name.
func lintFile(t *testing.T, path string, contents map[string][]byte, fixes lint.Fixes) *lint.Result {
	t.Helper()
	abs, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	in := compose.Options{Dir: filepath.Dir(path), AbsDir: abs, Home: "/home/someone"}
	in.ReadFile = func(name string) ([]byte, error) {
		if data, ok := contents[name]; ok {
			return data, nil
		}
		return os.ReadFile(name)
	}
	data, err := in.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	in.Files = []compose.Input{{Name: path, Data: data}}
	o := lint.Options{Rules: rules.All(), Fixes: fixes, Unsafe: true, Now: today}
	o.Settings.Tier = rules.Pedantic
	result, err := lint.Run(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestRealFiles makes all fixes in real files: each is right or not made, no comment and no line break is lost, a
// second run finds nothing to do, and the same file with other line breaks is repaired in the same way.
func TestRealFiles(t *testing.T) {
	repaired, findings := 0, 0
	for _, path := range corpusFiles(t) {
		result := lintFile(t, path, nil, lint.ProveFixes)
		findings += len(result.Findings)
		for _, f := range result.Findings {
			if strings.Contains(f.Dropped, "internal error") {
				t.Errorf("%s: %s: %s", path, f.Rule.Name, f.Dropped)
			}
		}
		if len(result.Changes) == 0 {
			continue
		}
		repaired++
		contents := map[string][]byte{}
		for _, change := range result.Changes {
			checkChange(t, change)
			contents[change.Name] = change.New
		}
		for _, change := range lintFile(t, path, contents, lint.ProveFixes).Changes {
			t.Errorf("a second run changes %s again", change.Name)
		}
		checkOtherBreaks(t, path, result)
	}
	t.Logf("%d findings, %d projects repaired", findings, repaired)
}

// checkOtherBreaks repairs a project again, with CRLF line breaks in all of its files.
func checkOtherBreaks(t *testing.T, path string, result *lint.Result) {
	t.Helper()
	old, want := map[string][]byte{}, map[string][]byte{}
	for _, file := range result.Project.Files {
		old[file.Name] = []byte(withCRLF(string(file.Data)))
	}
	for _, change := range result.Changes {
		want[change.Name] = []byte(withCRLF(string(change.New)))
	}
	got := map[string][]byte{}
	for _, change := range lintFile(t, path, old, lint.BuildFixes).Changes {
		got[change.Name] = change.New
	}
	if !maps.EqualFunc(got, want, bytes.Equal) {
		t.Errorf("%s is repaired differently with CRLF line breaks", path)
	}
}

// knownDefect is a finding above info of official Compose files of Airflow that is right.
type knownDefect struct {
	rule     string
	editions []string
	reason   string
}

// beforeRedis72 are the editions that take whatever Redis is the latest.
var beforeRedis72 = []string{
	"2.0.2", "2.1.0", "2.2.3", "2.3.0", "2.3.2", "2.3.3", "2.4.3", "2.5.1", "2.5.3", "2.7.1", "2.7.3", "2.8.0",
}

var knownDefects = []knownDefect{
	{"obsolete-version", beforeRedis72[:11], "they begin with version: '3' or '3.8'"},
	{"image-tag-mutable", beforeRedis72, "the image of redis is redis:latest"},
	{"sensitive-port-published", []string{"2.0.2", "2.1.0"}, "redis publishes 6379, without a password"},
	{"airflow-known-key", []string{"3.0.0", "3.0.0b4-book-edited"}, "copies that sign tokens with test-key and foo"},
	{"airflow-removed-setting", []string{"3.0.0b4-book-edited"}, "it has the backends of the API in a section that 3.0.0 does not read"},
	{"airflow-flower-open", []string{"2.0.2", "2.1.0", "2.2.3", "2.3.0"}, "flower always runs, and is published without a password"},
}

func (d knownDefect) is(rule *rules.Rule, edition string) bool {
	return d.rule == rule.Name && slices.Contains(d.editions, edition)
}

// TestOfficialAirflow lints the Compose files that Airflow publishes, unchanged: they raise nothing above info but
// what is known to be wrong with them.
func TestOfficialAirflow(t *testing.T) {
	root := filepath.Join(corpusRoot(t), "airflow-official")
	met := make([]bool, len(knownDefects))
	for _, dir := range subdirectories(t, root) {
		edition := filepath.Base(dir)
		path := filepath.Join(dir, "docker-compose.yaml")
		if !isFile(path) {
			continue
		}
		for _, f := range lintFile(t, path, nil, lint.NoFixes).Findings {
			if f.Severity == rules.Info || f.Tier > rules.Default {
				continue
			}
			known := slices.IndexFunc(knownDefects, func(d knownDefect) bool { return d.is(f.Rule, edition) })
			if known < 0 {
				t.Errorf("%s: %s: %s", edition, f.Rule.Name, f.Message)
				continue
			}
			met[known] = true
		}
	}
	for i, d := range knownDefects {
		if !met[i] {
			t.Errorf("no edition has what %s is known for: %s", d.rule, d.reason)
		}
	}
}
