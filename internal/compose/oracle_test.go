package compose

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"

	"composelint/internal/source"
)

// corpusFiles returns the real Compose files that the tests run over.
func corpusFiles(tb testing.TB) []string {
	tb.Helper()
	root := os.Getenv("COMPOSELINT_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real // compose-go follows symbolic links in some paths and not in others
	}
	list, err := os.ReadFile(filepath.Join(root, "open.tsv"))
	if err != nil {
		tb.Skipf("no corpus in %s (set COMPOSELINT_CORPUS): %v", root, err)
	}
	var files []string
	for line := range strings.Lines(string(list)) {
		path := filepath.Join(root, "open", strings.SplitN(line, "\t", 2)[0])
		if _, err := os.Stat(path); err == nil {
			files = append(files, path)
		}
	}
	if len(files) == 0 {
		tb.Skipf("open.tsv in %s names no files that are there", root)
	}
	return files
}

// resolveFile resolves one file alone, with the .env beside it.
func resolveFile(tb testing.TB, path string) *Project {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	abs, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		tb.Fatal(err)
	}
	return Resolve(Options{
		Files: []Input{{path, data}}, Dir: filepath.Dir(path), AbsDir: abs, ReadFile: os.ReadFile, Home: os.Getenv("HOME"),
	})
}

// loadOracle loads a file with compose-go: as a model, and as far as Compose accepts it.
func loadOracle(path string) (model map[string]any, modelErr, verdict error) {
	logrus.SetOutput(io.Discard)
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err, err
	}
	dir := filepath.Dir(abs)
	env := types.Mapping{}
	if data, err := os.ReadFile(filepath.Join(dir, ".env")); err == nil {
		parsed, err := dotenv.UnmarshalBytesWithLookup(data, nil)
		if err != nil {
			return nil, err, err
		}
		env = parsed
	}
	details := func() types.ConfigDetails {
		return types.ConfigDetails{
			WorkingDir: dir, ConfigFiles: []types.ConfigFile{{Filename: abs}}, Environment: maps.Clone(env),
		}
	}
	options := func(o *loader.Options) {
		name := env["COMPOSE_PROJECT_NAME"]
		o.SetProjectName(loader.NormalizeProjectName(filepath.Base(dir)), false)
		if name != "" {
			o.SetProjectName(name, true)
		}
		o.Profiles = []string{"*"}
	}
	model, modelErr = guarded(func() (map[string]any, error) {
		return loader.LoadModelWithContext(context.Background(), details(), options)
	})
	_, verdict = guarded(func() (*types.Project, error) {
		return loader.LoadWithContext(context.Background(), details(), options)
	})
	return model, modelErr, verdict
}

func guarded[T any](f func() (T, error)) (result T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("compose-go panics: %v", p)
		}
	}()
	return f()
}

// TestOracle compares the effective model with that of compose-go, for every real file that it loads, and the verdict
// for every file. COMPOSELINT_LONG=1 takes all files instead of a sample.
func TestOracle(t *testing.T) {
	files := corpusFiles(t)
	step := 10
	if os.Getenv("COMPOSELINT_LONG") != "" {
		step = 1
	}
	differences := map[string][]string{}
	loaded, refused := 0, 0
	for i := 0; i < len(files); i += step {
		path := files[i]
		want, modelErr, verdict := loadOracle(path)
		got := resolveFile(t, path)
		if modelErr == nil {
			loaded++
			for _, d := range modelDifferences(got.Model.Plain(), any(want), "", nil) {
				differences[d] = append(differences[d], path)
			}
		} else {
			refused++
		}
		if d := verdictDifference(got, verdict); d != "" {
			differences[d] = append(differences[d], path)
		}
	}
	t.Logf("%d files loaded by compose-go, %d refused", loaded, refused)
	for _, kind := range slices.Sorted(maps.Keys(differences)) {
		paths := differences[kind]
		t.Errorf("%d files: %s\n\t%s", len(paths), kind, strings.Join(paths[:min(3, len(paths))], "\n\t"))
	}
}

// verdictDifference compares whether the project is accepted.
func verdictDifference(p *Project, verdict error) string {
	refused := slices.ContainsFunc(p.Missing, func(m MissingVariable) bool { return m.Required })
	reason := ""
	for _, problem := range p.Problems {
		reason, refused = string(problem.Kind)+": "+problem.Message, true
	}
	switch {
	case verdict == nil && refused:
		return "accepted by Compose, refused here: " + firstWords(reason)
	case verdict != nil && !refused && !isOfEnvFile(verdict):
		return "refused by Compose, accepted here: " + firstWords(verdict.Error())
	}
	return ""
}

