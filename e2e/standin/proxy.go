package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
)

const defaultSocket = "/var/run/docker.sock"

// proxy hands the requests that pass its check to the engine.
type proxy struct {
	// check returns 0 for a request that may pass, else the status of the
	// answer.
	check   func(*http.Request) int
	forward http.Handler
}

// ServeHTTP forwards the request, or answers that it is forbidden.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if status := p.check(r); status != 0 {
		answer(w, status, "Request forbidden by administrative rules.")
		return
	}
	p.forward.ServeHTTP(w, r)
}

func answer(w http.ResponseWriter, status int, text string) {
	w.WriteHeader(status)
	// A client that went away is no concern of the proxy.
	_, _ = io.WriteString(w, http.StatusText(status)+"\n"+text+"\n")
}

// forwardTo returns a handler that sends each request unchanged to the engine
// behind a Unix socket. Connections that the engine takes over (attach, exec)
// become a plain two-way stream, and every piece of an answer is passed on as
// it comes (events, logs).
func forwardTo(socket string) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme = "http"
			r.Out.URL.Host = "docker"
			// ReverseProxy drops the parameters that it cannot parse.
			r.Out.URL.RawQuery = r.In.URL.RawQuery
		},
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, "unix", socket)
			},
			DisableCompression: true,
		},
		FlushInterval: -1,
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			var failed *net.OpError
			if errors.As(err, &failed) && failed.Op == "dial" {
				answer(w, http.StatusServiceUnavailable, "No server is available to handle this request.")
				return
			}
			answer(w, http.StatusBadGateway, "The server returned an invalid or incomplete response.")
		},
	}
}
