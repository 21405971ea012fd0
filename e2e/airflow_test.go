//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// proxyService is the name that the fix gives to the first proxy.
const proxyService = "docker-socket-proxy"

// airflowStack is the project that the README tells about, whose group of 999 keeps Airflow from starting.
func airflowStack(t *testing.T) *stack {
	t.Helper()
	s := newStack(t, "../testdata/airflow-dbt", "docker-compose.yaml")
	s.replace("127.0.0.1:8080:8080", "127.0.0.1::8080") // several run side by side
	s.replace("interval: 10s", "interval: 1s")
	variables := "POSTGRES_PASSWORD=secret\nFERNET_KEY=secret\n"
	if err := os.WriteFile(filepath.Join(filepath.Dir(s.file), ".env"), []byte(variables), 0o644); err != nil {
		t.Fatal(err)
	}
	return s
}

// rootGroup gives Airflow the group that it needs, which is not the one of the socket.
func rootGroup(s *stack) { s.replace("${AIRFLOW_UID:-1000}:999", "50000:0") }

func TestAirflowIsDeniedTheSocket(t *testing.T) {
	t.Parallel()
	s := airflowStack(t)
	rootGroup(s)
	s.up("airflow-scheduler")
	_, err := s.exec("airflow-scheduler", "docker", "ps")
	if err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("docker ps before the fix: error %v, want one about permissions", err)
	}
}

func TestAirflowRestartsForever(t *testing.T) {
	t.Parallel()
	s := airflowStack(t)
	s.up("airflow-scheduler")
	s.eventually("airflow-scheduler was restarted", func() bool {
		return s.inspect("airflow-scheduler", "{{ge .RestartCount 2}}") == "true"
	})
	if logs, err := s.compose("logs", "airflow-scheduler"); !strings.Contains(logs, "with GID=0") {
		t.Errorf("the image does not tell why it ends: %v\n%s", err, logs)
	}
}

func TestAirflowWorksAfterTheFix(t *testing.T) {
	tests := []struct {
		name   string
		before func(*stack)
	}{
		{"group of the socket", func(*stack) {}},
		{"group of root", rootGroup},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := airflowStack(t)
			test.before(s)
			s.fix()
			s.up()
			s.mustBeHealthy()
			checkAirflow(t, s)
		})
	}
}

func checkAirflow(t *testing.T, s *stack) {
	const worker = "airflow-worker"
	if listed := s.mustExec(worker, "docker", "ps"); !strings.Contains(listed, proxyService) {
		t.Errorf("docker ps does not list the proxy:\n%s", listed)
	}
	// The engine repeats what was printed while it looked at the log: once is enough, twice is no fault of the proxy.
	if output := s.mustExec(worker, "/client", "task", "postgres:16.4"); !strings.HasSuffix(output, "printed\nresult\n") {
		t.Errorf("a task of DockerOperator gives %q", output)
	}
	if printed := s.mustExec(worker, "docker", "run", "--rm", "--entrypoint", "id", "postgres:16.4", "-u"); printed != "0\n" {
		t.Errorf("docker run prints %q", printed)
	}
	s.mustAnswer(worker, answer{"GET /info", "403"}, answer{"GET /networks", "403"}, answer{"POST /volumes/create", "403"},
		answer{"GET /system/df", "403"}, answer{"GET /secrets", "403"})
	_, err := s.exec(worker, "docker", "exec", s.inspect("postgres", "{{.Id}}"), "id")
	if err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("docker exec gives %v, want it refused", err)
	}
	for _, address := range []string{"postgres:5432", "redis:6379"} {
		s.mustReach(worker, address)
	}
	s.mustReach(worker, proxyService+":2375")
	s.mustNotReach("postgres", proxyService)
}

func TestAirflowExecutesInAnotherContainer(t *testing.T) {
	t.Parallel()
	s := newRunningStack(t, "docker-exec")
	s.moveToProxy()
	if printed := s.mustExec("airflow", "docker", "exec", "e2e-dbt", "id", "-u"); printed != "0\n" {
		t.Errorf("docker exec prints %q", printed)
	}
	s.mustAnswer("airflow", answer{"GET /images/json", "403"})
	s.mustReach("airflow", "postgres:5432")
	s.mustNotReach("dbt", proxyService)
}
