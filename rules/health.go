package rules

import (
	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
)

// health is what can be said of a service's health check.
type health uint8

const (
	healthUnknown health = iota // the image may have a check
	healthNone
	healthChecked
	healthDisabled
)

// health tells whether a service has a health check: of its own, of its image, or of the Dockerfile it is built from.
func (f *Facts) health(s compose.Service) health {
	check := s.Get("healthcheck")
	switch {
	case isDisabled(check):
		return healthDisabled
	case len(words(check.Get("test"))) > 0:
		return healthChecked
	}
	inherited := imageHealth(imageOf(s))
	if !s.Get("build").IsNull() {
		inherited = f.builtHealth(s)
	}
	if inherited == healthUnknown && !check.IsNull() {
		return healthChecked // whoever sets how often the image's check runs knows that it has one
	}
	return inherited
}

func imageHealth(img knowledge.Image) health {
	switch has, known := knowledge.HasHealthcheck(img); {
	case has:
		return healthChecked
	case known:
		return healthNone
	}
	return healthUnknown
}

// builtHealth reads the Dockerfile; without a check of its own, that of the image it starts from counts.
func (f *Facts) builtHealth(s compose.Service) health {
	for _, instruction := range knowledge.DockerfileInstructions(f.dockerfile(s)) {
		if instruction.Keyword == "HEALTHCHECK" {
			return healthChecked
		}
	}
	return imageHealth(f.base(s))
}

// isDisabled tells that a health check is switched off.
func isDisabled(check *compose.Value) bool {
	test := words(check.Get("test"))
	return check.Get("disable").True() || len(test) > 0 && test[0].Str() == "NONE"
}

// jobName matches names of services that do one thing and end, or that people start by hand.
var jobName = pattern.New(`(^|[-_.])(migrat(e|ions?|or)|seed(er)?|bootstrap|create-?buckets|cli|shell|` +
	`tests?|e2e)([-_.]|$)`)

// runsOnce tells that a service is a job that ends: another one waits for its end, or its name says it.
func (f *Facts) runsOnce(s compose.Service) bool {
	if setupName().MatchString(s.Name) || jobName().MatchString(s.Name) {
		return true
	}
	if f.awaited == nil {
		f.awaited = map[string]bool{}
		for _, other := range f.project.Services() {
			for _, dependency := range fields(other.Get("depends_on")) {
				if dependency.Value.Get("condition").Str() == "service_completed_successfully" {
					f.awaited[dependency.Key] = true
				}
			}
		}
	}
	return f.awaited[s.Name]
}
