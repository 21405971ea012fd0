package patch

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"composelint/internal/source"
)

// corpus returns the real Compose files that parse.
func corpus(tb testing.TB) []*source.File {
	tb.Helper()
	root := os.Getenv("COMPOSELINT_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "corpus")
	}
	var files []*source.File
	err := filepath.WalkDir(filepath.Join(root, "open"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".yml") && !strings.HasSuffix(path, ".yaml") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if f, err := source.Parse(path, data); err == nil {
			files = append(files, f)
		}
		return nil
	})
	if err != nil || len(files) == 0 {
		tb.Skipf("no corpus in %s (set COMPOSELINT_CORPUS): %v", root, err)
	}
	return files
}

// twins are the same text in other forms; an edit must work alike in all of them.
var twins = []func(string) string{
	func(s string) string { return s },
	func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n") },
	func(s string) string { return "\ufeff" + strings.TrimPrefix(s, "\ufeff") },
	func(s string) string { return strings.TrimRight(s, "\r\n") },
}

// TestRealFiles makes a random edit in each real file or one of its twins: it is refused, or the result reads as the operation
// says and holds every comment. Few may be refused.
func TestRealFiles(t *testing.T) {
	step, made, refused := 1, 0, 0
	reasons := map[string]int{}
	if testing.Short() {
		step = 20
	}
	files := corpus(t)
	for i := 0; i < len(files); i += step {
		f, err := source.Parse(files[i].Name, []byte(twins[i%len(twins)](string(files[i].Data))))
		if err != nil {
			continue
		}
		r := rand.New(rand.NewPCG(3, uint64(i)))
		name := operationNames[r.IntN(len(operationNames))]
		node := randomNode(f, name, r)
		if node == nil {
			continue
		}
		o := randomOperation(f, name, node, r, "")
		check(t, f, o)
		made++
		if o.err != nil {
			_, reason, _ := strings.Cut(o.err.Error(), ": ")
			reasons[reason]++
			refused++
		}
	}
	t.Logf("%d edits, refused: %v", made, reasons)
	if refused > made/20 {
		t.Errorf("%d of %d edits were refused", refused, made)
	}
}
