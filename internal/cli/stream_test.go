package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"composelint/internal/cli"
)

// TestStreamSaysTheSame compares the report that is written while the run goes on with the one that is written at its
// end.
func TestStreamSaysTheSame(t *testing.T) {
	const ignoring = "# composelint: ignore-file privileged-container -- known\n"
	inDirectory(t, sharedFiles)
	write(t, "needed/base.yaml", ignoring+privileged)
	write(t, "needed/app.yaml", "services: {web: {extends: {file: base.yaml, service: web}}}\n")
	write(t, "unneeded.yaml", ignoring+clean)
	write(t, "expired.yaml", old)
	write(t, ".composelint.yaml", "exceptions: [{rules: [privileged-container], reason: x, until: 2020-01-31}]\n")
	paths := []string{
		"unneeded.yaml", "a/app.yaml", "nowhere.yaml", "b/app.yaml", "needed/base.yaml", "needed/app.yaml", "expired.yaml", "base.yaml",
	}
	on(t, "2026-01-01", append(paths[3:], "--write-baseline=known.json")...)
	for _, args := range [][]string{nil, {"--no-fixes"}, {"--baseline=known.json"}, {"--unsafe-fixes", "--fail-on=critical"}, {"--no-ignores"}} {
		args = append(args, paths...)
		streamed := on(t, "2026-01-01", append(args, "--format=jsonl")...)
		held := on(t, "2026-01-01", append(args, "--output=jsonl=held")...)
		if got, want := sortedLines(streamed.stdout), sortedLines(read(t, "held")); got != want {
			t.Errorf("%q: the stream says\n%s\nand the report at the end\n%s", args, got, want)
		}
		if streamed.status != held.status || streamed.stderr != held.stderr || !strings.Contains(streamed.stderr, "nowhere.yaml") {
			t.Errorf("%q: status %d and %d, standard error\n%s and\n%s", args, streamed.status, held.status, streamed.stderr, held.stderr)
		}
		if lines := strings.Split(strings.TrimSpace(streamed.stdout), "\n"); !strings.HasPrefix(lines[len(lines)-1], `{"kind":"summary"`) {
			t.Errorf("%q: the last line is %s", args, lines[len(lines)-1])
		}
	}
}

func sortedLines(text string) string {
	lines := strings.SplitAfter(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// many makes n files with ten findings each, of size bytes or less, and returns a list of them.
func many(t *testing.T, n, size int) string {
	t.Helper()
	inDirectory(t, nil)
	var list strings.Builder
	for i := range n {
		name := fmt.Sprintf("%02d/%d.yaml", i%100, i)
		services := ""
		for service := range 10 {
			services += fmt.Sprintf("  s%d: {image: nginx:1.27.2, privileged: true}\n", service)
		}
		filler := strings.Repeat("  # nothing\n", size/12*(n-i)/n) // the first ones take longest
		write(t, name, "services:\n"+services+filler)
		list.WriteString(name + "\n")
	}
	return list.String()
}

func TestStreamIsInTheOrderOfThePaths(t *testing.T) {
	list := many(t, 100, 10_000)
	r := run(t, list, "--format=jsonl", "--no-fixes", "--files-from=-")
	var got []string
	for line := range strings.Lines(r.stdout) {
		var finding struct{ Kind, File string }
		if err := json.Unmarshal([]byte(line), &finding); err != nil {
			t.Fatal(err)
		}
		if finding.Kind == "finding" {
			got = append(got, finding.File+"\n")
		}
	}
	if strings.Join(slices.Compact(got), "") != list {
		t.Errorf("findings in the order %q", got)
	}
}

// runTo runs the program with the list on standard input and another standard output.
func runTo(ctx context.Context, list string, stdout io.Writer) (status int, stderr string) {
	var messages bytes.Buffer
	c := cli.Command{Stdin: strings.NewReader(list), Stdout: stdout, Stderr: &messages}
	status = c.Main(ctx, []string{someRules, "--format=jsonl", "--no-fixes", "--no-config", "--files-from=-"})
	return status, messages.String()
}

// writer calls a function for each write.
type writer func(text []byte) error

func (w writer) Write(text []byte) (int, error) { return len(text), w(text) }

func TestStreamEndsWithItsReader(t *testing.T) {
	list := many(t, 200, 100)
	writes := 0
	status, stderr := runTo(t.Context(), list, writer(func([]byte) error {
		if writes++; writes == 3 {
			return io.ErrClosedPipe
		}
		return nil
	}))
	if status != cli.ExitFindings || stderr != "" || writes != 3 {
		t.Errorf("status %d after %d writes: %s", status, writes, stderr)
	}
	status, stderr = runTo(t.Context(), list, writer(func([]byte) error { return io.ErrShortWrite }))
	if status != cli.ExitFailure || stderr != "composelint: the report cannot be written: short write\n" {
		t.Errorf("status %d: %s", status, stderr)
	}
}

func TestStreamThatIsInterrupted(t *testing.T) {
	list := many(t, 200, 100)
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	status, stderr := runTo(ctx, list, writer(func(text []byte) error {
		cancel()
		_, err := out.Write(text)
		return err
	}))
	if status != cli.ExitFailure || stderr != "composelint: interrupted; nothing was changed\n" || strings.Contains(out.String(), `"summary"`) {
		t.Errorf("status %d: %s\n%s", status, stderr, out.String())
	}
}

// TestStreamInBoundedMemory checks that a run keeps nothing of a file but its name and a hash of each finding.
func TestStreamInBoundedMemory(t *testing.T) {
	const (
		few, lots = 300, 1500
		perFile   = 512
		slack     = 1 << 20 // what is being worked on differs; findings that are kept would be four times as much
	)
	small := heapAfter(t, few)
	large := heapAfter(t, lots)
	t.Logf("%d KiB for %d files, %d KiB for %d", small>>10, few, large>>10, lots)
	if large > small+slack+(lots-few)*perFile {
		t.Errorf("%d bytes for %d files, and %d bytes for %d", small, few, large, lots)
	}
}

// heapAfter returns how large the heap is in the second half of a run over n files. It is the least of several values:
// each has garbage in it that was made since the collector ran.
func heapAfter(t *testing.T, n int) uint64 {
	t.Helper()
	const samples = 10
	list := many(t, n, 500)
	writes := 0
	var sizes []uint64
	status, stderr := runTo(t.Context(), list, writer(func([]byte) error {
		if writes++; writes > n/2 && writes%(n/2/samples) == 0 {
			var memory runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&memory)
			sizes = append(sizes, memory.HeapAlloc)
		}
		return nil
	}))
	if status != cli.ExitFindings || len(sizes) < samples {
		t.Fatalf("status %d after %d writes: %s", status, writes, stderr)
	}
	return slices.Min(sizes)
}
