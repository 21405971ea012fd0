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

	lines []int // offset of each line's first byte; lines end at "\n"
}

// Position is a place for people: line and column are one-based, the column counts characters.
type Position struct{ Line, Column int }

// NewFile returns a file with a line table and no documents: enough to show places in a file that is not YAML.
func NewFile(name string, data []byte) *File {
	return &File{Name: name, Data: data, lines: lineStarts(data)}
}

func lineStarts(data []byte) []int {
	starts := make([]int, 1, bytes.Count(data, []byte{'\n'})+1)
	for i, b := range data {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
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
	line := sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > offset }) - 1
	start := f.lines[line]
	if line == 0 {
		start = min(f.bom(), offset)
	}
	return Position{Line: line + 1, Column: utf8.RuneCount(f.Data[start:offset]) + 1}
}

// LineSpan returns the span of the line that holds the offset, without its line break.
func (f *File) LineSpan(offset int) Span {
	return f.Line(f.Position(offset).Line)
}

// Line returns the span of a one-based line, without its line break; an empty span when there is no such line.
func (f *File) Line(line int) Span {
	if line < 1 || line > len(f.lines) {
		return Span{len(f.Data), len(f.Data)}
	}
	start, end := f.lines[line-1], len(f.Data)
	if line < len(f.lines) {
		end = f.lines[line] - 1
	}
	if line == 1 {
		start = min(f.bom(), end)
	}
	if end > start && f.Data[end-1] == '\r' {
		end--
	}
	return Span{start, end}
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

// bom returns the length of the byte order mark at the start of the file, 0 without one.
func (f *File) bom() int {
	if bytes.HasPrefix(f.Data, utf8BOM) {
		return len(utf8BOM)
	}
	return 0
}

var utf8BOM = []byte("\xef\xbb\xbf")
