package knowledge

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// TagWordKind tells how a word in a tag makes the tag move.
type TagWordKind string

// The kinds of words. A branch or channel word no longer moves next to a commit, a date or a version; a pointer word
// always moves unless there is a commit, a date or, after it, a full version; a variant word moves only where nothing
// else says which release.
const (
	TagChannel TagWordKind = "channel"
	TagPointer TagWordKind = "pointer"
	TagVariant TagWordKind = "variant"
)

// TagWord is a word that stands for whatever is newest.
type TagWord struct {
	Word string      `yaml:"word"`
	Kind TagWordKind `yaml:"kind"`
	// ReleaseOf are the images in whose tags the word is a release, as "bookworm" is one of Debian.
	ReleaseOf  []string `yaml:"release_of"`
	Provenance `yaml:",inline"`
}

var tagWordIndex = sync.OnceValue(func() map[string]*TagWord {
	index := map[string]*TagWord{}
	for i := range tagWordTable {
		index[tagWordTable[i].Word] = &tagWordTable[i]
	}
	return index
})

// MovingTag tells whether the image's tag names a moving target, and by which word: "latest", "nightly-alpine",
// "alpine". Tags with a version ("16", "3.12-slim"), a commit ("main-1a2b3c4") or a date are not called moving, nor
// is any tag beside a digest. An image without a tag is not judged: the engine takes "latest".
func MovingTag(img Image) (word string, moving bool) {
	if img.Digest != "" {
		return "", false
	}
	words := readTag(img)
	switch {
	case words.fixed:
		return "", false
	case words.pointer != "":
		return words.pointer, true
	case words.version:
		return "", false
	case words.channel != "":
		return words.channel, true
	case words.variant != "" && !words.unknown:
		return words.variant, true
	}
	return "", false
}

// tagParts is what the parts of a tag say: the first word of each kind, and whether there is a version, a commit or
// date (fixed), or a part that means nothing known.
type tagParts struct {
	channel, pointer, variant string
	version, fixed, unknown   bool
}

func readTag(img Image) tagParts {
	found := tagParts{fixed: hasDashedDate(img.Tag)}
	isSeparator := func(r rune) bool { return r == '-' || r == '_' }
	for part := range strings.FieldsFuncSeq(strings.ToLower(img.Tag), isSeparator) {
		word, known := tagWordOf(part)
		switch {
		case isCommit(part) || isDate(part):
			found.fixed = true
		case isVersionWord(part), known && slices.ContainsFunc(word.ReleaseOf, img.Matches):
			found.version = true
			// "nightly-2.0.0.548" is one build; "2.0.0-nightly" is the newest of many.
			found.fixed = found.fixed || found.pointer != "" && strings.Count(part, ".") >= 2
		case !known:
			found.unknown = true
		case word.Kind == TagPointer:
			found.pointer = cmp.Or(found.pointer, part)
		case word.Kind == TagVariant:
			found.variant = cmp.Or(found.variant, part)
		case word.Kind == TagChannel:
			found.channel = cmp.Or(found.channel, part)
		}
	}
	return found
}

// tagWordOf finds the word that a part of a tag is, with or without a number after it: "alpine3.20" is "alpine".
func tagWordOf(part string) (*TagWord, bool) {
	if word, ok := tagWordIndex()[part]; ok {
		return word, true
	}
	word, ok := tagWordIndex()[strings.TrimRight(part, "0123456789.")]
	return word, ok
}

// isVersionWord recognises "16", "v2", "1.2.3", "2.0rc1", "r5".
func isVersionWord(part string) bool {
	part = strings.TrimLeft(part, "vr")
	return part != "" && part[0] >= '0' && part[0] <= '9'
}

// isCommit recognises a commit's hash, whole or abbreviated: hexadecimal, with a digit and a letter, seven or more.
func isCommit(part string) bool {
	part = strings.TrimPrefix(strings.TrimPrefix(part, "sha"), "g")
	if len(part) < 7 || len(part) > 64 {
		return false
	}
	digits, letters := false, false
	for i := range len(part) {
		if !isHexByte(part[i]) {
			return false
		}
		if part[i] <= '9' {
			digits = true
		} else {
			letters = true
		}
	}
	return digits && letters || len(part) >= 32
}

// hasDashedDate recognises "2024-01-31" anywhere in a tag.
func hasDashedDate(tag string) bool {
	const shape = "20dd-dd-dd"
	for i := 0; i+len(shape) <= len(tag); i++ {
		if hasShape(tag[i:i+len(shape)], shape) {
			return true
		}
	}
	return false
}

// hasShape compares text with a shape in which a "d" stands for any digit.
func hasShape(text, shape string) bool {
	for i := range len(shape) {
		digit := text[i] >= '0' && text[i] <= '9'
		if shape[i] == 'd' && !digit || shape[i] != 'd' && text[i] != shape[i] {
			return false
		}
	}
	return true
}

// isDate recognises "20240131", with or without a time of day, and "2024.01.31".
func isDate(part string) bool {
	digits := strings.ReplaceAll(part, ".", "")
	if len(digits) < 8 || len(digits) > 14 || !strings.HasPrefix(digits, "20") {
		return false
	}
	return strings.Trim(digits, "0123456789") == ""
}
