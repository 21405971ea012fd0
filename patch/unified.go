package patch

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

const (
	// contextLines is the number of unchanged lines that diff and git show around a change.
	contextLines = 3
	// maxDiffLines is a little less than the number of different lines that go-diff can tell apart; it panics on more.
	maxDiffLines = 1_000_000
	// maxDiffTime ends the search for the shortest difference between texts that have next to nothing in common. What
	// is found by then is right, and longer than it could be.
	maxDiffTime = 5 * time.Second
)

// Unified returns the difference between two texts in the unified format, as "git apply" and "patch" read it, with three
// lines of context; it is empty when the texts are equal. The names go into the header as they are given, such as
// "a/compose.yaml" and "b/compose.yaml", and are quoted in the way of git where they hold unusual characters.
func Unified(oldName, newName string, old, new []byte) string {
	lines := diffLines(string(old), string(new))
	var hunks strings.Builder
	oldLine, newLine, at := 1, 1, 0
	for {
		start, end := nextHunk(lines, at)
		if start == end {
			break
		}
		skipped := start - at
		h := hunk{lines: lines[start:end], oldLine: oldLine + skipped, newLine: newLine + skipped}
		h.write(&hunks)
		oldCount, newCount := h.counts()
		oldLine, newLine, at = h.oldLine+oldCount, h.newLine+newCount, end
	}
	if hunks.Len() == 0 {
		return ""
	}
	return "--- " + quoteName(oldName) + "\n+++ " + quoteName(newName) + "\n" + hunks.String()
}

// diffLine is a line of one of the two texts, or of both, with its line break.
type diffLine struct {
	mark byte // ' ' in both, '-' in the old one, '+' in the new one
	text string
}

// diffLines returns the lines of both texts, in order; of lines that were replaced the old ones come first.
func diffLines(old, new string) []diffLine {
	before, behind := commonEnds(old, new)
	lines := appendLines(nil, ' ', old[:before])
	for _, d := range diffMiddle(old[before:len(old)-behind], new[before:len(new)-behind]) {
		lines = appendLines(lines, marks[d.Type], d.Text)
	}
	return appendLines(lines, ' ', old[len(old)-behind:])
}

var marks = map[diffmatchpatch.Operation]byte{
	diffmatchpatch.DiffEqual: ' ', diffmatchpatch.DiffDelete: '-', diffmatchpatch.DiffInsert: '+',
}

func appendLines(lines []diffLine, mark byte, text string) []diffLine {
	for line := range strings.Lines(text) {
		lines = append(lines, diffLine{mark, line})
	}
	return lines
}

// commonEnds returns how many bytes of whole lines two texts have in common at their start and at their end.
func commonEnds(old, new string) (before, behind int) {
	limit := min(len(old), len(new))
	same := 0
	for same < limit && old[same] == new[same] {
		same++
	}
	before = same
	if same < max(len(old), len(new)) {
		before = strings.LastIndexByte(old[:same], '\n') + 1
	}
	for limit -= before; behind < limit && old[len(old)-behind-1] == new[len(new)-behind-1]; behind++ {
	}
	if !isLineStart(old, behind) || !isLineStart(new, behind) {
		_, whole, _ := strings.Cut(old[len(old)-behind:], "\n")
		behind = len(whole)
	}
	return before, behind
}

// isLineStart reports whether the last bytes of a text begin with a line.
func isLineStart(text string, last int) bool {
	return last == len(text) || text[len(text)-last-1] == '\n'
}

func diffMiddle(old, new string) []diffmatchpatch.Diff {
	if strings.Count(old, "\n")+strings.Count(new, "\n") > maxDiffLines {
		return []diffmatchpatch.Diff{{Type: diffmatchpatch.DiffDelete, Text: old}, {Type: diffmatchpatch.DiffInsert, Text: new}}
	}
	differ := diffmatchpatch.New()
	differ.DiffTimeout = maxDiffTime
	oldLines, newLines, texts := differ.DiffLinesToRunes(old, new)
	return differ.DiffCharsToLines(differ.DiffMainRunes(oldLines, newLines, false), texts)
}

// nextHunk returns the range of lines, from at on, that holds the next changes with their context. Changes whose
// context meets are shown together. The range is empty where no change is left.
func nextHunk(lines []diffLine, at int) (start, end int) {
	first := at
	for first < len(lines) && lines[first].mark == ' ' {
		first++
	}
	if first == len(lines) {
		return at, at
	}
	last := first
	for i := first; i < len(lines) && i <= last+2*contextLines+1; i++ {
		if lines[i].mark != ' ' {
			last = i
		}
	}
	return max(at, first-contextLines), min(len(lines), last+1+contextLines)
}

// hunk is a part of a difference, with the one-based line at which it starts in each text.
type hunk struct {
	lines            []diffLine
	oldLine, newLine int
}

// counts returns how many lines of each text are in the hunk.
func (h hunk) counts() (old, new int) {
	for _, line := range h.lines {
		if line.mark != '+' {
			old++
		}
		if line.mark != '-' {
			new++
		}
	}
	return old, new
}

func (h hunk) write(b *strings.Builder) {
	oldCount, newCount := h.counts()
	fmt.Fprintf(b, "@@ -%s +%s @@\n", hunkRange(h.oldLine, oldCount), hunkRange(h.newLine, newCount))
	for _, line := range h.lines {
		b.WriteByte(line.mark)
		b.WriteString(line.text)
		if !strings.HasSuffix(line.text, "\n") {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// hunkRange writes a start line with a number of lines: one line needs no number, and no lines stand behind the line
// before.
func hunkRange(line, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", line-1)
	case 1:
		return fmt.Sprint(line)
	default:
		return fmt.Sprintf("%d,%d", line, count)
	}
}

// nameEscapes are the escapes with a letter in quoted names, as git writes them (git, quote.c).
var nameEscapes = map[byte]string{
	'\a': `\a`, '\b': `\b`, '\t': `\t`, '\n': `\n`, '\v': `\v`, '\f': `\f`, '\r': `\r`, '"': `\"`, '\\': `\\`,
}

// quoteName writes a file name as git does with core.quotePath off: in double quotes where it holds a quote, a backslash
// or something that cannot be printed; a tab behind a name with a space tells "patch" where the name ends.
func quoteName(name string) string {
	var b strings.Builder
	for at := 0; at < len(name); {
		r, size := utf8.DecodeRuneInString(name[at:])
		text := name[at : at+size]
		if r == utf8.RuneError && size == 1 || !unicode.IsPrint(r) || r == '"' || r == '\\' {
			text = escapeName(text)
		}
		b.WriteString(text)
		at += size
	}
	switch quoted := b.String(); {
	case quoted != name:
		return `"` + quoted + `"`
	case strings.Contains(name, " "):
		return name + "\t"
	default:
		return name
	}
}

func escapeName(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if escaped, ok := nameEscapes[c]; ok {
			b.WriteString(escaped)
		} else {
			fmt.Fprintf(&b, `\%03o`, c)
		}
	}
	return b.String()
}
