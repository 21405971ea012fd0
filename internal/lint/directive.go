package lint

import (
	"bytes"
	"strings"
	"time"

	"composelint/internal/pattern"
	"composelint/internal/source"
)

// directive is a comment that suppresses rules: "# composelint: ignore[rule, rule] reason until=2027-01-31".
type directive struct {
	file    *source.File
	comment source.Span
	// wholeFile tells that it is an ignore-file.
	wholeFile bool
	// trailing tells that it stands behind something on its line; otherwise it has its line to itself.
	trailing bool
	names    []*ignoredRule
	reason   string
	// until is the last day on which it counts; zero where it has no end.
	until time.Time
	// fault says why it is not understood, and has no effect; faultSpan is the part at fault.
	fault     string
	faultSpan source.Span
}

// ignoredRule is the name of a rule in a directive.
type ignoredRule struct {
	name      string
	span      source.Span
	directive *directive
	used      bool
}

var (
	// directiveMark tells comments that are meant for this program, well written or not, from all others.
	directiveMark = pattern.New(`^#+\s*[Cc]omposelint(\s*:|[\s-]+(ignore|disable|suppress)\b)`)
	directiveForm = pattern.New(`^#+\s*composelint:\s*(ignore|ignore-file)\[([^\[\]]*)\](?:\s+(.*))?$`)
	untilWord     = pattern.New(`(?:^|\s)until=(\S*)`)
)

const directiveHelp = "write `# composelint: ignore[rule] reason`"

// directivesIn returns the directives of a file, in order.
func directivesIn(f *source.File) []*directive {
	if !bytes.Contains(f.Data, []byte("omposelint")) {
		return nil
	}
	var found []*directive
	for _, comment := range f.Comments() {
		if text := f.Text(comment); directiveMark().MatchString(text) {
			found = append(found, parseDirective(f, comment, text))
		}
	}
	return found
}

func parseDirective(f *source.File, comment source.Span, text string) *directive {
	text = strings.TrimRight(text, " \t")
	comment.End = comment.Start + len(text)
	d := &directive{file: f, comment: comment, faultSpan: comment}
	line := f.Data[f.LineSpan(comment.Start).Start:comment.Start]
	d.trailing = len(bytes.TrimLeft(line, " \t")) > 0
	groups := directiveForm().FindStringSubmatchIndex(text)
	if groups == nil {
		d.fault = "this comment suppresses nothing, because it is not understood: " + directiveHelp
		return d
	}
	d.wholeFile = text[groups[2]:groups[3]] == "ignore-file"
	d.parseNames(text[groups[4]:groups[5]], comment.Start+groups[4])
	if groups[6] >= 0 {
		d.parseReason(text[groups[6]:groups[7]], comment.Start+groups[6])
	}
	switch {
	case d.fault != "":
	case len(d.names) == 0:
		d.fault = "this comment suppresses nothing, because it names no rule: " + directiveHelp
	case d.wholeFile && comment.Start > f.Documents[0].Span.Start:
		d.fault = "this comment suppresses nothing, because ignore-file has to stand before everything else in the file"
	}
	return d
}

// parseNames reads the names between the brackets; at is the offset of the text.
func (d *directive) parseNames(text string, at int) {
	for name := range strings.SplitSeq(text, ",") {
		trimmed := strings.TrimSpace(name)
		if trimmed != "" {
			start := at + strings.Index(name, trimmed)
			span := source.Span{Start: start, End: start + len(trimmed)}
			d.names = append(d.names, &ignoredRule{name: trimmed, span: span, directive: d})
		}
		at += len(name) + 1
	}
}

// parseReason reads what stands behind the brackets: the reason, and the day until which the directive counts.
func (d *directive) parseReason(text string, at int) {
	groups := untilWord().FindStringSubmatchIndex(text)
	if groups == nil {
		d.reason = strings.TrimSpace(text)
		return
	}
	d.reason = strings.TrimSpace(strings.TrimSpace(text[:groups[0]]) + " " + strings.TrimSpace(text[groups[1]:]))
	day := text[groups[2]:groups[3]]
	until, err := time.Parse(time.DateOnly, day)
	if err != nil {
		d.fault = "this comment suppresses nothing, because its date is not understood: write until=2027-01-31"
		d.faultSpan = source.Span{Start: at + groups[2], End: at + groups[3]}
	}
	d.until = until
}

// effective reports whether the directive suppresses anything at a time.
func (d *directive) effective(now time.Time) bool { return d.fault == "" && !Expired(d.until, now) }

// Expired reports whether a last day has passed. Without a day, or without knowing the time, it has not.
func Expired(until, now time.Time) bool {
	return !until.IsZero() && !now.IsZero() && now.Format(time.DateOnly) > until.Format(time.DateOnly)
}
