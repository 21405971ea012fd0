package cli_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// sarifRegion is a range of characters: both numbers count from 1, and the end is behind the last one.
type sarifRegion struct{ StartLine, StartColumn, EndLine, EndColumn int }

type sarifReplacement struct {
	DeletedRegion   sarifRegion
	InsertedContent struct{ Text string }
}

// TestSARIFFixesAreExact makes the changes that SARIF describes, as a program would that knows nothing but the
// standard, and compares what comes out with what --fix writes.
func TestSARIFFixesAreExact(t *testing.T) {
	spellings := map[string]func(string) string{
		"plain":             func(text string) string { return text },
		"CRLF":              func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
		"a byte order mark": func(text string) string { return "\ufeff" + text },
		"no final newline":  func(text string) string { return strings.TrimRight(text, "\n") },
		"a mark and CRLF":   func(text string) string { return "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n") },
	}
	socket := read(t, "../../testdata/airflow-dbt/docker-compose.yaml")
	files := []struct{ name, text, rules string }{
		{"two fixes", "version: \"3\"\nservices: {a: {image: \"nginx:1.27.2\", hostname: \"né😀日本\", privileged: true}}\n",
			"privileged-container,obsolete-version"},
		{"a fix of many edits", strings.Replace(socket, "# the DAGs", "# 😀 the DAGs", 1), "docker-socket-mount"},
	}
	for _, file := range files {
		for spelling, spell := range spellings {
			t.Run(file.name+"/"+spelling, func(t *testing.T) {
				text := spell(file.text)
				inDirectory(t, map[string]string{"compose.yaml": text})
				args := []string{"--only=" + file.rules, "--unsafe-fixes"}
				report := runWith(t, t.Context(), "", nil, append(args, "--format=sarif")...)
				got := replaced(t, text, replacements(t, report.stdout))
				runWith(t, t.Context(), "", nil, append(args, "--fix")...)
				if want := read(t, "compose.yaml"); got != want || got == text {
					t.Errorf("SARIF makes of the file\n%q\n--fix makes\n%q", got, want)
				}
			})
		}
	}
}

// replacements returns all changes that a report has for compose.yaml.
func replacements(t *testing.T, report string) []sarifReplacement {
	t.Helper()
	var log struct {
		Runs []struct {
			ColumnKind string
			Results    []struct {
				Fixes []struct {
					ArtifactChanges []struct {
						ArtifactLocation struct{ URI string }
						Replacements     []sarifReplacement
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(report), &log); err != nil {
		t.Fatalf("%v\n%s", err, report)
	}
	if kind := log.Runs[0].ColumnKind; kind != "unicodeCodePoints" {
		t.Fatalf("columns count %s", kind)
	}
	var all []sarifReplacement
	for _, result := range log.Runs[0].Results {
		for _, fix := range result.Fixes {
			for _, change := range fix.ArtifactChanges {
				if uri, err := url.Parse(change.ArtifactLocation.URI); err != nil || uri.Path != "compose.yaml" {
					t.Fatalf("a change of %q: %v", change.ArtifactLocation.URI, err)
				}
				all = append(all, change.Replacements...)
			}
		}
	}
	return all
}

// replaced makes changes of a text from its end to its beginning, so that their places stay true.
func replaced(t *testing.T, text string, changes []sarifReplacement) string {
	t.Helper()
	lines := strings.SplitAfter(text, "\n")
	offset := func(line, column int) int {
		at := len(strings.Join(lines[:line-1], ""))
		if line == 1 && strings.HasPrefix(text, "\ufeff") {
			at += len("\ufeff") // which belongs to the encoding, not to the text
		}
		for range column - 1 {
			_, size := utf8.DecodeRuneInString(text[at:])
			at += size
		}
		return at
	}
	type edit struct {
		start, end int
		text       string
	}
	var edits []edit
	for _, c := range changes {
		r := c.DeletedRegion
		edits = append(edits, edit{offset(r.StartLine, r.StartColumn), offset(r.EndLine, r.EndColumn), c.InsertedContent.Text})
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return b.start - a.start })
	for _, e := range edits {
		text = text[:e.start] + e.text + text[e.end:]
	}
	return text
}
