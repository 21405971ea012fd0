//go:build e2e

package e2e

import "testing"

// TestClientsWorkThroughTheProxy starts a project for each way in which a client is told where the engine is, and for
// each proxy that the fix can add, and fixes it while it runs: what the client needs works before and after, and the
// rest only before. Each has a database that its client must still reach, and that must not reach the proxy.
func TestClientsWorkThroughTheProxy(t *testing.T) {
	tests := []struct {
		dir     string
		client  string
		answers []answer
		proxy   string // the kind to add; empty for the usual one
	}{
		{"own-variable", "logs", []answer{
			{"GET /containers/json", "200"},
			{"GET /info", "200"},
			{"GET /images/json", "403"},
			{"POST /containers/none/restart", "403"},
		}, ""},
		{"argument-list", "router", []answer{
			{"GET /version", "200"},
			{"GET /containers/json", "200"},
			{"GET /info", "403"},
			{"POST /containers/create", "403"},
		}, ""},
		{"argument-text", "metrics", []answer{
			{"GET /containers/json", "200"},
			{"GET /info", "200"},
			{"GET /images/json", "403"},
		}, ""},
		{"argument-pair", "console", []answer{
			{"GET /volumes", "200"},
			{"GET /networks", "200"},
			{"GET /secrets", "403"},
			{"POST /volumes/create", "403"},
		}, ""},
		{"bare-address", "updates", []answer{
			{"GET /images/json", "200"},
			{"GET /info", "403"},
			{"DELETE /containers/none", "403"},
		}, ""},
		{"host-and-port", "updates", []answer{
			{"GET /containers/json", "200"},
			{"GET /images/json", "200"},
			{"GET /networks", "403"},
		}, ""},
		{"linuxserver-proxy", "healer", []answer{
			{"GET /containers/json", "200"},
			{"POST /containers/none/restart", "404"},
			{"POST /containers/create", "403"},
			{"DELETE /containers/none", "403"},
		}, "linuxserver"},
		{"wollomatic-proxy", "logs", []answer{
			{"GET /containers/json", "200"},
			{"GET /info", "200"},
			{"GET /images/json", "403"},
			{"POST /containers/none/restart", "405"},
		}, "wollomatic"},
	}
	for _, test := range tests {
		t.Run(test.dir, func(t *testing.T) {
			t.Parallel()
			var flags []string
			if test.proxy != "" {
				flags = []string{"--socket-proxy", test.proxy}
			}
			s := newRunningStack(t, test.dir)
			s.mustAnswerBefore(test.client, test.answers...)
			s.mustReach(test.client, "postgres:5432")

			s.moveToProxy(flags...)
			s.mustAnswer(test.client, test.answers...)
			s.mustReach(test.client, "postgres:5432")
			s.mustReach(test.client, proxyService+":2375")
			s.mustNotReach("postgres", proxyService)
		})
	}
}

// Clients with different needs get a proxy each, and neither can use the other's.
func TestClientsDoNotShareAProxy(t *testing.T) {
	t.Parallel()
	s := newRunningStack(t, "two-proxies")
	s.moveToProxy()
	const notifierProxy, updaterProxy = proxyService, proxyService + "-updater"

	s.mustAnswer("notifier", answer{"GET /images/json", "200"}, answer{"POST /containers/none/stop", "403"})
	s.mustReach("notifier", notifierProxy+":2375")
	s.mustNotReach("notifier", updaterProxy)

	s.mustAnswer("updater", answer{"POST /containers/none/stop", "404"}, answer{"GET /volumes", "403"})
	s.mustReach("updater", updaterProxy+":2375")
	s.mustNotReach("updater", notifierProxy)

	for _, client := range []string{"notifier", "updater"} {
		s.mustReach(client, "postgres:5432")
	}
}

// A client in the host's network finds no service by name, so its proxy has a port of the host.
func TestClientInTheHostNetwork(t *testing.T) {
	t.Parallel()
	answers := []answer{{"GET /containers/json", "200"}, {"GET /info", "403"}}
	s := newRunningStack(t, "host-network")
	s.mustAnswerBefore("metrics", answers...)

	s.moveToProxy()
	s.mustAnswer("metrics", answers...)
	s.mustReach("metrics", "127.0.0.1:2375")
	s.mustNotReach("postgres", proxyService)
}

// A proxy that everybody reaches keeps its client, and loses the others.
func TestExposedProxyIsClosed(t *testing.T) {
	t.Parallel()
	s := newRunningStack(t, "exposed-proxy")
	const address = "gate:2375"
	s.mustAnswer("logs", answer{"GET /containers/json", "200"})
	s.mustReach("postgres", address)

	s.moveToProxy()
	s.mustAnswer("logs", answer{"GET /containers/json", "200"})
	s.mustReach("logs", address)
	s.mustReach("logs", "postgres:5432")
	s.mustNotReach("postgres", "gate")
	if ports := s.inspect("gate", "{{.NetworkSettings.Ports}}"); ports != "map[]" {
		t.Errorf("the proxy is still published: %s", ports)
	}
}

// A second network takes no published port away, whichever of the two comes first by its name, and Traefik is told the
// one that it has, by the name that Docker has for it. The proxy that Traefik uses says that it wants no way to it.
func TestClientBehindTraefik(t *testing.T) {
	t.Parallel()
	s := newRunningStack(t, "behind-traefik")
	serve := func() {
		if _, err := s.compose("exec", "--detach", "logs", "/client", "serve", "8080"); err != nil {
			t.Fatal(err)
		}
		s.eventually("the host reaches logs", func() bool {
			_, err := s.exec("outside", "/client", "reach", "127.0.0.1:18080")
			return err == nil
		})
	}
	serve()
	s.moveToProxy()
	serve()
	s.mustAnswer("logs", answer{"GET /containers/json", "200"}, answer{"GET /images/json", "403"})
	s.mustAnswer("router", answer{"GET /containers/json", "200"}, answer{"GET /info", "403"})

	network := s.inspect("logs", `{{index .Config.Labels "traefik.docker.network"}}`)
	for _, service := range []string{"logs", "router"} {
		if s.inspect(service, `{{with index .NetworkSettings.Networks "`+network+`"}}here{{end}}`) != "here" {
			t.Errorf("%s is not on the network %q that Traefik is told", service, network)
		}
	}
	if label := s.inspect(proxyService, `{{index .Config.Labels "traefik.enable"}}`); label != "false" {
		t.Errorf("the proxy says %q to Traefik", label)
	}
}
