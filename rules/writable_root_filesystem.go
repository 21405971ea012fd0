package rules

import (
	"maps"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/patch"
)

var writableRootFilesystem = &Rule{
	Name:     "writable-root-filesystem",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A service can change the files of its image: it lacks `read_only: true`.",
	Why: "An attacker who can write where programs lie replaces them, and stays until the container is made anew. " +
		"With `read_only` only volumes and tmpfs can be written.\n\n" +
		"Most programs need a few places to write, such as /tmp or /run: give those as `tmpfs`. Which ones is " +
		"found by starting the service and reading what it complains about.",
	Fix: "Adds `read_only: true`, and as `tmpfs` the places that the image is documented to write to: for " +
		"PostgreSQL, Redis and nginx. It is unsafe, because the service's own configuration may write elsewhere.",
	Bad: `services:
  web:
    image: example/web:3.2
`,
	Good: `services:
  web:
    image: example/web:3.2
    read_only: true
    tmpfs:
      - /tmp
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.13", ""},
		{"OWASP Docker Security Cheat Sheet, rule 8",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
	},
	Limits: "Secrets and configs whose content comes from a variable or stands in the file are copied into the " +
		"container by Compose, which fails where it is read-only: such services get no fix.",
	Check: checkWritableRoots,
}

func checkWritableRoots(p *Pass) {
	isWritable := func(s compose.Service) bool { return !s.Get("read_only").True() }
	message := func(services []compose.Service) string {
		return "whoever takes over " + oneOf(services) + " can replace its programs: read_only is not set"
	}
	p.Lacking(func(s compose.Service) bool { return isWritable(s) && !p.runsReadOnly(s) },
		func(services []compose.Service) Finding { return Finding{Message: message(services)} })
	p.Lacking(func(s compose.Service) bool { return isWritable(s) && p.runsReadOnly(s) },
		func(services []compose.Service) Finding {
			return Finding{Message: message(services), Repair: func() Fix { return makeReadOnly(services) }}
		})
}

// runsReadOnly tells that a service is known to run with a root filesystem that cannot be written.
func (p *Pass) runsReadOnly(s compose.Service) bool {
	recipe, ok := recipeOf(s)
	if !ok || !recipe.ReadOnly || s.Get("read_only") != nil || p.getsCopies(s) {
		return false
	}
	places := mountPlaces(s)
	return !slices.ContainsFunc(recipe.UnlessMounted, func(directory string) bool {
		return slices.ContainsFunc(places, func(place string) bool {
			return place == directory || strings.HasPrefix(place, directory+"/")
		})
	})
}

// getsCopies tells that Compose copies configs or secrets into the container of a service, for which it has to be
// writable. Source: https://github.com/docker/compose/issues/12303.
func (p *Pass) getsCopies(s compose.Service) bool {
	for _, section := range []string{"configs", "secrets"} {
		for _, use := range items(s.Get(section)) {
			if p.Project.Model.At(section, use.Get("source").Str(), "file") == nil {
				return true
			}
		}
	}
	return false
}

func makeReadOnly(services []compose.Service) Fix {
	var r repair
	r.addEntry(services, "read_only", patch.Bool(true))
	groups := map[string][]compose.Service{}
	for _, s := range services {
		r.change(s, true, "read_only")
		recipe, _ := recipeOf(s)
		missing := strings.Join(without(recipe.Tmpfs, mountPlaces(s)), " ")
		groups[missing] = append(groups[missing], s)
	}
	for _, missing := range slices.Sorted(maps.Keys(groups)) {
		if missing != "" {
			r.addItems(groups[missing], "tmpfs", strings.Fields(missing)...)
		}
	}
	return r.fix("Add read_only, and tmpfs for what is written", Unsafe)
}
