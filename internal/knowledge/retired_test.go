package knowledge

import "testing"

func TestRetiredImageFor(t *testing.T) {
	tests := []struct {
		name, image string
		state       RetiredState
		successor   string
		dropIn      bool
	}{
		{"archived", "containrrr/watchtower:1.7.1", RetiredArchived, "nickfedor/watchtower", false},
		{"moved namespace", "bitnami/redis:7.2", RetiredMoved, "bitnamilegacy/redis", true},
		{"still updated", "bitnami/redis:latest", "", "", false},
		{"still updated, without a tag", "docker.io/bitnami/redis", "", "", false},
		{"no successor", "bitnamilegacy/redis:7.2", RetiredUnmaintained, "", false},
		{"same image, new name", "consul:1.15", RetiredDeprecated, "hashicorp/consul", true},
		{"not retired", "apache/airflow:2.10.5", "", "", false},
		{"unknown", "${IMAGE}", "", "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			img := ParseImage(test.image)
			retired, ok := RetiredImageFor(img)
			if retired.State != test.state || retired.DropIn != test.dropIn || ok != (test.state != "") {
				t.Errorf("got %q, %v, %v", retired.State, retired.DropIn, ok)
			}
			if got := retired.SuccessorOf(img); got != test.successor {
				t.Errorf("successor %q, want %q", got, test.successor)
			}
		})
	}
}

func TestRetiredImagesHaveCurrentSuccessors(t *testing.T) {
	for _, retired := range retiredTable {
		if retired.DropIn && retired.Successor == "" {
			t.Errorf("%v: no successor to put in its place", retired.Images)
		}
		successor, ok := RetiredImageFor(ParseImage(retired.Successor))
		if ok && retired.State != RetiredMoved {
			t.Errorf("%v: the successor is %s itself", retired.Images, successor.State)
		}
	}
}
