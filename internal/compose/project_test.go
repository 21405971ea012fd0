package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// resolveTexts resolves files that are held in memory; the first is given, the others are there to be read.
func resolveTexts(files map[string]string, given ...string) *Project {
	options := Options{Dir: "", AbsDir: "/project", ReadFile: func(path string) ([]byte, error) {
		text, ok := files[filepath.Clean(path)]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return []byte(text), nil
	}}
	for _, name := range given {
		options.Files = append(options.Files, Input{name, []byte(files[name])})
	}
	return Resolve(options)
}

// way describes where a value was said and how it got to its place.
func way(v *Value) string {
	if v == nil {
		return "nothing"
	}
	s := fmt.Sprintf("%s:%d", v.Origin.File.Name, positionOf(v.Origin).Line)
	for _, h := range v.Origin.Hops() {
		s += fmt.Sprintf(" <%s %s at %s:%d>", h.Kind, h.Name, h.File.Name, h.File.Position(h.Node.Span.Start).Line)
	}
	return s
}

func TestOrigins(t *testing.T) {
	files := map[string]string{
		"main.yaml": `x-env: &env
  A: "1"
x-common: &common
  image: app
  environment: *env
include:
  - inc/compose.yaml
services:
  web:
    <<: *common
    ports: ["80:80"]
  job:
    extends: {service: base, file: sub/base.yaml}
  again:
    extends: web
`,
		"over.yaml":        "services:\n  web:\n    image: other\n    ports: ['81:81']\n",
		"sub/base.yaml":    "services:\n  base:\n    image: b\n    extends: root\n  root:\n    command: [run]\n",
		"inc/compose.yaml": "services:\n  side:\n    image: s\n",
	}
	p := resolveTexts(files, "main.yaml", "over.yaml")
	if len(p.Problems) > 0 {
		t.Fatalf("problems: %v", p.Problems)
	}
	tests := []struct {
		path string
		want string
	}{
		{"services web image", "over.yaml:3"},
		{"services web environment A", "main.yaml:2 <merge common at main.yaml:10> <alias env at main.yaml:5>"},
		{"services again environment A",
			"main.yaml:2 <extends web at main.yaml:15> <merge common at main.yaml:10> <alias env at main.yaml:5>"},
		{"services job command", "sub/base.yaml:6 <extends base at main.yaml:13> <extends root at sub/base.yaml:4>"},
		{"services side image", "inc/compose.yaml:3 <include inc/compose.yaml at main.yaml:7>"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			if got := way(p.Model.At(strings.Fields(tt.path)...)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
	ports := p.Model.At("services", "web", "ports")
	if len(ports.Items) != 2 || way(ports.Items[0]) != "main.yaml:11" || way(ports.Items[1]) != "over.yaml:4" {
		t.Errorf("the ports of web come from the wrong places: %v", ports.Plain())
	}
	var names []string
	for _, f := range p.Files {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "main.yaml over.yaml inc/compose.yaml sub/base.yaml" || p.Main != 2 {
		t.Errorf("files read: %s, %d of them given", got, p.Main)
	}
}

func TestSite(t *testing.T) {
	p := resolveTexts(map[string]string{"f.yaml": `x-s: &sock /var/run/docker.sock:/s
services:
  a:
    image: i
    volumes:
      - ./d:/d
      - *sock
`}, "f.yaml")
	item := p.Model.At("services", "a", "volumes").Items[1]
	site := item.Origin.Site()
	if line := item.Origin.File.Position(site.Span.Start).Line; line != 7 || site == item.Origin.Node {
		t.Errorf("the item is used at line %d", line)
	}
	if positionOf(item.Origin).Line != 1 {
		t.Errorf("the item was said at line %d", positionOf(item.Origin).Line)
	}
}

func TestMissingVariables(t *testing.T) {
	p := resolveTexts(map[string]string{
		".env": "SET=1\n",
		"f.yaml": `x-a: &a {A: "${UNSET}", B: "${MUST:?say it}", C: "${SET}", D: "${WITH:-d}"}
services:
  one: {image: "i:${UNSET}", environment: *a}
  two: {image: j, environment: *a}
`}, "f.yaml")
	var got []string
	for _, m := range p.Missing {
		got = append(got, fmt.Sprintf("%s %s %v %q", m.Name, m.Path, m.Required, m.Message))
	}
	want := `UNSET x-a.A false ""
MUST x-a.B true "say it"
UNSET services.one.image false ""`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	if v := p.Model.At("services", "two", "environment", "A"); !v.Unset || v.Raw != "${UNSET}" || v.Text != "" {
		t.Errorf("the unset variable is not marked: %+v", v)
	}
	if len(p.EnvFiles) != 1 || p.EnvFiles[0] != ".env" {
		t.Errorf("env files read: %v", p.EnvFiles)
	}
}

// TestIncomplete resolves projects with parts missing: the rest must be there.
func TestIncomplete(t *testing.T) {
	tests := []struct {
		name, file string
		want       []string // kind and words of each problem
	}{
		{"a file to extend that is not there", "services: {a: {image: i, extends: {file: no.yaml, service: x}}, b: {image: j}}",
			[]string{"missing-file no.yaml"}},
		{"a service to extend that is not there", "services: {a: {image: i, extends: x}, b: {image: j}}", []string{`model "x"`}},
		{"services that extend each other", "services: {a: {image: i, extends: c}, c: {extends: a}, b: {image: j}}",
			[]string{"model extends itself"}},
		{"an include that is not there", "include: [no.yaml]\nservices: {a: {image: i}, b: {image: j}}", []string{"missing-file no.yaml"}},
		{"a file that includes itself", "include: [f.yaml]\nservices: {a: {image: i}, b: {image: j}}", []string{"model includes itself"}},
		{"remote files", "include: ['https://example.com/x.git']\nservices: {a: {image: i, extends: {file: 'oci://x/y', service: z}}, b: {image: j}}",
			[]string{"remote-file not fetched", "remote-file not fetched"}},
		{"a duplicate key", "services: {a: {image: i, image: k}, b: {image: j}}", []string{`duplicate-key "image"`}},
		{"an alias in itself", "x-x: &x {y: *x}\nservices: {a: {image: i}, b: {image: j}}", []string{"syntax"}},
		{"a broken variable", "services: {a: {image: '${x'}, b: {image: j}}", []string{"template valid variable"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := resolveTexts(map[string]string{"f.yaml": tt.file}, "f.yaml")
			for i, problem := range p.Problems {
				got := string(problem.Kind) + " " + problem.Message
				if i < len(tt.want) {
					kind, words, _ := strings.Cut(tt.want[i], " ")
					if !strings.HasPrefix(got, kind) || !strings.Contains(got, words) {
						t.Errorf("problem %d is %q, want %q", i, got, tt.want[i])
					}
				}
				if file, span := problem.Place(); file == nil || span.Len() == 0 {
					t.Errorf("%q has no place", got)
				}
			}
			if len(p.Problems) != len(tt.want) {
				t.Errorf("%d problems, want %d: %v", len(p.Problems), len(tt.want), p.Problems)
			}
			if tt.name != "an alias in itself" && p.Service("b").Get("image").Str() != "j" {
				t.Error("the service that is right was lost")
			}
		})
	}
}

// TestBombs resolves files that are small and would be huge when spelled out.
func TestBombs(t *testing.T) {
	var aliases strings.Builder
	aliases.WriteString("x-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&aliases, "x-%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	var chain strings.Builder
	chain.WriteString("services:\n  s0: {image: i, environment: {V0: 1}}\n")
	for i := 1; i < 1500; i++ {
		fmt.Fprintf(&chain, "  s%d: {extends: s%d, environment: {V%d: 1}}\n", i, i-1, i)
	}
	for name, file := range map[string]string{"aliases": aliases.String(), "extends": chain.String()} {
		t.Run(name, func(t *testing.T) {
			p := resolveTexts(map[string]string{"f.yaml": file}, "f.yaml")
			for _, problem := range p.Problems {
				if problem.Kind == Limit {
					return
				}
			}
			t.Error("no limit was met")
		})
	}
}

func TestDeclared(t *testing.T) {
	model := func(text string) *Value { return resolveTexts(map[string]string{"f.yaml": text}, "f.yaml").Model }
	before := model("services: {a: {image: i, privileged: true, ports: ['80:80', '81:81']}, b: {image: j}}")
	port := func(target int, published string, ip string) any {
		m := map[string]any{"mode": "ingress", "protocol": "tcp", "target": target, "published": published}
		if ip != "" {
			m["host_ip"] = ip
		}
		return m
	}
	ports := []string{"services", "a", "ports"}
	removed := Change{Path: []string{"services", "a", "privileged"}, Old: true}
	tests := []struct {
		name, after string
		declared    []Change
		want        string // words of the error; empty for none
	}{
		{"as declared", "services: {a: {image: i, ports: ['80:80', '81:81']}, b: {image: j}}", []Change{removed}, ""},
		{"nothing declared", "services: {a: {image: i, ports: ['80:80', '81:81']}, b: {image: j}}", nil, "services.a.privileged"},
		{"nothing done", "services: {a: {image: i, privileged: true, ports: ['80:80', '81:81']}, b: {image: j}}", []Change{removed},
			"services.a.privileged"},
		{"something else as well", "services: {a: {image: i, ports: ['80:80', '81:81']}, b: {image: k}}", []Change{removed},
			"services.b.image"},
		{"an item is changed", "services: {a: {image: i, privileged: true, ports: ['80:80', '127.0.0.1:81:81']}, b: {image: j}}",
			[]Change{{Path: ports, Old: port(81, "81", ""), New: port(81, "81", "127.0.0.1"), Item: true}}, ""},
		{"an item goes", "services: {a: {image: i, privileged: true, ports: ['80:80']}, b: {image: j}}",
			[]Change{{Path: ports, Old: port(81, "81", ""), Item: true}}, ""},
		{"the last item goes with its list", "services: {a: {image: i, privileged: true}, b: {image: j}}",
			[]Change{{Path: ports, Old: port(81, "81", ""), Item: true}, {Path: ports, Old: port(80, "80", ""), Item: true}}, ""},
		{"an item that is not there", "services: {a: {image: i, privileged: true, ports: ['80:80', '81:81']}, b: {image: j}}",
			[]Change{{Path: ports, Old: port(99, "99", ""), Item: true}}, "has no item"},
		{"items in another order", "services: {a: {image: i, privileged: true, ports: ['81:81', '80:80']}, b: {image: j}}", nil,
			"services.a.ports[0]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := Declared(before, model(tt.after), tt.declared)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestDeclaredOrder changes the order of lists, which counts unless Compose makes mappings of them.
func TestDeclaredOrder(t *testing.T) {
	tests := []struct {
		name, before, after string
		want                bool
	}{
		{"environment", "services: {environment: {image: i, environment: [A=1, B=2]}}",
			"services: {environment: {image: i, environment: [B=2, A=1]}}", true},
		{"values", "services: {a: {image: i, environment: [A=1, B=2]}}", "services: {a: {image: i, environment: [A=2, B=1]}}", false},
		{"arguments of a build", "services: {a: {build: {context: ., args: [A=1, B=2]}}}",
			"services: {a: {build: {context: ., args: [B=2, A=1]}}}", true},
		{"labels of a network", "networks: {n: {labels: [A=1, B=2]}}", "networks: {n: {labels: [B=2, A=1]}}", true},
		{"labels of a volume", "volumes: {n: {labels: [A=1, B=2]}}", "volumes: {n: {labels: [B=2, A=1]}}", false},
		{"a hook", "services: {a: {image: i, post_start: [{command: c, environment: [A=1, B=2]}]}}",
			"services: {a: {image: i, post_start: [{command: c, environment: [B=2, A=1]}]}}", false},
		{"a command", "services: {a: {image: i, command: [x, y]}}", "services: {a: {image: i, command: [y, x]}}", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after := resolveTexts(numbered(tt.before), "0.yaml"), resolveTexts(numbered(tt.after), "0.yaml")
			if err := Declared(before.Model, after.Model, nil); (err == nil) != tt.want {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestProve changes a file that is given and one that is extended, rightly and wrongly.
func TestProve(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{
		"main.yaml":  "services: {a: {extends: {file: sub/b.yaml, service: b}, volumes: [./x:/x]}}\n",
		"sub/b.yaml": "services: {b: {image: i, privileged: true, volumes: [./y:/y], environment: {V: '${V}'}}}\n",
		".env":       "V=1\n",
	}
	options := Options{Dir: dir, AbsDir: dir, ReadFile: func(path string) ([]byte, error) {
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return nil, err
		}
		text, ok := files[rel]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return []byte(text), nil
	}, Files: []Input{{filepath.Join(dir, "main.yaml"), []byte(files["main.yaml"])}}}
	p := Resolve(options)
	sub := filepath.Join(dir, "sub/b.yaml")
	fixed := []byte("services: {b: {image: i, volumes: [./y:/y], environment: {V: '${V}'}}}\n")
	removed := []Change{{Path: []string{"services", "a", "privileged"}, Old: true}}
	if err := Prove(options, p, map[string][]byte{sub: fixed}, removed); err != nil {
		t.Errorf("the right change is not confirmed: %v", err)
	}
	if err := Prove(options, p, map[string][]byte{sub: fixed}, nil); err == nil || errors.Is(err, ErrNotLoadable) {
		t.Errorf("an undeclared change is confirmed: %v", err)
	}
	broken := []byte("services: {b: {imag: i}}\n")
	if err := Prove(options, p, map[string][]byte{sub: broken}, removed); err == nil || errors.Is(err, ErrNotLoadable) {
		t.Errorf("a broken file is confirmed: %v", err)
	}
	unloadable := options
	unloadable.Files = []Input{{filepath.Join(dir, "main.yaml"), []byte("services: {a: {imag: i}}\n")}}
	err := Prove(unloadable, Resolve(unloadable), map[string][]byte{unloadable.Files[0].Name: fixed}, nil)
	if !errors.Is(err, ErrNotLoadable) {
		t.Errorf("a project that does not load: %v", err)
	}
}

// TestProveEndlessFile has a cycle that compose-go, as of v2.16.2, does not come to the end of.
func TestProveEndlessFile(t *testing.T) {
	options := Options{Dir: "/x", AbsDir: "/x", Files: []Input{{"c.yaml", []byte("x-a: &a {version: 1, 'k <<': *a}\n")}}}
	err := Prove(options, Resolve(options), map[string][]byte{"c.yaml": []byte("x-a: &a {'k <<': *a}\n")}, nil)
	if !errors.Is(err, ErrNotLoadable) {
		t.Error(err)
	}
}
