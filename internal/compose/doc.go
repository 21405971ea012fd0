// Package compose resolves a Compose project from its files, as docker compose does, and keeps for every value the
// place where it was said.
//
// compose-go decides what is right, and is not used to get there: its loader gives no positions, and it stops at the
// first problem, where a linter must go on. So this package follows the steps of that loader (decode, interpolate,
// include, extends, merge, make unique, bring into long form, set defaults, resolve paths, normalize), each over
// values that carry their origin, and turns what compose-go would stop at into a Problem. The test against
// compose-go over thousands of real files keeps the two equal. What compose-go offers as pure functions (templates,
// .env files, port and volume syntax, the text of the schema) is called, not written again.
//
// No other package imports compose-go.
package compose
