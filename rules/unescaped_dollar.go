package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/pattern"
	"composelint/internal/source"
)

var unescapedDollar = &Rule{
	Name:     "unescaped-dollar",
	Severity: Medium,
	Tier:     Default,
	Summary: "A command uses a variable of the container, or a text is the hash of a password, and Compose replaces " +
		"what follows a dollar by nothing.",
	Why: "Compose replaces every $NAME in the file, in commands too, by what it finds in its own environment and " +
		"the .env file. What the service has under `environment` is not there, so the command gets an empty text. " +
		"$$NAME leaves the variable to the shell.\n\n" +
		"The hash of a password, such as one that htpasswd makes, has dollars in it, too. Without the parts that " +
		"Compose takes out, nobody can log in.",
	Fix: "Writes two dollars for one. It is safe: the variable had no value before.",
	Bad: `services:
  db:
    image: example/db:1.0
    environment:
      DB_NAME: shop
    healthcheck:
      test: ["CMD-SHELL", "db-ready --name $DB_NAME"]
`,
	Good: `services:
  db:
    image: example/db:1.0
    environment:
      DB_NAME: shop
    healthcheck:
      test: ["CMD-SHELL", "db-ready --name $$DB_NAME"]
`,
	References: []Reference{
		{"Compose specification, interpolation", "https://docs.docker.com/reference/compose-file/interpolation/"},
	},
	Limits: "A variable counts as one of the container where the service sets it under environment, or the command " +
		"itself does. Commands that name no shell are left alone: two dollars would reach the program as they are. " +
		"$(…) is no variable, and Compose leaves it as it is.",
	Check: checkDollars,
}

func checkDollars(p *Pass) {
	lost := map[*source.Node][]string{}
	for _, m := range p.Project.Missing {
		if !m.Required && !slices.Contains(lost[m.Origin.Node], m.Name) {
			lost[m.Origin.Node] = append(lost[m.Origin.Node], m.Name)
		}
	}
	if len(lost) == 0 {
		return
	}
	p.checkHashes(lost)
	p.Flag(func(s compose.Service, found Visit) {
		for _, path := range [][]string{{"command"}, {"entrypoint"}, {"healthcheck", "test"}} {
			if !goesToShell(s, path[0]) {
				continue
			}
			for _, part := range words(s.At(path...)) {
				if len(shellVariables(s, part, lost[part.Origin.Node])) > 0 {
					found(part, path...)
				}
			}
		}
	}, func(c Cause) Finding {
		u := c.Uses[0]
		variables := shellVariables(u.Service, u.Value, lost[u.Origin.Node])
		list := strings.Join(variables, ", ")
		return Finding{
			Message: fmt.Sprintf("Compose replaces %s in %s of %s by nothing before the shell sees it: write $$%s",
				"$"+strings.Join(variables, ", $"), strings.Join(u.Path, "."), names(c.Services()), variables[0]),
			Evidence: list, Repair: func() Fix { return c.escape(variables) },
		}
	})
}

// shellName matches the name of a shell in a command line.
var shellName = pattern.New(`(^|[\s/])(ba|da|a|z|k)?sh(\s|$)`)

// goesToShell tells that a shell reads what an attribute says: a health check that is a text, or CMD-SHELL, and a
// command or entrypoint that names one. Compose itself only takes a command apart into words.
func goesToShell(s compose.Service, attribute string) bool {
	if attribute == "healthcheck" {
		test := s.At("healthcheck", "test")
		return len(items(test)) == 0 || items(test)[0].Str() != "CMD" || shellName().MatchString(commandText(test))
	}
	return shellName().MatchString(commandText(s.Get("entrypoint")) + " " + commandText(s.Get("command")))
}

// shellVariables returns those variables without value in a command that the container has: the service sets them
// itself, and not by the same variable of Compose, or the command does.
func shellVariables(s compose.Service, command *compose.Value, missing []string) []string {
	return slices.DeleteFunc(slices.Clone(missing), func(name string) bool {
		if name == "AIRFLOW_UID" {
			return true // airflow-init-broken tells of it
		}
		own := s.Get("environment").Setting(name)
		if own != nil && own.Kind != compose.Null && !strings.Contains(own.Raw, name) {
			return false
		}
		assigned := regexp.MustCompile(`(^|[\s;&|("'])(` + name + `=|for ` + name + ` in |read (-r )?` + name + `\b)`)
		return !assigned.MatchString(command.Raw)
	})
}

// escape builds the fix that leaves variables to the shell.
func (c Cause) escape(variables []string) Fix {
	const title, advice = "Write $$ for the shell", "Write $$ in front of the variables that the shell is to replace."
	v := c.Value()
	anyOf := "(" + strings.Join(variables, "|") + ")"
	reference := regexp.MustCompile(`\$(\{` + anyOf + `\}|` + anyOf + `\b)`)
	found := reference.FindAllStringIndex(v.Raw, -1)
	escaped := reference.ReplaceAllString(v.Raw, "$$$$$1")
	rest := strings.ReplaceAll(escaped, "$$", "")
	if len(found) == 0 || strings.Contains(rest, "$") {
		return manual(title, advice)
	}
	from, to := found[0][0], found[len(found)-1][1]
	var r repair
	r.setPart(v, from, to, reference.ReplaceAllString(v.Raw[from:to], "$$$$$1"))
	for _, u := range c.Uses {
		text := strings.ReplaceAll(escaped, "$$", "$")
		if u.isItem() {
			r.changeItem(u.Service, u.Str(), text, u.Path...)
		} else {
			r.change(u.Service, text, u.Path...)
		}
	}
	return r.fix(title, Safe)
}
