package knowledge

import "testing"

func TestPortFor(t *testing.T) {
	tests := []struct {
		name     string
		number   int
		protocol string
		image    string
		service  string
		certain  bool
	}{
		{"database by image", 5432, "tcp", "postgres:16", "PostgreSQL", true},
		{"database by number", 5432, "", "example/app", "PostgreSQL", false},
		{"extension of a database", 5432, "", "pgvector/pgvector:pg16", "PostgreSQL", true},
		{"cache", 6379, "tcp", "docker.io/library/redis", "Redis or Valkey", true},
		{"engine", 2375, "tcp", "tecnativa/docker-socket-proxy:v0.4.2", "Docker API without encryption", true},
		{"engine by number", 2375, "tcp", "", "Docker API without encryption", false},
		{"common number with its image", 8080, "", "adminer", "Adminer", true},
		{"the same number with another image", 8080, "", "amir20/dozzle", "Dozzle", true},
		{"common number without its image", 8080, "", "nginx", "", false},
		{"Home Assistant is not ClickHouse", 8123, "", "homeassistant/home-assistant", "", false},
		{"flower of Airflow, which has a rule of its own", 5555, "", "apache/airflow:2.10.5", "", false},
		{"debug bridge of a phone", 5555, "", "example/android", "", false},
		{"SSH", 22, "", "example/shell", "SSH", false},
		{"SSH of a git server", 22, "", "gitea/gitea:1.22", "", false},
		{"web server", 443, "", "nginx", "", false},
		{"other protocol", 5432, "udp", "postgres", "", false},
		{"udp", 11211, "udp", "memcached", "Memcached", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			port, certain, ok := PortFor(test.number, test.protocol, ParseImage(test.image))
			if port.Service != test.service || certain != test.certain || ok != (test.service != "") {
				t.Errorf("got %q, %v, %v; want %q, %v", port.Service, certain, ok, test.service, test.certain)
			}
		})
	}
}

func TestPortsAreValid(t *testing.T) {
	last := 0
	for _, port := range Ports() {
		if port.Number < 1 || port.Number > 65535 || port.Protocol != "tcp" && port.Protocol != "udp" || port.Service == "" {
			t.Errorf("%+v", port)
		}
		if port.NeedsImage && len(port.Images) == 0 {
			t.Errorf("%d %s needs an image, but has none", port.Number, port.Service)
		}
		if port.Number < last {
			t.Errorf("%d stands after %d", port.Number, last)
		}
		last = port.Number
	}
}

func TestIsStore(t *testing.T) {
	for image, want := range map[string]bool{
		"postgres:16": true, "docker.io/library/redis:7.4.1": true, "quay.io/minio/minio": true,
		"docker:27-dind": false, "portainer/portainer-ce:2.21.4": false, "example/postgres": false, "": false,
	} {
		if got := IsStore(ParseImage(image)); got != want {
			t.Errorf("%q: %v, want %v", image, got, want)
		}
	}
}
