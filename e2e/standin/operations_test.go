package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"composelint/internal/knowledge"
)

// operation is what a client does, and the requests that it cannot do without.
type operation struct {
	id       string
	requests []string
}

func readOperations(t *testing.T) []operation {
	t.Helper()
	placeholders := strings.NewReplacer("{id}", "3f2a", "{name}", "busybox")
	var list []operation
	for _, line := range readLines(t, "operations.txt") {
		id, requests, _ := strings.Cut(line, ": ")
		needed := slices.DeleteFunc(strings.Split(placeholders.Replace(requests), ", "), func(request string) bool {
			return strings.HasPrefix(request, "(")
		})
		list = append(list, operation{id, needed})
	}
	return list
}

// refused returns the first of the requests that a proxy does not let through, or "".
func (o operation) refused(check func(*http.Request) int) string {
	for _, request := range o.requests {
		method, path, _ := strings.Cut(request, " ")
		for _, version := range []string{"", "/v1.45"} {
			if path == "/_ping" {
				version = "" // clients ask this before they know the version
			}
			if !passes(check, method, version+path) {
				return method + " " + version + path
			}
		}
	}
	return ""
}

// proxyFor configures a stand-in with the settings that the product would write for the permissions.
func proxyFor(t *testing.T, kind string, permissions []string) func(*http.Request) int {
	t.Helper()
	known, _ := knowledge.ProxyByID(kind)
	settings, ok := known.Settings(permissions, []string{"192.0.2.1"})
	if !ok {
		t.Fatalf("%s has no settings for %v", kind, permissions)
	}
	env := map[string]string{}
	for _, e := range settings.Env {
		env[e.Name] = e.Value
	}
	switch kind {
	case "tecnativa":
		return func(r *http.Request) int { return tecnativa.check(env, r) }
	case "linuxserver":
		return func(r *http.Request) int { return linuxserver.check(env, r) }
	}
	proxy, err := parseWollomatic(settings.Args, env)
	if err != nil {
		t.Fatal(err)
	}
	return func(r *http.Request) int {
		r.RemoteAddr = "192.0.2.1:40000"
		return proxy.check(r)
	}
}

func permissionsFor(kind string, known knowledge.Operation) []string {
	switch kind {
	case "linuxserver":
		return slices.Concat(known.Switches, known.LinuxserverAdds)
	case "wollomatic":
		return append(slices.Clone(known.Switches), "EVENTS") // which is on by default in the others
	}
	return known.Switches
}

func TestOperationsPassWithTheirPermissions(t *testing.T) {
	for _, o := range readOperations(t) {
		known, ok := knowledge.OperationByID(o.id)
		if !ok {
			t.Errorf("no operation is called %s", o.id)
			continue
		}
		for _, kind := range []string{"tecnativa", "linuxserver", "wollomatic"} {
			t.Run(o.id+"/"+kind, func(t *testing.T) {
				permissions := permissionsFor(kind, known)
				if request := o.refused(proxyFor(t, kind, permissions)); request != "" {
					t.Errorf("%v do not let %s through", permissions, request)
				}
			})
		}
	}
}

func TestOperationsNeedEachPermission(t *testing.T) {
	for _, o := range readOperations(t) {
		known, _ := knowledge.OperationByID(o.id)
		for _, kind := range []string{"tecnativa", "linuxserver"} {
			permissions := permissionsFor(kind, known)
			for i, name := range permissions {
				less := slices.Delete(slices.Clone(permissions), i, i+1)
				if o.refused(proxyFor(t, kind, less)) == "" {
					t.Errorf("%s: %s works without %s too", kind, o.id, name)
				}
			}
		}
	}
}

func TestEveryOperationHasItsRequests(t *testing.T) {
	operations := readOperations(t)
	for _, known := range knowledge.Operations() {
		if !slices.ContainsFunc(operations, func(o operation) bool { return o.id == known.ID }) {
			t.Errorf("testdata/operations.txt lacks %s", known.ID)
		}
	}
}
