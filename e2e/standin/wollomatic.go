package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
)

// healthURL is where wollomatic/socket-proxy answers its health checker, if
// -allowhealthcheck is given.
const healthURL = "http://127.0.0.1:55555/health"

// wollomatic is the configuration of a proxy that allows paths by regular
// expressions for each method, clients by address, and bind mounts by source
// directory.
type wollomatic struct {
	paths       map[string][]*regexp.Regexp
	clients     []string
	binds       []string
	listen      string
	socket      string
	healthcheck bool
}

var wollomaticMethods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE", "OPTIONS"}

// parseWollomatic reads the configuration as the proxy does: a flag wins over
// its environment variable, and for the paths of a method the first -allow
// flag puts all SP_ALLOW_ variables of that method out of use.
func parseWollomatic(args []string, env map[string]string) (*wollomatic, error) {
	or := func(name, fallback string) string {
		if env[name] != "" {
			return env[name]
		}
		return fallback
	}
	flags := flag.NewFlagSet("socket-proxy", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	listenIP := flags.String("listenip", or("SP_LISTENIP", "127.0.0.1"), "")
	port := flags.String("proxyport", or("SP_PROXYPORT", "2375"), "")
	clients := flags.String("allowfrom", or("SP_ALLOWFROM", "127.0.0.1/32"), "")
	binds := flags.String("allowbindmountfrom", env["SP_ALLOWBINDMOUNTFROM"], "")
	socket := flags.String("socketpath", or("SP_SOCKETPATH", defaultSocket), "")
	health := flags.Bool("allowhealthcheck", slices.Contains([]string{"1", "t", "true", "TRUE", "True"}, env["SP_ALLOWHEALTHCHECK"]), "")
	// These change nothing that the tests can see.
	for _, name := range []string{"loglevel", "watchdoginterval", "shutdowngracetime"} {
		flags.String(name, "", "")
	}
	for _, name := range []string{"logjson", "stoponwatchdog"} {
		flags.Bool(name, false, "")
	}
	patterns := patternsFromEnvironment(env)
	fromFlag := map[string][]string{}
	for _, method := range wollomaticMethods {
		flags.Func("allow"+method, "", func(pattern string) error {
			fromFlag[method] = append(fromFlag[method], pattern)
			return nil
		})
	}
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("argument %q is not a flag", flags.Arg(0))
	}
	for method, list := range fromFlag {
		patterns[method] = list
	}
	if net.ParseIP(*listenIP) == nil {
		return nil, fmt.Errorf("-listenip %q is not an address", *listenIP)
	}
	w := &wollomatic{
		paths:       map[string][]*regexp.Regexp{},
		clients:     strings.Split(*clients, ","),
		listen:      net.JoinHostPort(*listenIP, *port),
		socket:      *socket,
		healthcheck: *health,
	}
	for method, list := range patterns {
		for _, pattern := range list {
			// The proxy puts the anchors around the text as it is, so that in
			// "a|b" each belongs to one side only.
			re, err := regexp.Compile("^" + pattern + "$")
			if err != nil {
				return nil, err
			}
			w.paths[method] = append(w.paths[method], re)
		}
	}
	if *binds == "" {
		return w, nil
	}
	for _, dir := range strings.Split(*binds, ",") {
		if !path.IsAbs(dir) {
			return nil, fmt.Errorf("-allowbindmountfrom %q is not an absolute path", dir)
		}
		w.binds = append(w.binds, path.Clean(dir))
	}
	return w, nil
}

// patternsFromEnvironment collects SP_ALLOW_GET, SP_ALLOW_GET_2 and so on.
func patternsFromEnvironment(env map[string]string) map[string][]string {
	patterns := map[string][]string{}
	for name, value := range env {
		rest, found := strings.CutPrefix(name, "SP_ALLOW_")
		if !found || value == "" {
			continue
		}
		method, _, _ := strings.Cut(rest, "_")
		patterns[method] = append(patterns[method], value)
	}
	return patterns
}

func serveWollomatic(args []string, env map[string]string) error {
	w, err := parseWollomatic(args, env)
	if err != nil {
		return err
	}
	// The proxy ends at once when it cannot use the socket: its user must be
	// in the socket's group.
	if err := reachable(w.socket); err != nil {
		return err
	}
	if w.healthcheck {
		listener, err := net.Listen("tcp", "127.0.0.1:55555")
		if err != nil {
			return err
		}
		go func() { _ = http.Serve(listener, w.healthHandler()) }()
	}
	listener, err := net.Listen("tcp", w.listen)
	if err != nil {
		return err
	}
	return http.Serve(listener, &proxy{check: w.check, forward: forwardTo(w.socket)})
}

