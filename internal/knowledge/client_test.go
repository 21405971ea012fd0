package knowledge

import (
	"slices"
	"strings"
	"testing"
)

func TestClientFor(t *testing.T) {
	tests := []struct{ name, image, want string }{
		{"official image", "traefik:v3.1", "traefik"},
		{"copy on another registry", "ghcr.io/amir20/dozzle", "dozzle"},
		{"fork", "nickfedor/watchtower", "watchtower"},
		{"unverified name", "ghcr.io/anchore/syft", "syft-grype"},
		{"default of a variable", "${AIRFLOW_IMAGE_NAME:-apache/airflow:2.10.5}", "airflow"},
		{"command line of the engine", "docker:27-cli", "docker-cli"},
		{"engine in a container", "docker:27-dind", ""},
		{"unknown", "example/app", ""},
		{"hidden by a variable", "${IMAGE}", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, ok := ClientFor(ParseImage(test.image))
			if client.ID != test.want || ok != (test.want != "") {
				t.Errorf("got %q, want %q", client.ID, test.want)
			}
		})
	}
}

func TestClientByID(t *testing.T) {
	for _, want := range Clients() {
		if got, ok := ClientByID(want.ID); !ok || got.ID != want.ID {
			t.Errorf("%s is not found", want.ID)
		}
	}
	if _, ok := ClientByID("no-such-client"); ok {
		t.Error("found a client that is not there")
	}
}

func TestNeed(t *testing.T) {
	env := func(pairs ...string) Configuration {
		config := Configuration{Environment: map[string]string{}}
		for _, pair := range pairs {
			name, value, _ := strings.Cut(pair, "=")
			config.Environment[name] = value
		}
		return config
	}
	args := func(words ...string) Configuration { return Configuration{Command: words} }
	labels := func(names ...string) Configuration { return Configuration{Labels: names} }
	tests := []struct {
		name, client, proxy string
		config              Configuration
		want, features      string
	}{
		{"traefik reads containers", "traefik", "tecnativa", Configuration{}, "CONTAINERS", ""},
		{"traefik in a Swarm", "traefik", "tecnativa", args("--providers.swarm.endpoint=tcp://x:1"),
			"CONTAINERS NETWORKS NODES SERVICES TASKS", "it looks for Swarm services"},
		{"traefik 2 in a Swarm", "traefik", "tecnativa", args("--providers.docker.swarmMode"),
			"CONTAINERS NETWORKS NODES SERVICES TASKS", "Swarm mode is on"},
		{"traefik 2 not in a Swarm", "traefik", "tecnativa", args("--providers.docker.swarmMode=false"), "CONTAINERS", ""},
		{"events for a proxy that grants nothing by itself", "traefik", "wollomatic", Configuration{}, "CONTAINERS EVENTS", ""},
		{"portainer", "portainer", "tecnativa", Configuration{}, "CONTAINERS IMAGES INFO NETWORKS VOLUMES", ""},
		{"watchtower", "watchtower", "tecnativa", Configuration{}, "CONTAINERS IMAGES NETWORKS POST", ""},
		{"watchtower with hooks", "watchtower", "tecnativa", env("WATCHTOWER_LIFECYCLE_HOOKS=true"),
			"CONTAINERS EXEC IMAGES NETWORKS POST", "lifecycle hooks are enabled"},
		{"watchtower with hooks off", "watchtower", "tecnativa", env("WATCHTOWER_LIFECYCLE_HOOKS=false"),
			"CONTAINERS IMAGES NETWORKS POST", ""},
		{"dozzle", "dozzle", "tecnativa", Configuration{}, "CONTAINERS INFO", ""},
		{"dozzle with actions", "dozzle", "tecnativa", env("DOZZLE_ENABLE_ACTIONS=true"), "CONTAINERS INFO POST",
			"actions on containers are enabled"},
		{"dozzle with both", "dozzle", "tecnativa", env("DOZZLE_ENABLE_ACTIONS=true", "DOZZLE_ENABLE_SHELL=1"),
			"CONTAINERS EXEC INFO POST", "actions on containers are enabled, the shell is enabled"},
		{"the same sign twice", "dozzle", "tecnativa",
			Configuration{Environment: map[string]string{"DOZZLE_ENABLE_SHELL": "true"}, Command: []string{"--enable-shell"}},
			"CONTAINERS EXEC INFO POST", "the shell is enabled"},
		{"dozzle behind linuxserver", "dozzle", "linuxserver", env("DOZZLE_ENABLE_ACTIONS=true"),
			"ALLOW_LOGS ALLOW_RESTARTS ALLOW_START ALLOW_STOP CONTAINERS INFO", "actions on containers are enabled"},
		{"netdata", "netdata", "tecnativa", Configuration{}, "CONTAINERS", ""},
		{"cadvisor", "cadvisor", "tecnativa", Configuration{}, "CONTAINERS INFO", ""},
		{"homepage", "homepage", "tecnativa", Configuration{}, "CONTAINERS", ""},
		{"autoheal", "autoheal", "tecnativa", Configuration{}, "CONTAINERS POST", ""},
		{"autoheal behind linuxserver", "autoheal", "linuxserver", Configuration{}, "ALLOW_RESTARTS CONTAINERS", ""},
		{"autoheal behind a proxy like Tecnativa's", "autoheal", "zoeyvid", Configuration{}, "CONTAINERS POST", ""},
		{"ofelia alone", "ofelia", "tecnativa", Configuration{}, "CONTAINERS INFO", ""},
		{"ofelia runs commands", "ofelia", "tecnativa", labels("ofelia.enabled", "ofelia.job-exec.a.schedule"),
			"CONTAINERS EXEC INFO POST", "a job-exec label runs commands in a container"},
		{"ofelia on its own", "ofelia", "tecnativa", labels("ofelia.job-local.a.schedule"), "CONTAINERS INFO", ""},
		{"docker-gen notifies", "docker-gen", "linuxserver", args("-notify-sighup", "nginx"),
			"ALLOW_RESTARTS CONTAINERS NETWORKS", "it signals or restarts other containers"},
		{"docker-gen notifies, two dashes", "docker-gen", "tecnativa", args("--notify-sighup", "nginx"),
			"CONTAINERS NETWORKS POST", "it signals or restarts other containers"},
		{"wud updates", "wud", "tecnativa", env("WUD_TRIGGER_DOCKER_LOCAL_PRUNE=true"),
			"CONTAINERS IMAGES NETWORKS POST", "it updates containers"},
		{"airflow", "airflow", "tecnativa", Configuration{}, "CONTAINERS IMAGES POST", ""},
		{"swag on demand", "swag", "linuxserver", env("DOCKER_MODS=linuxserver/mods:universal-docker|linuxserver/mods:swag-ondemand"),
			"ALLOW_START ALLOW_STOP CONTAINERS", "swag-ondemand starts and stops containers"},
		{"not established", "portainer-agent", "tecnativa", Configuration{}, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, okClient := ClientByID(test.client)
			proxy, okProxy := ProxyByID(test.proxy)
			if !okClient || !okProxy {
				t.Fatal("no such client or proxy")
			}
			need := client.Need(proxy, test.config)
			if got := strings.Join(need.Permissions, " "); got != test.want {
				t.Errorf("permissions %q, want %q", got, test.want)
			}
			if got := strings.Join(need.Features, ", "); got != test.features {
				t.Errorf("features %q, want %q", got, test.features)
			}
		})
	}
}

