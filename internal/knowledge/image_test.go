package knowledge

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseImage(t *testing.T) {
	digest := "sha256:" + strings.Repeat("0a", 32)
	tests := []struct {
		name, reference string
		want            Image
	}{
		{"bare name", "traefik", Image{Path: "traefik", Repository: "traefik"}},
		{"tag", "traefik:v3.1", Image{Path: "traefik", Repository: "traefik", Tag: "v3.1"}},
		{"library prefix", "library/redis:7", Image{Path: "redis", Repository: "redis", Tag: "7"}},
		{"docker.io", "docker.io/library/redis", Image{Path: "redis", Repository: "redis"}},
		{"index.docker.io", "index.docker.io/apache/airflow:2.10.5",
			Image{Path: "apache/airflow", Repository: "apache/airflow", Tag: "2.10.5"}},
		{"other registry", "ghcr.io/amir20/dozzle:v8",
			Image{Registry: "ghcr.io", Path: "amir20/dozzle", Repository: "ghcr.io/amir20/dozzle", Tag: "v8"}},
		{"registry with port", "registry.example:5000/team/app",
			Image{Registry: "registry.example:5000", Path: "team/app", Repository: "registry.example:5000/team/app"}},
		{"localhost", "localhost/app:1", Image{Registry: "localhost", Path: "app", Repository: "localhost/app", Tag: "1"}},
		{"registry in upper case", "GHCR.io/amir20/dozzle",
			Image{Registry: "ghcr.io", Path: "amir20/dozzle", Repository: "ghcr.io/amir20/dozzle"}},
		{"upper case makes a registry", "Apache/airflow",
			Image{Registry: "Apache", Path: "airflow", Repository: "Apache/airflow"}},
		{"digest", "redis@" + digest, Image{Path: "redis", Repository: "redis", Digest: digest}},
		{"tag and digest", "redis:7@" + digest, Image{Path: "redis", Repository: "redis", Tag: "7", Digest: digest}},
		{"digest alone", digest, Image{Digest: digest}},
		{"algorithm in a variable", "redis@$ALGORITHM:" + digest[len("sha256:"):],
			Image{Path: "redis", Repository: "redis", Uncertain: true}},
		{"part of a digest in a variable", "sha256:${A}${B}" + digest[len("sha256:0a"):],
			Image{Path: "sha256", Repository: "sha256", Uncertain: true}},
		{"surrounding blanks", "  redis:7 ", Image{Path: "redis", Repository: "redis", Tag: "7"}},
		{"default of a variable", "${AIRFLOW_IMAGE_NAME:-apache/airflow:2.10.5}",
			Image{Path: "apache/airflow", Repository: "apache/airflow", Tag: "2.10.5", Defaulted: true}},
		{"default without colon", "redis:${TAG-7}", Image{Path: "redis", Repository: "redis", Tag: "7", Defaulted: true}},
		{"default in a default", "${A:-${B:-redis}:7}", Image{Path: "redis", Repository: "redis", Tag: "7", Defaulted: true}},
		{"registry in a variable", "${REGISTRY}/apache/airflow:2.9.0",
			Image{Path: "apache/airflow", Repository: "apache/airflow", Tag: "2.9.0", Uncertain: true}},
		{"prefix in a variable", "${PREFIX}redis:7", Image{Path: "redis", Repository: "redis", Tag: "7", Uncertain: true}},
		{"tag in a variable", "redis:${TAG}", Image{Path: "redis", Repository: "redis", Uncertain: true}},
		{"tag in a short variable", "redis:$TAG", Image{Path: "redis", Repository: "redis", Uncertain: true}},
		{"required tag", "redis:${TAG:?set it}", Image{Path: "redis", Repository: "redis", Uncertain: true}},
		{"all in a variable", "${IMAGE}", Image{Uncertain: true}},
		{"name in a variable", "apache/${NAME}:1", Image{Tag: "1", Uncertain: true}},
		{"escaped dollar", "redis:$$TAG", Image{Path: "redis", Repository: "redis", Uncertain: true}},
		{"open brace", "${IMAGE:-redis", Image{Uncertain: true}},
		{"malformed variable", "redis:${TAG:7}", Image{Uncertain: true}},
		{"empty", "", Image{Uncertain: true}},
		{"bad tag", "redis:-7", Image{Path: "redis", Repository: "redis", Uncertain: true}},
		{"bad digest", "redis@sha256:12", Image{Path: "redis", Repository: "redis", Uncertain: true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			want.Reference = strings.TrimSpace(test.reference)
			if got := ParseImage(test.reference); got != want {
				t.Errorf("ParseImage(%q)\n got %+v\nwant %+v", test.reference, got, want)
			}
		})
	}
}

