package compose

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

// verdictOf says whether Compose accepts a file.
func verdictOf(content string) error {
	silence()
	_, err := guarded(func() (*types.Project, error) {
		return loader.LoadWithContext(context.Background(), types.ConfigDetails{
			WorkingDir: "/p", ConfigFiles: []types.ConfigFile{{Filename: "compose.yaml", Content: []byte(content)}},
			Environment: types.Mapping{},
		}, func(o *loader.Options) {
			o.SetProjectName("p", true)
			o.Profiles = []string{"*"}
			o.SkipResolveEnvironment = true
		})
	})
	return err
}

// web is a project with one service, which has an image and what is given, indented by four spaces.
func web(lines ...string) string {
	return "services:\n  web:\n    image: i\n" + indented(lines...)
}

func indented(lines ...string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString("    " + line + "\n")
	}
	return b.String()
}

const database = "  db:\n    image: i\n"

// problemTests are files that Compose refuses after their values have passed the schema. at is line:column of the
// problem, related that of the other place.
var problemTests = []struct{ what, file, at, related, message string }{
	{"no image", "services:\n  web:\n    user: a\n", "2:3", "", "neither an image nor a build"},
	{"an empty image", "services:\n  web:\n    image: \"${NOPE}\"\n", "3:12", "", "a variable in it has no value"},
	{"two dockerfiles", web("build:", "  dockerfile: a", "  dockerfile_inline: b"), "6:26", "5:19", "not both"},
	{"a context of no service", web("build:", "  additional_contexts: [a=service:x]"), "5:29", "", `"x" is not defined`},
	{
		"a context that is not built", web("build:", "  additional_contexts: {a: 'service:db'}") + database,
		"5:32", "7:5", "is not built",
	},
	{"another platform", web("platform: linux/arm64", "build:", "  platforms: [linux/amd64]"), "4:15", "6:18", "not built for"},
	{"two kinds of networks", web("network_mode: host", "networks: [a]") + "networks:\n  a:\n", "4:19", "5:15", "not both"},
	{"an undefined network in a list", web("networks:", "  - back"), "5:9", "", `the network "back" is not defined under networks`},
	{"an undefined network in a mapping", web("networks:", "  back:", "    aliases: [a]"), "5:7", "", `"back"`},
	{"a bare health check", web("healthcheck:", "  test: [curl, x]"), "5:14", "", `not with "curl"`},
	{"an undefined dependency", web("depends_on:", "  - db"), "5:9", "", `the service "db" is not defined under services`},
	{"an undefined service of a network mode", web("network_mode: service:db"), "4:19", "", `"db"`},
	{"an undefined link", web("links: ['db:database']"), "4:13", "", `"db"`},
	{
		"a service that waits for a job", web("depends_on: [j]") + "jobs:\n  j:\n    image: i\n    triggers: {manual: true}\n",
		"4:18", "7:5", "is a job",
	},
	{"an undefined volume", web("volumes:", "  - ./x:/x", "  - data:/data"), "6:9", "", `"data"`},
	{"an undefined secret", web("secrets:", "  - source: s"), "5:17", "", `the secret "s"`},
	{"an undefined build secret", web("build:", "  secrets: [s]"), "5:17", "", `the secret "s"`},
	{"a secret without a name", web("secrets:", "  - target: s"), "5:9", "", "which secret"},
	{"an undefined config", web("configs: [c]"), "4:15", "", `the config "c"`},
	{"an undefined model", web("models: [m]"), "4:14", "", `the model "m"`},
	{"two scales", web("scale: 2", "deploy:", "  replicas: 3"), "4:12", "6:17", "scale is 2, and deploy.replicas is 3"},
	{"a negative scale", web("scale: -1"), "4:12", "", "write 0 or more"},
	{"negative replicas", web("deploy:", "  replicas: -1"), "5:17", "", "write 0 or more"},
	{"one name for two", web("container_name: one", "scale: 2"), "4:21", "5:12", "cannot all be named"},
	{
		"two limits of processors", web("cpus: 1.5", "deploy:", "  resources:", "    limits:", "      cpus: '2'"),
		"4:11", "8:17", "cpus is 1.5, and deploy.resources.limits.cpus is 2",
	},
	{
		"a limit of processors on one side", web("cpus: 1", "deploy:", "  resources:", "    limits:", "      pids: 2"),
		"4:11", "8:11", "move it there",
	},
	{
		"two limits of memory", web("mem_limit: 1g", "deploy:", "  resources:", "    limits:", "      memory: 2g"),
		"4:16", "8:19", "mem_limit is 1g",
	},
	{
		"two reservations", web("mem_reservation: 1g", "deploy:", "  resources:", "    reservations:", "      memory: 2g"),
		"4:22", "8:19", "mem_reservation is 1g",
	},
	{"two limits of processes", web("pids_limit: 5", "deploy:", "  resources:", "    limits:", "      pids: 6"), "4:17", "8:17", "pids"},
	{"a watch without target", web("develop:", "  watch:", "    - path: .", "      action: sync"), "6:11", "", "target"},
	{"two mounts", web("volumes:", "  - ./a:/x", "  - {type: bind, source: ./b, target: /x/}"), "6:9", "5:9", "a mount at /x already"},
	{"a mount over a tmpfs", web("tmpfs: /x:size=1m", "volumes:", "  - ./b:/x"), "6:9", "4:12", "a mount at /x already"},
	{
		"a job with the name of a service", web() + "jobs:\n  web:\n    image: i\n    triggers: {manual: true}\n",
		"5:3", "3:5", "rename one",
	},
	{
		"a job that waits for nothing", web() + "jobs:\n  j:\n    image: i\n    triggers: {manual: true}\n    depends_on: [x]\n",
		"8:18", "", `"x"`,
	},
	{"a secret without content", web() + "secrets:\n  s:\n    environment: ''\n", "6:18", "", "no content"},
	{"a secret that is not external", web() + "secrets:\n  s:\n    external: false\n", "6:15", "", "no content"},
	{
		"a circle", web("depends_on: [db]") + database + indented("depends_on:", "  - web"),
		"8:9", "", "web → db → web",
	},
	{"a service that waits for itself", web("depends_on: [web]"), "4:18", "", "web → web"},
	{"a circle by network mode", web("depends_on: [db]") + database + indented("network_mode: service:web"), "7:19", "", "web → db → web"},

	{"a wrong duration", web("stop_grace_period: '10'"), "4:24", "", "such as 30s"},
	{"a duration in words", web("healthcheck:", "  interval: often"), "5:17", "", `"often" is not a duration`},
	{"a duration from a blank variable", web("stop_grace_period: \"${NOPE}\""), "4:24", "", "a variable in it has no value"},
	{"a wrong size", web("mem_limit: much"), "4:16", "", `"much" is not an amount of bytes`},
	{"a wrong share of processors", web("deploy:", "  resources:", "    limits:", "      cpus: half"), "7:17", "", `"half" is not a number`},
	{"a wrong file mode", web("secrets:", "  - source: s", "    mode: '0999'") + "secrets: {s: {file: f}}\n", "6:15", "", "octal"},
	{"a wrong number of devices", web("gpus:", "  - count: many"), "5:16", "", "write a whole number, or all"},
	{"a limit in quotes in a build", web("build:", "  ulimits:", "    nofile: {soft: '1', hard: 2}"), "6:24", "", "without quotes"},
	{"a quote that is not closed", web(`command: echo "x`), "4:14", "", "write it as a list"},
	{"a quote in the entrypoint", web(`entrypoint: it's`), "4:17", "", "write it as a list"},
	{"an extra host without address", web("extra_hosts:", "  - 'a:1'", "  - b"), "6:9", "", `"b" is not a host`},
	{"an extra host with a colon", web("extra_hosts:", "  'a:b': '1'"), "5:14", "", `"a:b" is not the name of a host`},
	{"a blank before the equals sign", web("environment:", "  - A=1", "  - 'B =1'"), "6:9", "", `"B " ends in a blank`},
	{"a word for a truth value", web("build:", "  no_cache: maybe"), "5:17", "", `"maybe" is neither true nor false`},
	{"a weight in quotes", web("blkio_config:", "  weight: '10'"), "5:15", "", "without quotes"},
	{"a negative number of retries", web("healthcheck:", "  retries: -1"), "5:16", "", "below zero"},
	{"a fraction among texts", web("group_add:", "  - 1.5"), "5:9", "", "put quotes around 1.5"},
	{"a truth value among texts", web("storage_opt:", "  a: true"), "5:10", "", "put quotes around true"},
	{"a wrong number of processes", web("deploy:", "  resources:", "    limits:", "      pids: few"), "7:17", "", "whole number"},
}

