package rules

// ExpiredSuppression is reported by package lint.
var ExpiredSuppression = &Rule{
	Name:     "expired-suppression",
	Severity: Low,
	Tier:     Default,
	Summary:  "The day until which a comment or an exception of the configuration suppresses a rule has passed.",
	Why: "Somebody accepted a problem for a time, and that time is over. It has no effect any more: what it suppressed is " +
		"reported again.",
	Bad: `services:
  web:
    image: example/web:1.4.2
    # composelint: ignore[privileged-container] until the driver is fixed until=2020-01-31
    privileged: true
`,
	Good: `services:
  web:
    image: example/web:1.4.2
`,
	Limits: "The last day still counts. It ends by the clock of the machine that runs the check.",
}
