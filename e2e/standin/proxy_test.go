package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// serveEngine serves a handler on a Unix socket, as a container engine does.
func serveEngine(t *testing.T, socket string, handler http.Handler) {
	t.Helper()
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: handler}}
	server.Start()
	t.Cleanup(server.Close)
}

// newProxy starts a proxy that lets everything through but /refused, in front of that handler.
func newProxy(t *testing.T, engine http.HandlerFunc) *httptest.Server {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "engine.sock")
	if engine != nil {
		serveEngine(t, socket, engine)
	}
	server := httptest.NewServer(&proxy{
		check: func(r *http.Request) int {
			if r.URL.Path == "/refused" {
				return http.StatusForbidden
			}
			return 0
		},
		forward: forwardTo(socket),
	})
	t.Cleanup(server.Close)
	return server
}

func send(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Error(err)
	}
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(content)
}

func TestProxyForwardsOrRefuses(t *testing.T) {
	server := newProxy(t, func(w http.ResponseWriter, r *http.Request) {
		send(t, w, r.Method+" "+r.RequestURI)
	})
	const uri = "/v1.45/images/json?filters=%7B%22a;b%22%7D"
	if status, body := get(t, server.URL+uri); status != 200 || body != "GET "+uri {
		t.Errorf("%d %q, want the engine to see %s", status, body, uri)
	}
	if status, body := get(t, server.URL+"/refused"); status != 403 || !strings.Contains(body, "administrative rules") {
		t.Errorf("%d %q for a request that is not let through", status, body)
	}
}

func TestProxyWithoutEngine(t *testing.T) {
	if status, _ := get(t, newProxy(t, nil).URL+"/_ping"); status != http.StatusServiceUnavailable {
		t.Errorf("status %d without an engine, want 503", status)
	}
}

// A follower of events must see each one when it happens, not when the answer ends.
func TestProxyPassesPiecesOn(t *testing.T) {
	seen := make(chan struct{})
	server := newProxy(t, func(w http.ResponseWriter, _ *http.Request) {
		send(t, w, "started\n")
		w.(http.Flusher).Flush()
		<-seen
	})
	resp, err := http.Get(server.URL + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	line, err := bufio.NewReader(resp.Body).ReadString('\n')
	close(seen)
	if line != "started\n" {
		t.Errorf("first event %q (%v)", line, err)
	}
}

// Attach and exec turn the connection into a plain two-way stream.
func TestProxyPassesStreamsOn(t *testing.T) {
	server := newProxy(t, func(w http.ResponseWriter, _ *http.Request) { echoLine(t, w) })
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	send(t, conn, "POST /exec/1/start HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n")
	reader := bufio.NewReader(conn)
	resp, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("status %d, want 101", resp.StatusCode)
	}
	send(t, conn, "hello\n")
	if line, err := reader.ReadString('\n'); line != "hello\n" {
		t.Errorf("%q came back (%v)", line, err)
	}
}

// echoLine takes the connection over and sends one line back.
func echoLine(t *testing.T, w http.ResponseWriter) {
	conn, stream, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = conn.Close() }()
	send(t, conn, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
	line, err := stream.ReadString('\n')
	if err != nil {
		t.Error(err)
	}
	send(t, conn, line)
}

func TestRunNeedsToKnowWhatToStandInFor(t *testing.T) {
	for _, args := range [][]string{{"standin"}, {"standin", "haproxy"}} {
		if err := run(args, nil); err == nil {
			t.Errorf("%v starts", args)
		}
	}
}
