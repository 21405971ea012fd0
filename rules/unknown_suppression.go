package rules

// UnknownSuppression is reported by package lint.
var UnknownSuppression = &Rule{
	Name:     "unknown-suppression",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A comment is meant to suppress something, but names an unknown rule or is not written as it has to be.",
	Why: "The comment has no effect, and whoever wrote it believes that it has.\n\n" +
		"The form is `# composelint: ignore[rule, rule] reason`, above a key or item or behind it, or " +
		"`# composelint: ignore-file[rule] reason` before anything else in the file. Both may end with `until=2027-01-31`.",
	Bad: `services:
  web:
    image: example/web:1.4.2
    # composelint: ignore[privileged] talks to the host's USB bus
    hostname: web
`,
	Good: `services:
  web:
    image: example/web:1.4.2
    # composelint: ignore[privileged-container] talks to the host's USB bus
    privileged: true
`,
}
