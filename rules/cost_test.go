package rules_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"composelint/internal/compose"
	"composelint/rules"
)

// TestManyServices runs every rule over files of many services that have much in common. A rule whose cost grows with
// the square of their number takes minutes.
func TestManyServices(t *testing.T) {
	if testing.Short() {
		t.Skip("large files")
	}
	const services = 10_000
	tests := []struct{ name, head, service string }{
		{"plain", "", "    image: x/y:N\n"},
		{"ports, variables and volumes", "volumes: {v: }\n", "    image: postgres\n    ports: ['N:5432']\n" +
			"    environment: {POSTGRES_PASSWORD: postgres, A: 'http://u:p@h'}\n    volumes: ['v:/v', './x:/x']\n    container_name: cN\n"},
		{"one anchor", "x-a: &a\n  image: nginx\n  privileged: true\n  environment: &e {PASSWORD: hunter22}\n  ports: ['5432:5432']\n",
			"    <<: *a\n    depends_on: {s0: {condition: service_started}}\n    environment: {<<: *e}\n"},
		{"Airflow with the socket", "x-a: &a\n  image: apache/airflow:2.10.5\n  user: '1000:999'\n  volumes: [/var/run/docker.sock:/var/run/docker.sock]\n",
			"    <<: *a\n    command: celery worker\n"},
		{"socket proxies", "", "    image: tecnativa/docker-socket-proxy:v0.4.2\n    ports: ['N:2375']\n" +
			"    environment: {DOCKER_HOST: 'tcp://sN:2375', ALLOW_START: 1}\n"},
		{"mounts taken over in turn", "", "    image: amir20/dozzle\n    volumes: [/var/run/docker.sock:/var/run/docker.sock]\n" +
			"    volumes_from: [s1, s2, s3, sN]\n"},
		{"clients of the socket", "networks: {n: }\n",
			"    image: traefik:v3.1\n    networks: [n]\n    volumes: [/var/run/docker.sock:/var/run/docker.sock]\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			b.WriteString(tt.head + "services:\n")
			for i := range services {
				b.WriteString(strings.ReplaceAll("  sN:\n"+tt.service, "N", strconv.Itoa(i)))
			}
			start := time.Now()
			p := compose.Resolve(compose.Options{
				Files: []compose.Input{{Name: "f.yaml", Data: []byte(b.String())}}, Dir: ".", AbsDir: "/x",
			})
			// Resolving is linear and meets the same load of the machine; a rule of quadratic cost takes hundreds of times as long.
			resolving := time.Since(start)
			limit := 3*time.Second + 30*resolving
			for _, rule := range rules.All() {
				start := time.Now()
				rules.Run(p, []*rules.Rule{rule}, rules.Settings{Tier: rules.Pedantic})
				if took := time.Since(start); took > limit {
					t.Errorf("%s took %v, resolving %v", rule.Name, took, resolving)
				}
			}
		})
	}
}
