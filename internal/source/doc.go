// Package source reads one YAML file into a tree of nodes that know exactly which bytes they stand on.
//
// The tree comes from gopkg.in/yaml.v3, the only parser; this package adds what that parser does not tell: where
// each node ends, and byte offsets instead of lines and columns. No other package imports yaml.v3.
//
// Three notations of a place are in use, each with one purpose:
//
//   - byte offset and Span: for programs; zero-based, half-open, into File.Data, a byte order mark included;
//   - Position: for people; one-based line and column, the column counted in characters, lines ended by "\n";
//   - the parser's own line and column: inside this package alone; it also ends lines at "\r", U+0085, U+2028
//     and U+2029, and does not count a byte order mark.
package source
