package rules

import (
	"fmt"
	"path/filepath"
	"slices"

	"composelint/internal/compose"
)

var missingBindSource = &Rule{
	Name:     "missing-bind-source",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A file of the project is mounted that is not there: `./nginx.conf:/etc/nginx/nginx.conf`.",
	Why: "Docker makes a directory of that name, owned by root, and mounts it. The program finds a directory where " +
		"its configuration should be and stops with an error that tells nothing of the mount; later the file " +
		"cannot be put there.\n\n" +
		"The long form with `create_host_path: false` fails with a clear error instead.",
	Bad: `services:
  web:
    image: nginx:1.27.2
    volumes:
      - ./nginx.conf:/etc/nginx/nginx.conf:ro
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    volumes:
      - type: bind
        source: ./nginx.conf
        target: /etc/nginx/nginx.conf
        read_only: true
        bind:
          create_host_path: false
`,
	References: []Reference{
		{"Compose specification, services: volumes", "https://docs.docker.com/reference/compose-file/services/#volumes"},
	},
	Limits: "Only paths below the directory of the project are looked at, and only names with an ending that files " +
		"have: what has none may be a directory that is meant to be made.",
	Check: checkBindSources,
}

// fileEndings are endings of names that directories do not have.
var fileEndings = []string{
	".cfg", ".cnf", ".conf", ".config", ".crt", ".css", ".env", ".html", ".ini", ".js", ".json", ".key", ".lua",
	".pem", ".php", ".properties", ".py", ".rb", ".sh", ".sql", ".toml", ".ts", ".tmpl", ".txt", ".xml", ".yaml", ".yml",
}

func checkBindSources(p *Pass) {
	if p.Settings.ListDir == nil {
		return
	}
	p.Flag(func(s compose.Service, found Visit) {
		for _, mount := range items(s.Get("volumes")) {
			if mount.Get("type").Str() == "bind" && mount.At("bind", "create_host_path").True() && isMissing(p, mount) {
				found(mount, "volumes")
			}
		}
	}, func(c Cause) Finding {
		source := mountSource(c.Value())
		return Finding{
			Message: fmt.Sprintf("%s is not there: Docker makes a directory in its place, and %s cannot read it",
				source, names(c.Services())),
			Evidence: source,
		}
	})
}

// isMissing tells that a mount's source looks like a file of the project, and is not there.
func isMissing(p *Pass, mount *compose.Value) bool {
	path, ok := p.Facts.path(mount.Get("source"))
	if !ok || mount.Unset || !slices.Contains(fileEndings, filepath.Ext(path)) {
		return false
	}
	names, err := p.Settings.ListDir(filepath.Dir(path))
	return err != nil || !slices.Contains(names, filepath.Base(path))
}
