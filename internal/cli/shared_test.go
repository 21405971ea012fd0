package cli_test

import (
	"strings"
	"testing"
)

// Two projects that extend one base, each with a finding of its own in it and one in its own file.
var sharedFiles = map[string]string{
	"base.yaml":   "services:\n  web:\n    image: nginx:1.27.2\n    privileged: true\n  db:\n    image: postgres:16.4\n    privileged: true\n",
	"a/app.yaml":  "version: \"3\"\nservices:\n  web:\n    extends: {file: ../base.yaml, service: web}\n",
	"b/app.yaml":  "version: \"3\"\nservices:\n  db:\n    extends: {file: ../base.yaml, service: db}\n",
	"repo/.git/x": "",
}

func TestSharedFile(t *testing.T) {
	inDirectory(t, sharedFiles)
	run(t, "", "--fix", "--unsafe-fixes", "a/app.yaml", "b/app.yaml").check(t, 0, "4 findings (2 critical, 2 low), 4 fixed, 0 left", "")
	const base = "services:\n  web:\n    image: nginx:1.27.2\n  db:\n    image: postgres:16.4\n"
	if got := read(t, "base.yaml"); got != base {
		t.Errorf("base.yaml misses a fix of one of the projects:\n%s", got)
	}
	if got := read(t, "b/app.yaml"); strings.Contains(got, "version") {
		t.Errorf("b/app.yaml was not repaired:\n%s", got)
	}
}

func TestSharedFindingIsReportedOnce(t *testing.T) {
	inDirectory(t, sharedFiles)
	write(t, "c/app.yaml", strings.Replace(sharedFiles["a/app.yaml"], "version: \"3\"\n", "", 1))
	r := run(t, "", "a/app.yaml", "c/app.yaml", "--unsafe-fixes")
	r.check(t, 1, "2 findings (1 critical, 1 low), 2 can be fixed", "")
	if n := strings.Count(r.stdout, "--- a/"); n != 2 {
		t.Errorf("%d diffs, want one for each of two files:\n%s", n, r.stdout)
	}
}

// Projects whose service comes from one base, which gives it the socket.
var sharedSocket = map[string]string{
	"base.yaml":  "services:\n  web:\n    image: example/web:1.0\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n",
	"a/app.yaml": "services:\n  a:\n    extends: {file: ../base.yaml, service: web}\n",
	"b/app.yaml": "services:\n  b:\n    extends: {file: ../base.yaml, service: web}\n",
}

func TestEachProjectOfASharedFileGetsAProxy(t *testing.T) {
	inDirectory(t, sharedSocket)
	r := run(t, "", "--only=docker-socket-mount", "--fix", "--unsafe-fixes", "a/app.yaml", "b/app.yaml")
	r.check(t, 0, "2 findings (2 critical), 2 fixed, 0 left", "")
	if n := strings.Count(r.stdout, "note: What else uses base.yaml changes with it."); n != 1 {
		t.Errorf("it is told %d times that others may use the file:\n%s", n, r.stdout)
	}
	if got := read(t, "base.yaml"); strings.Contains(got, "docker.sock") {
		t.Errorf("the socket is still there:\n%s", got)
	}
	for _, name := range []string{"a/app.yaml", "b/app.yaml"} {
		if got := read(t, name); !strings.Contains(got, "tcp://docker-socket-proxy:2375") || !strings.Contains(got, "CONTAINERS") {
			t.Errorf("%s has no proxy:\n%s", name, got)
		}
	}
}

