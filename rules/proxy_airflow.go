package rules

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
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

// dagUses looks through the directories with DAGs that the project's Airflow services mount, as far as they may be read.
func (f *Facts) dagUses() dagUses {
	if f.dags == nil {
		scan := dagScan{facts: f, uses: dagUses{}}
		for _, a := range f.airflow() {
			for _, mount := range items(a.Get("volumes")) {
				if dir, ok := f.dagDirectory(a, mount); ok {
					scan.directory(dir, 0)
				}
			}
		}
		f.dags = scan.uses
	}
	return f.dags
}

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

func (s *dagScan) line(line, path string, number int) {
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
		parts = append(parts, fmt.Sprintf("%s found in %s:%d", use.name, filepath.ToSlash(use.file), use.line))
	}
	return strings.Join(parts, ", ")
}