func reachable(socket string) error {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return err
	}
	return conn.Close()
}

func (w *wollomatic) healthHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("HEAD /health", func(rw http.ResponseWriter, _ *http.Request) {
		if err := reachable(w.socket); err != nil {
			rw.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	return mux
}

// checkHealth asks a running proxy for its health, as the program of that name
// in its image does.
func checkHealth(url string) error {
	resp, err := http.Head(url)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return nil
}

// check returns 0 for a request that may reach the engine, else the status of
// the answer.
func (w *wollomatic) check(r *http.Request) int {
	if !w.allowsClient(r.RemoteAddr) {
		return http.StatusForbidden
	}
	patterns, known := w.paths[r.Method]
	if !known {
		return http.StatusMethodNotAllowed
	}
	matches := func(re *regexp.Regexp) bool { return re.MatchString(r.URL.Path) }
	if !slices.ContainsFunc(patterns, matches) {
		return http.StatusForbidden
	}
	if err := w.checkBinds(r); err != nil {
		return http.StatusForbidden
	}
	return 0
}

// allowsClient compares the client's address with the networks of -allowfrom
// and with what its host names mean at this moment.
func (w *wollomatic) allowsClient(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return slices.ContainsFunc(w.clients, func(client string) bool {
		if _, network, err := net.ParseCIDR(client); err == nil {
			return network.Contains(ip)
		}
		addresses, err := net.LookupIP(client)
		return err == nil && slices.ContainsFunc(addresses, ip.Equal)
	})
}

// createRequest is what the bodies of the four requests that can mount a
// directory of the host say about mounts.
type createRequest struct {
	HostConfig struct {
		Binds       []string
		Mounts      []mount
		VolumesFrom []string
	}
	TaskTemplate struct {
		ContainerSpec struct{ Mounts []mount }
	}
	volumeDriver
	DriverOpts map[string]string
}

type mount struct {
	Type          string
	Source        string
	VolumeOptions struct {
		DriverConfig struct {
			Name    string
			Options map[string]string
		}
	}
}

// volumeDriver is a name of its own because a volume calls it Driver and a
// mount calls it Name.
type volumeDriver struct{ Driver string }

var mountingRequest = regexp.MustCompile(`^(/v\d+(\.\d+)*)?/(containers/create|containers/[^/]+/update|services/create|services/[^/]+/update|volumes/create)(/|$)`)

// checkBinds refuses a request whose body mounts a directory of the host from
// outside the allowed ones, and leaves the body to be read again.
func (w *wollomatic) checkBinds(r *http.Request) error {
	if len(w.binds) == 0 || r.Method != http.MethodPost || !mountingRequest.MatchString(r.URL.Path) {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var req createRequest
	if err := json.Unmarshal(body, &req); err != nil {
		return err
	}
	if len(req.HostConfig.VolumesFrom) > 0 {
		return errors.New("volumes of another container are not allowed")
	}
	for _, source := range req.bindSources() {
		if !w.allowsBind(source) {
			return fmt.Errorf("bind mount of %q is not allowed", source)
		}
	}
	return nil
}

// bindSources lists the paths of the host that a request would mount. A local
// volume with the mount option bind is such a mount too.
func (req createRequest) bindSources() []string {
	var sources []string
	for _, bind := range req.HostConfig.Binds {
		source, _, _ := strings.Cut(bind, ":")
		if path.IsAbs(source) {
			sources = append(sources, source)
		}
	}
	for _, m := range slices.Concat(req.HostConfig.Mounts, req.TaskTemplate.ContainerSpec.Mounts) {
		if m.Type == "bind" {
			sources = append(sources, m.Source)
		}
		driver := m.VolumeOptions.DriverConfig
		sources = append(sources, localBind(driver.Name, driver.Options)...)
	}
	return append(sources, localBind(req.Driver, req.DriverOpts)...)
}

func localBind(driver string, options map[string]string) []string {
	if driver != "" && driver != "local" {
		return nil
	}
	for _, option := range strings.Split(options["o"], ",") {
		if option = strings.TrimSpace(option); option == "bind" || option == "rbind" {
			return []string{options["device"]}
		}
	}
	return nil
}

func (w *wollomatic) allowsBind(source string) bool {
	if !path.IsAbs(source) {
		return false
	}
	source = path.Clean(source)
	return slices.ContainsFunc(w.binds, func(dir string) bool {
		return dir == "/" || source == dir || strings.HasPrefix(source, dir+"/")
	})
}
