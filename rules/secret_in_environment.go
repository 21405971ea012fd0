package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var secretInEnvironment = &Rule{
	Name:     "secret-in-environment",
	Severity: High,
	Tier:     Default,
	Summary:  "A password, token or key is written into `environment`.",
	Why: "Whoever can read the repository, its history or a copy of it has the secret, and it is the same on every " +
		"host that runs the file. It cannot be changed without a commit, and it is still in the history then.\n\n" +
		"Put the value into an .env file that git ignores and refer to it as ${NAME:?}, or into a file under " +
		"`secrets` where the image reads one (NAME_FILE). A secret that was in a repository has to be replaced by " +
		"a new one.",
	Fix: "Advice, for images that are documented to read the variable from a file, with the lines of a secret. Only " +
		"you can put the value there, so that nothing is changed.",
	Bad: `services:
  api:
    image: example/api:2.1
    environment:
      SIGNING_KEY: 9fQ2mX7LrT0vB4kZ
`,
	Good: `services:
  api:
    image: example/api:2.1
    environment:
      SIGNING_KEY: ${SIGNING_KEY:?}
`,
	References: []Reference{
		{"Docker Compose documentation, how to use secrets", "https://docs.docker.com/compose/how-tos/use-secrets/"},
		{"OWASP Docker Security Cheat Sheet, rule 12",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
	},
	Limits: "Secrets are recognised by the name of the variable, or of the option or setting in a variable that holds " +
		"several, such as JAVA_OPTS, and tokens of well-known services by their form. " +
		"Values that stand for one still to be set, and well-known passwords, are left to default-credential. Plain words " +
		"that only the project's own services can use, or that open a database of the project, at which they are told, " +
		"are low and strict. Env files are not read.",
	Check: checkSecretEnvironment,
}

func checkSecretEnvironment(p *Pass) {
	checkSecretSettings(p)
	p.Flag(func(s compose.Service, found Visit) {
		eachVariable(s, func(v *compose.Value, path ...string) {
			name := path[1]
			published := p.Facts.hasPublishedKey(s, name, v) // airflow-known-key is about those
			if _, _, ok := literalSecret(name, v); ok && !published && !isWellKnown(s, name, v) && !namesAccount(s, name) {
				found(v, path...)
			}
		})
	}, func(c Cause) Finding {
		name := c.Uses[0].Path[1]
		what, certain, _ := literalSecret(name, c.Value())
		f := Finding{
			Message: fmt.Sprintf("%s of %s is in the file, for everyone who can read it: take it from .env or a secret",
				what, names(c.Services())),
			Evidence: name,
		}
		if file := secretFile(c, name); file != "" && c.Uses[0].Path[0] == "environment" {
			f.Repair = func() Fix { return moveSecret(c, name, file) }
		}
		f.weigh(c, certain)
		if p.staysInside(c, name) {
			f.Severity, f.Tier = Low, Strict
		}
		if !certain {
			f.Message = fmt.Sprintf("%s of %s has a default in the file, for everyone who can read it: leave the default out",
				what, names(c.Services()))
		}
		return f
	})
}

// eachVariable calls visit for the variables that a service and its hooks are given.
func eachVariable(s compose.Service, visit Visit) {
	for _, f := range s.Get("environment").Settings() {
		visit(f.Value, "environment", f.Key)
	}
	for _, hooks := range hookAttributes {
		for _, hook := range items(s.Get(hooks)) {
			for _, f := range hook.Get("environment").Settings() {
				visit(f.Value, hooks, f.Key)
			}
		}
	}
}

// namesAccount tells that a variable is the name of an account in an object store, whose secret stands beside it.
func namesAccount(s compose.Service, variable string) bool {
	prefix, isKey := strings.CutSuffix(variable, "ACCESS_KEY")
	environment := s.Get("environment")
	return isKey && (environment.Setting(prefix+"SECRET_KEY") != nil || environment.Setting(prefix+"SECRET_ACCESS_KEY") != nil)
}

// staysInside tells that a plain word opens a database that only the project's own services can reach, or is that of a
// client of the project's database, at which it is told.
func (p *Pass) staysInside(c Cause, variable string) bool {
	text := c.Value().Str()
	isClient := func(s compose.Service) bool { return len(pairsWith(s, variable)) == 0 }
	databases := slices.DeleteFunc(c.distinct(), isClient)
	if len(databases) == 0 {
		return databaseName().MatchString(variable) && p.opensDatabase(text)
	}
	return guessable().MatchString(text) && !slices.ContainsFunc(databases, isExposed)
}

// moveSecret returns advice with the lines of a secret that is read from a file. The value has to be put there by hand: a
// fix would lose it.
func moveSecret(c Cause, variable, file string) Fix {
	secret := strings.ToLower(variable)
	return manual("Read it from a secret", fmt.Sprintf("Set %s to /run/secrets/%s instead, add `secrets: [%s]` to %s "+
		"and `secrets: {%s: {file: ./%s.txt}}` at the top level, and put the value into that file, which git ignores.",
		file, secret, secret, names(c.Services()), secret, secret))
}

// secretFile returns the variable that names the file of a secret; empty where not all images that use the secret are
// documented to have one.
func secretFile(c Cause, variable string) string {
	var file string
	for _, s := range c.distinct() {
		recipe, _ := knowledge.RecipeFor(imageOf(s))
		if file = recipe.FileVariable(variable); file == "" {
			return ""
		}
	}
	return file
}
