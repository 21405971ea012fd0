package lint

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/rules"
)

// baselineVersion is the version of the file's format. It grows when a reader of the one before would be wrong.
const baselineVersion = 1

// Baseline lists findings that are known, so that only new ones count. It says which rule found what where in the
// model; neither words nor line numbers are part of it. It is not changed once it is read, and may be shared by
// several runs.
type Baseline struct {
	file    *source.File
	entries []baselineEntry
	known   map[Key]bool
}

// Key is what makes two findings of two runs the same one. It does not hold on to the project.
type Key struct {
	Rule     string `json:"rule"`
	File     string `json:"file"`
	Path     string `json:"path"`
	Evidence string `json:"evidence"`
}

type baselineEntry struct {
	Key
	span source.Span
}

// keyOf returns the key of a finding, as it reads back from a file: JSON holds no bytes that are not UTF-8.
func keyOf(f *rules.Finding) Key {
	key := Key{Rule: f.Rule.Name, Path: text(f.Path), Evidence: text(f.Evidence)}
	if f.Origin.File != nil {
		key.File = text(filepath.ToSlash(f.Origin.File.Name))
	}
	return key
}

func text(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func (k Key) compare(other Key) int {
	return cmp.Or(
		strings.Compare(k.File, other.File),
		strings.Compare(k.Path, other.Path),
		strings.Compare(k.Rule, other.Rule),
		strings.Compare(k.Evidence, other.Evidence))
}

// KeysOf returns the keys of findings.
func KeysOf(findings []rules.Finding) []Key {
	keys := make([]Key, len(findings))
	for i := range findings {
		keys[i] = keyOf(&findings[i])
	}
	return keys
}

// WriteBaseline returns a baseline that lists findings: one on each line, sorted, so that two branches merge well.
func WriteBaseline(findings []Key) []byte {
	keys := slices.SortedFunc(slices.Values(findings), Key.compare)
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"version\": %d,\n  \"findings\": [", baselineVersion)
	for i, key := range slices.Compact(keys) {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		b.Write(marshal(key))
	}
	b.WriteString("\n  ]\n}\n")
	return b.Bytes()
}

// marshal writes a key without escaping what only a web page needs escaped.
func marshal(key Key) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(key); err != nil {
		return nil // a struct of texts always encodes
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// ParseBaseline reads a baseline. The error says what is wrong with it, and where.
func ParseBaseline(name string, data []byte) (*Baseline, error) {
	b := &Baseline{file: source.NewFile(name, data), known: map[Key]bool{}}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := b.read(decoder); err != nil {
		at := int(decoder.InputOffset())
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			at = int(syntax.Offset)
		}
		p := b.file.Position(at)
		return nil, fmt.Errorf("line %d, column %d: this is not a baseline of composelint: %w", p.Line, p.Column, err)
	}
	return b, nil
}

var errNotBaseline = errors.New(`it has to hold "version" and "findings", as --write-baseline writes them`)

// read reads the file token by token, since the place of each entry is needed.
func (b *Baseline) read(d *json.Decoder) error {
	if err := expect(d, json.Delim('{'), "version"); err != nil {
		return err
	}
	var version int
	if err := d.Decode(&version); err != nil {
		return err
	}
	if version != baselineVersion {
		return fmt.Errorf("its version is %d, and this program reads version %d", version, baselineVersion)
	}
	if err := expect(d, "findings", json.Delim('[')); err != nil {
		return err
	}
	for d.More() {
		entry := baselineEntry{span: source.Span{Start: b.skip(int(d.InputOffset()))}}
		if err := d.Decode(&entry.Key); err != nil {
			return err
		}
		entry.span.End = int(d.InputOffset())
		b.entries = append(b.entries, entry)
		b.known[entry.Key] = true
	}
	if err := expect(d, json.Delim(']'), json.Delim('}')); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errNotBaseline
	}
	return nil
}

// skip returns the offset of what stands behind the blanks and the comma at an offset.
func (b *Baseline) skip(offset int) int {
	return len(b.file.Data) - len(bytes.TrimLeft(b.file.Data[offset:], " \t\r\n,"))
}

// expect reads tokens that have to follow.
func expect(d *json.Decoder, tokens ...json.Token) error {
	for _, want := range tokens {
		got, err := d.Token()
		if errors.Is(err, io.EOF) {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		if got != want {
			return errNotBaseline
		}
	}
	return nil
}

// Covers reports whether the baseline lists a finding. It may be called on nil.
func (b *Baseline) Covers(f *rules.Finding) bool { return b != nil && b.known[keyOf(f)] }

// Stale returns a finding for each entry that no run met. met are the findings that the runs set aside because they
// are known; judged tells whether the runs know all findings of a file, since entries about others have to stay. It may
// be called on nil.
func (b *Baseline) Stale(met []Key, judged func(file string) bool) []rules.Finding {
	if b == nil {
		return nil
	}
	seen := map[Key]bool{}
	for _, key := range met {
		seen[key] = true
	}
	var stale []rules.Finding
	for _, e := range b.entries {
		if seen[e.Key] || !judged(filepath.FromSlash(e.File)) {
			continue
		}
		rule := rules.StaleBaselineEntry
		stale = append(stale, rules.Finding{
			Rule: rule, Severity: rule.Severity, Tier: rule.Tier, Confidence: rules.Certain,
			Message: "the baseline lists a finding of " + e.Rule + " in " + e.File + " that is not there any more",
			Origin:  compose.Origin{File: b.file}, Span: e.span, Evidence: string(marshal(e.Key)),
		})
	}
	return stale
}