func TestNeedSaysWhatMayBeNeeded(t *testing.T) {
	proxy, _ := ProxyByID("tecnativa")
	tests := []struct{ client, mount, want string }{
		{"airflow", "", "AUTH EXEC SERVICES TASKS"},
		{"netdata", "", "IMAGES INFO"},
		{"homarr", "", "POST"},
		{"dozzle", "/data", ""}, // its signs tell
		{"ofelia", "/etc/ofelia/config.ini", "EXEC IMAGES NETWORKS POST SERVICES TASKS"},
		{"ofelia", "/data", ""},
	}
	for _, test := range tests {
		client, _ := ClientByID(test.client)
		if got := strings.Join(client.Need(proxy, Configuration{Mounts: []string{test.mount}}).MayNeed, " "); got != test.want {
			t.Errorf("%s with %q: may need %q, want %q", test.client, test.mount, got, test.want)
		}
	}
}

func TestNeedsSocket(t *testing.T) {
	client, _ := ClientByID("dozzle")
	tests := []struct {
		config Configuration
		want   string
	}{
		{Configuration{}, ""},
		{Configuration{Command: []string{"agent", "--filter", "x"}}, "agent"},
		{Configuration{Environment: map[string]string{"DOZZLE_MODE": "swarm"}}, "DOZZLE_MODE=swarm"},
		{Configuration{Environment: map[string]string{"DOZZLE_MODE": "server"}, Command: []string{"--agent"}}, ""},
	}
	for _, test := range tests {
		if got := client.NeedsSocket(test.config); got != test.want {
			t.Errorf("%v: got %q, want %q", test.config, got, test.want)
		}
	}
}

// TestNeedDoesNotChangeTheTable guards against appending into the table's own slices.
func TestNeedDoesNotChangeTheTable(t *testing.T) {
	proxy, _ := ProxyByID("linuxserver")
	config := Configuration{Environment: map[string]string{"DOZZLE_ENABLE_SHELL": "true"}}
	for _, client := range Clients() {
		before := slices.Clone(client.PermissionsBase)
		first := client.Need(proxy, config)
		if second := client.Need(proxy, config); !slices.Equal(first.Permissions, second.Permissions) {
			t.Errorf("%s: needs %v, then %v", client.ID, first.Permissions, second.Permissions)
		}
		if again, _ := ClientByID(client.ID); !slices.Equal(again.PermissionsBase, before) {
			t.Errorf("%s: the table has changed", client.ID)
		}
	}
}