func TestParseImageIsBounded(t *testing.T) {
	for _, reference := range []string{
		strings.Repeat("a", 1<<20), strings.Repeat("${A:-", 100) + strings.Repeat("}", 100),
	} {
		if img := ParseImage(reference); !img.Uncertain || img.Repository != "" {
			t.Errorf("%.20s…: got %q", reference, img.Repository)
		}
	}
}

func TestImageMatches(t *testing.T) {
	tests := []struct {
		name, reference, catalogue string
		want                       bool
	}{
		{"same", "apache/airflow:2.10.5", "apache/airflow", true},
		{"official", "docker.io/library/redis:7", "redis", true},
		{"private copy keeps the name", "registry.example:5000/apache/airflow", "apache/airflow", true},
		{"private copy of an official image", "registry.example:5000/redis", "redis", false},
		{"mirror of official images", "public.ecr.aws/docker/library/redis:7", "redis", true},
		{"mirror of the hub", "mirror.gcr.io/apache/airflow", "apache/airflow", true},
		{"mirror of the hub, official", "mirror.gcr.io/library/redis", "redis", true},
		{"someone else's namespace", "ghcr.io/apache/airflow", "apache/airflow", false},
		{"other namespace", "bitnami/redis", "redis", false},
		{"longer name", "apache/airflow-extras", "apache/airflow", false},
		{"unknown name", "${IMAGE}", "redis", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := ParseImage(test.reference).Matches(test.catalogue); got != test.want {
				t.Errorf("%q matches %q: got %v, want %v", test.reference, test.catalogue, got, test.want)
			}
		})
	}
}

func TestImageName(t *testing.T) {
	for reference, want := range map[string]string{"ghcr.io/amir20/dozzle:v8": "dozzle", "redis": "redis", "${X}": ""} {
		if got := ParseImage(reference).Name(); got != want {
			t.Errorf("%q: got %q, want %q", reference, got, want)
		}
	}
}

func FuzzParseImage(f *testing.F) {
	for _, seed := range []string{
		"redis:7", "${A:-b}/c:${D}", "a@sha256:0", "$$", "${A:-${B:-}}", "localhost:5000/x", "\x00/a", "a//b", ":", "@", "/",
		"@$A:00000000000000000000000000000000",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, reference string) {
		img := ParseImage(reference)
		if strings.ContainsRune(img.Repository+img.Tag+img.Digest, 0) {
			t.Errorf("%q: a placeholder is left in %+v", reference, img)
		}
		if img.Uncertain || img.Repository == "" {
			return
		}
		again := ParseImage(img.Repository)
		if again.Repository != img.Repository && !strings.HasPrefix(img.Path, "library/") {
			t.Errorf("%q: repository %q is read as %q", reference, img.Repository, again.Repository)
		}
	})
}

// TestCorpusImages reads every image of real files: most are certain, and none is nonsense.
func TestCorpusImages(t *testing.T) {
	certain, total := 0, 0
	for _, reference := range corpusImages(t) {
		img := ParseImage(reference)
		total++
		if !img.Uncertain {
			certain++
		}
		if strings.ContainsAny(img.Repository, "\x00${} ") {
			t.Errorf("%q: repository %q", reference, img.Repository)
		}
	}
	t.Logf("%d of %d images are certain", certain, total)
	if certain*10 < total*8 {
		t.Errorf("only %d of %d images are certain", certain, total)
	}
}

// corpusImages returns the texts after "image:" in the corpus of real files.
func corpusImages(t *testing.T) []string {
	t.Helper()
	root := os.Getenv("COMPOSELINT_CORPUS")
	if root == "" {
		root = "../../../shared/corpus"
	}
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no corpus at %s; set COMPOSELINT_CORPUS", root)
	}
	var images []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		if extension := filepath.Ext(path); extension != ".yml" && extension != ".yaml" {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(bytes.NewReader(data))
		for lines.Scan() {
			text, found := strings.CutPrefix(strings.TrimSpace(lines.Text()), "image:")
			text, _, _ = strings.Cut(text, " #")
			if text = strings.Trim(strings.TrimSpace(text), `"'`); found && text != "" && !strings.HasPrefix(text, "*") {
				images = append(images, text)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return images
}
