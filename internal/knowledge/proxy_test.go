package knowledge

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestProxyFor(t *testing.T) {
	for image, want := range map[string]string{
		"tecnativa/docker-socket-proxy:v0.4.2":           "tecnativa",
		"ghcr.io/tecnativa/docker-socket-proxy":          "tecnativa",
		"lscr.io/linuxserver/socket-proxy:latest":        "linuxserver",
		"wollomatic/socket-proxy:1.13.1":                 "wollomatic",
		"hectorm/cetusguard:v1":                          "cetusguard",
		"quay.io/11notes/socket-proxy:2.1.4":             "11notes",
		"zoeyvid/docker-socket-proxy":                    "zoeyvid",
		"foxxmd/docker-proxy-filter":                     "docker-proxy-filter",
		"registry.example/tecnativa/docker-socket-proxy": "tecnativa",
		"alpine/socat":                                   "",
		"example/docker-socket-proxy":                    "",
	} {
		if proxy, ok := ProxyFor(ParseImage(image)); proxy.ID != want || ok != (want != "") {
			t.Errorf("%s: got %q, want %q", image, proxy.ID, want)
		}
	}
}

func TestForwarderFor(t *testing.T) {
	if _, ok := ForwarderFor(ParseImage("alpine/socat:1.8.0.0")); !ok {
		t.Error("socat is not known")
	}
	if _, ok := ForwarderFor(ParseImage("tecnativa/docker-socket-proxy")); ok {
		t.Error("a filtering proxy is taken for a forwarder")
	}
}

func TestKnowsEnv(t *testing.T) {
	tests := []struct {
		proxy, name, tag string
		want             bool
	}{
		{"tecnativa", "CONTAINERS", "v0.4.2", true},
		{"tecnativa", "LOG_LEVEL", "v0.1.2", true},
		{"tecnativa", "ALLOW_LOGS", "edge", true}, // a newer release knows it
		{"tecnativa", "ALLOW_PAUSE", "v0.5.0", true},
		{"tecnativa", "ALLOW_PAUSE", "v0.4.2", false},
		{"tecnativa", "ALLOWED_HOSTS", "edge", false},
		{"tecnativa", "CONTAINER", "v0.4.2", false},
		{"tecnativa", "TZ", "v0.4.2", false},
		{"linuxserver", "ALLOW_LOGS", "", true},
		{"linuxserver", "LIBPOD_PODS", "", true},
		{"linuxserver", "TZ", "latest", true},
		{"zoeyvid", "ALLOW_POWER", "", true},
	}
	for _, test := range tests {
		proxy, _ := ProxyByID(test.proxy)
		if got := proxy.KnowsEnv(test.name, test.tag); got != test.want {
			t.Errorf("%s:%s knows %s: got %v", test.proxy, test.tag, test.name, got)
		}
	}
}

