//go:build e2e

package e2e

import "testing"

// answer is the status that a request from a service gets. The engine answers a request for a container that is not
// there with 404, which shows that it got the request.
type answer struct{ service, request, status string }

// TestClientsWorkThroughTheProxy fixes and starts a project for each way in which a client is told where the engine is,
// and for each proxy that the fix can add. Each has a database that its client must still reach, and that must not reach
// the proxy.
func TestClientsWorkThroughTheProxy(t *testing.T) {
	tests := []struct {
		dir     string
		client  string
		answers []answer
	}{
		{"own-variable", "logs", []answer{
			{"logs", "GET /containers/json", "200"},
			{"logs", "GET /info", "200"},
			{"logs", "GET /images/json", "403"},
			{"logs", "POST /containers/none/restart", "403"},
		}},
		{"argument-list", "router", []answer{
			{"router", "GET /version", "200"},
			{"router", "GET /containers/json", "200"},
			{"router", "GET /info", "403"},
			{"router", "POST /containers/create", "403"},
		}},
		{"argument-text", "metrics", []answer{
			{"metrics", "GET /containers/json", "200"},
			{"metrics", "GET /info", "200"},
			{"metrics", "GET /images/json", "403"},
		}},
		{"argument-pair", "console", []answer{
			{"console", "GET /volumes", "200"},
			{"console", "GET /networks", "200"},
			{"console", "GET /secrets", "403"},
			{"console", "POST /volumes/create", "403"},
		}},
		{"bare-address", "updates", []answer{
			{"updates", "GET /images/json", "200"},
			{"updates", "GET /info", "403"},
			{"updates", "DELETE /containers/none", "403"},
		}},
		{"host-and-port", "updates", []answer{
			{"updates", "GET /containers/json", "200"},
			{"updates", "GET /images/json", "200"},
			{"updates", "GET /networks", "403"},
		}},
		{"two-proxies", "notifier", []answer{
			{"notifier", "GET /images/json", "200"},
			{"notifier", "POST /containers/none/stop", "403"},
			{"updater", "POST /containers/none/stop", "404"},
			{"updater", "GET /networks", "200"},
			{"updater", "GET /volumes", "403"},
		}},
		{"linuxserver-proxy", "healer", []answer{
			{"healer", "GET /containers/json", "200"},
			{"healer", "POST /containers/none/restart", "404"},
			{"healer", "POST /containers/create", "403"},
			{"healer", "DELETE /containers/none", "403"},
		}},
		{"wollomatic-proxy", "logs", []answer{
			{"logs", "GET /containers/json", "200"},
			{"logs", "GET /info", "200"},
			{"logs", "GET /images/json", "403"},
			{"logs", "POST /containers/none/restart", "405"},
		}},
	}
	for _, test := range tests {
		t.Run(test.dir, func(t *testing.T) {
			t.Parallel()
			s := newStack(t, "testdata/"+test.dir, "compose.yaml")
			s.fix()
			s.up()
			s.mustBeHealthy()
			for _, a := range test.answers {
				s.mustAnswer(a.service, a.request, a.status)
			}
			s.mustReach(test.client, "postgres:5432")
			s.mustReach(test.client, proxyService+":2375")
			s.mustNotReach("postgres", proxyService)
			if test.dir == "two-proxies" {
				s.mustNotReach("notifier", proxyService+"-updater")
				s.mustNotReach("updater", proxyService)
			}
		})
	}
}

// A client in the host's network finds no service by name. The fix is unsafe, as all programs of the host get the port.
func TestClientInTheHostNetwork(t *testing.T) {
	t.Parallel()
	s := newStack(t, "testdata/host-network", "compose.yaml")
	s.fix("--unsafe-fixes")
	s.up()
	s.mustBeHealthy()
	s.mustAnswer("metrics", "GET /containers/json", "200")
	s.mustAnswer("metrics", "GET /info", "403")
	s.mustReach("metrics", "127.0.0.1:2375")
	s.mustNotReach("postgres", proxyService)
}
