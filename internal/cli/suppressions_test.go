package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestAddIgnores(t *testing.T) {
	inDirectory(t, sharedFiles)
	const note = "composelint: comments were added; files changed: 3\n"
	run(t, "", "--add-ignores", "not now until=2027-01-31", "a/app.yaml", "b/app.yaml").check(t, 0, "No findings", note)
	want := map[string]string{
		"base.yaml": "services:\n  web:\n    image: nginx:1.27.2\n" +
			"    # composelint: ignore[privileged-container] not now until=2027-01-31\n    privileged: true\n" +
			"  db:\n    image: postgres:16.4\n" +
			"    # composelint: ignore[privileged-container] not now until=2027-01-31\n    privileged: true\n",
		"a/app.yaml": "# composelint: ignore[obsolete-version] not now until=2027-01-31\n" + sharedFiles["a/app.yaml"],
	}
	for name, content := range want {
		if got := read(t, name); got != content {
			t.Errorf("%s is\n%s", name, got)
		}
	}
	run(t, "", "a/app.yaml", "b/app.yaml").check(t, 0, "No findings in 2 projects (and 4 suppressed)", "")
	run(t, "", "--no-ignores", "a/app.yaml", "b/app.yaml").check(t, 1, "4 findings (2 critical, 2 low)", "")
	if r := on(t, "2027-02-01", someRules+",expired-suppression", "--no-fixes", "a/app.yaml"); !strings.Contains(r.stdout, "its last day was") {
		t.Errorf("an expired comment is not reported:\n%s", r.stdout)
	}
	run(t, "", "--add-ignores=again", "a/app.yaml").check(t, 0, "No findings", "")
}

func TestAddIgnoresLeaves(t *testing.T) {
	t.Run("what the configuration does not allow", func(t *testing.T) {
		inDirectory(t, map[string]string{"compose.yaml": "version: \"3\"\n" + privileged,
			".composelint.yaml": "rules: {not-ignorable: [privileged-container]}\n"})
		run(t, "", "--add-ignores=why").check(t, 1, "1 finding (1 critical)", "files changed: 1\ncomposelint: no comment can suppress")
		run(t, "").check(t, 1, "1 finding (1 critical)", "")
	})
	t.Run("the files of others", func(t *testing.T) {
		inDirectory(t, sharedFiles)
		t.Chdir("a")
		run(t, "", "--add-ignores=why", "app.yaml").check(t, 1, "1 finding (1 critical)", "files changed: 1\ncomposelint: no comment can suppress")
		if got := read(t, "../base.yaml"); got != sharedFiles["base.yaml"] {
			t.Errorf("a file outside the working directory was changed:\n%s", got)
		}
	})
	t.Run("JSON, which has no comments", func(t *testing.T) {
		const file = `{"services": {"a": {"image": "nginx:1.27.2", "privileged": true}}}`
		inDirectory(t, map[string]string{"compose.json": file})
		run(t, "", "--add-ignores=why", "compose.json").check(t, 1, "1 finding (1 critical)", "no comment can suppress")
		if got := read(t, "compose.json"); got != file {
			t.Errorf("the file was changed:\n%s", got)
		}
	})
	t.Run("standard input", func(t *testing.T) {
		inDirectory(t, nil)
		r := run(t, old, "--add-ignores=why", "-")
		if want := "# composelint: ignore[obsolete-version] why\n" + old; r.stdout != want || r.status != 0 {
			t.Errorf("got %+v", r)
		}
	})
}

// TestIgnoreThatOneProjectNeeds checks that a comment in a file of two projects is judged by both.
func TestIgnoreThatOneProjectNeeds(t *testing.T) {
	inDirectory(t, map[string]string{
		"compose.yaml": "include: [{path: part.yaml, env_file: part.env}]\n",
		"part.env":     "ALL=true\n",
		"part.yaml": "services:\n  web:\n    image: nginx:1.27.2\n" +
			"    # composelint: ignore[privileged-container] it has to\n    privileged: ${ALL:-false}\n",
	})
	run := func(args ...string) result {
		return runWith(t, t.Context(), "", nil, append(args, "--no-fixes", someRules+",unused-suppression")...)
	}
	run("part.yaml").check(t, 1, "nothing here needs to be suppressed", "")
	run("part.yaml", "compose.yaml").check(t, 0, "No findings in 2 projects (and 1 suppressed)", "")
}

