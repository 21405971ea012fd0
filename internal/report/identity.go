package report

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strconv"

	"composelint/rules"
)

// fingerprints gives each finding of a report a fingerprint of its own, which stays while lines move and messages are
// reworded. Findings that share their identity are numbered, since GitLab drops the second of two that are the same.
type fingerprints map[string]int

func (seen fingerprints) of(f *Finding) string {
	text := filepath.ToSlash(f.Identity)
	seen[text]++
	if n := seen[text]; n > 1 {
		text += "\x00" + strconv.Itoa(n)
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// portable returns the name of a file as other programs know it: with slashes, and without "./" before it.
func portable(file string) string { return filepath.ToSlash(filepath.Clean(file)) }

// rulesOf returns the rules that found something, in the order in which they first did, and by name the place of each.
// Two configuration files may each state a rule under one name: the first one speaks for both.
func rulesOf(r *Report) (found []*rules.Rule, index map[string]int) {
	index = map[string]int{}
	for i := range r.Findings {
		rule := r.Findings[i].Rule
		if _, ok := index[rule.Name]; !ok {
			index[rule.Name] = len(found)
			found = append(found, rule)
		}
	}
	return found, index
}

// level is a severity in the words of a format that has three of them.
func level(s rules.Severity, failure, warning, note string) string {
	switch {
	case s >= rules.High:
		return failure
	case s >= rules.Medium:
		return warning
	default:
		return note
	}
}

// offered returns the edits that repair what was found, where they are proved and not made yet.
func (f *Finding) offered(written bool) []Edit {
	if f.Fix == nil || !f.Fix.Applied || written {
		return nil
	}
	return f.Fix.Edits
}
