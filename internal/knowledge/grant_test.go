package knowledge

import "testing"

func TestIsDocumentedGrant(t *testing.T) {
	for _, c := range []struct {
		image, grant string
		want         bool
	}{
		{"quay.io/prometheus/node-exporter:v1.8.2", "pid: host", true},
		{"quay.io/prometheus/node-exporter:v1.8.2", "ipc: host", false},
		{"example/node-exporter:1.0", "pid: host", false},
		{"gcr.io/cadvisor/cadvisor:v0.49.1", "volumes: /var/lib/docker:ro", true},
	} {
		if got := IsDocumentedGrant(ParseImage(c.image), c.grant); got != c.want {
			t.Errorf("IsDocumentedGrant(%q, %q) = %v, want %v", c.image, c.grant, got, c.want)
		}
	}
}
