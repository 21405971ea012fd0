package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// GitHub Actions takes this for the beginning of a command wherever it stands in a line of a log, as
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs has it. A command could hide what
// follows.
const (
	commandMark        = "##["
	escapedCommandMark = `##\x5b`
)

// escapeCommand returns a line that is no command to GitHub Actions, which takes it for one if "::" is the first thing
// in it behind blanks.
func escapeCommand(line string) string {
	rest := strings.TrimLeftFunc(line, unicode.IsSpace)
	if !strings.HasPrefix(rest, "::") {
		return line
	}
	return line[:len(line)-len(rest)] + `\x3a` + rest[1:]
}

// Escape returns a text in which everything that a terminal or a log could take for more than text is spelled out:
// control characters, line breaks, invisible characters that change the direction of writing, bytes that are no
// characters, and the mark of commands to GitHub Actions.
func Escape(text string) string {
	text = strings.ReplaceAll(text, commandMark, escapedCommandMark)
	if !strings.ContainsFunc(text, isUnsafe) && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		b.WriteString(escapeCharacter(r, text[at:at+size]))
		at += size
	}
	return b.String()
}

// escapeCharacter spells out a character, given with its bytes, if it is not safe to print.
func escapeCharacter(r rune, written string) string {
	switch {
	case r == utf8.RuneError && len(written) == 1:
		return fmt.Sprintf(`\x%02x`, written[0])
	case !isUnsafe(r):
		return written
	case r == '\t':
		return `\t`
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	default:
		return fmt.Sprintf(`\u%04x`, r)
	}
}

// isUnsafe reports characters of the categories control and format, and separators of lines and paragraphs. The
// joiners that some scripts and emoji are written with stay.
func isUnsafe(r rune) bool {
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
	if r < utf8.RuneSelf {
		return r < ' ' || r == 0x7f
	}
	if r == zeroWidthNonJoiner || r == zeroWidthJoiner {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
