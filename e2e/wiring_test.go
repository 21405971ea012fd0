//go:build e2e

package e2e

import "testing"

// answer is the status that a request gets. The engine answers a request for a container that is not there with 404,
// which shows that it got the request.
type answer struct{ request, status string }

// TestClientsWorkThroughTheProxy fixes and starts a project for each way in which a client is told where the engine
// is, and for each proxy that the fix can add. Each has a database that its client must still reach, and that must
// not reach the proxy.
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
			s := newFixedStack(t, test.dir, flags...)
			for _, a := range test.answers {
				s.mustAnswer(test.client, a.request, a.status)
			}
			s.mustReach(test.client, "postgres:5432")
			s.mustReach(test.client, proxyService+":2375")
			s.mustNotReach("postgres", proxyService)
		})
	}
}

// Clients with different needs get a proxy each, and neither can use the other's.
func TestClientsDoNotShareAProxy(t *testing.T) {
	t.Parallel()
	s := newFixedStack(t, "two-proxies")
	const notifierProxy, updaterProxy = proxyService, proxyService + "-updater"

	s.mustAnswer("notifier", "GET /images/json", "200")
	s.mustAnswer("notifier", "POST /containers/none/stop", "403")
	s.mustReach("notifier", notifierProxy+":2375")
	s.mustNotReach("notifier", updaterProxy)

	s.mustAnswer("updater", "POST /containers/none/stop", "404")
	s.mustAnswer("updater", "GET /volumes", "403")
	s.mustReach("updater", updaterProxy+":2375")
	s.mustNotReach("updater", notifierProxy)

	for _, client := range []string{"notifier", "updater"} {
		s.mustReach(client, "postgres:5432")
	}
}

// A client in the host's network finds no service by name, so its proxy has a port of the host.
func TestClientInTheHostNetwork(t *testing.T) {
	t.Parallel()
	s := newFixedStack(t, "host-network")
	s.mustAnswer("metrics", "GET /containers/json", "200")
	s.mustAnswer("metrics", "GET /info", "403")
	s.mustReach("metrics", "127.0.0.1:2375")
	s.mustNotReach("postgres", proxyService)
}
