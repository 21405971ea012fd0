package rules_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"composelint/internal/compose"
	"composelint/internal/lint"
	"composelint/internal/source"
	"composelint/rules"
)

// FuzzRules lints and repairs any bytes with all rules: nothing panics, no rule makes edits that are out of place,
// and what is repaired is still YAML.
func FuzzRules(f *testing.F) {
	err := filepath.WalkDir(fixtureRoot, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "compose.yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		f.Add(data)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("services:\n  vpn:\n    image: example/vpn:1.0\n    sysctls:\n      - net.core.somaxconn=1\n      -\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := compose.Options{
			Files: []compose.Input{{Name: "compose.yaml", Data: data}}, Dir: ".", AbsDir: "/project", Home: "/home/someone",
			ReadFile: func(string) ([]byte, error) { return nil, fs.ErrNotExist },
		}
		o := lint.Options{Rules: rules.All(), Fixes: lint.BuildFixes, Unsafe: true, Now: today}
		o.Settings.Tier = rules.Pedantic
		o.Settings.ListDir = func(string) ([]string, error) { return []string{"compose.yaml"}, nil }
		result, err := lint.Run(context.Background(), in, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, finding := range result.Findings {
			if strings.Contains(finding.Dropped, "internal error") {
				t.Errorf("%s: %s", finding.Rule.Name, finding.Dropped)
			}
		}
		for _, change := range result.Changes {
			if _, err := source.Parse(change.Name, change.New); err != nil {
				t.Errorf("the repaired file is not YAML: %v", err)
			}
		}
	})
}
