package compose

import "strings"

// The functions below match what the regular expressions of the schema match: the table in schemagen/pattern.go says
// which is which.

func isExtension(s string) bool { return strings.HasPrefix(s, "x-") }

func isName(s string) bool { return s != "" && strings.TrimLeftFunc(s, isNameRune) == "" }

func isNameRune(c rune) bool { return isLetterOrDigit(c) || c == '.' || c == '_' || c == '-' }

func isLetterOrDigit(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c)
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

func isLowerCase(s string) bool {
	return s != "" && strings.TrimLeftFunc(s, func(c rune) bool { return c >= 'a' && c <= 'z' }) == ""
}

func isLine(s string) bool { return s != "" && !strings.Contains(s, "\n") }

func hasText(s string) bool { return strings.Trim(s, "\n") != "" }

// hasContainerName reports whether a letter or digit with another character of a name after it is in a text.
func hasContainerName(s string) bool {
	for i := range len(s) - 1 {
		if isLetterOrDigit(rune(s[i])) && isNameRune(rune(s[i+1])) {
			return true
		}
	}
	return false
}

func isPullPolicy(s string) bool {
	switch s {
	case "always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly":
		return true
	}
	interval, ok := strings.CutPrefix(s, "every_")
	if !ok || interval == "" {
		return false
	}
	for interval != "" {
		unit := strings.TrimLeftFunc(interval, isDigit)
		if unit == interval || unit == "" || !strings.Contains("wdhms", unit[:1]) {
			return false
		}
		interval = unit[1:]
	}
	return true
}