func TestWiring(t *testing.T) {
	tests := []struct {
		client string
		kind   WiringKind
		env    []EnvVar
		args   []string
		file   string
		ui     string
	}{
		{client: "airflow", kind: WiringEnv, env: []EnvVar{{"DOCKER_HOST", "tcp://proxy:2375"}}},
		{client: "netdata", kind: WiringEnv, env: []EnvVar{{"DOCKER_HOST", "proxy:2375"}}},
		{client: "homarr", kind: WiringEnv, env: []EnvVar{{"DOCKER_HOSTNAMES", "proxy"}, {"DOCKER_PORTS", "2375"}}},
		{client: "diun", kind: WiringEnv, env: []EnvVar{{"DIUN_PROVIDERS_DOCKER_ENDPOINT", "tcp://proxy:2375"}},
			file: "diun.yml: providers: docker: endpoint: tcp://proxy:2375"},
		{client: "portainer", kind: WiringArgs, args: []string{"-H", "tcp://proxy:2375"}},
		{client: "cadvisor", kind: WiringArgs, args: []string{"--docker=tcp://proxy:2375"}},
		{client: "homepage", kind: WiringConfigFile, file: "/app/config/docker.yaml: my-docker: {host: proxy, port: 2375}"},
		{client: "uptime-kuma", kind: WiringUI, ui: "Settings, Docker Hosts: connection type TCP, http://proxy:2375"},
		{client: "portainer-agent", kind: WiringImpossible},
		{client: "kafka-wurstmeister", kind: WiringDropMount},
		{client: "windmill", kind: WiringUnknown},
	}
	for _, test := range tests {
		client, _ := ClientByID(test.client)
		wiring := client.Wiring
		if wiring.Kind != test.kind {
			t.Errorf("%s: kind %q, want %q", test.client, wiring.Kind, test.kind)
		}
		if got := wiring.Env("proxy", 2375); !slices.Equal(got, test.env) {
			t.Errorf("%s: variables %v, want %v", test.client, got, test.env)
		}
		if got := wiring.Args("proxy", 2375); !slices.Equal(got, test.args) {
			t.Errorf("%s: arguments %q, want %q", test.client, got, test.args)
		}
		if got := wiring.ConfigFile("proxy", 2375); got != test.file {
			t.Errorf("%s: configuration %q, want %q", test.client, got, test.file)
		}
		if got := wiring.UI("proxy", 2375); got != test.ui {
			t.Errorf("%s: interface %q, want %q", test.client, got, test.ui)
		}
	}
}

func TestSocketUnneeded(t *testing.T) {
	tests := []struct {
		name, client string
		variables    []string
		want         bool
	}{
		{"a listener is set", "kafka-wurstmeister", []string{"KAFKA_LISTENERS"}, true},
		{"no listener is set", "kafka-wurstmeister", nil, false},
		{"a command may use the engine", "kafka-wurstmeister", []string{"KAFKA_LISTENERS", "HOSTNAME_COMMAND"}, false},
		{"no mod", "swag", nil, true},
		{"a mod", "swag", []string{"DOCKER_MODS"}, false},
		{"always needed", "traefik", nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, _ := ClientByID(test.client)
			config := Configuration{Environment: map[string]string{}}
			for _, name := range test.variables {
				config.Environment[name] = "x"
			}
			if reason, ok := client.SocketUnneeded(config); ok != test.want || ok != (reason != "") {
				t.Errorf("got %q, %v; want %v", reason, ok, test.want)
			}
		})
	}
}

func TestSocketNeverUsed(t *testing.T) {
	if idle, ok := SocketNeverUsed(ParseImage("prodrigestivill/postgres-backup-local:16")); !ok || idle.Reason == "" {
		t.Error("the backup image is not known")
	}
	if _, ok := SocketNeverUsed(ParseImage("traefik")); ok {
		t.Error("traefik does use the socket")
	}
}

func TestMatches(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"A", "A", true},
		{"A", "AB", false},
		{"A*", "AB", true},
		{"A*", "A", true},
		{"A*", "BA", false},
		{"WUD_WATCHER_*_SOCKET", "WUD_WATCHER_LOCAL_SOCKET", true},
		{"WUD_WATCHER_*_SOCKET", "WUD_WATCHER_LOCAL_HOST", false},
		{"*cli*", "27-cli-alpine", true},
		{"*", "", true},
	}
	for _, test := range tests {
		if got := matches(test.pattern, test.name); got != test.want {
			t.Errorf("%q matches %q: got %v", test.pattern, test.name, got)
		}
	}
}
