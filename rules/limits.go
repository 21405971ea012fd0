package rules

import "composelint/internal/compose"

// isUnlimited tells that a service has no limit of a kind, neither as an attribute of its own nor under deploy. Zero and
// less stand for none.
func isUnlimited(s compose.Service, attribute, deployKey string) bool {
	return !isLimit(s.Get(attribute)) && !isLimit(s.At("deploy", "resources", "limits", deployKey))
}

func isLimit(v *compose.Value) bool {
	switch v.Str() {
	case "", "0", "-1", "0.0":
		return v != nil && (v.Unset || v.Unknown)
	}
	return true
}
