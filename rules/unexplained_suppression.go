package rules

// UnexplainedSuppression is reported by package lint.
var UnexplainedSuppression = &Rule{
	Name:     "unexplained-suppression",
	Severity: Low,
	Tier:     Strict,
	Summary:  "A comment suppresses a rule and does not say why.",
	Why: "Whoever reads the file next cannot tell whether the problem was accepted for a reason, or only silenced, and when the " +
		"comment may go.",
	Bad: `services:
  web:
    image: example/web:1.4.2
    privileged: true # composelint: ignore[privileged-container]
`,
	Good: `services:
  web:
    image: example/web:1.4.2
    privileged: true # composelint: ignore[privileged-container] talks to the host's USB bus
`,
}
