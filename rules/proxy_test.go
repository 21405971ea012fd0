package rules

import (
	"slices"
	"testing"

	"composelint/internal/source"
)

func TestSocketAt(t *testing.T) {
	tests := []struct {
		source, engine string
		directory      bool
	}{
		{"/var/run/docker.sock", "docker", false},
		{"//var/run/docker.sock", "docker", false},
		{"/run/../run/docker.sock", "docker", false},
		{"/run/user/1000/docker.sock", "docker", false},
		{"~/.docker/run/docker.sock", "docker", false},
		{"./docker.sock", "docker", false},
		{`\\.\pipe\docker_engine`, "docker", false},
		{"npipe:////./pipe/docker_engine", "docker", false},
		{"/run/user/1000/podman/podman.sock", "podman", false},
		{"/var/run/containerd/containerd.sock", "containerd", false},
		{"/var/run/crio/crio.sock", "cri-o", false},
		{"/run/systemd/private", "systemd", false},
		{"/", "docker", true},
		{"/var/run/", "docker", true},
		{"/run/user/0", "docker", true},
		{"/run/podman", "podman", true},
		{"./var/run", "", false},
		{"/srv/run", "", false},
		{"/var/run/dbus", "", false},
		{"/var/run/docker.socks", "", false},
		{"/srv/private", "", false},
		{"docker.sock.d", "", false},
		{"", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.source, func(t *testing.T) {
			e, directory, ok := socketAt(tt.source)
			if e.id != tt.engine || directory != tt.directory || ok != (tt.engine != "") {
				t.Errorf("got %q, directory %v, %v", e.id, directory, ok)
			}
		})
	}
}

func TestNamesHost(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"tcp://gate:2375", true},
		{"gate", true},
		{"--host=http://gate/", true},
		{"tcp://other:1,tcp://gate:2375", true},
		{"tcp://floodgate:2375", false},
		{"tcp://gate-2:2375", false},
		{"the gate is open", true},
		{"", false},
	}
	for _, tt := range tests {
		if got := namesHost(tt.text, "gate"); got != tt.want {
			t.Errorf("namesHost(%q) is %v", tt.text, got)
		}
	}
}

func TestReplacedWord(t *testing.T) {
	tests := []struct {
		name    string
		command []string
		args    []string
		at      int
		word    string
	}{
		{"a flag that is there", []string{"--a=1", "--host=unix:///s"}, []string{"--host=tcp://h"}, 1, "--host=tcp://h"},
		{"a flag that is not there", []string{"--hosts=unix:///s"}, []string{"--host=tcp://h"}, -1, "--host=tcp://h"},
		{"a flag with its value behind it", []string{"-H", "unix:///s", "-x"}, []string{"-H", "tcp://h"}, 1, "tcp://h"},
		{"a flag with its value, in two words", []string{"--host", "unix:///s"}, []string{"--host=tcp://h"}, 1, "tcp://h"},
		{"a flag at the end", []string{"-x", "-H"}, []string{"-H", "tcp://h"}, -1, ""},
		{"nothing", nil, []string{"-H", "tcp://h"}, -1, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			at, word := replaced(tt.command, tt.args, 0)
			if at != tt.at || at >= 0 && word != tt.word {
				t.Errorf("got %d, %q", at, word)
			}
		})
	}
}

func TestWordOffset(t *testing.T) {
	text := "  a bb\tccc  d"
	for i, want := range []int{2, 4, 7, 12} {
		if got := wordOffset(text, i); got != want {
			t.Errorf("word %d begins at %d, want %d", i, got, want)
		}
	}
}

func TestCover(t *testing.T) {
	at := func(reach ...string) place { return place{node: &source.Node{}, reach: reach} }
	tests := []struct {
		name              string
		places            []place
		wanted, tolerated []string
		chosen            []int
		missed            []string
	}{
		{"one place for all", []place{at("a"), at("a", "b"), at("b")}, []string{"a", "b"}, nil, []int{1}, nil},
		{"a place that reaches another one", []place{at("a", "c"), at("a"), at("b")}, []string{"a", "b"}, nil, []int{1, 2}, nil},
		{"another one that does not matter", []place{at("a"), at("a", "b", "c")}, []string{"a", "b"}, []string{"c"}, []int{1}, nil},
		{"the nearest of equals", []place{at("a"), at("a")}, []string{"a"}, nil, []int{0}, nil},
		{"no place", []place{at("a", "c")}, []string{"a"}, nil, nil, []string{"a"}},
		{"nothing wanted", []place{at("a")}, nil, nil, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			chosen, missed := cover(tt.places, tt.wanted, tt.tolerated)
			var indexes []int
			for _, p := range chosen {
				indexes = append(indexes, slices.IndexFunc(tt.places, func(q place) bool { return q.node == p.node }))
			}
			if !slices.Equal(indexes, tt.chosen) || !slices.Equal(missed, tt.missed) {
				t.Errorf("got %v, missed %v", indexes, missed)
			}
		})
	}
}
