package rules

// UnusedSuppression is reported by package lint.
var UnusedSuppression = &Rule{
	Name:     "unused-suppression",
	Severity: Low,
	Tier:     Default,
	Summary:  "A comment suppresses a rule that finds nothing there.",
	Why: "The comment tells readers of a problem that is gone. Should the problem come back, nobody would hear of it. A comment " +
		"that stands in the wrong place, or names a rule that the configuration does not allow to be ignored, has no effect " +
		"either, and is reported as well.",
	Bad: `services:
  web:
    # composelint: ignore[privileged-container] needs the GPU
    image: example/web:1.4.2
`,
	Good: `services:
  web:
    image: example/web:1.4.2
`,
	Limits: "A suppression of a rule that was not run is not judged, nor one in a file that is only extended or included. No fix " +
		"removes the comment: a run with other override files or variables may need it.",
}
