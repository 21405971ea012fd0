package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
)

var dockerTLSVerifyOff = &Rule{
	Name:     "docker-tls-verify-off",
	Severity: Low,
	Tier:     Default,
	Summary:  "`DOCKER_TLS_VERIFY` is set to a word for no, which turns TLS on.",
	Why: `The docker command and most libraries only ask whether the variable is there: with any text in it, "0" and "false" included, they
use TLS, look for certificates, and fail without them. Off is: not set, or empty.`,
	Fix: "Removes the variable. It is safe: that is what its value says.",
	Bad: `services:
  job:
    image: docker:27.3.1-cli
    environment:
      DOCKER_HOST: tcp://engine:2375
      DOCKER_TLS_VERIFY: "0"
`,
	Good: `services:
  job:
    image: docker:27.3.1-cli
    environment:
      DOCKER_HOST: tcp://engine:2375
`,
	References: []Reference{
		{"Docker CLI, cli/command/cli.go (read 2025-07)", "https://github.com/docker/cli/blob/28f756087e/cli/command/cli.go"},
	},
	Check: checkTLSVerify,
}

func checkTLSVerify(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, e := range s.Get("environment").Settings() {
			if e.Key == "DOCKER_TLS_VERIFY" && e.Value != nil && isWordForNo(e.Value.Str()) {
				found(e.Value, "environment", e.Key)
			}
		}
	}, func(c Cause) Finding {
		return Finding{
			Message: fmt.Sprintf("DOCKER_TLS_VERIFY is %s in %s, and turns TLS on: any text does", c.Value().Str(),
				names(c.Services())),
			Evidence: c.Value().Str(),
			Repair:   func() Fix { return dropVariable(c, "DOCKER_TLS_VERIFY") },
		}
	})
}

func isWordForNo(value string) bool {
	return slices.Contains([]string{"0", "false", "no", "off"}, strings.ToLower(value))
}

// dropVariable removes a variable from the environments that it is said in.
func dropVariable(c Cause, name string) Fix {
	var r repair
	for _, u := range c.Uses {
		env := u.Service.Get("environment")
		r.remove(u.Value)
		switch {
		case env.Kind == compose.List:
			r.changeItem(u.Service, listedAs(u.Service, name), nil, "environment")
		case len(env.Fields) == 1:
			r.change(u.Service, nil, "environment")
		default:
			r.change(u.Service, nil, "environment", name)
		}
	}
	return r.fix("Remove "+name, Safe)
}
