package rules

// StaleBaselineEntry is reported by package lint.
var StaleBaselineEntry = &Rule{
	Name:     "stale-baseline-entry",
	Severity: Info,
	Tier:     Default,
	Summary:  "The baseline lists a finding that is not there any more.",
	Why: "Good news: the problem is gone. As long as the baseline lists it, the same problem could come back unnoticed. Write the " +
		"baseline again with `--write-baseline`.",
	Limits: "Entries about files that are there, but were not linted in the run, are not judged.",
}
