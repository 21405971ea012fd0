package source_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"composelint/internal/source"
)

// corpus reads the real Compose files that the property tests and benchmarks run over.
func corpus(tb testing.TB) map[string][]byte {
	tb.Helper()
	root := os.Getenv("COMPOSELINT_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	files := map[string][]byte{}
	err := filepath.WalkDir(filepath.Join(root, "open"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isYAML(path) {
			return err
		}
		data, err := os.ReadFile(path)
		files[path] = data
		return err
	})
	if err != nil || len(files) == 0 {
		tb.Skipf("no corpus in %s (set COMPOSELINT_CORPUS): %v", root, err)
	}
	return files
}

func isYAML(path string) bool {
	return strings.HasSuffix(path, ".yml") || strings.HasSuffix(path, ".yaml")
}

// BenchmarkParse reports what the spans cost on top of the parser, as a share of the parser's own time.
func BenchmarkParse(b *testing.B) {
	files := corpus(b)
	var size int64
	for _, data := range files {
		size += int64(len(data))
	}
	b.SetBytes(size)
	b.ReportAllocs()
	var bare, ours time.Duration
	for b.Loop() {
		for name, data := range files {
			start := time.Now()
			decodeNodes(data)
			middle := time.Now()
			_, _ = source.Parse(name, data)
			bare += middle.Sub(start)
			ours += time.Since(middle)
		}
	}
	b.ReportMetric(ours.Seconds()/bare.Seconds()-1, "overhead")
}

// decodeNodes is the least that any reader of the file has to do.
func decodeNodes(data []byte) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var node yaml.Node
		if err := decoder.Decode(&node); errors.Is(err, io.EOF) || err != nil {
			return
		}
	}
}
