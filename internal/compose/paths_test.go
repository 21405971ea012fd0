package compose

import (
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/compose-spec/compose-go/v2/paths"
)

// pathTexts are spellings of paths.
var pathTexts = []any{
	"", ".", "./a", "../a/./b", "/abs/x/", "~", "~/x", "~user/x", `C:\x`, `\\host\share\x`, "a:b", "https://host/x.git",
	"github.com/a/b", "git@host:x", "service:db", "docker-image://alpine", 5, nil, "/", "a/",
}

func randomPaths(random *rand.Rand) fields {
	p := func() any { return pick(random, pathTexts...) }
	mount := fields{"type": pick(random, "bind", "bind", "volume", 1), "source": p(), "target": "/x"}
	container := fields{
		"env_file": items{fields{"path": pick(random, "", "a.env", "~/b.env", "/c.env")}}, "label_file": items{"./l", "~/l"},
		"volumes": items{mount, "./short:/x"},
	}
	service := fields{
		"build": fields{
			"context": pick(random, "", ".", "../x", "~/y", "https://x", "git@x", "service:y", "x://y"),
			"ssh":     fields{"default": p()}, "additional_contexts": fields{"a": pick(random, "./a", "service:b", "/c")},
		},
		"develop": fields{"watch": items{fields{"path": pick(random, "./src", "/src", "~/src")}}}, "image": "./not-a-path",
		"pre_start": items{container},
	}
	for key, value := range plainCopy(container).(fields) {
		service[key] = value
	}
	return fields{
		"services": fields{"web": service}, "jobs": fields{"j": container},
		"secrets": fields{"s": fields{"file": p()}}, "configs": fields{"c": fields{"file": p()}},
		"volumes": fields{"v": fields{
			"driver": pick(random, "local", "nfs", nil), "driver_opts": fields{"o": pick(random, "bind", "x"), "device": p()},
		}, "w": nil},
	}
}

func TestPathsLikeCompose(t *testing.T) {
	home, base := "/home/someone", t.TempDir()
	t.Setenv("HOME", home)
	random := rand.New(rand.NewPCG(5, 6))
	const runs = 1500
	compared := 0
	for range runs {
		project := randomPaths(random)
		want := plainCopy(project)
		_, err := guarded(func() (any, error) {
			return nil, paths.ResolveRelativePaths(want.(fields), base, nil)
		})
		if err != nil {
			continue
		}
		compared++
		r := &resolver{options: &Options{Home: home}}
		got := r.paths(fromPlain(project), specification(), base)
		if d := differences(got.Plain(), want); d != "" {
			t.Fatalf("%s\n%v", d, project)
		}
		if len(r.problems) > 0 {
			t.Fatalf("a problem that compose-go has not: %v", r.problems)
		}
	}
	if compared < runs/2 {
		t.Errorf("compose-go resolves only %d of %d projects: the test tests too little", compared, runs)
	}
}

func TestPathsKeepWhatIsWritten(t *testing.T) {
	tests := []struct{ what, path, home, want, written string }{
		{"a relative path", "./x", "", filepath.FromSlash("/base/x"), "./x"},
		{"an absolute path", "/x", "", "/x", ""},
		{"a path at home", "~/x", "/me", filepath.FromSlash("/me/x"), "~/x"},
		{"a path at a home that is not known", "~/x", "", "~/x", ""},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			v := fromPlain(fields{"secrets": fields{"s": fields{"file": tt.path}}})
			r := &resolver{options: &Options{Home: tt.home}}
			file := r.paths(v, specification(), "/base").At("secrets", "s", "file")
			if file.Text != tt.want || file.Written != tt.written {
				t.Errorf("got %q written as %q, want %q written as %q", file.Text, file.Written, tt.want, tt.written)
			}
		})
	}
}

// TestPathsTwice resolves the paths of an included project: first against its own directory, then the project's.
func TestPathsTwice(t *testing.T) {
	v := fromPlain(fields{"secrets": fields{"s": fields{"file": "./x"}}})
	r := &resolver{options: &Options{}}
	for _, base := range []string{"sub", "/project"} {
		v = r.paths(v, specification(), base)
	}
	file := v.At("secrets", "s", "file")
	if want := filepath.FromSlash("/project/sub/x"); file.Text != want || file.Written != "./x" {
		t.Errorf("got %q written as %q, want %q written as %q", file.Text, file.Written, want, "./x")
	}
}

func TestPathsOfMountWithoutSource(t *testing.T) {
	v := fromPlain(fields{"services": fields{"web": fields{"volumes": items{fields{"type": "bind", "target": "/x"}}}}})
	r := &resolver{options: &Options{}}
	r.paths(v, specification(), "/base")
	if len(r.problems) != 1 || r.problems[0].Path != "services.web.volumes.[]" {
		t.Errorf("got %+v, want one problem at the mount", r.problems)
	}
}
