// Package config reads .composelint.yaml.
//
// One table says which keys there are, what they mean and what they may hold. The parser, the JSON Schema for editors
// and the commented file that --init writes are all made from it. What is unknown, misspelt or of the wrong kind is an
// error with its place, never left out of account.
//
// The package reads no files: Find asks a function whether a path is there, and Parse is given the bytes.
package config