// TestSharedFileIsLeftForOthers has a project that keeps the socket, and others whose fixes would take it away.
func TestSharedFileIsLeftForOthers(t *testing.T) {
	config := "exceptions:\n  - {rules: [docker-socket-mount], services: [a], reason: it is in a network of its own}\n"
	for name, args := range map[string][]string{
		"an exception":                  {"--config", "a.composelint.yaml", "a/app.yaml", "b/app.yaml"},
		"the base as a project, first":  {"--no-config", "base.yaml", "b/app.yaml"},
		"the base as a project, second": {"--no-config", "b/app.yaml", "base.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			inDirectory(t, sharedSocket)
			write(t, "a.composelint.yaml", config)
			write(t, "b/app.yaml", "version: \"3\"\n"+sharedSocket["b/app.yaml"])
			run(t, "", append([]string{"--only=docker-socket-mount", "--fix", "--unsafe-fixes"}, args...)...).check(t, 1, "which other projects of this run have", "")
			if got := read(t, "base.yaml"); got != sharedSocket["base.yaml"] {
				t.Errorf("base.yaml has become:\n%s", got)
			}
			if got := read(t, "b/app.yaml"); got != sharedSocket["b/app.yaml"] {
				t.Errorf("not the version alone is gone from b/app.yaml:\n%s", got)
			}
		})
	}
}

// TestPartAsProject names a file that a project includes as a project of its own, too.
func TestPartAsProject(t *testing.T) {
	const part = "services:\n  web:\n    image: example/web:1.0\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n"
	for name, test := range map[string]struct{ part, main string }{
		"a whole one": {part, "include: [part.yaml]\n"},
		"a part that needs the rest": {
			part + "    networks: [front]\n", "include: [part.yaml]\nnetworks:\n  front: {}\n",
		},
	} {
		for _, args := range [][]string{{"main.yaml", "part.yaml"}, {"part.yaml", "main.yaml"}} {
			t.Run(name+", "+args[0]+" first", func(t *testing.T) {
				inDirectory(t, map[string]string{"part.yaml": test.part, "main.yaml": test.main})
				run(t, "", append(args, "--only=docker-socket-mount", "--fix", "--unsafe-fixes")...).check(t, 0, " fixed, 0 left", "")
				if got := read(t, "part.yaml") + read(t, "main.yaml"); strings.Count(got, "internal: true") != 1 {
					t.Errorf("not one proxy:\n%s", got)
				}
				if r := run(t, "", append(args, "--only=docker-socket-mount,invalid-model", "--diff", "--unsafe-fixes")...); r.stdout != "" {
					t.Errorf("a second run changes more:\n%s", r.stdout)
				}
			})
		}
	}
}

func TestForeignFileIsNeitherQuotedNorChanged(t *testing.T) {
	inDirectory(t, sharedFiles)
	t.Chdir("a")
	r := run(t, "", "app.yaml", "--unsafe-fixes")
	r.check(t, 1, "../base.yaml:4:17: critical: ", "")
	if strings.Contains(r.stdout, "privileged: true") {
		t.Errorf("a file outside the working directory is quoted:\n%s", r.stdout)
	}
	if strings.Contains(r.stdout, "base.yaml\n+++") || !strings.Contains(r.stdout, "--- a/app.yaml\n") {
		t.Errorf("not the files of the working directory alone are changed:\n%s", r.stdout)
	}
	if !strings.Contains(r.stdout, "which is outside the working directory") {
		t.Errorf("the reason is not told:\n%s", r.stdout)
	}
	for _, format := range []string{"json", "github", "sarif"} {
		r := run(t, "", "app.yaml", "--unsafe-fixes", "--format", format, "--disable", "obsolete-version")
		if strings.Contains(r.stdout, `"offered"`) || strings.Contains(r.stdout, "Fix: ") || strings.Contains(r.stdout, `"fixes"`) {
			t.Errorf("%s offers a fix that --fix would not make:\n%s", format, r.stdout)
		}
	}
}

func TestRepositoryIsHome(t *testing.T) {
	inDirectory(t, sharedFiles)
	write(t, ".git/HEAD", "")
	t.Chdir("a")
	run(t, "", "app.yaml", "--unsafe-fixes").check(t, 1, "privileged: true", "")
}
