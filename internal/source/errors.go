package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// SyntaxError tells why a file is not YAML, and where.
type SyntaxError struct {
	Position Position
	// Message is one lower-case sentence without the place.
	Message string
}

// Error returns the place and the message.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Position.Line, e.Position.Column, e.Message)
}

var errNotAScalar = errors.New("not a scalar")

// checkText refuses what is not UTF-8 text, with the place of the first byte that is not.
func checkText(f *File) error {
	if bytes.HasPrefix(f.Data, []byte{0xff, 0xfe}) || bytes.HasPrefix(f.Data, []byte{0xfe, 0xff}) {
		return &SyntaxError{Position{1, 1}, "the file is UTF-16; save it as UTF-8"}
	}
	if i := bytes.IndexByte(f.Data, 0); i >= 0 {
		return &SyntaxError{f.Position(i), "the file is not text: it holds a zero byte"}
	}
	if utf8.Valid(f.Data) {
		return nil
	}
	for i := 0; i < len(f.Data); {
		r, size := utf8.DecodeRune(f.Data[i:])
		if r == utf8.RuneError && size <= 1 {
			return &SyntaxError{f.Position(i), "the file is not UTF-8 text; save it as UTF-8"}
		}
		i += size
	}
	return nil
}

var errorLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// diagnose turns the parser's error into one with the right line. The parser names the line where the failing
// construct began, one too early for some errors and none at all for others. begun is the number of lines that it had
// begun to read.
func diagnose(f *File, err error, begun int) *SyntaxError {
	match := errorLine.FindStringSubmatch(err.Error())
	if match == nil {
		return &SyntaxError{Position{1, 1}, err.Error()}
	}
	line, _ := strconv.Atoi(match[1])
	if !strings.Contains(match[2], "end of stream") {
		line = firstFailure(f, err, begun)
	}
	span := f.Line(max(1, min(line, f.Lines())))
	text := f.Data[span.Start:span.End]
	return &SyntaxError{f.Position(span.Start + leadingSpaces(text)), explain(match[2], text)}
}

// maxLookahead is how many lines with content the parser may have begun behind the one at fault: it looks at the next
// four characters at most.
const maxLookahead = 4

// firstFailure returns the line at fault. The parser stops reading at its first error, so that is the last line that
// it has begun, or one just before: the shortest run of lines from the start that fails in the same way ends with it.
func firstFailure(f *File, want error, begun int) int {
	line := begun
	for range maxLookahead {
		before := f.contentBefore(line)
		if before == 0 {
			break
		}
		if _, err := decode(bytes.NewReader(f.Data[:f.lineEnd(before)])); err == nil || err.Error() != want.Error() {
			break
		}
		line = before
	}
	return line
}

// contentBefore returns the last line before another one that is neither blank nor a comment, or 0.
func (f *File) contentBefore(line int) int {
	for line--; line > 0; line-- {
		span := f.Line(line)
		if text := bytes.TrimSpace(f.Data[span.Start:span.End]); len(text) > 0 && text[0] != '#' {
			break
		}
	}
	return max(0, line)
}

// lineReader hands out no more than one line at a time and counts the lines that it has begun.
type lineReader struct {
	file  *File
	at    int
	lines int
}

// Read returns the rest of a line, or as much of it as fits.
func (r *lineReader) Read(p []byte) (int, error) {
	if r.at == len(r.file.Data) {
		return 0, io.EOF
	}
	if r.at == r.file.lineEnd(r.lines) {
		r.lines++
	}
	n := copy(p, r.file.Data[r.at:r.file.lineEnd(r.lines)])
	r.at += n
	return n, nil
}

// explanations say in plain words what the parser's messages mean.
var explanations = []struct{ parser, plain string }{
	{"mapping values are not allowed", "unexpected ': '; quote the value, or check the indentation"},
	{"did not find expected key", "this line does not fit the indentation of the lines before it"},
	{"did not find expected '-' indicator", "expected a list item ('- ') at this indentation"},
	{"did not find expected ',' or ']'", "expected ',' or ']' in the list that was opened with '['"},
	{"did not find expected ',' or '}'", "expected ',' or '}' in the mapping that was opened with '{'"},
	{"did not find expected node content", "expected a value here"},
	{"block sequence entries are not allowed", "a list item ('- ') is not allowed here; check the indentation"},
	{"found unexpected end of stream", "a quote that is opened here is never closed"},
	{"did not find expected <document start>", "expected the document to end here; check the indentation"},
	{"could not find expected ':'", "expected ':' after the key"},
	{"did not find expected alphabetic or numeric", "an anchor or alias ('&' or '*') needs a name; quote the value if it is text"},
	{"control characters are not allowed", "the file holds a control character"},
	{"found undefined tag handle", "unknown tag ('!…'); quote the value if it is text"},
	{"found unknown escape character", "unknown escape after '\\' in double quotes; use single quotes, or write '\\\\'"},
	{"exceeded max depth", "nested too deeply"},
	{"found a tab character", tabInIndentation},
	{"did not find expected comment or line break", "only a digit, '+', '-' or a comment can follow '|' or '>' on its line"},
}

const tabInIndentation = "a tab is not allowed in indentation; use spaces"

func explain(message string, line []byte) string {
	text := bytes.TrimLeft(line, " ")
	switch {
	case bytes.HasPrefix(text, []byte("<<<<<<< ")):
		return "a merge conflict was left in the file"
	case strings.HasPrefix(message, "found character that cannot start any token"):
		if bytes.HasPrefix(text, []byte("\t")) {
			return tabInIndentation
		}
		return "unexpected character; quote the value if it is text (a value cannot start with '@', '`' or '%')"
	case strings.HasPrefix(message, "did not find expected key") && !parses(text):
		return "unexpected text behind a closing quote or bracket; quote the value as a whole"
	}
	if name, ok := strings.CutPrefix(message, "unknown anchor "); ok {
		return "no anchor is named " + strings.TrimSuffix(name, " referenced") + " before this alias"
	}
	for _, e := range explanations {
		if strings.HasPrefix(message, e.parser) {
			return e.plain
		}
	}
	return message
}

// parses reports whether a line is valid by itself.
func parses(line []byte) bool {
	_, err := decode(bytes.NewReader(line))
	return err == nil
}