func TestSuppressionFlags(t *testing.T) {
	inDirectory(t, map[string]string{"compose.yaml": old, "wrong.json": "{}\n"})
	tests := []struct{ name, args, stderr string }{
		{"no reason", "--add-ignores=", "--add-ignores: say why: the reason stands in each comment"},
		{"a reason with a wrong day", "--add-ignores=until=soon", "--add-ignores: the date is not understood"},
		{"comments and repairs", "--add-ignores=why --fix", "repair first, then suppress what is left"},
		{"comments that do not count", "--add-ignores=why --no-ignores", "exclude each other"},
		{"comments and a baseline", "--add-ignores=why --write-baseline=new.json", "exclude each other"},
		{"a baseline and repairs", "--write-baseline=new.json --fix", "repair first, then list what is left"},
		{"a baseline that is not there", "--baseline=nowhere.json", "--baseline nowhere.json: no such file"},
		{"what is not a baseline", "--baseline=wrong.json", "--baseline wrong.json: line 1, column 3: this is not a baseline of composelint"},
		{"a baseline of what is not there", "--write-baseline=new.json nowhere.yaml", "it would lack what could not be linted"},
		{"a baseline over another file", "--write-baseline=compose.yaml",
			"compose.yaml is there, is not a baseline, and stays as it is; name another file"},
		{"a baseline in no directory", "--write-baseline=nowhere/new.json", "the baseline cannot be written: nowhere/new.json: there is no such directory; make it first"},
		{"a baseline without a file", "--write-baseline=-", "--write-baseline needs the name of a file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			run(t, "", strings.Fields(test.args)...).check(t, 2, "", test.stderr)
		})
	}
	if got := read(t, "compose.yaml"); got != old {
		t.Errorf("a file was changed:\n%s", got)
	}
}

func TestBaseline(t *testing.T) {
	inDirectory(t, map[string]string{"a.yaml": old, "b.yaml": old, "d.yaml": clean})
	const rules = someRules + ",stale-baseline-entry"
	do := func(args ...string) result { return runWith(t, t.Context(), "", nil, append(args, rules)...) }

	do("--write-baseline=base.json", "a.yaml", "b.yaml").check(t, 0, "base.json lists the findings of this run", "")
	do("--baseline=base.json", "a.yaml", "b.yaml").check(t, 0, "No findings in 2 projects (and 2 in the baseline).", "")
	do("--baseline=base.json", "--fix", "a.yaml").check(t, 0, "No findings", "")
	if got := read(t, "a.yaml"); got != old {
		t.Errorf("a finding that is known was repaired:\n%s", got)
	}

	// New findings count, and can be added; the ones that are known stay so.
	write(t, "a.yaml", "# moved\n"+old+"    privileged: true\n")
	do("--baseline=base.json", "a.yaml", "b.yaml").check(t, 1, "1 finding (1 critical) (and 2 in the baseline)", "")
	do("--baseline=base.json", "--write-baseline=base.json", "a.yaml", "b.yaml").check(t, 0, "base.json", "")
	do("--baseline=base.json", "a.yaml", "b.yaml").check(t, 0, "(and 3 in the baseline)", "")

	// An entry that is not needed any more is reported once, and only if its file was looked at.
	write(t, "b.yaml", clean)
	stale := do("--baseline=base.json", "a.yaml", "b.yaml", "d.yaml")
	stale.check(t, 0, "the baseline lists a finding of obsolete-version in b.yaml that is not there any more", "")
	stale.check(t, 0, "1 finding (1 info)", "")
	do("--baseline=base.json", "a.yaml").check(t, 0, "No findings", "")
	do("--baseline=base.json", "--fail-on=info", "b.yaml").check(t, 1, "base.json:", "")
	do("--baseline=base.json", "--disable=stale-baseline-entry", "b.yaml").check(t, 0, "No findings", "")

	// Nobody will look at a file again that was renamed, so that its entries are not needed, either.
	if err := os.Rename("a.yaml", "c.yaml"); err != nil {
		t.Fatal(err)
	}
	do("--baseline=base.json", "c.yaml").check(t, 1, "4 findings (1 critical, 1 low, 2 info)", "")
}

// TestSuppressionGuide checks the examples of the guide: there is something to suppress, and the comments do it.
func TestSuppressionGuide(t *testing.T) {
	text := read(t, filepath.Join("..", "..", "docs", "suppressions.md"))
	examples := regexp.MustCompile("(?s)\n```yaml\n(.*?)```\n").FindAllStringSubmatch(text, -1)
	if len(examples) == 0 {
		t.Fatal("the guide has no examples")
	}
	for _, example := range examples {
		inDirectory(t, map[string]string{"compose.yaml": example[1]})
		on(t, "2027-01-01", "--no-fixes").check(t, 0, "No findings in 1 project (and ", "")
		on(t, "2027-01-01", "--no-fixes", "--no-ignores").check(t, 1, "[privileged-container]", "")
	}
}
