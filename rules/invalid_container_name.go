package rules

import (
	"fmt"

	"composelint/internal/compose"
	"composelint/internal/pattern"
)

var invalidContainerName = &Rule{
	Name:     "invalid-container-name",
	Severity: High,
	Tier:     Default,
	Summary:  "A `container_name` has characters that Docker does not allow in names.",
	Why: `Compose accepts it, and Docker refuses the container: the service does not start. A name begins with a letter or
a digit, and goes on with at least one more letter, digit, "_", "." or "-".`,
	Bad: `services:
  web:
    image: nginx:1.27.2
    container_name: shop web
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    container_name: shop-web
`,
	References: []Reference{
		{"Moby, daemon/names (048685a): RestrictedNamePattern",
			"https://github.com/moby/moby/blob/048685ac3d58abbef87a34023b81cd0dac331757/daemon/names/names.go"},
	},
	Limits: "Names that Compose refuses itself are the matter of schema-violation.",
	Check:  checkContainerNameForm,
}

var (
	// containerName is what Docker accepts, and looseName what the schema of Compose accepts: a text that has one in it.
	containerName = pattern.New(`^/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$`)
	looseName     = pattern.New(`[a-zA-Z0-9][a-zA-Z0-9_.-]`)
)

func checkContainerNameForm(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		name := s.Get("container_name")
		if name != nil && !name.Unset && !name.Unknown && looseName().MatchString(name.Str()) &&
			!containerName().MatchString(name.Str()) {
			found(name, "container_name")
		}
	}, func(c Cause) Finding {
		return Finding{
			Message: fmt.Sprintf("%s does not start, since Docker takes no container name like %q: use letters, digits, _, . and -",
				names(c.Services()), c.Value().Str()),
		}
	})
}
