package rules

import (
	"regexp"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/glob"
	"composelint/internal/knowledge"
)

// Policy is a rule that somebody states in the configuration instead of writing code.
type Policy struct {
	Name     string
	Severity Severity
	// Message says what is wanted; Why says why, and may be empty.
	Message, Why string
	// Services are those that it is about, by name; empty for all.
	Services []glob.Pattern
	// Required and Forbidden are attributes of services: "healthcheck", "deploy.resources.limits.memory".
	Required, Forbidden []string
	// Allowed and Denied are images, with or without tag. Where Allowed is empty, all images are allowed.
	Allowed, Denied []glob.Pattern
	// Registries are the only ones to take images from; "docker.io" is Docker Hub. Empty allows all.
	Registries []string
	// Labels are labels that a service has to have, with what the value has to match.
	Labels []LabelPolicy
}

// LabelPolicy is a label that is wanted. Value is matched anywhere in the label's value.
type LabelPolicy struct {
	Name  string
	Value *regexp.Regexp
}

// Rule returns the policy as a rule.
func (policy *Policy) Rule() *Rule {
	return &Rule{
		Name: policy.Name, Severity: policy.Severity, Tier: Default, Summary: policy.Message, Why: policy.Why,
		Check: policy.check,
	}
}

func (policy *Policy) check(p *Pass) {
	for _, key := range policy.Required {
		policy.flagKey(p, key, key+" is missing", func(v *compose.Value) bool { return !isSaid(v) })
	}
	for _, key := range policy.Forbidden {
		policy.flagKey(p, key, key+" is set", isSaid)
	}
	for _, label := range policy.Labels {
		policy.flagLabel(p, label)
	}
	policy.flagImages(p)
}

// isSaid reports whether a file says a value. A default that Compose adds does not count.
func isSaid(v *compose.Value) bool { return !v.IsNull() && !v.Implicit }

// flagKey reports the services whose attribute is not as it should be.
func (policy *Policy) flagKey(p *Pass, key, fault string, bad func(*compose.Value) bool) {
	keys := strings.Split(key, ".")
	policy.flag(p, fault, func(s compose.Service, found Visit) {
		v := s.At(keys...)
		switch {
		case !bad(v):
		case isSaid(v):
			found(v, keys...)
		default:
			found(s.Value, keys...)
		}
	})
}

func (policy *Policy) flagLabel(p *Pass, label LabelPolicy) {
	policy.flag(p, "the label "+label.Name+" is missing", func(s compose.Service, found Visit) {
		if !isSaid(s.Get("labels").Setting(label.Name)) {
			found(s.Value, "labels", label.Name)
		}
	})
	fault := "the label " + label.Name + " has another value"
	policy.flag(p, fault, func(s compose.Service, found Visit) {
		v := s.Get("labels").Setting(label.Name)
		if isSaid(v) && !v.Unset && !v.Unknown && !label.Value.MatchString(v.Str()) {
			found(v, "labels", label.Name)
		}
	})
}

// flagImages reports images that are not allowed. One whose name depends on a variable is not judged.
func (policy *Policy) flagImages(p *Pass) {
	policy.flag(p, "the image is not allowed", func(s compose.Service, found Visit) {
		v := s.Get("image")
		image := knowledge.ParseImage(v.Str())
		if v.IsNull() || v.Unset || v.Unknown || image.Uncertain || image.Repository == "" || policy.allows(image) {
			return
		}
		found(v, "image")
	})
}

func (policy *Policy) allows(image knowledge.Image) bool {
	registry := image.Registry
	if registry == "" {
		registry = "docker.io"
	}
	if len(policy.Registries) > 0 && !slices.Contains(policy.Registries, registry) {
		return false
	}
	tag := image.Tag
	if tag == "" && image.Digest == "" {
		tag = "latest"
	}
	spellings := []string{image.Repository, image.Repository + ":" + tag}
	if image.Registry == "" {
		spellings = append(spellings, "docker.io/"+image.Path, "docker.io/"+image.Path+":"+tag)
	}
	listed := func(list []glob.Pattern) bool {
		return slices.ContainsFunc(list, func(pattern glob.Pattern) bool { return slices.ContainsFunc(spellings, pattern.Match) })
	}
	return !listed(policy.Denied) && (len(policy.Allowed) == 0 || listed(policy.Allowed))
}

// flag reports what find meets in the services that the policy is about.
func (policy *Policy) flag(p *Pass, fault string, find func(compose.Service, Visit)) {
	p.Flag(func(s compose.Service, found Visit) {
		if policy.isAbout(s.Name) {
			find(s, found)
		}
	}, func(c Cause) Finding {
		f := Finding{Message: fault + " in " + names(c.Services()) + ": " + policy.Message, Evidence: fault}
		if v := c.Value(); v == c.Uses[0].Service.Value {
			f.Span = keySpan(v)
		}
		return f
	})
}

func (policy *Policy) isAbout(service string) bool {
	return len(policy.Services) == 0 ||
		slices.ContainsFunc(policy.Services, func(pattern glob.Pattern) bool { return pattern.Match(service) })
}
