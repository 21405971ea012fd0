package report

import (
	"bufio"
	"io"
	"strings"
)

// WriteDiff writes the unified diff of all files. Without colours it is what "git apply" and "patch" read, byte for
// byte. The error is that of the writer.
func WriteDiff(w io.Writer, diffs []Diff, style Style) error {
	out := bufio.NewWriter(w)
	t := textWriter{out: out, style: style}
	t.diffs(diffs)
	return out.Flush()
}

func (t *textWriter) diffs(diffs []Diff) {
	for _, diff := range diffs {
		if !t.style.Color {
			_, _ = t.out.WriteString(diff.Text)
			continue
		}
		for line := range strings.Lines(diff.Text) {
			t.diffLine(line)
		}
	}
}

// diffLine writes a line of a diff for a terminal, where nothing in it may act as a control sequence.
func (t *textWriter) diffLine(line string) {
	text := strings.TrimRight(line, "\r\n")
	expanded := strings.Split(text, "\t")
	for i := range expanded {
		expanded[i] = Escape(expanded[i])
	}
	t.line(t.style.paint(diffColor(text), strings.Join(expanded, "\t")))
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
