package report

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// The tests of this file need what others publish. .ci/run fetches it, and says in variables where it is.

// provided returns the value of a variable, and skips the test where it is not set.
func provided(t *testing.T, variable, what string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		t.Skipf("%s does not name %s; .ci/run sets it", variable, what)
	}
	return value
}

// TestSARIFSchema checks with the schema of the standard, which is published with it.
func TestSARIFSchema(t *testing.T) {
	compiled := schema(t, provided(t, "COMPOSELINT_SARIF_SCHEMA", "sarif-schema-2.1.0.json"))
	for what, r := range reports() {
		t.Run(what, func(t *testing.T) { checkJSON(t, compiled, writtenAs(t, "sarif", r)) })
	}
}

// TestReviewdog checks that reviewdog finds all findings in the formats that it reads.
func TestReviewdog(t *testing.T) {
	reviewdog := provided(t, "COMPOSELINT_REVIEWDOG", "the reviewdog program")
	readable := reports()
	delete(readable, "hostile") // it refuses a whole SARIF report for one file name that is not UTF-8
	for _, format := range []string{"rdjson", "sarif", "checkstyle"} {
		for what, r := range readable {
			t.Run(format+"/"+what, func(t *testing.T) {
				want := len(r.Findings)
				if format == "checkstyle" {
					want += len(r.Failures) // which are errors like all others there
				}
				if got := reviewed(t, reviewdog, format, writtenAs(t, format, r)); len(got) != want {
					t.Errorf("reviewdog sees %d findings, want %d: %+v", len(got), want, got)
				}
			})
		}
	}
}

// reviewed returns what reviewdog reads in a report.
func reviewed(t *testing.T, reviewdog, format, report string) []rdDiagnostic {
	t.Helper()
	command := exec.Command(reviewdog, "-f="+format, "-reporter=rdjson", "-filter-mode=nofilter", "-diff=true")
	command.Dir = t.TempDir()
	command.Stdin = strings.NewReader(report)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var result struct{ Diagnostics []rdDiagnostic }
	if err := json.Unmarshal(stdout.Bytes(), &result); err != nil {
		t.Fatalf("%v\n%s", err, &stdout)
	}
	return result.Diagnostics
}
