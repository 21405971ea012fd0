package patch

import (
	"fmt"
	"strings"
	"testing"

	"composelint/internal/source"
)

// largeFile is a Compose file of about 5,000 lines. It shows no habit for quotes and brackets, so that the builders look
// for one in vain.
func largeFile(tb testing.TB) *source.File {
	tb.Helper()
	var b strings.Builder
	b.WriteString("x-common: &common\n  restart: always\n  environment: &env\n    A: one\nservices:\n")
	for i := range 420 {
		fmt.Fprintf(&b, "  service-%d:\n    <<: *common\n    image: registry.example.org/app:%d # pinned\n    command: serve\n"+
			"    environment:\n      <<: *env\n      B: ${B:-%d}\n    ports:\n      - %d:8080\n    volumes:\n"+
			"      # the socket\n      - /var/run/docker.sock:/var/run/docker.sock\n", i, i, i, 10_000+i)
	}
	f, err := source.Parse("compose.yaml", []byte(b.String()))
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// twentyEdits makes four different edits in each of five services.
func twentyEdits(tb testing.TB, f *source.File) (all []Edit) {
	tb.Helper()
	services := f.Root().Lookup("services")
	add := func(edits []Edit, err error) {
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, edits...)
	}
	for i := range 5 {
		service := services.Entries[10+90*i].Value
		add(Remove(f, service.Lookup("volumes"), []int{0}, service))
		add(SetEntry(f, service.Lookup("environment"), "DOCKER_HOST", String("tcp://proxy:2375")))
		port := service.Lookup("ports").Items[0]
		add(SetPart(f, port, 0, 0, "127.0.0.1:"))
		add(InsertEntry(f, services, 20+40*i, fmt.Sprintf("proxy-%d", i), Map{{"image", String("proxy")}, {"networks", Strings("socket")}}))
	}
	return all
}

func TestTwentyEdits(t *testing.T) {
	f := largeFile(t)
	result, err := Apply(f.Data, twentyEdits(t, f))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Parse("compose.yaml", result); err != nil {
		t.Error(err)
	}
}

func BenchmarkTwentyEdits(b *testing.B) {
	f := largeFile(b)
	b.ReportMetric(float64(f.Lines()), "lines")
	for b.Loop() {
		twentyEdits(b, f)
	}
}
