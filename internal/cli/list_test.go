//go:build unix

package cli_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestFilesFrom(t *testing.T) {
	const spaced = " b.yaml "
	files := map[string]string{
		"a.yaml": old, "b.yaml": old, "new\nline.yaml": old, "d/compose.yaml": old, "d/e/compose.yaml": old, "-": old, spaced: old,
	}
	tests := []struct {
		name, list, args string
		want             []string
	}{
		{"lines", "b.yaml\na.yaml\n", "", []string{"b.yaml", "a.yaml"}},
		{"the last line may have no end", "b.yaml\na.yaml", "", []string{"b.yaml", "a.yaml"}},
		{"blank lines", "\n\na.yaml\n\n", "", []string{"a.yaml"}},
		{"lines of Windows", "a.yaml\r\nb.yaml\r\n", "", []string{"a.yaml", "b.yaml"}},
		{"NUL", "a.yaml\x00new\nline.yaml\x00", "", []string{"a.yaml", "new\nline.yaml"}},
		{"spaces belong to a name", spaced + "\n", "", []string{spaced}},
		{"named twice", "a.yaml\n./a.yaml\n", "", []string{"a.yaml"}},
		{"a list and paths", "a.yaml\nb.yaml\n", "b.yaml", []string{"b.yaml", "a.yaml"}},
		{"a directory", "d\n", "", []string{"d/compose.yaml"}},
		{"a directory, and those below it", "d\n", "-r", []string{"d/compose.yaml", "d/e/compose.yaml"}},
		{"a file with the name of standard input", "-\n", "", []string{"./-"}},
		{"a list and merged files", "a.yaml\n", "-f b.yaml", []string{"b.yaml", "a.yaml"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inDirectory(t, files)
			write(t, "list", test.list)
			args := append(strings.Fields(test.args), "--format=json")
			var found []string
			for _, f := range jsonReport(t, run(t, test.list, append(args, "--files-from=-")...).stdout).Findings {
				found = append(found, f.File)
			}
			if !slices.Equal(found, test.want) {
				t.Errorf("findings in %q, want %q", found, test.want)
			}
			if r, want := run(t, "", append(args, "--files-from=list")...), run(t, test.list, append(args, "--files-from=-")...); r != want {
				t.Errorf("a file lists something else than standard input: %+v, want %+v", r, want)
			}
		})
	}
}

func TestEmptyList(t *testing.T) {
	inDirectory(t, map[string]string{"compose.yaml": old})
	for _, list := range []string{"", "\n", "\r\n\r\n", "\x00"} {
		run(t, list, "--files-from=-").check(t, 0, "No findings in 0 projects.", "composelint: --files-from -: the list is empty, and nothing was linted\n")
	}
	run(t, "", "--files-from=-", "compose.yaml").check(t, 1, "1 finding", "")
	if r := run(t, "", "--files-from=-", "--format=json"); r.status != 0 || len(jsonReport(t, r.stdout).Findings) > 0 {
		t.Errorf("JSON for nothing: %+v", r)
	}
	runWith(t, t.Context(), "", nil, "--files-from=-", "--only=own-rule").check(t, 0, "0 projects", "the list is empty")
}

func TestListThatCannotBeRead(t *testing.T) {
	inDirectory(t, map[string]string{"compose.yaml": old})
	run(t, "", "--files-from=nowhere").check(t, 2, "", "--files-from nowhere: no such file")
	run(t, "", "--files-from=.").check(t, 2, "", "--files-from .: it cannot be read: is a directory")
	run(t, "", "--files-from=-", "-").check(t, 2, "", "standard input cannot be both a Compose file and the list")
	run(t, "", "--files-from=-", "-f", "-").check(t, 2, "", "standard input cannot be both a Compose file and the list")
	run(t, "nowhere.yaml\ncompose.yaml\n", "--files-from=-").check(t, 2, "1 finding", "composelint: nowhere.yaml: no such file")
}

// listedFindings are the findings of a report in JSON, as far as these tests look at them.
type listedFindings struct {
	Findings []struct{ File string }
}

func jsonReport(t *testing.T, text string) listedFindings {
	t.Helper()
	var report listedFindings
	if err := json.Unmarshal([]byte(text), &report); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	return report
}
