//go:build unix

package cli_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
	"gopkg.in/yaml.v3"
)

// benchmarkMode makes the test binary one of the programs that the benchmark compares with: it reads the paths on
// standard input, and parses or loads each file.
const benchmarkMode = "COMPOSELINT_BENCHMARK_MODE"

func TestMain(m *testing.M) {
	work := map[string]func(path string, data []byte){"parse": parseBare, "load": loadWithComposeGo}[os.Getenv(benchmarkMode)]
	if work == nil {
		os.Exit(m.Run())
	}
	logrus.SetOutput(io.Discard)
	paths, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	for path := range strings.Lines(string(paths)) {
		path = strings.TrimSuffix(path, "\n")
		data, err := os.ReadFile(path)
		if err != nil {
			panic(err)
		}
		work(path, data)
	}
}

// parseBare parses all documents of a file with yaml.v3, and does nothing with them. A file that is not YAML ends
// early.
func parseBare(_ string, data []byte) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var node yaml.Node
		if err := decoder.Decode(&node); err != nil {
			return
		}
	}
}

// loadWithComposeGo loads a file as docker compose does. Files that it refuses, or panics on, are part of the
// comparison.
func loadWithComposeGo(path string, data []byte) {
	defer func() { _ = recover() }()
	details := types.ConfigDetails{
		WorkingDir: filepath.Dir(path), ConfigFiles: []types.ConfigFile{{Filename: path, Content: data}}, Environment: types.Mapping{},
	}
	_, _ = loader.LoadModelWithContext(context.Background(), details, func(o *loader.Options) {
		o.SetProjectName("benchmark", true)
		o.Profiles = []string{"*"}
	})
}

// cost is what a process took.
type cost struct {
	cpu  time.Duration
	peak int64 // bytes of memory
}

func (c cost) over(other cost) float64 { return c.cpu.Seconds() / other.cpu.Seconds() }

// measure runs a command to its end. Findings make the exit status 1, and broken files make it 2.
func measure(b *testing.B, command *exec.Cmd) cost {
	b.Helper()
	// One processor: two that share a core each do less in the same time, which would count as cost.
	command.Env = append(command.Environ(), "GOMAXPROCS=1")
	if err := command.Run(); err != nil && command.ProcessState == nil {
		b.Fatal(err)
	}
	state := command.ProcessState
	if !state.Exited() || state.ExitCode() > 2 {
		b.Fatalf("%s: %s", command.Path, state)
	}
	peak := state.SysUsage().(*syscall.Rusage).Maxrss
	if runtime.GOOS != "darwin" {
		peak <<= 10 // it counts in KiB; only macOS counts in bytes
	}
	return cost{state.UserTime() + state.SystemTime(), peak}
}

// medians measures commands in turn, several times, so that a busy moment of the machine counts for none of them alone,
// and returns for each the cost in the middle.
func medians(b *testing.B, times int, commands ...func() *exec.Cmd) []cost {
	b.Helper()
	measured := make([][]cost, len(commands))
	for range times {
		for i, command := range commands {
			measured[i] = append(measured[i], measure(b, command()))
		}
	}
	middle := make([]cost, len(commands))
	for i, costs := range measured {
		slices.SortFunc(costs, func(x, y cost) int { return int(x.cpu - y.cpu) })
		middle[i] = costs[times/2]
	}
	return middle
}

// other returns the command that does something else with the same files.
func other(b *testing.B, mode string, files []string) *exec.Cmd {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	command := exec.Command(self)
	command.Env = append(os.Environ(), benchmarkMode+"="+mode)
	command.Stdin = strings.NewReader(strings.Join(files, "\n") + "\n")
	return command
}

// buildProgram builds the program as it is shipped.
func buildProgram(b testing.TB) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "composelint")
	if out, err := exec.Command("go", "build", "-o", path, "composelint/cmd/composelint").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return path
}

// budget is a limit that is reported, and that fails the benchmark where it is exceeded by far: machines differ.
func budget(b *testing.B, name string, got, limit float64) {
	b.Helper()
	b.Logf("%-42s %6.2f (budget %.2f)", name, got, limit)
	b.ReportMetric(got, strings.ReplaceAll(name, " ", "-"))
	if got > 2*limit {
		b.Errorf("%s is %.2f, more than twice its budget of %.2f", name, got, limit)
	}
}

// BenchmarkCorpus compares the cost of linting many real files with that of parsing them, and of loading them with
// compose-go. Run it once: go test ./internal/cli -run '^$' -bench Corpus -benchtime 1x -v.
func BenchmarkCorpus(b *testing.B) {
	files := corpusFiles(b)
	program := buildProgram(b)
	var sample []string
	const every, times = 10, 3
	for i := 0; i < len(files); i += every {
		sample = append(sample, files[i])
	}
	for b.Loop() {
		costs := medians(b, times,
			func() *exec.Cmd { return other(b, "parse", files) },
			func() *exec.Cmd { return exec.Command(program, append([]string{"--no-fixes"}, files...)...) },
			func() *exec.Cmd { return exec.Command(program, append([]string{"--format=json"}, files...)...) },
		)
		parse, findings, fixes := costs[0], costs[1], costs[2]
		sampleParse, sampleLoad := measure(b, other(b, "parse", sample)), measure(b, other(b, "load", sample))
		b.Logf("%d files: parse %s, findings %s, with fixes %s", len(files), parse.cpu, findings.cpu, fixes.cpu)
		b.Logf("compose-go takes %.1f times the parse for %d of them", sampleLoad.over(sampleParse), len(sample))
		budget(b, "findings over parse", findings.over(parse), 3)
		budget(b, "fixes over parse", fixes.over(parse), 6)
		budget(b, "peak MiB", float64(max(findings.peak, fixes.peak))/(1<<20), 64)
	}
}

// BenchmarkColdStart compares a run over one file with loading it with compose-go, each in a process of its own.
func BenchmarkColdStart(b *testing.B) {
	file, err := filepath.Abs(filepath.Join("..", "..", "testdata", "airflow-dbt", "docker-compose.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	program := buildProgram(b)
	const times = 20
	for b.Loop() {
		costs := medians(b, times,
			func() *exec.Cmd { return exec.Command(program, "--no-fixes", file) },
			func() *exec.Cmd { return other(b, "load", []string{file}) },
		)
		run, load := costs[0], costs[1]
		b.Logf("one file: %s, compose-go %s", run.cpu, load.cpu)
		budget(b, "cold start over compose-go", run.over(load), 0.35)
	}
}

// corpusFiles returns the real Compose files that are kept beside the repository.
func corpusFiles(b *testing.B) []string {
	b.Helper()
	root := os.Getenv("COMPOSELINT_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	list, err := os.ReadFile(filepath.Join(root, "open.tsv"))
	if err != nil {
		b.Skipf("no corpus in %s (set COMPOSELINT_CORPUS): %v", root, err)
	}
	var files []string
	for line := range strings.Lines(string(list)) {
		name, _, _ := strings.Cut(line, "\t")
		path := filepath.Join(root, "open", name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			files = append(files, path)
		}
	}
	if len(files) == 0 {
		b.Skipf("open.tsv in %s names no files that are there", root)
	}
	return files
}
