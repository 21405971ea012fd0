package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFormats checks that each format is written through the command line, by something that only it begins with.
func TestFormats(t *testing.T) {
	tests := []struct{ format, beginning string }{
		{"text", "compose.yaml:1:1: low: "},
		{"compact", "compose.yaml:1:1: low: "},
		{"markdown", "### composelint\n"},
		{"json", "{\n  \"version\": 1,"},
		{"jsonl", `{"kind":"finding","rule":"obsolete-version",`},
		{"sarif", "{\n  \"$schema\": "},
		{"junit", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "},
		{"checkstyle", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle "},
		{"github", "::notice file=compose.yaml,line=1,"},
		{"gitlab", "[\n  {\n    \"description\": "},
		{"sonar", "{\n  \"rules\": "},
		{"rdjson", "{\n  \"source\": "},
	}
	inDirectory(t, map[string]string{"compose.yaml": old})
	for _, test := range tests {
		t.Run(test.format, func(t *testing.T) {
			r := run(t, "", "--format", test.format)
			if r.status != 1 || !strings.HasPrefix(r.stdout, test.beginning) || r.stderr != "" {
				t.Errorf("status %d, standard error %q, standard output\n%s", r.status, r.stderr, r.stdout)
			}
			run(t, "", "--output", test.format+"=report").check(t, 1, "compose.yaml:1:1: low: ", "")
			if got := read(t, "report"); got != r.stdout {
				t.Errorf("the file has another report than standard output:\n%s", got)
			}
		})
	}
}

func TestSeveralOutputs(t *testing.T) {
	tests := []struct {
		name           string
		args           []string
		status         int
		stdout, stderr string
	}{
		{"files beside the text", []string{"--output=json=a.json", "--output=sarif=b.sarif"}, 1, "compose.yaml:1:1: low: ", ""},
		{"in place of the text", []string{"--output=json=a.json", "--output=github"}, 1, "::notice file=compose.yaml", ""},
		{"the mark of standard output", []string{"--output=github=-"}, 1, "::notice file=compose.yaml", ""},
		{"beside another format", []string{"--format=github", "--output=json=a.json"}, 1, "::notice file=compose.yaml", ""},
		{"a file whose name has an equals sign", []string{"--output=json=a=b"}, 1, "compose.yaml:1:1: low: ", ""},
		{"two on standard output", []string{"--output=github", "--output=json"}, 2, "", "two reports go to standard output, github and json"},
		{"--format and one on standard output", []string{"--output=github", "--format=json"}, 2, "",
			"two reports go to standard output, github and json"},
		{"two in a file", []string{"--output=json=a", "--output=sarif=./a"}, 2, "", "two reports go to a, json and sarif"},
		{"a baseline in place of a report", []string{"--output=json=a", "--write-baseline=b"}, 2, "", "exclude each other"},
		{"a misspelt format", []string{"--output=sarfi=a"}, 2, "", `there is no format "sarfi"; did you mean sarif?`},
		{"an unknown format", []string{"--output=pdf=a"}, 2, "", "it is one of text, compact,"},
		{"a file without a format", []string{"--output=a.json"}, 2, "", "the format comes before the file"},
		{"no file", []string{"--output=json="}, 2, "", `there is no file behind "json="`},
		{"a Compose file", []string{"--output=json=./compose.yaml"}, 2, "1 finding",
			"the json report cannot be written: it is one of the files that the run reads; name another one"},
		{"a directory", []string{"--output=json=sub"}, 2, "1 finding", "sub: the json report cannot be written: it is a directory"},
		{"a missing directory", []string{"--output=json=no/a"}, 2, "1 finding", "there is no such directory; make it first"},
		{"one that cannot be written does not stop the others", []string{"--output=json=sub", "--output=sarif=b.sarif"}, 2,
			"1 finding", "it is a directory"},
		{"a diff on standard output", []string{"--diff", "--output=json=a.json"}, 1, "-version: \"3\"\n", "compose.yaml:1:1: low: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inDirectory(t, map[string]string{"compose.yaml": old, "sub/x": ""})
			run(t, "", test.args...).check(t, test.status, test.stdout, test.stderr)
			if got := read(t, "compose.yaml"); got != old {
				t.Errorf("the Compose file was changed:\n%s", got)
			}
			for _, arg := range test.args {
				file, isFile := strings.CutPrefix(arg, "--output=json=")
				if data, err := os.ReadFile(file); test.status == 1 && isFile && (err != nil || !json.Valid(data)) {
					t.Errorf("%s: %v\n%s", file, err, data)
				}
			}
			if left, _ := filepath.Glob(".composelint-*"); len(left) > 0 {
				t.Errorf("temporary files are left: %q", left)
			}
		})
	}
}

func TestOutputOfAReadFileIsRefused(t *testing.T) {
	inDirectory(t, map[string]string{
		"compose.yaml": "include: [part.yaml]\n", "part.yaml": old, "known.json": "{\"version\": 1, \"findings\": []}\n",
		"some.env": "A=b\n", ".composelint.yaml": "fail-on: low\n", "large.yaml": strings.Repeat("# much\n", 3<<20),
	})
	for _, name := range []string{"part.yaml", "known.json", "some.env", ".composelint.yaml", "large.yaml"} {
		before := read(t, name)
		run(t, "", "--env-file=some.env", "--baseline=known.json", "--output=json="+name, "compose.yaml", "large.yaml").
			check(t, 2, "1 finding", name+": the json report cannot be written: it is one of the files that the run reads")
		if read(t, name) != before {
			t.Errorf("%s was overwritten", name)
		}
	}
}

func TestFixesInReports(t *testing.T) {
	inDirectory(t, map[string]string{"compose.yaml": old})
	run(t, "", "--output=sarif=before").check(t, 1, "1 finding", "")
	if !strings.Contains(read(t, "before"), `"deletedRegion"`) {
		t.Error("SARIF has no fix that could be made")
	}
	run(t, "", "--fix", "--output=sarif=after", "--output=markdown=after.md").check(t, 0, "1 fixed", "")
	if strings.Contains(read(t, "after"), `"deletedRegion"`) {
		t.Error("SARIF has a fix that was made")
	}
	if !strings.Contains(read(t, "after.md"), "| fixed\\: ") {
		t.Errorf("the summary does not tell what was fixed:\n%s", read(t, "after.md"))
	}
}

// TestByteColumns checks the columns of the one format that counts bytes.
func TestByteColumns(t *testing.T) {
	inDirectory(t, map[string]string{"compose.yaml": "services: {é: {image: \"nginx:1.27.2\", privileged: true}}\n"})
	var got struct {
		Diagnostics []struct {
			Location struct {
				Range struct{ Start, End struct{ Column int } }
			}
		}
	}
	if err := json.Unmarshal([]byte(run(t, "", "--format=rdjson").stdout), &got); err != nil {
		t.Fatal(err)
	}
	at := got.Diagnostics[0].Location.Range
	if at.Start.Column != 52 || at.End.Column != 56 {
		t.Errorf("got bytes %d to %d", at.Start.Column, at.End.Column)
	}
}
