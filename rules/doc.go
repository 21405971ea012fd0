// Package rules holds what is checked: one file for each rule, with its documentation, and what rules are made of.
//
// A rule looks at the effective model of a project (package compose), whose values know where they were said, and
// reports findings at the cause: the anchor, the base service or the override file that says the value, once, with all
// services that it reaches. A finding may carry a fix: edits of the files' bytes (package patch) together with the
// difference that they make to the effective model. The caller verifies that difference before it shows or writes
// anything, so a rule cannot break a file; it can only fail to fix it.
//
// Rules never print, read files or the environment, and hold no state.
package rules

//go:generate go test ../internal/report -run ^TestPages$ -update
