package cli

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"composelint/internal/knowledge"
)

func TestExplainImage(t *testing.T) {
	tests := []struct {
		image string
		want  []string
	}{
		{"traefik:v3.1", []string{"client of the Docker socket", "CONTAINERS", "--providers.docker.endpoint=tcp://docker-socket-proxy:2375", "source: https://"}},
		{"${IMAGE:-portainer/portainer-ce:2.21.0}", []string{"portainer/portainer-ce", "client of the Docker socket"}},
		{"tecnativa/docker-socket-proxy:latest", []string{"filtering proxy", "switches:", "this tag:"}},
		{"apache/airflow:2.10.5", []string{"It is Airflow", "version: 2.10.5"}},
		{"traefik:\x1b[2J", []string{`traefik:\x1b[2J`}},
		{"\x1b[2J", []string{`Nothing is known of \x1b[2J.`}},
		{"example/unheard-of:1", []string{"Nothing is known of example/unheard-of"}},
	}
	for _, tt := range tests {
		t.Run(tt.image, func(t *testing.T) {
			got := explainImage(tt.image)
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in\n%s", want, got)
				}
			}
		})
	}
}

// TestClientTable compares the table in the guide with the data; -update writes it.
func TestClientTable(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "socket-proxy.md")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- clients -->\n", "<!-- /clients -->\n"
	before, rest, ok := strings.Cut(string(data), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatal("the place of the table is not marked")
	}
	want := before + begin + clientTable() + end + after
	if want == string(data) {
		return
	}
	if flag.Lookup("update").Value.String() == "true" { // it is declared with the test of the README
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Error("the table is not what the data says: run go test ./internal/cli -run ClientTable -update")
}

// clientTable is the table of all clients in docs/socket-proxy.md.
func clientTable() string {
	var b strings.Builder
	b.WriteString("| image | needs | may need as well | as good as root | pointed at a proxy by |\n|---|---|---|---|---|\n")
	for _, c := range knowledge.Clients() {
		if len(c.Images) == 0 {
			continue
		}
		isBase := func(permission string) bool { return slices.Contains(c.PermissionsBase, permission) }
		more := strings.Join(slices.DeleteFunc(slices.Clone(c.PermissionsFull), isBase), " ")
		fmt.Fprintf(&b, "| %s | %s | %s | %s | `%s` |\n", c.Images[0], cmp.Or(strings.Join(c.PermissionsBase, " "), "unknown"), more,
			strings.ReplaceAll(string(c.RootEquivalent), "_", " "), strings.ReplaceAll(wiringOf(c.Wiring), "|", "\\|"))
	}
	return b.String()
}
