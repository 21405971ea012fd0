// Package patch changes the bytes of files: edits and their application, sets of edits that go in together, builders
// that make YAML-aware edits in a file's own manner, drafts that make several changes one after another, the unified
// diff, and the safe writing of files.
//
// YAML is never encoded again. What an edit does not touch stays as it is, byte for byte, comments included; a place
// that cannot be changed without a risk for what stands around it is refused (ErrUnsupported).
package patch
