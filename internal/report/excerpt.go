package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

const (
	// tabWidth is how far a tab goes in an excerpt.
	tabWidth = 4
	// pipeWidth is the width that excerpts are cut to where there is no terminal.
	pipeWidth = 80
	// minimalExcerpt is how many columns of a line are shown at least, however narrow the terminal is.
	minimalExcerpt = 20
	ellipsis       = "…"
)

// cell is one character of a line as it is shown.
type cell struct {
	text    string
	columns int
	marked  bool // it belongs to what the finding is about
}

// cells splits a line into what is shown for each character.
func (e Excerpt) cells() []cell {
	cells := make([]cell, 0, len(e.Text)+1)
	for at := 0; at < len(e.Text); {
		r, size := utf8.DecodeRuneInString(e.Text[at:])
		c := cell{marked: at >= e.Start && at < e.End}
		switch {
		case r == '\t':
			c.text = strings.Repeat(" ", tabWidth)
		case strings.HasSuffix(e.Text[:at+size], commandMark):
			c.text = strings.TrimPrefix(escapedCommandMark, "##")
		default:
			c.text = escapeCharacter(r, e.Text[at:at+size])
		}
		c.columns = columns(c.text)
		cells = append(cells, c)
		at += size
	}
	if e.Start >= e.End || e.Start >= len(e.Text) {
		cells = append(cells, cell{text: " ", columns: 1, marked: e.Start >= len(e.Text)})
	}
	return cells
}

// columns returns how many columns of a terminal a text takes.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n += runeColumns(r)
	}
	return n
}

// runeColumns follows Unicode Standard Annex 11: East Asian wide and full-width characters take two columns; marks
// that sit on the character before them, and joiners, take none.
func runeColumns(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}

// cut returns the part of a line around the marked cells that fits into a number of columns, with an ellipsis where
// something is left out.
func cut(cells []cell, limit int) []cell {
	if total(cells) <= limit {
		return cells
	}
	first, last := markedRange(cells)
	// A third of the room stands before what matters, unless the line begins or ends there.
	start := first
	for room := limit / 3; start > 0 && room >= cells[start-1].columns; start-- {
		room -= cells[start-1].columns
	}
	end, room := start, limit-1 // an ellipsis at the end takes one column, and so does one at the start
	if start > 0 {
		room--
	}
	for ; end < len(cells) && room >= cells[end].columns; end++ {
		room -= cells[end].columns
	}
	if end == len(cells) {
		for room++; start > 0 && room >= cells[start-1].columns; start-- {
			room -= cells[start-1].columns
		}
	}
	part := append([]cell(nil), cells[start:end]...)
	if start > 0 {
		part = append([]cell{{text: ellipsis, columns: 1}}, part...)
	}
	if end < len(cells) {
		part = append(part, cell{text: ellipsis, columns: 1, marked: last >= end})
	}
	return part
}

func total(cells []cell) int {
	n := 0
	for _, c := range cells {
		n += c.columns
	}
	return n
}

// markedRange returns the first and the last marked cell.
func markedRange(cells []cell) (first, last int) {
	first = -1
	for i, c := range cells {
		if c.marked {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return max(0, first), last
}

// render returns the line and the carets below it.
func render(cells []cell) (line, carets string) {
	var shown, below strings.Builder
	for _, c := range cells {
		shown.WriteString(c.text)
		mark := " "
		if c.marked {
			mark = "^"
		}
		below.WriteString(strings.Repeat(mark, c.columns))
	}
	return strings.TrimRight(shown.String(), " "), strings.TrimRight(below.String(), " ")
}