// isOfEnvFile tells that Compose only stops at the env files of services, which the effective model does not read: one
// is missing, or has the format "raw", which docker compose registers and compose-go alone does not know.
func isOfEnvFile(err error) bool {
	return errors.Is(err, os.ErrNotExist) || strings.Contains(err.Error(), "env file") ||
		strings.Contains(err.Error(), "env_file format")
}

func firstWords(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return s[:min(len(s), 110)]
}

// modelDifferences lists where two models differ: the path, with names of services and the like left out, and the kinds.
func modelDifferences(got, want any, path string, found []string) []string {
	if o, ok := want.(types.OptOut); ok {
		want = bool(o) // a type of compose-go's own, for a boolean
	}
	if reflect.DeepEqual(got, want) || len(found) > 8 {
		return found
	}
	g, ok1 := got.(map[string]any)
	w, ok2 := want.(map[string]any)
	if ok1 && ok2 {
		for _, key := range slices.Sorted(maps.Keys(w)) {
			if _, ok := g[key]; !ok {
				found = append(found, path+"."+key+" is missing")
				continue
			}
			found = modelDifferences(g[key], w[key], path+"."+generic(path, key), found)
		}
		for _, key := range slices.Sorted(maps.Keys(g)) {
			if _, ok := w[key]; !ok {
				found = append(found, path+"."+generic(path, key)+" is too much")
			}
		}
		return found
	}
	gl, ok1 := got.([]any)
	wl, ok2 := want.([]any)
	if ok1 && ok2 && len(gl) == len(wl) {
		for i := range gl {
			found = modelDifferences(gl[i], wl[i], path+"[]", found)
		}
		return found
	}
	return append(found, fmt.Sprintf("%s: %.60s (%T) instead of %.60s (%T)", path, fmt.Sprint(got), got, fmt.Sprint(want), want))
}

// generic leaves out the names that differ from project to project.
func generic(path, key string) string {
	if strings.Count(path, ".") == 1 {
		return "*"
	}
	return key
}

// TestOverridesOracle does the same for files that are merged.
func TestOverridesOracle(t *testing.T) {
	for _, tt := range slices.Concat(oracleCases, parserCases) {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			var inputs []Input
			details := types.ConfigDetails{WorkingDir: dir, Environment: types.Mapping{}}
			for i, content := range tt.files {
				name := filepath.Join(dir, fmt.Sprintf("%d.yaml", i))
				inputs = append(inputs, Input{name, []byte(content)})
				details.ConfigFiles = append(details.ConfigFiles, types.ConfigFile{Filename: name, Content: []byte(content)})
			}
			for name, content := range tt.others {
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := guarded(func() (map[string]any, error) {
				return loader.LoadModelWithContext(context.Background(), details, func(o *loader.Options) {
					o.SetProjectName("p", true)
				})
			})
			got := Resolve(Options{
				Files: inputs, Dir: dir, AbsDir: dir, ReadFile: os.ReadFile, Env: map[string]string{"COMPOSE_PROJECT_NAME": "p"},
			})
			if err != nil {
				if len(got.Problems) == 0 {
					t.Fatalf("compose-go refuses it (%v), and no problem was found", err)
				}
				return
			}
			for _, d := range modelDifferences(got.Model.Plain(), any(want), "", nil) {
				t.Error(d)
			}
		})
	}
}

// FuzzOracle feeds compose-go and this package the same file.
func FuzzOracle(f *testing.F) {
	for _, tt := range oracleCases {
		f.Add([]byte(tt.files[0]))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 || bytes.Count(data, []byte("&")) > 20 {
			t.Skip("large files and alias bombs have tests of their own")
		}
		if file, _ := source.Parse("fuzz.yaml", data); file.HasCycle() {
			t.Skip("compose-go, as of v2.16.2, does not come to the end of some cycles")
		}
		got := Resolve(Options{Files: []Input{{"fuzz.yaml", data}}, Dir: "/x", AbsDir: "/x"})
		want, err := guarded(func() (map[string]any, error) {
			return loader.LoadModelWithContext(context.Background(), types.ConfigDetails{
				WorkingDir: "/x", ConfigFiles: []types.ConfigFile{{Filename: "fuzz.yaml", Content: data}},
				Environment: types.Mapping{},
			}, func(o *loader.Options) { o.SetProjectName("x", false) })
		})
		if err != nil || len(got.Problems) > 0 {
			return
		}
		if d := modelDifferences(got.Model.Plain(), any(want), "", nil); len(d) > 0 {
			t.Errorf("%q\n%s", data, strings.Join(d, "\n"))
		}
	})
}
