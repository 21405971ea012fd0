//go:build e2e

package e2e

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// stack is a copy of a Compose project, and its containers.
type stack struct {
	t    *testing.T
	file string
}

// newStack copies a directory with a Compose project. Its containers are removed when the test ends.
func newStack(t *testing.T, dir, file string) *stack {
	t.Helper()
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	s := &stack{t, filepath.Join(copied, file)}
	t.Cleanup(func() {
		if _, err := s.compose("down", "--volumes", "--timeout", "0"); err != nil {
			t.Error(err)
		}
	})
	return s
}

// newRunningStack copies a project of testdata and starts it as it is.
func newRunningStack(t *testing.T, dir string) *stack {
	t.Helper()
	s := newStack(t, filepath.Join("testdata", dir), "compose.yaml")
	s.up()
	s.mustBeHealthy()
	return s
}

// moveToProxy fixes the project and has Compose carry the changes out on what runs. It lets composelint make unsafe
// fixes: whether one may change what someone relies on is not decided here.
func (s *stack) moveToProxy(flags ...string) {
	s.t.Helper()
	s.fix(append([]string{"--unsafe-fixes"}, flags...)...)
	s.up()
	s.mustBeHealthy()
}

// replace changes the file as its author could have written it.
func (s *stack) replace(old, new string) {
	s.t.Helper()
	content, err := os.ReadFile(s.file)
	if err != nil {
		s.t.Fatal(err)
	}
	if !strings.Contains(string(content), old) {
		s.t.Fatalf("%s does not contain %q", s.file, old)
	}
	if err := os.WriteFile(s.file, []byte(strings.ReplaceAll(string(content), old, new)), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// fix repairs the file with composelint, and checks that no service has the socket any more.
func (s *stack) fix(flags ...string) {
	s.t.Helper()
	report := s.lint(append([]string{"--fix"}, flags...)...)
	if strings.Contains(s.lint("--no-fixes"), "[docker-socket-mount]") {
		s.t.Fatalf("the socket is still mounted:\n%s", report)
	}
}

// lint runs composelint on the file and returns its report. Findings are no failure.
func (s *stack) lint(flags ...string) string {
	s.t.Helper()
	report, err := runCommand(exec.Command(composelint, append(flags, s.file)...))
	var status *exec.ExitError
	if err != nil && (!errors.As(err, &status) || status.ExitCode() != 1) {
		s.t.Fatal(err)
	}
	return report
}

// compose runs a command of Docker Compose. The name of the temporary directory makes that of the project unique.
func (s *stack) compose(args ...string) (string, error) {
	return docker(append([]string{"compose", "--file", s.file, "--progress", "quiet",
		"--project-name", strings.ToLower(filepath.Base(filepath.Dir(filepath.Dir(s.file))))}, args...)...)
}

// up starts the services, or all, and fails the test if Compose cannot.
func (s *stack) up(services ...string) {
	s.t.Helper()
	if _, err := s.compose(append([]string{"up", "--detach"}, services...)...); err != nil {
		logs, _ := s.compose("logs")
		s.t.Fatalf("%v\n%s", err, logs)
	}
}

// exec runs a command in the container of a service.
func (s *stack) exec(service string, command ...string) (string, error) {
	return s.compose(append([]string{"exec", "-T", service}, command...)...)
}

// mustExec runs a command that has to succeed.
func (s *stack) mustExec(service string, command ...string) string {
	s.t.Helper()
	output, err := s.exec(service, command...)
	if err != nil {
		s.t.Fatal(err)
	}
	return output
}

// inspect returns what a template makes of the container of a service.
func (s *stack) inspect(service, template string) string {
	s.t.Helper()
	container, err := s.compose("ps", "--all", "--quiet", service)
	if err != nil {
		s.t.Fatal(err)
	}
	output, err := docker("inspect", "--format", template, strings.TrimSpace(container))
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.TrimSpace(output)
}

// services returns the services that have a container.
func (s *stack) services() []string {
	s.t.Helper()
	output, err := s.compose("ps", "--all", "--services")
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.Fields(output)
}

// mustBeHealthy waits until every service is healthy, or running if it has no health check, or has done its work.
func (s *stack) mustBeHealthy() {
	s.t.Helper()
	const template = "{{.State.Status}} {{.State.ExitCode}} {{with .State.Health}}{{.Status}}{{end}}"
	good := []string{"running 0", "running 0 healthy", "exited 0"}
	for _, service := range s.services() {
		var state string
		s.eventually(service+" is healthy", func() bool {
			state = s.inspect(service, template)
			return slices.Contains(good, state)
		})
		if restarts := s.inspect(service, "{{.RestartCount}}"); restarts != "0" {
			s.t.Errorf("%s was restarted %s times", service, restarts)
		}
	}
}

// eventually waits for something to become true, and fails the test if it takes too long.
func (s *stack) eventually(what string, holds func() bool) {
	s.t.Helper()
	for end := time.Now().Add(30 * time.Second); !holds(); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(end) {
			logs, _ := s.compose("logs")
			s.t.Fatalf("not so after 30 seconds: %s\n%s", what, logs)
		}
	}
}

// answer is the status that a request gets. The engine answers a request for a container that is not there with 404,
// which shows that it got the request.
type answer struct{ request, status string }

// ask sends requests to the engine in the way of the service's program, and calls compare with the status of each.
func (s *stack) ask(service string, answers []answer, compare func(a answer, got string)) {
	s.t.Helper()
	words := []string{"/client", "ask"}
	for _, a := range answers {
		words = append(words, strings.Fields(a.request)...)
	}
	output, err := s.exec(service, words...)
	statuses := strings.Fields(output)
	if err != nil || len(statuses) != len(answers) {
		s.t.Errorf("%d requests from %s: %d answers (%v)", len(answers), service, len(statuses), err)
		return
	}
	for i, a := range answers {
		compare(a, statuses[i])
	}
}

func (s *stack) mustAnswer(service string, answers ...answer) {
	s.t.Helper()
	s.ask(service, answers, func(a answer, got string) {
		if got != a.status {
			s.t.Errorf("%s from %s: answer %s, want %s", a.request, service, got, a.status)
		}
	})
}

// mustAnswerBefore checks that the engine itself answers requests as it will through a proxy, and those that a proxy is
// to refuse in any way at all.
func (s *stack) mustAnswerBefore(service string, answers ...answer) {
	s.t.Helper()
	s.ask(service, answers, func(a answer, got string) {
		if isRefusal(got) || !isRefusal(a.status) && got != a.status {
			s.t.Errorf("%s from %s with the socket: answer %s; a proxy is to give %s", a.request, service, got, a.status)
		}
	})
}

// isRefusal tells that a status is that of a proxy that does not let a request through.
func isRefusal(status string) bool { return status == "403" || status == "405" }

// mustReach checks that a service can connect to an address.
func (s *stack) mustReach(service, address string) {
	s.t.Helper()
	if _, err := s.exec(service, "/client", "reach", address); err != nil {
		s.t.Errorf("%s cannot connect to %s: %v", service, address, err)
	}
}

// mustNotReach checks that a service can connect to a proxy neither by name nor by address.
func (s *stack) mustNotReach(service, proxy string) {
	s.t.Helper()
	const port = ":2375"
	ip := s.inspect(proxy, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}")
	if net.ParseIP(ip) == nil {
		s.t.Fatalf("the address of %s is %q", proxy, ip)
	}
	for _, address := range []string{proxy + port, ip + port} {
		if _, err := s.exec(service, "/client", "reach", address); err == nil {
			s.t.Errorf("%s can connect to %s at %s", service, proxy, address)
		}
	}
}
