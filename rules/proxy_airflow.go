package rules

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
)

// Bounds on what is read of the directories with DAGs: enough for what people write, and no more.
const (
	maxDAGFiles = 500
	maxDAGBytes = 1 << 20
	maxDAGDepth = 6
)

// dagTraces are the words that show what a DAG does with Docker, and the operation that it is in the catalogue.
var dagTraces = []struct{ text, name, operation string }{
	{"DockerSwarmOperator", "DockerSwarmOperator", "docker-swarm-operator"},
	{"DockerOperator", "DockerOperator", "docker-operator"},
	{"@task.docker", "@task.docker", "docker-operator-output"},
	{"ExecutionMode.DOCKER", "ExecutionMode.DOCKER", "docker-operator"},
	{"docker compose ", "docker compose", "compose-up"},
	{"docker-compose ", "docker-compose", "compose-up"},
	{"docker exec ", "docker exec", "exec"},
	{"docker run ", "docker run", "run-pull"},
	{"docker ps", "docker ps", "ps"},
}

// dagUse is a trace of Docker in a DAG.
type dagUse struct {
	name, operation string
	file            string
	line            int
}

// dagUses are the traces of Docker in a project's DAGs, the first of each kind.
type dagUses []dagUse

// operatorsBeforeDockerHost is the last Airflow whose image cannot have operators that read DOCKER_HOST: it was released
// on 2024-04-08, and the Docker provider that began to, 3.10.0, after 2024-04-10. Sources:
// https://airflow.apache.org/docs/apache-airflow/2.9.0/release_notes.html,
// https://airflow.apache.org/docs/apache-airflow-providers-docker/3.10.0/commits.html.
var operatorsBeforeDockerHost = knowledge.Version{Major: 2, Minor: 9, Patch: 0}

// dags looks through the directories with DAGs that the project's Airflow services mount, as far as they may be read.
func (f *Facts) dags() *dagScan {
	if f.dagScan == nil {
		scan := &dagScan{facts: f}
		for _, a := range f.airflow() {
			for _, mount := range items(a.Get("volumes")) {
				if dir, ok := f.dagDirectory(a, mount); ok {
					scan.directory(dir, 0)
				}
			}
		}
		f.dagScan = scan
	}
	return f.dagScan
}

// ignoresDockerHost says which task of a client goes on to look for the socket although DOCKER_HOST says otherwise;
// empty where none is known.
func (c *socketClient) ignoresDockerHost(dags *dagScan) string {
	if use := dags.socketURL; use != nil {
		return use.place() + " sets " + use.name
	}
	version, known := knowledge.AirflowVersion(imageOf(c.Service))
	if !known || !operatorsBeforeDockerHost.AtLeast(version) {
		return ""
	}
	for _, use := range dags.uses {
		if use.isOperator() {
			return fmt.Sprintf("%s uses %s, which ignores DOCKER_HOST in the image of Airflow %s", use.place(), use.name, version)
		}
	}
	return ""
}

// isOperator tells an operator of Airflow's Docker provider from a command.
func (u dagUse) isOperator() bool { return !strings.Contains(u.name, " ") }

// place returns the file and line of a trace.
func (u dagUse) place() string { return fmt.Sprintf("%s:%d", filepath.ToSlash(u.file), u.line) }

// dagDirectory returns the directory that a mount puts where Airflow looks for DAGs.
func (f *Facts) dagDirectory(a airflowService, mount *compose.Value) (string, bool) {
	target := mount.Get("target").Str()
	if a.family.Home == "" || target != a.family.Home && target != a.family.Home+"/dags" {
		return "", false
	}
	dir, ok := f.path(mount.Get("source"))
	if ok && target == a.family.Home {
		dir = filepath.Join(dir, "dags")
	}
	return dir, ok
}

// dagScan looks through directories with DAGs.
type dagScan struct {
	facts *Facts
	seen  []string
	files int
	uses  dagUses
	// socketURL is the first line that names the socket as docker_url; nil for none.
	socketURL *dagUse
}

func (s *dagScan) directory(dir string, depth int) {
	list := s.facts.settings.ListDir
	if list == nil || depth > maxDAGDepth || slices.Contains(s.seen, dir) {
		return
	}
	s.seen = append(s.seen, dir)
	names, err := list(dir)
	if err != nil {
		return
	}
	slices.Sort(names)
	for _, name := range names {
		switch {
		case s.files >= maxDAGFiles:
			return
		case filepath.Ext(name) == ".py":
			s.file(filepath.Join(dir, name))
		case filepath.Ext(name) == "" && !strings.HasPrefix(name, "__"):
			s.directory(filepath.Join(dir, name), depth+1)
		}
	}
}

func (s *dagScan) file(path string) {
	s.files++
	data, err := s.facts.settings.ReadFile(path)
	if err != nil || len(data) > maxDAGBytes {
		return
	}
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		if code := strings.TrimSpace(line); code == "" || code[0] == '#' || isImport(code) {
			continue
		}
		s.line(line, path, number)
	}
}

// isImport tells a line that names what it does not use yet.
func isImport(code string) bool {
	return strings.HasPrefix(code, "import ") || strings.HasPrefix(code, "from ")
}

// fixedURL matches an argument of an operator that names the socket, so that DOCKER_HOST is not looked at.
var fixedURL = pattern.New(`\bdocker_url\s*=\s*["'](unix:|/)[^"']*["']`)

func (s *dagScan) line(line, path string, number int) {
	if s.socketURL == nil && strings.Contains(line, "docker_url") {
		if found := fixedURL().FindString(line); found != "" {
			s.socketURL = &dagUse{name: found, file: path, line: number}
		}
	}
	for _, trace := range dagTraces {
		if !strings.Contains(line, trace.text) {
			continue
		}
		known := slices.ContainsFunc(s.uses, func(u dagUse) bool { return u.operation == trace.operation })
		if !known {
			s.uses = append(s.uses, dagUse{trace.name, trace.operation, path, number})
		}
		return
	}
}

// permissions returns what the DAGs need of a proxy, sorted; none where there are no traces.
func (uses dagUses) permissions(kind knowledge.Proxy) []string {
	var names []string
	for _, use := range uses {
		operation, _ := knowledge.OperationByID(use.operation)
		names = append(names, operation.Switches...)
		if kind.ID == "linuxserver" {
			names = append(names, operation.LinuxserverAdds...)
		}
	}
	return sorted(names)
}

// evidence says what was found where: "DockerOperator found in dags/transform.py:12".
func (uses dagUses) evidence() string {
	var parts []string
	for _, use := range uses {
		parts = append(parts, use.name+" found in "+use.place())
	}
	return strings.Join(parts, ", ")
}
