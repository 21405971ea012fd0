package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
)

// settingsEndings end the names of variables that hold options for a program, or settings in its own language.
var settingsEndings = []string{"OPTS", "OPTIONS", "ARGS", "FLAGS", "CONFIG", "CONFIG_EXTRA"}

// quotedSetting matches a setting as many languages write it: password="…", 'password' => '…', ['password'] = '…'.
var quotedSetting = pattern.New(`(\w+)["']?\]?\s*(?:=>|[=,:])\s*["']([^"'\s$]{4,})["']`)

// constantName matches what stands for a value that is set elsewhere: CLOUD_PASSWORD.
var constantName = pattern.New(`^[A-Z]+(_[A-Z]+)+$`)

// secretInSettings returns what the options or settings in a variable give away, and its text; empty where they give
// nothing away.
func secretInSettings(name string, v *compose.Value) (what, secret string) {
	endsIn := func(ending string) bool { return strings.HasSuffix(name, ending) }
	if !slices.ContainsFunc(settingsEndings, endsIn) {
		return "", ""
	}
	text, certain, ok := shippedText(v)
	if !ok || !certain || !knowledge.MayNameSecret(text) {
		return "", ""
	}
	if strings.HasPrefix(text, "-") {
		return secretInLine(text)
	}
	for _, m := range quotedSetting().FindAllStringSubmatch(text, -1) {
		if knowledge.NamesSecret(m[1]) && !isPlaceholder(m[2]) && !constantName().MatchString(m[2]) {
			return "the value of " + m[1], m[2]
		}
	}
	return "", ""
}

// checkSecretSettings reports secrets among the options and settings that a service is given in one variable.
func checkSecretSettings(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		eachVariable(s, func(v *compose.Value, path ...string) {
			if what, _ := secretInSettings(path[1], v); what != "" {
				found(v, path...)
			}
		})
	}, func(c Cause) Finding {
		name := c.Uses[0].Path[1]
		what, secret := secretInSettings(name, c.Value())
		f := Finding{
			Message: fmt.Sprintf("%s in %s of %s is in the file, for everyone who can read it: take it from .env",
				what, name, names(c.Services())),
			Evidence: name,
		}
		f.weighText(c, secret)
		return f
	})
}
