package source

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// File is one YAML file, read and parsed.
type File struct {
	// Name is the path that the file was read from, as it was given.
	Name string
	// Data is the file's content, byte for byte.
	Data []byte
	// Documents are the top nodes of the file's documents. A document without content has no node here.
	Documents []*Node

	lines []int  // offset of each line's first byte; lines end at "\n"
	marks []int  // see characterMarks
	fault string // see Fault
}

// Position is a place for people: line and column are one-based, the column counts characters.
type Position struct{ Line, Column int }

// NewFile returns a file with a line table and no documents: enough to show places in a file that is not YAML.
func NewFile(name string, data []byte) *File {
	lines, longest := lineStarts(data)
	f := &File{Name: name, Data: data, lines: lines, fault: faultOf(data)}
	if longest > longLine {
		f.marks = characterMarks(data)
	}
	return f
}

// lineStarts returns where the lines start and how many bytes the longest has.
func lineStarts(data []byte) (starts []int, longest int) {
	starts = make([]int, 1, bytes.Count(data, []byte{'\n'})+1)
	at := 0
	for {
		i := bytes.IndexByte(data[at:], '\n')
		if i < 0 {
			return starts, max(longest, len(data)-at)
		}
		longest = max(longest, i)
		at += i + 1
		starts = append(starts, at)
	}
}

const (
	longLine   = 1 << 10
	markedStep = 256
)

// characterMarks returns how many characters start before each multiple of markedStep, so that the columns of many
// places in one huge line do not each cost a walk over that line.
func characterMarks(data []byte) []int {
	marks := make([]int, 1, len(data)/markedStep+1)
	for at := 0; at+markedStep <= len(data); at += markedStep {
		marks = append(marks, marks[len(marks)-1]+characters(data[at:at+markedStep]))
	}
	return marks
}

// characters counts the characters that start in the bytes.
func characters(data []byte) int {
	n := 0
	for _, c := range data {
		if utf8.RuneStart(c) {
			n++
		}
	}
	return n
}

// characters counts the characters between two offsets.
func (f *File) characters(start, end int) int {
	if end-start <= longLine || f.marks == nil {
		return characters(f.Data[start:end])
	}
	first, last := start/markedStep+1, end/markedStep
	return characters(f.Data[start:first*markedStep]) + f.marks[last] - f.marks[first] +
		characters(f.Data[last*markedStep:end])
}

// Root is the top node of the first document, or nil.
func (f *File) Root() *Node {
	if len(f.Documents) == 0 {
		return nil
	}
	return f.Documents[0]
}

// Lines returns the number of lines. A final line break does not start another line.
func (f *File) Lines() int {
	n := len(f.lines)
	if n > 1 && f.lines[n-1] == len(f.Data) {
		n--
	}
	return n
}

// Position converts a byte offset. An offset out of range is moved to the nearest end.
func (f *File) Position(offset int) Position {
	offset = max(0, min(offset, len(f.Data)))
	line := f.lineOf(offset)
	start := f.lines[line-1]
	if line == 1 {
		start = min(f.bom(), offset)
	}
	return Position{Line: line, Column: f.characters(start, offset) + 1}
}

// lineOf returns the one-based line that holds an offset.
func (f *File) lineOf(offset int) int {
	return max(1, sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > offset }))
}

// LineSpan returns the span of the line that holds the offset, without its line break.
func (f *File) LineSpan(offset int) Span {
	return f.Line(f.lineOf(offset))
}

// Line returns the span of a one-based line, without its line break; an empty span when there is no such line.
func (f *File) Line(line int) Span {
	if line < 1 || line > len(f.lines) {
		return Span{len(f.Data), len(f.Data)}
	}
	start, end := f.lines[line-1], len(f.Data)
	if line < len(f.lines) {
		end = f.lines[line] - 1
		if end > start && f.Data[end-1] == '\r' {
			end--
		}
	}
	if line == 1 {
		start = min(f.bom(), end)
	}
	return Span{start, end}
}

// lineEnd returns the offset behind the line break of a one-based line.
func (f *File) lineEnd(line int) int {
	if line < len(f.lines) {
		return f.lines[line]
	}
	return len(f.Data)
}

// Text returns the bytes of a span as a string.
func (f *File) Text(s Span) string { return string(f.Data[s.Start:s.End]) }

// EOL is the file's line break: "\r\n" where the first line ends so, else "\n".
func (f *File) EOL() string {
	if i := bytes.IndexByte(f.Data, '\n'); i > 0 && f.Data[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// HasCycle reports whether an alias stands within the value that it names, which no program can write out.
func (f *File) HasCycle() bool {
	found := false
	for _, document := range f.Documents {
		document.Walk(func(n *Node) bool {
			for p := n.Parent; n.Target != nil && p != nil; p = p.Parent {
				found = found || p == n.Target
			}
			return !found
		})
	}
	return found
}

// Fault says why nothing in the file can be edited, as the end of a sentence that begins with "the file"; it is empty
// where nothing is wrong. Such a file is linted all the same.
func (f *File) Fault() string { return f.fault }

func faultOf(data []byte) string {
	switch {
	case hasUnusualBreaks(data):
		return "holds unusual line breaks (a lone carriage return, NEL, LS or PS)"
	case bytes.Contains(data[min(1, len(data)):], utf8BOM):
		return "holds a byte order mark that is not its beginning"
	case hasTabLine(data):
		return "has blank lines with tabs, which readers of YAML disagree about"
	default:
		return ""
	}
}

// hasUnusualBreaks reports whether the data holds what YAML takes for a line break and most programs do not: a "\r"
// without "\n", NEL, LS or PS.
func hasUnusualBreaks(data []byte) bool {
	return hasLoneReturn(data) || bytes.Contains(data, []byte("\u0085")) ||
		bytes.Contains(data, []byte("\u2028")) || bytes.Contains(data, []byte("\u2029"))
}

func hasLoneReturn(data []byte) bool {
	for {
		i := bytes.IndexByte(data, '\r')
		if i < 0 {
			return false
		}
		if i+1 >= len(data) || data[i+1] != '\n' {
			return true
		}
		data = data[i+2:]
	}
}

// hasTabLine reports whether a line holds nothing but blanks, with a tab among them.
func hasTabLine(data []byte) bool {
	for {
		tab := bytes.IndexByte(data, '\t')
		if tab < 0 {
			return false
		}
		start := bytes.LastIndexByte(data[:tab], '\n') + 1
		end := lineEnd(data, tab)
		if len(bytes.TrimLeft(data[start:end], " \t")) == 0 {
			return true
		}
		data = data[end:]
	}
}

// bom returns the length of the byte order mark at the start of the file, 0 without one.
func (f *File) bom() int {
	if bytes.HasPrefix(f.Data, utf8BOM) {
		return len(utf8BOM)
	}
	return 0
}

var utf8BOM = []byte("\xef\xbb\xbf")