func TestConsistencyProblems(t *testing.T) {
	for _, tt := range problemTests {
		t.Run(tt.what, func(t *testing.T) {
			if verdictOf(tt.file) == nil {
				t.Fatalf("Compose takes it\n%s", tt.file)
			}
			project := Resolve(Options{Files: []Input{{"compose.yaml", []byte(tt.file)}}, AbsDir: "/p"})
			if len(project.Problems) != 1 {
				t.Fatalf("%d problems, want one: %v\n%s", len(project.Problems), messages(project.Problems), tt.file)
			}
			p := project.Problems[0]
			if p.Kind == Schema || !strings.Contains(p.Message, tt.message) {
				t.Errorf("%s problem %q, want one of the model with %q", p.Kind, p.Message, tt.message)
			}
			file, span := p.Place()
			if at := file.Position(span.Start); fmt.Sprintf("%d:%d", at.Line, at.Column) != tt.at {
				t.Errorf("at %d:%d, want %s\n%s", at.Line, at.Column, tt.at, tt.file)
			}
			related := ""
			if p.Related != nil {
				at := positionOf(*p.Related)
				related = fmt.Sprintf("%d:%d", at.Line, at.Column)
			}
			if related != tt.related {
				t.Errorf("related place %q, want %q", related, tt.related)
			}
		})
	}
}

