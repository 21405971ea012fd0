package knowledge

import "testing"

func TestIsLocal(t *testing.T) {
	for reference, want := range map[string]bool{
		"redis":                      false,
		"docker.io/library/redis:7":  false,
		"adoptopenjdk:11-jre":        false,
		"example/web:3.2":            false,
		"registry.example:5000/web":  false,
		"${REGISTRY}/redis":          false,
		"${REGISTRY}/web":            false,
		"web":                        true,
		"extended-airflow:latest":    true,
		"${IMAGE}":                   false,
		"${IMAGE:-extended-airflow}": true,
		"localhost/extended-airflow": false,
	} {
		if got := IsLocal(ParseImage(reference)); got != want {
			t.Errorf("IsLocal(%q) = %v, want %v", reference, got, want)
		}
	}
}
