package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// Source of what these tests expect: https://github.com/wollomatic/socket-proxy/blob/41d9f30044/README.md

func mustParseWollomatic(t *testing.T, args []string, env map[string]string) *wollomatic {
	t.Helper()
	proxy, err := parseWollomatic(args, env)
	if err != nil {
		t.Fatal(err)
	}
	return proxy
}

func TestWollomaticPaths(t *testing.T) {
	tests := []struct {
		name         string
		args         []string
		env          map[string]string
		method, path string
		want         int
	}{
		{"nothing is open at first", nil, nil, "GET", "/version", 405},
		{"a flag opens", []string{"-allowGET=/version"}, nil, "GET", "/version", 0},
		{"for its method only", []string{"-allowGET=/version"}, nil, "POST", "/version", 405},
		{"GET does not open HEAD", []string{"-allowGET=/_ping"}, nil, "HEAD", "/_ping", 405},
		{"a variable opens", nil, map[string]string{"SP_ALLOW_GET": "/version"}, "GET", "/version", 0},
		{"a numbered variable too", nil, map[string]string{"SP_ALLOW_GET_2": "/version"}, "GET", "/version", 0},
		{"a flag puts the variables out of use", []string{"-allowGET=/info"}, map[string]string{"SP_ALLOW_GET": "/version"},
			"GET", "/version", 403},
		{"flags add up", []string{"-allowGET=/info", "-allowGET=/version"}, nil, "GET", "/info", 0},
		{"anchored at the start", []string{"-allowGET=/version"}, nil, "GET", "/v1.45/version", 403},
		{"anchored at the end", []string{"-allowGET=/containers"}, nil, "GET", "/containers/json", 403},
		{"an alternative has one anchor per side", []string{"-allowGET=/info|/version"}, nil, "GET", "/information", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			proxy := mustParseWollomatic(t, test.args, test.env)
			r := httptest.NewRequest(test.method, test.path, nil)
			r.RemoteAddr = "127.0.0.1:40000"
			if got := proxy.check(r); got != test.want {
				t.Errorf("%s %s: status %d, want %d", test.method, test.path, got, test.want)
			}
		})
	}
}

func TestWollomaticClients(t *testing.T) {
	tests := []struct {
		name   string
		args   []string
		client string
		want   int
	}{
		{"only itself at first", nil, "127.0.0.1:1", 0},
		{"nobody else at first", nil, "192.0.2.7:1", 403},
		{"a network", []string{"-allowfrom=192.0.2.0/24"}, "192.0.2.7:1", 0},
		{"several", []string{"-allowfrom=198.51.100.0/24,192.0.2.0/24"}, "192.0.2.7:1", 0},
		{"a host name", []string{"-allowfrom=localhost"}, "127.0.0.1:1", 0},
		{"an unknown name", []string{"-allowfrom=name.invalid"}, "127.0.0.1:1", 403},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			proxy := mustParseWollomatic(t, append(test.args, "-allowGET=/version"), nil)
			r := httptest.NewRequest(http.MethodGet, "/version", nil)
			r.RemoteAddr = test.client
			if got := proxy.check(r); got != test.want {
				t.Errorf("status %d for %s, want %d", got, test.client, test.want)
			}
		})
	}
}

func TestWollomaticBinds(t *testing.T) {
	const create, volume, service = "/v1.45/containers/create", "/volumes/create", "/services/create"
	tests := []struct {
		name, path, body string
		want             int
	}{
		{"inside", create, `{"HostConfig":{"Binds":["/srv/data:/d:ro"]}}`, 0},
		{"the directory itself", create, `{"HostConfig":{"Binds":["/srv:/d"]}}`, 0},
		{"outside", create, `{"HostConfig":{"Binds":["/etc:/d"]}}`, 403},
		{"a neighbour with a longer name", create, `{"HostConfig":{"Binds":["/srv2:/d"]}}`, 403},
		{"out by dots", create, `{"HostConfig":{"Binds":["/srv/../etc:/d"]}}`, 403},
		{"a named volume", create, `{"HostConfig":{"Binds":["data:/d"]}}`, 0},
		{"a bind in the long form", create, `{"HostConfig":{"Mounts":[{"Type":"bind","Source":"/etc"}]}}`, 403},
		{"a local volume that is a bind", create,
			`{"HostConfig":{"Mounts":[{"Type":"volume","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"o":"rw, bind","device":"/etc"}}}}]}}`, 403},
		{"volumes of another container", create, `{"HostConfig":{"VolumesFrom":["web"]}}`, 403},
		{"a volume that is a bind", volume, `{"Driver":"local","DriverOpts":{"o":"bind","device":"/etc"}}`, 403},
		{"a volume of another driver", volume, `{"Driver":"nfs","DriverOpts":{"o":"bind","device":"/etc"}}`, 0},
		{"a service", service, `{"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Type":"bind","Source":"/etc"}]}}}`, 403},
		{"no JSON", create, `{`, 403},
		{"another request", "/containers/x/start", `{`, 0},
	}
	proxy := mustParseWollomatic(t, []string{"-allowPOST=.*", "-allowbindmountfrom=/srv"}, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, test.path, strings.NewReader(test.body))
			r.RemoteAddr = "127.0.0.1:40000"
			if got := proxy.check(r); got != test.want {
				t.Errorf("status %d, want %d", got, test.want)
			}
			if rest, err := io.ReadAll(r.Body); err != nil || string(rest) != test.body {
				t.Errorf("the engine would get the body %q (%v), want %q", rest, err, test.body)
			}
		})
	}
}

func TestWollomaticRefusesToStart(t *testing.T) {
	tests := []struct {
		name string
		args []string
	}{
		{"unknown flag", []string{"-allowEVERYTHING"}},
		{"a word that is no flag", []string{"-allowGET=/info", "now"}},
		{"an expression that is none", []string{"-allowGET=("}},
		{"a listening address that is none", []string{"-listenip=everywhere"}},
		{"a relative directory for binds", []string{"-allowbindmountfrom=srv"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := parseWollomatic(test.args, nil); err == nil {
				t.Errorf("starts with %v", test.args)
			}
		})
	}
}

func TestWollomaticHealth(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "engine.sock")
	health := httptest.NewServer(mustParseWollomatic(t, []string{"-socketpath=" + socket}, nil).healthHandler())
	defer health.Close()
	if err := checkHealth(health.URL + "/health"); err == nil {
		t.Error("healthy without an engine")
	}
	serveEngine(t, socket, http.NotFoundHandler())
	if err := checkHealth(health.URL + "/health"); err != nil {
		t.Errorf("not healthy with an engine: %v", err)
	}
}
