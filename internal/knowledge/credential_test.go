package knowledge

import "testing"

func TestOpenSettingFor(t *testing.T) {
	tests := []struct {
		name, value string
		want        bool
	}{
		{"ALLOW_EMPTY_PASSWORD", "yes", true},
		{"ALLOW_EMPTY_PASSWORD", "no", false},
		{"POSTGRES_HOST_AUTH_METHOD", "trust", true},
		{"POSTGRES_HOST_AUTH_METHOD", "scram-sha-256", false},
		{"xpack.security.enabled", "False", true},
		{"xpack.security.enabled", "true", false},
		{"NEO4J_AUTH", "none", true},
		{"NEO4J_AUTH", "neo4j/long-enough", false},
		{"PATH", "true", false},
	}
	for _, test := range tests {
		if setting, ok := OpenSettingFor(test.name, test.value); ok != test.want || ok && setting.Effect == "" {
			t.Errorf("%s=%s: got %v", test.name, test.value, ok)
		}
	}
}

func TestHasHealthcheck(t *testing.T) {
	tests := []struct {
		image      string
		has, known bool
	}{
		{"postgres:16", false, true},
		{"louislam/uptime-kuma:1", true, true},
		{"apache/airflow:2.10.5", false, true},
		{"11notes/socket-proxy:2.1.4", true, true},
		{"tecnativa/docker-socket-proxy:v0.4.2", false, true},
		{"example/app", false, false},
	}
	for _, test := range tests {
		if has, known := HasHealthcheck(ParseImage(test.image)); has != test.has || known != test.known {
			t.Errorf("%s: got %v, %v", test.image, has, known)
		}
	}
}
