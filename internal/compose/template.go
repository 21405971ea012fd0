package compose

import (
	"errors"
	"io"
	"strings"
	"sync"

	"github.com/compose-spec/compose-go/v2/template"
	"github.com/sirupsen/logrus"
)

// Segment is a piece of a text with variables: either literal text, or a reference.
type Segment struct {
	// Text is the literal text, with "$$" already turned into "$". It is empty for a reference.
	Text string
	// Variable is the reference, or nil.
	Variable *Variable
	// Start and End are the bytes of the raw text that the segment was read from.
	Start, End int
}

// Variable is a reference such as ${NAME:-default}.
type Variable struct {
	Name string
	// Operator is one of "", "-", ":-", "?", ":?", "+", ":+".
	Operator string
	// Argument is what follows the operator, parsed: the default, the alternative, or the error message.
	Argument []Segment
}

// ParseTemplate splits a raw text into segments. It is false for a text that Compose refuses, and for one whose
// braces are so unusual that only Compose's own code can tell what it means.
func ParseTemplate(raw string) ([]Segment, bool) {
	return parseTemplate(raw, 0, 0)
}

// maxNesting is how deeply references may nest before Compose's own code is asked.
const maxNesting = 16

func parseTemplate(raw string, base, depth int) ([]Segment, bool) {
	var segments []Segment
	literal := func(from, to int, s string) {
		if from < to {
			segments = append(segments, Segment{Text: s, Start: base + from, End: base + to})
		}
	}
	start := 0
	for i := 0; i < len(raw); {
		dollar := strings.IndexByte(raw[i:], '$')
		if dollar < 0 || i+dollar+1 >= len(raw) {
			break
		}
		i += dollar
		switch next := raw[i+1]; {
		case next == '$':
			literal(start, i, raw[start:i])
			literal(i, i+2, "$")
			i += 2
			start = i
		case isNameStart(next):
			literal(start, i, raw[start:i])
			end := i + 1 + nameLength(raw[i+1:])
			segments = append(segments, Segment{Variable: &Variable{Name: raw[i+1 : end]}, Start: base + i, End: base + end})
			i, start = end, end
		case next == '{':
			literal(start, i, raw[start:i])
			segment, ok := parseBraced(raw[i:], base+i, depth)
			if !ok {
				return segments, false
			}
			segments = append(segments, segment)
			i = segment.End - base
			start = i
		default:
			i++
		}
	}
	literal(start, len(raw), raw[start:])
	return segments, true
}

// parseBraced reads "${…}" at the start of raw.
func parseBraced(raw string, base, depth int) (Segment, bool) {
	n := nameLength(raw[2:])
	if n == 0 || depth > maxNesting {
		return Segment{}, false
	}
	v := &Variable{Name: raw[2 : 2+n]}
	rest := raw[2+n:]
	for _, op := range []string{":-", ":?", ":+", "-", "?", "+"} {
		if strings.HasPrefix(rest, op) {
			v.Operator = op
			break
		}
	}
	from := 2 + n + len(v.Operator)
	if v.Operator == "" {
		if !strings.HasPrefix(rest, "}") {
			return Segment{}, false
		}
		return Segment{Variable: v, Start: base, End: base + from + 1}, true
	}
	length, ok := argumentLength(raw[from:])
	if !ok {
		return Segment{}, false
	}
	v.Argument, ok = parseTemplate(raw[from:from+length], base+from, depth+1)
	return Segment{Variable: v, Start: base, End: base + from + length + 1}, ok
}

// argumentLength finds the brace that closes a reference. Braces that do not belong to a nested reference, and line
// breaks, are left to Compose's own code.
func argumentLength(s string) (int, bool) {
	open := 0
	for i := range len(s) {
		switch s[i] {
		case '\n':
			return 0, false
		case '{':
			if i == 0 || s[i-1] != '$' || i+1 >= len(s) || !isNameStart(s[i+1]) || i > 1 && s[i-2] == '$' {
				return 0, false
			}
			open++
		case '}':
			if open == 0 {
				return i, true
			}
			open--
		}
	}
	return 0, false
}

func isNameStart(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func nameLength(s string) int {
	for i := range len(s) {
		if !isNameStart(s[i]) && (i == 0 || s[i] < '0' || s[i] > '9') {
			return i
		}
	}
	return len(s)
}

// hasVariable reports whether a text may refer to a variable, or holds an escaped dollar sign.
func hasVariable(raw string) bool { return strings.IndexByte(raw, '$') >= 0 }

// expansion is the outcome of replacing the variables of a text.
type expansion struct {
	text string
	// unset are the names of the variables that became blank without being asked to.
	unset []string
	// missing is the required variable without a value, with the message that goes with it.
	missing, message string
	malformed        bool
}

// expand replaces the variables of a raw text.
func expand(raw string, lookup func(string) (string, bool)) expansion {
	segments, ok := ParseTemplate(raw)
	if !ok {
		return expandUnusual(raw, lookup)
	}
	var e expansion
	e.text = e.join(segments, lookup)
	return e
}

func (e *expansion) join(segments []Segment, lookup func(string) (string, bool)) string {
	if len(segments) == 1 && segments[0].Variable == nil {
		return segments[0].Text
	}
	var b strings.Builder
	for _, s := range segments {
		if s.Variable == nil {
			b.WriteString(s.Text)
			continue
		}
		b.WriteString(e.value(s.Variable, lookup))
	}
	return b.String()
}

func (e *expansion) value(v *Variable, lookup func(string) (string, bool)) string {
	value, set := lookup(v.Name)
	switch v.Operator {
	case ":-", "-":
		if !set || value == "" && v.Operator == ":-" {
			return e.join(v.Argument, lookup)
		}
	case ":+", "+":
		if set && (value != "" || v.Operator == "+") {
			return e.join(v.Argument, lookup)
		}
	case ":?", "?":
		if !set || value == "" && v.Operator == ":?" {
			message := e.join(v.Argument, lookup)
			if e.missing == "" {
				e.missing, e.message = v.Name, message
			}
			return ""
		}
	default:
		if !set {
			e.unset = append(e.unset, v.Name)
		}
	}
	return value
}

// expandUnusual asks Compose's own code.
func expandUnusual(raw string, lookup func(string) (string, bool)) expansion {
	silence()
	text, err := template.Substitute(raw, func(name string) (string, bool) { return lookup(name) })
	var missing *template.MissingRequiredError
	if errors.As(err, &missing) {
		return expansion{text: text, missing: missing.Variable, message: missing.Reason}
	}
	return expansion{text: text, malformed: err != nil}
}

// silence keeps compose-go from writing warnings to standard error: it logs through logrus's global logger, and has
// no option to leave it.
var silence = sync.OnceFunc(func() { logrus.SetOutput(io.Discard) })
