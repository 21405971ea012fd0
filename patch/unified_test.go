package patch

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestUnified(t *testing.T) {
	tests := []struct{ what, old, new, want string }{
		{"equal texts", "a\nb\n", "a\nb\n", ""},
		{"both empty", "", "", ""},
		{"a line in the middle, with three lines of context", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n",
			"@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"},
		{"changes whose context meets share a hunk", "a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
			"@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n"},
		{"changes further apart do not", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\nc\n",
			"@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,5 @@\n 5\n 6\n 7\n-b\n+B\n+c\n"},
		{"into an empty file", "", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"},
		{"everything removed", "a\n", "", "@@ -1 +0,0 @@\n-a\n"},
		{"one line", "a\n", "b\n", "@@ -1 +1 @@\n-a\n+b\n"},
		{"no final line break before", "a\nb", "a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
		{"no final line break behind", "a\nb\n", "a\nb", "@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n"},
		{"no final line break in either", "a\nb", "c\nb", "@@ -1,2 +1,2 @@\n-a\n+c\n b\n\\ No newline at end of file\n"},
		{"CRLF is kept", "a\r\nb\r\n", "a\r\nc\r\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"},
		{"a lone carriage return ends no line", "a\rb\n", "a\rc\n", "@@ -1 +1 @@\n-a\rb\n+a\rc\n"},
		{"bytes that are not UTF-8", "\xff\n\xfe\n", "\xff\n\xfd\n", "@@ -1,2 +1,2 @@\n \xff\n-\xfe\n+\xfd\n"},
		{"an inserted line like its neighbour", "x\nx\n", "x\nx\nx\n", "@@ -1,2 +1,3 @@\n x\n x\n+x\n"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			want := test.want
			if want != "" {
				want = "--- a/f\n+++ b/f\n" + want
			}
			if got := Unified("a/f", "b/f", []byte(test.old), []byte(test.new)); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestUnifiedNames(t *testing.T) {
	tests := []struct{ what, name, want string }{
		{"plain", "a/compose.yaml", "a/compose.yaml"},
		{"a space", "a/my app/compose.yaml", "a/my app/compose.yaml\t"},
		{"letters of any language", "a/größe/日本.yml", "a/größe/日本.yml"},
		{"a quote and a backslash", `a/"x"\y`, `"a/\"x\"\\y"`},
		{"control characters", "a/\t\n\x1b[31m", `"a/\t\n\033[31m"`},
		{"characters that turn the text around", "a/\u202eyml", `"a/\342\200\256yml"`},
		{"not UTF-8", "a/\xff", `"a/\377"`},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			want := fmt.Sprintf("--- %s\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n", test.want)
			if got := Unified(test.name, "/dev/null", []byte("x\n"), nil); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// change is a file before and after.
type change struct {
	name     string
	old, new []byte
}

// gitApply writes all old texts, gives git the differences in one go and checks that the files hold the new texts.
func gitApply(t *testing.T, changes []change) {
	t.Helper()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	var diffs strings.Builder
	for _, c := range changes {
		path := filepath.Join(dir, c.name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, c.old, 0o644); err != nil {
			t.Fatal(err)
		}
		diffs.WriteString(Unified("a/"+c.name, "b/"+c.name, c.old, c.new))
	}
	command := exec.Command(git, "apply", "--whitespace=nowarn", "-")
	command.Dir = dir
	command.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir), "GIT_CONFIG_GLOBAL=/dev/null")
	command.Stdin = strings.NewReader(diffs.String())
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("git apply: %v\n%s", err, out)
	}
	for _, c := range changes {
		got, err := os.ReadFile(filepath.Join(dir, c.name))
		if err != nil || !bytes.Equal(got, c.new) {
			t.Errorf("%s holds %.300q, want %.300q (%v)", c.name, got, c.new, err)
		}
	}
}

func TestGitApplies(t *testing.T) {
	tests := []struct{ what, name, old, new string }{
		{"a change", "compose.yaml", "a\nb\nc\n", "a\nB\nc\n"},
		{"a name with a space", "my app.yaml", "a\n", "b\n"},
		{"a name with a quote and a tab", "x\"\t.yaml", "a\n", "b\n"},
		{"a name of other letters", "größe/日本.yaml", "a\n", "b\n"},
		{"no final line break before", "f", "a\nb", "a\nb\n"},
		{"no final line break behind", "f", "a\nb\n", "a\nb"},
		{"no final line break at all", "f", "a\nb", "b\nb"},
		{"CRLF", "f", "a\r\nb\r\n", "a\r\nc\r\n"},
		{"a byte order mark", "f", "\ufeffa\n", "\ufeffb\n"},
		{"lines that look like a difference", "f", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n", "--- a/f\n@@ -1 +1 @@\n-x\n"},
		{"into an empty file", "f", "", "a\n"},
		{"everything removed", "f", "a\n", ""},
		{"two places", "f", strings.Repeat("x\n", 30), "y\n" + strings.Repeat("x\n", 29) + "z\n"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			gitApply(t, []change{{test.name, []byte(test.old), []byte(test.new)}})
		})
	}
}

// TestGitAppliesRandomTexts uses few different lines, so that the two texts have much in common in many ways.
func TestGitAppliesRandomTexts(t *testing.T) {
	var changes []change
	for i := range uint64(400) {
		r := rand.New(rand.NewPCG(1, i))
		changes = append(changes, change{fmt.Sprint(i), append(randomLines(r), "x\n"...), append(randomLines(r), "x"...)})
	}
	gitApply(t, changes)
}

func randomLines(r *rand.Rand) []byte {
	var text []byte
	for range r.IntN(40) {
		text = append(text, []string{"a", "b", "c: d", "", "-x", "+", "\\ ", "\xff", "é"}[r.IntN(9)]...)
		text = append(text, []string{"\n", "\n", "\n", "\r\n"}[r.IntN(4)]...)
	}
	return text
}

func TestGitAppliesRealFiles(t *testing.T) {
	step := 4 // a quarter of the files is enough, and writing them takes the time
	if testing.Short() {
		step = 40
	}
	var changes []change
	for i, f := range corpus(t) {
		if i%step > 0 {
			continue
		}
		r := rand.New(rand.NewPCG(2, uint64(i)))
		changes = append(changes, change{fmt.Sprintf("%d.yaml", i), f.Data, mutate(f.Data, r)})
	}
	gitApply(t, changes)
}

// mutate removes, doubles and changes a few lines.
func mutate(data []byte, r *rand.Rand) []byte {
	lines := bytes.SplitAfter(data, []byte("\n"))
	for range 1 + r.IntN(5) {
		i := r.IntN(len(lines))
		switch r.IntN(3) {
		case 0:
			lines[i] = nil
		case 1:
			lines[i] = slices.Concat(lines[i], lines[i])
		default:
			lines[i] = slices.Concat([]byte("new "), lines[i])
		}
	}
	return bytes.Join(lines, nil)
}

// TestUnifiedIsQuick compares texts of many lines that have nothing, little and nearly everything in common.
func TestUnifiedIsQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("large texts")
	}
	var numbers, others, mixed strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&numbers, "line %d\n", i)
		fmt.Fprintf(&others, "other %d\n", i)
		fmt.Fprintf(&mixed, "line %d\n", i+i%1000/999)
	}
	many := strings.Repeat("x\n", maxDiffLines)
	tests := []struct{ what, old, new string }{
		{"more lines than can be compared", "a\n" + many + "c\n", "b\n" + many + "d\n"},
		{"a hundred places in many lines", numbers.String(), mixed.String()},
		{"nothing in common", numbers.String()[:200_000], others.String()[:200_000]},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			start := time.Now()
			diff := Unified("a", "b", []byte(test.old), []byte(test.new))
			if took := time.Since(start); took > maxDiffTime+30*time.Second || diff == "" {
				t.Errorf("took %v for %d bytes", took, len(diff))
			}
		})
	}
}
