package rules_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"composelint/internal/compose"
	"composelint/internal/lint"
	"composelint/internal/source"
	"composelint/patch"
	"composelint/rules"
)

const (
	wantFile    = "want.txt"
	optionsFile = "options.txt"
	fixedSuffix = ".fixed"
)

// today is the day on which the fixtures are linted: what has an end in them has it long before or long after.
var today = time.Date(2026, time.January, 15, 0, 0, 0, 0, time.UTC)

// fixture is a project with what a rule is expected to say of it and to make of it.
type fixture struct {
	rule *rules.Rule
	dir  string
	// files are those of the project, by their slash-separated names.
	files map[string][]byte
	want  string
	// fixed are the files that change, by the name of the file that they replace.
	fixed    map[string][]byte
	unsafe   bool
	settings rules.Settings
	envFiles []string
	// given are the files that are linted together; those that docker compose finds by itself where it is empty.
	given []string
}

func readFixture(t *testing.T, rule *rules.Rule, dir string) *fixture {
	t.Helper()
	f := &fixture{rule: rule, dir: dir, files: map[string][]byte{}, fixed: map[string][]byte{}}
	f.settings.Tier = rule.Tier
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return f.add(filepath.ToSlash(strings.TrimPrefix(path, dir+string(filepath.Separator))), data)
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *fixture) add(name string, data []byte) error {
	original, isFixed := strings.CutSuffix(name, fixedSuffix)
	switch {
	case name == wantFile:
		f.want = string(data)
	case name == optionsFile:
		return f.parseOptions(string(data))
	case isFixed:
		f.fixed[original] = data
	default:
		f.files[name] = data
	}
	return nil
}

// parseOptions reads the flags of a fixture, one a line.
func (f *fixture) parseOptions(text string) error {
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if err := f.option(words[0], words[1:]); err != nil {
			return fmt.Errorf("%s: %w", optionsFile, err)
		}
	}
	return nil
}

func (f *fixture) option(name string, values []string) error {
	s := &f.settings
	switch {
	case name == "unsafe":
		f.unsafe = true
	case name == "strict":
		s.Tier = rules.Strict
	case name == "pedantic":
		s.Tier = rules.Pedantic
	case name == "env-file" && len(values) == 1:
		f.envFiles = append(f.envFiles, values[0])
	case name == "files" && len(values) > 0:
		f.given = values
	case name == "socket-proxy" && len(values) == 1:
		s.Proxy.Kind = values[0]
	case name == "socket-proxy-mixed":
		s.Proxy.AllowMixed = true
	case name == "permissions" && len(values) > 1:
		if s.Proxy.Permissions == nil {
			s.Proxy.Permissions = map[string][]string{}
		}
		s.Proxy.Permissions[values[0]] = values[1:]
	case name == "option" && len(values) > 1:
		if s.Options == nil {
			s.Options = map[string]map[string][]string{f.rule.Name: {}}
		}
		s.Options[f.rule.Name][values[0]] = values[1:]
	default:
		return fmt.Errorf("no such flag, or not with these values: %s %v", name, values)
	}
	return nil
}

// needsBaseline reports a rule about the baseline of several runs, which no single project has findings of.
func needsBaseline(rule *rules.Rule) bool { return rule.Check == nil && rule.Bad == "" }

// run lints files in a directory of their own. A rule about a run itself needs the other rules.
func (f *fixture) run(t *testing.T, files map[string][]byte, fixes lint.Fixes) *lint.Result {
	t.Helper()
	o := lint.Options{Rules: []*rules.Rule{f.rule}, Settings: f.settings, Fixes: fixes, Unsafe: f.unsafe}
	if f.rule.Check == nil {
		o.Rules = rules.All()
	}
	return f.lint(t, files, o)
}