func messages(problems []Problem) []string {
	var list []string
	for _, p := range problems {
		list = append(list, p.Path+": "+p.Message)
	}
	return list
}

// TestConsistencyAccepts takes files that are near to those above, and right.
func TestConsistencyAccepts(t *testing.T) {
	tests := []struct{ what, file string }{
		{"a build alone", "services:\n  web:\n    build: .\n"},
		{"a provider alone", "services:\n  web:\n    provider: {type: x}\n"},
		{"a platform among those built for", web("platform: a/b", "build:", "  platforms: [a/b, c/d]")},
		{"no network", web("network_mode: none")},
		{"a health check in words", web("healthcheck:", "  test: curl x")},
		{"an anonymous volume", web("volumes: ['/data']")},
		{"the same limits", web("cpus: 0.1", "mem_limit: 1024m", "deploy:", "  resources:", "    limits: {cpus: '0.1', memory: 1g}")},
		{"no limits in deploy", web("cpus: 1", "deploy:", "  replicas: 1")},
		{"the same scale", web("scale: 2", "deploy:", "  replicas: 2")},
		{"one container with a name", web("container_name: one", "scale: 1")},
		{"an external secret", web("secrets: [s]") + "secrets:\n  s: {external: true}\n"},
		{"a rebuild without target", web("develop:", "  watch: [{path: ., action: rebuild}]")},
		{"two mounts at two places", web("tmpfs: [/a]", "volumes: ['./x:/b', './x:/c']")},
		{"a diamond of dependencies", web("depends_on: [a, b]") +
			"  a: {image: i, depends_on: [c]}\n  b: {image: i, depends_on: [c]}\n  c: {image: i}\n"},
		{"a quote that is closed", web(`command: sh -c "echo 'x'"`)},
		{"numbers where texts are wanted", web("group_add: [1000]", "storage_opt: {size: 1}")},
		{"limits of a build", web("build:", "  ulimits: {nofile: {soft: 1, hard: 2}}")},
		{"weeks and days", web("stop_grace_period: 1w2d")},
		{"a size without unit", web("mem_limit: 1000000000", "memswap_limit: '-1'")},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			if err := verdictOf(tt.file); err != nil {
				t.Fatalf("Compose refuses it: %v\n%s", err, tt.file)
			}
			project := Resolve(Options{Files: []Input{{"compose.yaml", []byte(tt.file)}}, AbsDir: "/p"})
			if len(project.Problems) > 0 {
				t.Errorf("problems: %v\n%s", messages(project.Problems), tt.file)
			}
		})
	}
}

// TestConsistencyGoesOn reports every problem of a file, not only the first.
func TestConsistencyGoesOn(t *testing.T) {
	file := web("networks: [a, b]", "depends_on: [c]", "mem_limit: x", "secrets: [s]", "scale: -1") + "  d:\n    user: a\n"
	project := Resolve(Options{Files: []Input{{"compose.yaml", []byte(file)}}, AbsDir: "/p"})
	var fragment []string
	for _, p := range project.Problems {
		if p.Fragment {
			fragment = append(fragment, p.Path)
		}
	}
	if len(project.Problems) != 7 {
		t.Errorf("%d problems, want 7: %v", len(project.Problems), messages(project.Problems))
	}
	want := []string{"services.d", "services.web", "services.web", "services.web", "services.web"}
	slices.Sort(fragment)
	if !slices.Equal(fragment, want) {
		t.Errorf("natural in a fragment: %v, want %v", fragment, want)
	}
}

func TestCyclesAreFoundInLinearTime(t *testing.T) {
	// Each service waits for two of the next layer, which makes 2^layers ways through.
	const layers = 2000
	services := mapping(Origin{})
	for i := range layers {
		for _, side := range []string{"a", "b"} {
			next := mapping(Origin{})
			if i+1 < layers {
				next.add(fmt.Sprint("a", i+1), &Value{})
				next.add(fmt.Sprint("b", i+1), &Value{})
			}
			services.add(fmt.Sprint(side, i), mapping(Origin{}, Field{"depends_on", next}))
		}
	}
	r := &resolver{options: &Options{}}
	r.checkCycles(services)
	if len(r.problems) > 0 {
		t.Fatalf("%v", messages(r.problems))
	}
	services.Get(fmt.Sprint("a", layers-1)).Get("depends_on").add("a0", &Value{})
	r.checkCycles(services)
	if len(r.problems) != 1 {
		t.Errorf("%d circles, want one", len(r.problems))
	}
}
