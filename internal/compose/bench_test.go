package compose

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"composelint/internal/source"
)

// BenchmarkResolve reports what resolving costs, as a multiple of parsing the same files.
func BenchmarkResolve(b *testing.B) {
	var inputs []Input
	for _, path := range corpusFiles(b) {
		data, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		inputs = append(inputs, Input{path, data})
	}
	b.ReportAllocs()
	var parse, resolve time.Duration
	for b.Loop() {
		for _, input := range inputs {
			start := time.Now()
			file, err := source.Parse(input.Name, input.Data)
			middle := time.Now()
			dir := filepath.Dir(input.Name)
			options := Options{Files: []Input{input}, Dir: dir, AbsDir: dir, ReadFile: os.ReadFile}
			if err == nil {
				options.Parsed = func(path string, _ []byte) *source.File {
					if path == input.Name {
						return file
					}
					return nil
				}
			}
			Resolve(options)
			parse += middle.Sub(start)
			resolve += time.Since(middle)
		}
	}
	b.ReportMetric(resolve.Seconds()/parse.Seconds(), "resolve/parse")
}
