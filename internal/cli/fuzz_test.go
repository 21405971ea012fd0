package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"composelint/internal/cli"
)

// FuzzCommand runs the whole program, with all rules and all fixes, on arbitrary bytes.
func FuzzCommand(f *testing.F) {
	for _, seed := range []string{
		"", old, privileged, "\xef\xbb\xbf" + old, strings.ReplaceAll(old, "\n", "\r\n"), strings.TrimSpace(old), "\x00", "a: [",
		"x: &x {privileged: true}\nservices: {a: {<<: *x, image: a}, b: {extends: a, ports: [80:80], user: \"${U:-1}:999\"}}",
		"include: [other.yaml]\nservices:\n  a: !reset null\n  b:\n    volumes:\n    - /var/run/docker.sock:/var/run/docker.sock\n",
		"services:\n  a:\n    image: é\u202e${X:?}\n    environment: [A=b, 'PASSWORD=x']\n---\nservices:\n  a: {privileged: true}\n",
	} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		t.Chdir(dir)
		diff := onInput(t, data, "--diff")
		fixed := onInput(t, data, "--fix")
		onInput(t, data, "--format=json")
		if want := applied(t, string(data), diff.stdout); fixed.stdout != want {
			t.Errorf("--fix is not what the diff makes:\n%q\nwant %q\ndiff:\n%s", fixed.stdout, want, diff.stdout)
		}
	})
}

func onInput(t *testing.T, data []byte, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := cli.Command{Stdin: bytes.NewReader(data), Stdout: &stdout, Stderr: &stderr}
	status := c.Main(context.Background(), append(args, "--strictness=pedantic", "--unsafe-fixes", "-"))
	if status < cli.ExitClean || status > cli.ExitFailure {
		t.Errorf("%v: status %d", args, status)
	}
	if text := stdout.String() + stderr.String(); strings.Contains(text, "internal error") {
		t.Errorf("%v: a defect:\n%s", args, text)
	}
	return result{status, stdout.String(), stderr.String()}
}

var hunkHeader = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@\n$`)

// applied applies the unified diff of one file. It trusts nothing but the format.
func applied(t *testing.T, text, diff string) string {
	t.Helper()
	old := strings.SplitAfter(text, "\n")
	lines := strings.SplitAfter(diff, "\n")
	var result strings.Builder
	at := 0
	for i := min(2, len(lines)); i < len(lines) && lines[i] != ""; i++ { // behind the two lines of the header
		if header := hunkHeader.FindStringSubmatch(lines[i]); header != nil {
			start, _ := strconv.Atoi(header[1])
			if header[2] != "0" {
				start--
			}
			result.WriteString(strings.Join(old[at:start], ""))
			at = start
			continue
		}
		line := lines[i][1:]
		if i+1 < len(lines) && strings.HasPrefix(lines[i+1], `\`) {
			line = strings.TrimSuffix(line, "\n")
		}
		switch mark := lines[i][0]; mark {
		case ' ', '-':
			if at == len(old) || old[at] != line {
				t.Fatalf("line %d of the diff does not fit line %d:\n%s", i+1, at+1, diff)
			}
			if at++; mark == ' ' {
				result.WriteString(line)
			}
		case '+':
			result.WriteString(line)
		case '\\':
		default:
			t.Fatalf("line %d of the diff is not one:\n%s", i+1, diff)
		}
	}
	return result.String() + strings.Join(old[at:], "")
}

// ExampleCommand shows what a failure looks like: one line, on standard error.
func ExampleCommand() {
	var stderr bytes.Buffer
	c := cli.Command{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &stderr}
	fmt.Println(c.Main(context.Background(), []string{"nowhere.yaml"}))
	fmt.Print(stderr.String())
	// Output:
	// 2
	// composelint: nowhere.yaml: no such file or directory; check the path, and the directory that you are in
}
