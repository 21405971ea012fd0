package rules

import (
	"path/filepath"
	"slices"
	"strings"

	"composelint/internal/compose"
)

var missingFile = &Rule{
	Name:     "missing-file",
	Severity: High,
	Tier:     Default,
	Summary:  "A file or directory that the project names is not there.",
	Why: `Compose refuses the project without a file under ` + "`env_file`, `label_file`, `extends` or `include`" + `
(high). Without a build context or a Dockerfile nothing can be built, and without the file of a secret or a config
the service does not start (medium).

Files that are not meant to be in the repository are only reported with the strictness "strict", for information: env
files that are called ` + "`.env`" + ` or something that begins so, those that have an example beside them,
Portainer's ` + "`stack.env`" + `, and whatever git ignores. The same goes for the build contexts, secrets and configs
of a Compose file that was taken out of its project: nothing that it names is there, or nothing but files for Compose
is where they should be.

What ` + "`include` or `extends`" + ` names in a git repository or a registry is never fetched, and one finding says
so.`,
	Bad: `services:
  web:
    image: nginx:1.27.2
    env_file: web-settings.txt
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    env_file:
      - path: web-settings.txt
        required: false
`,
	References: []Reference{
		{"Compose specification, env_file", "https://docs.docker.com/reference/compose-file/services/#env_file"},
		{"Portainer, discussion 11522: variables are handed over as stack.env",
			"https://github.com/portainer/portainer/discussions/11522"},
	},
	Limits: "Only relative paths below the project's directory are looked at: others belong to the machine that the project runs on. " +
		"Of a .gitignore, escapes and character classes are not understood.",
	Check: checkMissingFiles,
}

func checkMissingFiles(p *Pass) {
	p.reportUnread()
	named, around := p.namedFiles(), p.surroundings()
	if len(named) == 0 || !around.visible() {
		return
	}
	for _, n := range named {
		if around.has(n.path) || n.inside != "" && !around.has(n.inside) {
			continue // there, or told of its directory
		}
		f := n.finding()
		if n.kind.severity < High && isApart(n, named, around) || isOptional(n, around) {
			f.Severity, f.Tier = Info, Strict
		}
		p.Report(f)
	}
}

// reportUnread reports what is extended or included and could not be read, once for each file that names it.
func (p *Pass) reportUnread() {
	var unread problemGroups
	for _, q := range p.problems(compose.MissingFile) {
		unread.add(q)
	}
	for _, group := range unread.all {
		p.Report(p.groupFinding(group))
	}
	for _, q := range p.problems(compose.RemoteFile) {
		f := p.problemFinding(q)
		f.Severity, f.Message = Info, q.Message
		p.Report(f)
	}
}

// isApart reports whether a file is missed because the Compose file was taken out of its project: nothing that it
// names is there, or nothing but files for Compose is where the file should be.
func isApart(n namedFile, named []namedFile, around *surroundings) bool {
	if !slices.ContainsFunc(named, func(n namedFile) bool {
		return around.has(n.path) && filepath.Clean(n.path) != filepath.Clean(around.dir)
	}) {
		return true
	}
	return !slices.ContainsFunc(around.names(filepath.Dir(n.path)), func(name string) bool {
		return !isYAML(name) && !strings.HasPrefix(name, ".") && filepath.Ext(name) != ".env"
	})
}

// isOptional reports whether a file is not meant to be in the repository.
func isOptional(n namedFile, around *surroundings) bool {
	name := filepath.Base(n.path)
	return n.kind == envFileKind && (strings.HasPrefix(name, ".env") || name == "stack.env" || hasExample(n.path, around)) ||
		around.ignored(n.path)
}

// hasExample reports whether there is a file that shows what an env file is to look like.
func hasExample(path string, around *surroundings) bool {
	dir, name := filepath.Split(path)
	extension := filepath.Ext(name)
	for _, word := range []string{"example", "sample", "template", "dist", "default"} {
		for _, example := range []string{name + "." + word, word + "." + name, stem(name) + "." + word + extension} {
			if around.has(filepath.Join(dir, example)) {
				return true
			}
		}
	}
	return false
}
