package rules

import "slices"

// Severity says what can happen.
type Severity uint8

// The severities, in order. Info is for what is worth knowing and needs no action.
const (
	Info Severity = iota + 1
	Low
	Medium
	High
	Critical
)

var severityNames = []string{"", "info", "low", "medium", "high", "critical"}

// String returns the severity as it is written on the command line.
func (s Severity) String() string { return severityNames[s] }

// ParseSeverity reads a severity as it is written on the command line.
func ParseSeverity(name string) (Severity, bool) {
	i := slices.Index(severityNames, name)
	return Severity(max(0, i)), i > 0
}

// SeverityNames returns the names of the severities, in order.
func SeverityNames() []string { return slices.Clone(severityNames[1:]) }

// Confidence says how sure a finding is.
type Confidence uint8

// The confidences, in order. Certain follows from the files alone; Likely needs a documented fact about the outside
// world; Possible depends on something that the files do not show.
const (
	Possible Confidence = iota + 1
	Likely
	Certain
)

var confidenceNames = []string{"", "possible", "likely", "certain"}

// String returns the confidence as it is written in reports.
func (c Confidence) String() string { return confidenceNames[c] }

// Tier says to whom a finding is welcome.
type Tier uint8

// The tiers, in order: what is broken or dangerous; hardening that most files lack; style.
const (
	Default Tier = iota + 1
	Strict
	Pedantic
)

var tierNames = []string{"", "default", "strict", "pedantic"}

// String returns the tier as it is written on the command line.
func (t Tier) String() string { return tierNames[t] }

// ParseTier reads a tier as it is written on the command line.
func ParseTier(name string) (Tier, bool) {
	i := slices.Index(tierNames, name)
	return Tier(max(0, i)), i > 0
}

// TierNames returns the names of the tiers, in order.
func TierNames() []string { return slices.Clone(tierNames[1:]) }

// Safety says what a fix may do to a stack that works.
type Safety uint8

// The safeties, in order. Manual: advice alone, nothing is changed. Unsafe: valid and better, but it may change
// behaviour that someone relies on. Safe: the stack keeps working the way it does, apart from the risk that is removed.
const (
	Manual Safety = iota + 1
	Unsafe
	Safe
)

var safetyNames = []string{"", "manual", "unsafe", "safe"}

// String returns the safety as it is written in reports.
func (s Safety) String() string { return safetyNames[s] }

// Rule is one thing that is checked, with its documentation.
type Rule struct {
	// Name is in kebab case and names the bad pattern: it reads well after "allow".
	Name string
	// Severity is the usual one; a finding may have another.
	Severity Severity
	Tier     Tier
	// Summary says in one sentence what is flagged.
	Summary string
	// Why says what can happen, and what it costs. It may have several paragraphs, set apart by blank lines.
	Why string
	// Fix says what the fix does and how safe it is; empty where there is none.
	Fix string
	// Bad is a Compose file on which the rule, and no other rule of its tier, has a finding. Good is the same file done
	// right. Both are run by the tests.
	Bad, Good string
	// References are where the facts come from, each with its version.
	References []Reference
	// Limits says what the rule does not see; empty where nothing is known.
	Limits string
	// Options are what a configuration may choose for the rule; most have none.
	Options []Option
	// Check reports the findings of the rule. It is nil for the rules about a run itself, such as a suppression that is
	// not needed: what they look at is known only when all other rules have run, and package lint reports them.
	Check func(*Pass)
}

// Option is something that a configuration may choose for a rule.
type Option struct {
	// Name is in kebab case.
	Name string
	// Summary says in one sentence what it chooses.
	Summary string
	// Default is the choice where the configuration makes none.
	Default []string
	// Allowed are the words to choose from; empty where any text will do.
	Allowed []string
}

// Reference is a document that a rule stands on.
type Reference struct {
	// Title names the document with its version and the section: "CIS Docker Benchmark v1.6.0, 5.5".
	Title string
	// URL is its address; empty for a document that has none.
	URL string
}
