// Command standin takes the place of the Docker socket proxies in the
// end-to-end tests, where no container registry can be reached. It is put into
// images that carry the proxies' names, and decides as they do which request
// reaches the Docker socket:
//
//	standin tecnativa     tecnativa/docker-socket-proxy, v0.1.2 to v0.4.2
//	standin linuxserver   linuxserver/socket-proxy, 3.4.3-r0-ls92
//	standin wollomatic    wollomatic/socket-proxy, 1.13.1, with its flags
//
// The first two take their switches from the environment. Under the name
// healthcheck it is the health checker of the third one's image.
//
// What it does not show is the ten minutes after which the first two cut a
// silent connection.
package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if err := run(os.Args, os.Environ()); err != nil {
		fmt.Fprintln(os.Stderr, "standin:", err)
		os.Exit(1)
	}
}

func run(args, environ []string) error {
	if filepath.Base(args[0]) == "healthcheck" {
		return checkHealth(healthURL)
	}
	if len(args) < 2 {
		return errors.New("name the proxy to stand in for: tecnativa, linuxserver or wollomatic")
	}
	env := environment(environ)
	switch args[1] {
	case "tecnativa":
		// The image renders its configuration and writes a pid file before it
		// listens, and exits where it cannot: a read-only container needs a
		// tmpfs for each.
		return serveSwitches(tecnativa, env, "/tmp/haproxy.cfg", "/run/haproxy.pid")
	case "linuxserver":
		return serveSwitches(linuxserver, env, "/run/haproxy.pid")
	case "wollomatic":
		return serveWollomatic(args[2:], env)
	}
	return fmt.Errorf("no proxy is called %q", args[1])
}

func environment(environ []string) map[string]string {
	env := make(map[string]string, len(environ))
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	return env
}

func serveSwitches(kind switchKind, env map[string]string, written ...string) error {
	for _, file := range written {
		if err := os.WriteFile(file, []byte("standin\n"), 0o600); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", kind.listenAddress(env))
	if err != nil {
		return err
	}
	return http.Serve(listener, &proxy{
		check:   func(r *http.Request) int { return kind.check(env, r) },
		forward: forwardTo(kind.socketPath(env)),
	})
}
