package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"

	"composelint/rules"
)

// formatVersion is raised when a field of the JSON format changes its meaning or goes.
const formatVersion = 1

type jsonPlace struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
}

type jsonFinding struct {
	Rule       string `json:"rule"`
	Severity   string `json:"severity"`
	Confidence string `json:"confidence"`
	Message    string `json:"message"`
	jsonPlace
	Path       string          `json:"path"`
	Services   []string        `json:"services"`
	Came       string          `json:"came"`
	Notes      []string        `json:"notes"`
	Related    []jsonRelated   `json:"related"`
	References []jsonReference `json:"references"`
	Fix        *jsonFix        `json:"fix"`
}

type jsonRelated struct {
	jsonPlace
	Message string `json:"message"`
}

type jsonReference struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

type jsonFix struct {
	Title   string     `json:"title"`
	Safety  string     `json:"safety"`
	Status  string     `json:"status"`
	Dropped string     `json:"dropped"`
	Advice  string     `json:"advice"`
	Notes   []string   `json:"notes"`
	Edits   []jsonEdit `json:"edits"`
}

type jsonEdit struct {
	jsonPlace
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

type jsonFailure struct {
	File    string `json:"file"`
	Message string `json:"message"`
}

type jsonSummary struct {
	Projects   int            `json:"projects"`
	Findings   int            `json:"findings"`
	BySeverity map[string]int `json:"bySeverity"`
	Suppressed int            `json:"suppressed"`
	Known      int            `json:"known"`
	Fixable    int            `json:"fixable"`
	Unsafe     int            `json:"unsafe"`
	Written    bool           `json:"written"`
}

// JSON writes the report as one JSON object. Its texts are exact, and its bytes are safe to print: what could be
// taken for a control sequence is spelled as an escape of JSON. The error is that of the writer.
func JSON(w io.Writer, r *Report) error {
	j := newJSONWriter(w)
	j.text(fmt.Sprintf("{\n  \"version\": %d,\n  \"findings\": ", formatVersion))
	j.array("  ", len(r.Findings), func(i int) any { return toJSONFinding(&r.Findings[i], r.Written) })
	j.text(",\n  \"failures\": ")
	j.value("  ", mapped(r.Failures, func(f Failure) jsonFailure { return jsonFailure(f) }))
	j.text(",\n  \"summary\": ")
	j.value("  ", toJSONSummary(r.Summary(), r.Written))
	j.text("\n}\n")
	return j.flush()
}

// jsonWriter writes the pieces of a JSON object. Errors of the writer stay in out until it is flushed.
type jsonWriter struct {
	out *bufio.Writer
	err error // the first one of encoding
}

func newJSONWriter(w io.Writer) *jsonWriter { return &jsonWriter{out: bufio.NewWriter(w)} }

// flush writes what is buffered. The error is that of the writer.
func (j *jsonWriter) flush() error { return errors.Join(j.err, j.out.Flush()) }

func (j *jsonWriter) text(text string) { _, _ = j.out.WriteString(text) }

// array writes an array whose lines, from the second on, begin with an indent. The values are converted one at a
// time, since there may be very many.
func (j *jsonWriter) array(indent string, n int, value func(i int) any) {
	if n == 0 {
		j.text("[]")
		return
	}
	for i := range n {
		separator := ","
		if i == 0 {
			separator = "["
		}
		j.text(separator + "\n" + indent + "  ")
		j.value(indent+"  ", value(i))
	}
	j.text("\n" + indent + "]")
}

// value writes a value whose lines, from the second on, begin with an indent.
func (j *jsonWriter) value(indent string, value any) { j.encode(value, indent, "  ") }

// line writes a value on a line of its own.
func (j *jsonWriter) line(value any) {
	j.encode(value, "", "")
	j.text("\n")
}

func (j *jsonWriter) encode(value any, prefix, indent string) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent(prefix, indent)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil && j.err == nil {
		j.err = fmt.Errorf("internal error: %w", err)
	}
	text := bytes.ReplaceAll(b.Bytes(), []byte(commandMark), []byte(`##\u005b`)) // only a string can hold it
	_, _ = j.out.Write(escapeJSON(bytes.TrimSuffix(text, []byte("\n"))))
}

// escapeJSON spells out the characters that are not safe to print. Those that encoding/json leaves are in strings;
// the line breaks between its lines stay.
func escapeJSON(text []byte) []byte {
	unsafe := func(r rune) bool { return r != '\n' && isUnsafe(r) }
	if !bytes.ContainsFunc(text, unsafe) {
		return text
	}
	var b bytes.Buffer
	for _, r := range string(text) {
		switch {
		case !unsafe(r):
			b.WriteRune(r)
		case utf16.RuneLen(r) == 1:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		}
	}
	return b.Bytes()
}

// mapped converts a list; the result is never nil, so that it is never null in JSON.
func mapped[From, To any](list []From, convert func(From) To) []To {
	result := make([]To, len(list))
	for i, item := range list {
		result[i] = convert(item)
	}
	return result
}

// listed returns a list that is not null in JSON.
func listed(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func toJSONFinding(f *Finding, written bool) jsonFinding {
	return jsonFinding{
		Rule: f.Rule.Name, Severity: f.Severity.String(), Confidence: f.Confidence.String(), Message: f.Message,
		jsonPlace: toJSONPlace(f.Place), Path: f.Path, Services: listed(f.Services), Came: f.Came, Notes: listed(f.Notes),
		Related:    mapped(f.Related, func(r Related) jsonRelated { return jsonRelated{toJSONPlace(r.Place), r.Message} }),
		References: mapped(f.Rule.References, func(r rules.Reference) jsonReference { return jsonReference(r) }),
		Fix:        toJSONFix(f.Fix, written),
	}
}

func toJSONPlace(p Place) jsonPlace {
	return jsonPlace{p.File, p.Line, p.Column, p.EndLine, p.EndColumn}
}

func toJSONFix(f *Fix, written bool) *jsonFix {
	if f == nil {
		return nil
	}
	return &jsonFix{
		Title: f.Title, Safety: f.Safety.String(), Status: f.status(written), Dropped: f.Dropped, Advice: f.Advice,
		Notes: listed(f.Notes),
		Edits: mapped(f.Edits, func(e Edit) jsonEdit { return jsonEdit{toJSONPlace(e.Place), e.Start, e.End, e.New} }),
	}
}

// status says in one word what becomes of the fix: "applied" to the file, "offered" by --fix, "withheld" without
// --unsafe-fixes, "dropped" after a try, or "manual".
func (f *Fix) status(written bool) string {
	switch {
	case f.Applied && written:
		return "applied"
	case f.Applied:
		return "offered"
	case f.Dropped != "":
		return "dropped"
	case f.Safety == rules.Manual:
		return "manual"
	default:
		return "withheld"
	}
}

func toJSONSummary(s Summary, written bool) jsonSummary {
	counts := map[string]int{}
	for severity := rules.Info; severity <= rules.Critical; severity++ {
		counts[severity.String()] = s.BySeverity[severity]
	}
	return jsonSummary{s.Projects, s.Findings, counts, s.Suppressed, s.Known, s.Fixable, s.Unsafe, written}
}