func TestSwitchNamed(t *testing.T) {
	proxy, _ := ProxyByID("tecnativa")
	for name, want := range map[string]string{
		"CONTAINER": "CONTAINERS", "ALLOW_RESTART": "ALLOW_RESTARTS", "EVENT": "EVENTS", "IMAGE": "IMAGES", "LISTEN": "",
	} {
		if got := proxy.SwitchNamed(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestTagRange(t *testing.T) {
	tests := []struct {
		name         string
		from, before string
		tag          string
		want         bool
	}{
		{"at the start", "v0.4.0", "", "v0.4.0", true},
		{"after the start", "v0.4.0", "", "v0.10.0", true},
		{"before the start", "v0.4.0", "", "v0.3.0", false},
		{"without the letter", "v0.4.0", "", "0.3.0", false},
		{"newest", "v0.4.0", "", "latest", true},
		{"newest of a closed range", "", "v0.4.0", "latest", false},
		{"no tag", "v0.4.0", "", "", true},
		{"build of linuxserver", "3.4.3-r0-ls92", "", "3.4.3-r0-ls92", true},
		{"earlier build of linuxserver", "3.4.3-r0-ls92", "", "3.4.3-r0-ls91", false},
		{"below the end", "", "v0.4.0", "v0.3.9", true},
		{"at the end", "", "v0.4.0", "v0.4.0", false},
		{"open", "", "", "anything", true},
		{"too many digits", "v0.4.0", "", "v99999999999999999999", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := (TagRange{From: test.from, Before: test.before}).Contains(test.tag); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestIsBadTag(t *testing.T) {
	proxy, _ := ProxyByID("tecnativa")
	for tag, want := range map[string]bool{"v0.2.0": true, "edge": true, "v0.4.2": false, "": false} {
		if why, bad := proxy.IsBadTag(tag); bad != want || bad != (why != "") {
			t.Errorf("%q: got %q, %v", tag, why, bad)
		}
	}
}

func TestSwitchIsOn(t *testing.T) {
	for value, want := range map[string]bool{
		"1": true, "2": true, "01": true, "-1": true, "1x": true,
		"0": false, "": false, "true": false, "yes": false, "on": false, "00": false, "-": false,
	} {
		if got := SwitchIsOn(value); got != want {
			t.Errorf("%q: got %v", value, got)
		}
	}
}

func TestSettingsOfSwitches(t *testing.T) {
	proxy, _ := ProxyByID("tecnativa")
	settings, ok := proxy.Settings([]string{"CONTAINERS", "POST"}, []string{"airflow-worker"})
	want := []EnvVar{{"CONTAINERS", "1"}, {"POST", "1"}}
	if !ok || !slices.Equal(settings.Env, want) || len(settings.Args) > 0 {
		t.Errorf("got %+v, %v", settings, ok)
	}
	if settings, ok := proxy.Settings([]string{"ALLOW_LOGS"}, nil); ok {
		t.Errorf("a switch that the proxy does not have: got %+v", settings)
	}
}

func TestSettingsOfFlags(t *testing.T) {
	proxy, _ := ProxyByID("wollomatic")
	settings, ok := proxy.Settings([]string{"CONTAINERS", "EVENTS"}, []string{"traefik", "dozzle"})
	if !ok || len(settings.Args) != 5 || len(settings.Env) > 0 {
		t.Fatalf("got %+v, %v", settings, ok)
	}
	if want := []string{"-listenip=0.0.0.0", "-allowfrom=traefik,dozzle", "-allowhealthcheck"}; !slices.Equal(settings.Args[:3], want) {
		t.Errorf("got %q", settings.Args)
	}
	pattern := regexp.MustCompile("^" + strings.TrimPrefix(settings.Args[3], "-allowGET=") + "$")
	for path, want := range map[string]bool{
		"/_ping": true, "/v1.41/containers/json": true, "/containers/x/json": true, "/events": true, "/v1.51/version": true,
		"/v1.41/images/json": false, "/containersx": false, "/x/containers/json": false, "/v1.410/containers/json": false,
	} {
		if got := pattern.MatchString(path); got != want {
			t.Errorf("%s: got %v", path, got)
		}
	}
	settings, _ = proxy.Settings([]string{"CONTAINERS", "POST"}, nil)
	var methods []string
	for _, flag := range settings.Args[3:] {
		name, _, _ := strings.Cut(flag, "=")
		methods = append(methods, name)
	}
	if want := []string{"-allowGET", "-allowHEAD", "-allowPOST", "-allowPUT", "-allowDELETE"}; !slices.Equal(methods, want) {
		t.Errorf("got %q", methods)
	}
	if _, ok := proxy.Settings([]string{"ALLOW_RESTARTS"}, nil); ok {
		t.Error("a single action has no counterpart, but was accepted")
	}
}

func TestSettingsOfOtherProxies(t *testing.T) {
	for _, id := range []string{"cetusguard", "11notes", "docker-proxy-filter"} {
		proxy, found := ProxyByID(id)
		if settings, ok := proxy.Settings([]string{"CONTAINERS"}, nil); !found || ok {
			t.Errorf("%s: got %+v", id, settings)
		}
	}
}

// TestEveryNeedCanBeGranted makes sure that what clients need can be written for the proxies that a fix adds.
func TestEveryNeedCanBeGranted(t *testing.T) {
	for _, id := range []string{"tecnativa", "linuxserver", "wollomatic"} {
		proxy, _ := ProxyByID(id)
		for _, client := range Clients() {
			need := client.Need(proxy, Configuration{})
			if _, ok := proxy.Settings(need.Permissions, nil); !ok {
				t.Errorf("%s cannot grant %v to %s", id, need.Permissions, client.ID)
			}
		}
	}
}

func TestOperations(t *testing.T) {
	tests := []struct{ id, switches, other, linuxserver string }{
		{"docker-operator", "CONTAINERS IMAGES POST", "", ""},
		{"docker-operator-output", "CONTAINERS IMAGES POST", "", "ALLOW_ARCHIVE"},
		{"docker-swarm-operator", "SERVICES TASKS POST", "", ""},
		{"exec", "CONTAINERS EXEC POST", "", ""},
		{"run", "CONTAINERS POST", "", ""},
		{"ps", "CONTAINERS", "", ""},
		{"logs", "CONTAINERS", "", "ALLOW_LOGS"},
		{"restart", "CONTAINERS POST", "ALLOW_RESTARTS POST", ""},
		{"ping", "", "", ""},
		{"compose-up", "CONTAINERS IMAGES NETWORKS POST VOLUMES", "", ""},
	}
	for _, test := range tests {
		operation, ok := OperationByID(test.id)
		got := []string{
			strings.Join(operation.Switches, " "), strings.Join(operation.OtherSwitches, " "),
			strings.Join(operation.LinuxserverAdds, " "),
		}
		if want := []string{test.switches, test.other, test.linuxserver}; !ok || !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", test.id, got, want)
		}
	}
	if _, ok := OperationByID("no-such-operation"); ok {
		t.Error("found an operation that is not there")
	}
}