func (f *fixture) lint(t *testing.T, files map[string][]byte, o lint.Options) *lint.Result {
	t.Helper()
	given := f.given
	if given == nil {
		given = []string{"compose.yaml", "compose.override.yaml"}
	}
	in, listDir := project(t, files, given)
	in.EnvFiles = f.envFiles
	o.Settings.ListDir, o.Now = listDir, today
	result, err := lint.Run(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// project writes files to a directory, for compose-go to read them, and returns what the engine needs to resolve
// those of them that are given. Nothing outside of the directory is there for it.
func project(t *testing.T, files map[string][]byte, given []string) (in compose.Options, listDir func(string) ([]string, error)) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "project")
	for name, data := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	within := func(path string) (string, error) {
		if !filepath.IsLocal(path) {
			return "", fs.ErrNotExist
		}
		return filepath.Join(root, path), nil
	}
	dir := path.Dir(given[0])
	in = compose.Options{Dir: dir, AbsDir: filepath.Join(root, dir), Home: "/home/someone"}
	in.ReadFile = func(path string) ([]byte, error) {
		path, err := within(path)
		if err != nil {
			return nil, err
		}
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fs.ErrNotExist // without the path, which differs from run to run
		}
		return data, err
	}
	for _, name := range given {
		if data, ok := files[name]; ok {
			in.Files = append(in.Files, compose.Input{Name: name, Data: data})
		}
	}
	return in, func(path string) ([]string, error) {
		path, err := within(path)
		if err != nil {
			return nil, err
		}
		entries, err := os.ReadDir(path)
		names := make([]string, len(entries))
		for i, e := range entries {
			names[i] = e.Name()
		}
		return names, err
	}
}

func (f *fixture) allows(fix *rules.Fix) bool {
	return fix.Safety == rules.Safe || fix.Safety == rules.Unsafe && f.unsafe
}

// checkNoWorse compares what all rules find in the repaired files with what they found before: a fix brings up
// nothing that weighs as much as what it removes.
func (f *fixture) checkNoWorse(t *testing.T, repaired map[string][]byte) {
	t.Helper()
	all := lint.Options{Rules: rules.All(), Settings: f.settings}
	all.Settings.Tier = rules.Default
	known := map[string]bool{}
	for _, finding := range f.lint(t, f.files, all).Findings {
		known[finding.Identity()] = true
	}
	for _, finding := range f.lint(t, repaired, all).Findings {
		if !known[finding.Identity()] && finding.Severity >= f.rule.Severity {
			t.Errorf("the fix raises %s: %s", finding.Rule.Name, finding.Message)
		}
	}
}

// describe writes findings as they stand in want.txt.
func describe(f *fixture, result *lint.Result) string {
	var b strings.Builder
	for _, finding := range result.Findings {
		if finding.Rule == f.rule {
			describeFinding(&b, finding)
		}
	}
	return b.String()
}

func describeFinding(b *strings.Builder, f lint.Finding) {
	detail := func(name, text string) {
		if text != "" {
			fmt.Fprintf(b, "  %s: %s\n", name, text)
		}
	}
	file, span := f.Place()
	fmt.Fprintf(b, "%s %s [%s] %s\n", place(file, span), f.Severity, strings.Join(f.Services, ","), f.Message)
	if f.Confidence != rules.Certain {
		detail("confidence", f.Confidence.String())
	}
	if f.Tier != f.Rule.Tier {
		detail("tier", f.Tier.String())
	}
	for _, r := range f.Related {
		detail("related", place(r.Origin.File, r.Origin.Span())+" "+r.Message)
	}
	for _, note := range f.Notes {
		detail("note", note)
	}
	if f.Fix == nil {
		return
	}
	detail("fix", fmt.Sprintf("%s (%s)", f.Fix.Title, f.Fix.Safety))
	detail("advice", f.Fix.Advice)
	for _, note := range f.Fix.Notes {
		detail("note", note)
	}
	detail("dropped", f.Dropped)
}

// place is line:column, with the file before it unless it is the first.
func place(file *source.File, span source.Span) string {
	if file == nil {
		return "1:1"
	}
	at := file.Position(span.Start)
	text := fmt.Sprintf("%d:%d", at.Line, at.Column)
	if file.Name != "compose.yaml" {
		text = filepath.ToSlash(file.Name) + ":" + text
	}
	return text
}

