package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/patch"
)

var dockerSocketProxyBroad = &Rule{
	Name:     "docker-socket-proxy-broad",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A filtering proxy in front of the engine's socket allows what none of its clients is known to need.",
	Why: `The proxy is as narrow as its permissions. Each that nobody needs is one more thing that whoever takes over a client can do:
read the secrets of the other containers, run commands in them, or start new ones.`,
	Fix: "Turns the permissions off. It is safe: the clients are known, and their documentation tells what they use.",
	Bad: `services:
  logs:
    image: amir20/dozzle:v8.14.8
    environment:
      DOZZLE_REMOTE_HOST: tcp://socket-proxy:2375
    networks:
      - default
      - socket
  socket-proxy:
    image: tecnativa/docker-socket-proxy:v0.4.2
    environment:
      CONTAINERS: "1"
      INFO: "1"
      SECRETS: "1"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
    networks:
      - socket
networks:
  socket:
    internal: true
`,
	Good: `services:
  logs:
    image: amir20/dozzle:v8.14.8
    environment:
      DOZZLE_REMOTE_HOST: tcp://socket-proxy:2375
    networks:
      - default
      - socket
  socket-proxy:
    image: tecnativa/docker-socket-proxy:v0.4.2
    environment:
      CONTAINERS: "1"
      INFO: "1"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
    networks:
      - socket
networks:
  socket:
    internal: true
`,
	References: []Reference{
		{"Docker Socket Proxy v0.4.1, README", "https://github.com/Tecnativa/docker-socket-proxy/blob/a6fbf38/README.md"},
	},
	Limits: "Proxies with a client that is not known are left alone, and so are those that are configured with expressions.",
	Check:  checkBroadProxies,
}

func checkBroadProxies(p *Pass) {
	needless := map[string][]string{}
	for _, proxy := range p.Facts.proxies() {
		if needed, known := proxy.needs(p); known && proxy.kind.Rules == knowledge.RulesSwitches && !proxy.hasOtherUsers(p) {
			needless[proxy.Name] = needlessSwitches(granted(proxy.kind, proxy.Service), needed)
		}
	}
	p.Flag(func(s compose.Service, found Visit) {
		for _, e := range s.Get("environment").Settings() {
			if slices.Contains(needless[s.Name], e.Key) {
				found(e.Value, "environment")
			}
		}
	}, func(c Cause) Finding {
		s := c.Uses[0].Service
		name := switchName(s, c.Value())
		opens, _ := knowledge.SwitchByName(name)
		return Finding{
			Message: fmt.Sprintf("%s allows %s, which none of its clients is known to need: to %s", names(c.Services()), name,
				opens.Opens),
			Evidence: name, Notes: risk(opens), Confidence: Likely,
			Repair: func() Fix { return setSwitches(c, "0", "Turn "+name+" off", Safe) },
		}
	})
}

// weightySwitches are the permissions that matter to those who may only read, too: what they open is secret, or runs
// commands.
var weightySwitches = []string{"AUTH", "BUILD", "COMMIT", "CONFIGS", "EXEC", "GRPC", "POST", "SECRETS", "SESSION", "SWARM"}

// needlessSwitches returns the permissions that are not needed and matter. Single actions add nothing where all changes
// are needed.
func needlessSwitches(granted, needed []string) []string {
	changes := slices.Contains(granted, "POST")
	return slices.DeleteFunc(without(granted, needed), func(name string) bool {
		s, known := knowledge.SwitchByName(name)
		isAction := s.Kind == knowledge.SwitchAction && slices.Contains(needed, "POST")
		return !known || isAction || !changes && !slices.Contains(weightySwitches, name)
	})
}

func risk(s knowledge.Switch) []string {
	if s.Risk == "" {
		return nil
	}
	return []string{s.Risk}
}

// switchName returns the name of the variable of a service that has a value.
func switchName(s compose.Service, value *compose.Value) string {
	for _, e := range s.Get("environment").Settings() {
		if e.Value != nil && e.Value.Origin.Node == value.Origin.Node {
			return e.Key
		}
	}
	return ""
}

// setSwitches gives a variable of proxies another value, in the place and the form that it has.
func setSwitches(c Cause, value, title string, safety Safety) Fix {
	var r repair
	for _, u := range c.Uses {
		name := switchName(u.Service, u.Value)
		if u.Service.Get("environment").Kind == compose.List {
			r.changeItem(u.Service, listedAs(u.Service, name), name+"="+value, "environment")
		} else {
			r.change(u.Service, value, "environment", name)
		}
		if raw := u.Value.Origin.Node.Value; strings.HasPrefix(raw, name+"=") {
			r.set(u.Value, patch.String(name+"="+value))
		} else {
			r.set(u.Value, patch.Quoted(value, patch.DoubleQuote))
		}
	}
	return r.fix(title, safety)
}

// listedAs returns the item NAME=value of an environment in list form.
func listedAs(s compose.Service, name string) any {
	for _, item := range items(s.Get("environment")) {
		if nameOf(item.Text) == name {
			return item.Text
		}
	}
	return nil
}
