package report

import (
	"bufio"
	"io"
	"strings"
)

// WriteDiff writes the unified diff of all files. Where it is not shown on a terminal, it is what "git apply" and
// "patch" read, byte for byte. The error is that of the writer.
func WriteDiff(w io.Writer, diffs []Diff, style Style) error {
	out := bufio.NewWriter(w)
	if style.Color || style.Terminal {
		t := textWriter{out: out, style: style}
		t.diffs(diffs)
		return out.Flush()
	}
	for _, diff := range diffs {
		_, _ = out.WriteString(diff.Text)
	}
	return out.Flush()
}

func (t *textWriter) diffs(diffs []Diff) {
	for _, diff := range diffs {
		for line := range strings.Lines(diff.Text) {
			t.diffLine(line)
		}
	}
}

// diffLine writes a line of a diff for a terminal or a log, where nothing in it may act as a control sequence or a
// command. Tabs and the end of the line stay.
func (t *textWriter) diffLine(line string) {
	end := lineEnd(line)
	text := strings.TrimSuffix(line, end)
	expanded := strings.Split(escapeCommand(text), "\t")
	for i := range expanded {
		expanded[i] = Escape(expanded[i])
	}
	_, _ = t.out.WriteString(t.style.paint(diffColor(text), strings.Join(expanded, "\t")) + end)
}

// lineEnd returns how a line ends. A second carriage return is no part of that: it would act.
func lineEnd(line string) string {
	if strings.HasSuffix(line, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

func diffColor(line string) sgr {
	switch {
	case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "):
		return bold
	case strings.HasPrefix(line, "@@"):
		return cyan
	case strings.HasPrefix(line, "-"):
		return red
	case strings.HasPrefix(line, "+"):
		return green
	default:
		return plain
	}
}
