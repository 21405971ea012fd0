// Package report writes the outcome of a run for people and for programs, one file for each format.
//
// It is given plain data and decides nothing: what was found, what became of the fixes, what may be quoted and what
// has to be masked is settled before. It does know how to show things: every text that comes from outside is escaped,
// so that a file name or a message cannot send control sequences to a terminal.
package report