func changed(result *lint.Result) map[string][]byte {
	files := map[string][]byte{}
	for _, c := range result.Changes {
		files[filepath.ToSlash(c.Name)] = c.New
	}
	return files
}

func mergeFiles(files, over map[string][]byte) map[string][]byte {
	merged := maps.Clone(files)
	maps.Copy(merged, over)
	return merged
}

// write replaces what a fixture expects.
func (f *fixture) write(t *testing.T, want string, fixed map[string][]byte) {
	t.Helper()
	wanted := map[string][]byte{wantFile: []byte(want)}
	for name, data := range fixed {
		wanted[name+fixedSuffix] = data
	}
	for name := range f.fixed {
		if fixed[name] == nil {
			if err := os.Remove(filepath.Join(f.dir, name+fixedSuffix)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, data := range wanted {
		if err := os.WriteFile(filepath.Join(f.dir, filepath.FromSlash(name)), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func readOptional(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return data
}

// twin is another spelling of a project that means the same.
type twin struct {
	name  string
	spell func(string) string
}

var twins = []twin{
	{"CRLF", withCRLF},
	{"BOM", func(s string) string { return "\ufeff" + strings.TrimPrefix(s, "\ufeff") }},
	{"no final newline", func(s string) string { return strings.TrimSuffix(strings.TrimSuffix(s, "\n"), "\r") }},
}

func withCRLF(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}

// all spells the YAML files in another way.
func (tw twin) all(files map[string][]byte) map[string][]byte {
	spelled := maps.Clone(files)
	for name, data := range files {
		if ext := filepath.Ext(name); ext == ".yaml" || ext == ".yml" {
			spelled[name] = []byte(tw.spell(string(data)))
		}
	}
	return spelled
}

// checkChange checks that a repaired file is YAML, has every comment that was there, and that no line was written
// anew with nothing but its end changed.
func checkChange(t *testing.T, change lint.FileChange) {
	t.Helper()
	before, err := source.Parse(change.Name, change.Old)
	if err != nil {
		t.Errorf("%s was repaired, and could not be read: %v", change.Name, err)
		return
	}
	after, err := source.Parse(change.Name, change.New)
	if err != nil {
		t.Errorf("%s cannot be read any more: %v", change.Name, err)
		return
	}
	if lost := missing(comments(before), comments(after)); len(lost) > 0 {
		t.Errorf("%s lost comments: %q", change.Name, lost)
	}
	var removed []string // the lines before the one at hand that went
	for line := range strings.Lines(patch.Unified("old", "new", change.Old, change.New)) {
		switch {
		case line[0] == '-':
			removed = append(removed, line[1:])
		case line[0] == '+' && slices.ContainsFunc(removed, func(r string) bool { return differsAtEnd(r, line[1:]) }):
			t.Errorf("%s: only the end of a line changed: %q", change.Name, line)
		case line[0] != '+':
			removed = nil
		}
	}
}

// differsAtEnd reports whether two lines with text differ in nothing but their line breaks.
func differsAtEnd(a, b string) bool {
	stripped := strings.TrimRight(a, "\r\n")
	return strings.TrimSpace(stripped) != "" && a != b && stripped == strings.TrimRight(b, "\r\n") &&
		strings.HasSuffix(a, "\n") && strings.HasSuffix(b, "\n")
}

func comments(file *source.File) []string {
	var texts []string
	for _, span := range file.Comments() {
		texts = append(texts, strings.TrimRight(file.Text(span), " \t\r"))
	}
	return texts
}

// missing returns the texts of which the other list has fewer.
func missing(texts, others []string) []string {
	count := map[string]int{}
	for _, text := range others {
		count[text]++
	}
	var lost []string
	for _, text := range texts {
		if count[text]--; count[text] < 0 {
			lost = append(lost, text)
		}
	}
	return lost
}
