package main

import (
	"bufio"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

// readLines returns the lines of a file of testdata that are neither blank nor comments.
func readLines(t *testing.T, name string) []string {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var lines []string
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		if line := scanner.Text(); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// sectionNames returns the names of all switches of Tecnativa's proxy but that for methods.
func sectionNames() []string {
	var names []string
	for _, r := range tecnativa.afterMethod {
		names = append(names, r.name)
	}
	return names
}

// switchSets returns every switch alone and all but that one, each with and without the one for methods, and with the
// defaults turned off, so that only what is named is on.
func switchSets() []map[string]string {
	var sets []map[string]string
	for _, post := range []string{"0", "1"} {
		for _, chosen := range append(sectionNames(), "") {
			alone, others := map[string]string{methodSwitch: post}, map[string]string{methodSwitch: post}
			for _, name := range sectionNames() {
				alone[name], others[name] = "0", "1"
			}
			if chosen != "" {
				alone[chosen], others[chosen] = "1", "0"
			}
			sets = append(sets, alone, others)
		}
	}
	return sets
}

// passes tells whether a proxy lets a request through.
func passes(check func(*http.Request) int, method, path string) bool {
	r, err := http.NewRequest(method, path, nil)
	if err != nil {
		panic(err)
	}
	return check(r) == 0
}

func TestTecnativaDecidesAsMeasured(t *testing.T) {
	decisions := readLines(t, "tecnativa.txt")
	if len(decisions) != 52 {
		t.Fatalf("%d paths, want 52", len(decisions))
	}
	sets := switchSets()
	for _, line := range decisions {
		fields := strings.Fields(line)
		path, openers := fields[0], fields[1:]
		for _, env := range sets {
			open := slices.ContainsFunc(openers, func(name string) bool { return env[name] == "1" })
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
				want := open && (method == "GET" || method == "HEAD" || env[methodSwitch] == "1")
				check := func(r *http.Request) int { return tecnativa.check(env, r) }
				if got := passes(check, method, path); got != want {
					t.Errorf("%s %s with %v: passes %v, measured %v", method, path, env, got, want)
				}
			}
		}
	}
}

func TestTecnativaDefaults(t *testing.T) {
	for path, want := range map[string]bool{
		"/_ping": true, "/version": true, "/events": true,
		"/containers/json": false, "/info": false, "/images/json": false,
	} {
		check := func(r *http.Request) int { return tecnativa.check(nil, r) }
		if got := passes(check, "GET", path); got != want {
			t.Errorf("GET %s without any setting: passes %v, want %v", path, got, want)
		}
	}
}

// Source: https://github.com/linuxserver/docker-socket-proxy/blob/ab9f088/root/templates/haproxy.cfg
func TestLinuxserverDiffersFromTecnativa(t *testing.T) {
	tests := []struct {
		name         string
		on           []string
		method, path string
		want         bool
	}{
		{"restarting needs no POST", []string{"ALLOW_RESTARTS"}, "POST", "/v1.45/containers/web/restart", true},
		{"restarts include kill", []string{"ALLOW_RESTARTS"}, "POST", "/containers/web/kill", true},
		{"restarts do not include start", []string{"ALLOW_RESTARTS"}, "POST", "/containers/web/start", false},
		{"starting needs no POST", []string{"ALLOW_START"}, "POST", "/containers/web/start", true},
		{"pausing needs no POST", []string{"ALLOW_PAUSE"}, "POST", "/containers/web/pause", true},
		{"creating needs POST", []string{"CONTAINERS"}, "POST", "/containers/create", false},
		{"creating with POST", []string{"CONTAINERS", "POST"}, "POST", "/containers/create", true},
		{"logs are withheld", []string{"CONTAINERS"}, "GET", "/containers/web/logs", false},
		{"logs with their own switch", []string{"CONTAINERS", "ALLOW_LOGS"}, "GET", "/containers/web/logs", true},
		{"a switch for logs alone opens nothing", []string{"ALLOW_LOGS"}, "GET", "/containers/web/logs", false},
		{"files are withheld", []string{"CONTAINERS", "POST"}, "PUT", "/containers/web/archive", false},
		{"changes are withheld", []string{"CONTAINERS"}, "GET", "/containers/web/changes", false},
		{"processes are withheld", []string{"CONTAINERS"}, "GET", "/containers/web/top", false},
		{"statistics are not withheld", []string{"CONTAINERS"}, "GET", "/containers/web/stats", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := map[string]string{}
			for _, name := range test.on {
				env[name] = "1"
			}
			check := func(r *http.Request) int { return linuxserver.check(env, r) }
			if got := passes(check, test.method, test.path); got != test.want {
				t.Errorf("%s %s with %v: passes %v, want %v", test.method, test.path, test.on, got, test.want)
			}
		})
	}
}

func TestEnabled(t *testing.T) {
	for value, want := range map[string]bool{
		"1": true, "2x": true, "+1": true, "-1": true, "007": true,
		"": false, "0": false, "000": false, "true": false, "yes": false, "on": false, "0x1": false, "+": false,
	} {
		if got := enabled(value); got != want {
			t.Errorf("enabled(%q) = %v, want %v", value, got, want)
		}
	}
}

func TestListenAddress(t *testing.T) {
	tests := []struct {
		name string
		kind switchKind
		env  map[string]string
		want string
	}{
		{"both families", tecnativa, nil, "[::]:2375"},
		{"no IPv6", tecnativa, map[string]string{"DISABLE_IPV6": "yes"}, "0.0.0.0:2375"},
		{"linuxserver knows one spelling", linuxserver, map[string]string{"DISABLE_IPV6": "yes"}, "[::]:2375"},
		{"which is 1", linuxserver, map[string]string{"DISABLE_IPV6": "1"}, "0.0.0.0:2375"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.kind.listenAddress(test.env); got != test.want {
				t.Errorf("listens on %s, want %s", got, test.want)
			}
		})
	}
}
