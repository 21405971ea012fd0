package rules

import (
	"composelint/internal/compose"
	"composelint/internal/pattern"
)

// isUnlimited tells that a service has no limit of a kind, neither as an attribute of its own nor under deploy. Zero and
// less stand for none.
func isUnlimited(s compose.Service, attribute, deployKey string) bool {
	return !isLimit(s.Get(attribute)) && !isLimit(s.At("deploy", "resources", "limits", deployKey))
}

// noLimit matches an amount that stands for none, with any unit.
var noLimit = pattern.New(`(?i)^(-1|[0.]*\s*[kmgtp]?i?b?)$`)

func isLimit(v *compose.Value) bool {
	return v != nil && (v.Unset || v.Unknown || !noLimit().MatchString(v.Str()))
}
