package source

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"sort"
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
// construct began, one too early for some errors and none at all for others; but it stops at its first error, so the
// shortest run of lines from the start that fails in the same way ends with the line at fault.
func diagnose(f *File, err error) *SyntaxError {
	match := errorLine.FindStringSubmatch(err.Error())
	if match == nil {
		return &SyntaxError{Position{1, 1}, err.Error()}
	}
	claimed, _ := strconv.Atoi(match[1])
	line := claimed
	if !strings.Contains(match[2], "end of stream") {
		line = firstFailure(f, err)
	}
	line = max(1, min(line, f.Lines()))
	span := f.Line(line)
	text := f.Data[span.Start:span.End]
	indent := len(text) - len(bytes.TrimLeft(text, " "))
	message := explain(match[2], text)
	position := f.Position(span.Start + indent)
	return &SyntaxError{position, message}
}

// maxDiagnosed bounds the bytes that are parsed again to find the line of an error.
const maxDiagnosed = 1 << 20

func firstFailure(f *File, want error) int {
	if len(f.Data) > maxDiagnosed {
		match := errorLine.FindStringSubmatch(want.Error())
		line, _ := strconv.Atoi(match[1])
		return line
	}
	n := len(f.lines)
	return 1 + sort.Search(n-1, func(i int) bool {
		_, err := decode(f.Data[:f.lines[i+1]])
		return err != nil && err.Error() == want.Error()
	})
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
}

func explain(message string, line []byte) string {
	if strings.HasPrefix(message, "found character that cannot start any token") {
		return explainToken(line)
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

func explainToken(line []byte) string {
	text := bytes.TrimLeft(line, " ")
	if bytes.HasPrefix(text, []byte("\t")) {
		return "a tab is not allowed in indentation; use spaces"
	}
	return "unexpected character; quote the value if it is text (a value cannot start with '@', '`' or '%')"
}
