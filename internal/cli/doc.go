// Package cli is the command line: flags, the files that are meant, running the rules over them, and exit statuses.
//
// It is the only part of the program that knows the working directory and the environment, that reads files from
// disk, and that has them written.
package cli
