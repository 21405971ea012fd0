//go:build unix

package gitignore_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"composelint/internal/gitignore"
)

// repository asks git what it ignores.
type repository struct{ git, dir string }

func newRepository(t *testing.T) repository {
	t.Helper()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	if out, err := exec.Command(git, "init", "--quiet", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return repository{git, dir}
}

// makeDirectory makes a path a directory: git asks the file system what a path is.
func (r repository) makeDirectory(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(r.dir, path), 0o755); err != nil {
		t.Fatal(err)
	}
}

func (r repository) isDirectory(path string) bool {
	info, err := os.Stat(filepath.Join(r.dir, path))
	return err == nil && info.IsDir()
}

// verdicts returns what git says of paths.
func (r repository) verdicts(t *testing.T, patterns string, paths []string) []gitignore.Verdict {
	t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, ".gitignore"), []byte(patterns), 0o644); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(r.git, "-c", "core.excludesFile=", "check-ignore", "--no-index", "--verbose", "--non-matching", "-z", "--stdin")
	command.Dir, command.Stdin = r.dir, strings.NewReader(strings.Join(paths, "\x00")+"\x00")
	out, err := command.Output()
	if err != nil && command.ProcessState.ExitCode() != 1 {
		t.Fatalf("%v: %s", err, out)
	}
	fields := strings.Split(string(out), "\x00") // for each path the file, the line, the pattern and the path
	var verdicts []gitignore.Verdict
	for i := 3; i < len(fields); i += 4 {
		switch source, pattern := fields[i-3], fields[i-1]; {
		case source == "":
			verdicts = append(verdicts, gitignore.Undecided)
		case strings.HasPrefix(pattern, "!"):
			verdicts = append(verdicts, gitignore.Kept)
		default:
			verdicts = append(verdicts, gitignore.Ignored)
		}
	}
	if len(verdicts) != len(paths) {
		t.Fatalf("git answers %d times for %d paths: %s", len(verdicts), len(paths), out)
	}
	return verdicts
}

func TestCasesAgreeWithGit(t *testing.T) {
	for _, c := range cases {
		r := newRepository(t)
		path, isDirectory := strings.CutSuffix(c.path, "/")
		if isDirectory {
			r.makeDirectory(t, path)
		}
		want := gitignore.Parse([]byte(c.patterns)).MatchBelow(path, isDirectory)
		if got := r.verdicts(t, c.patterns, []string{path})[0]; got != want {
			t.Errorf("%s: git says %d of %q in %q, want %d", c.name, got, path, c.patterns, want)
		}
	}
}

// TestAgreesWithGit compares with git for patterns and paths that are put together at random, of few letters, so that
// they often meet.
func TestAgreesWithGit(t *testing.T) {
	const files, lines, names = 150, 4, 150
	patternParts := []string{
		"a", "a", "b", "ab", "*", "*", "?", "/", "/", "/", "**", "**/", "/**/", "[ab]", "[!a]", "[^b-z]", "[]a]", "[a-]",
		"[[:alpha:]]", "[[:upper:]b]", "[[:x:]]", "[a", "\\a", "\\*", "\\", "[\\]a]", "[a\\-c]", "[[a]", "[a-[:alpha:]]", "[a/b]",
		"é", " ", "***", "-", "]", "!",
	}
	pathParts := []string{"a", "a", "b", "ab", "ba", "c", "A", "-", "*", "é", " b", "]"}
	r := newRepository(t)
	random := rand.New(rand.NewPCG(1, 2))
	var paths []string
	for range names {
		path := joined(random, pathParts, "/", 4)
		if paths = append(paths, path); random.IntN(2) == 0 {
			r.makeDirectory(t, path)
		}
	}
	for range files {
		var patterns strings.Builder
		for range lines {
			if random.IntN(3) == 0 {
				patterns.WriteByte('!')
			}
			patterns.WriteString(joined(random, patternParts, "", 6) + "\n")
		}
		parsed := gitignore.Parse([]byte(patterns.String()))
		for i, want := range r.verdicts(t, patterns.String(), paths) {
			if got := parsed.MatchBelow(paths[i], r.isDirectory(paths[i])); got != want {
				t.Errorf("%q in\n%s: %d, and git says %d", paths[i], patterns.String(), got, want)
			}
		}
	}
}

func joined(random *rand.Rand, parts []string, separator string, most int) string {
	var chosen []string
	for range 1 + random.IntN(most) {
		chosen = append(chosen, parts[random.IntN(len(parts))])
	}
	return strings.Join(chosen, separator)
}
