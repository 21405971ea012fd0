package report

import (
	"bufio"
	"io"
)

// Compact writes each finding as one line, as compilers do: "file:line:column: severity: message [rule]". Lines are
// never wrapped. The error is that of the writer.
func Compact(w io.Writer, r *Report, style Style) error {
	out := bufio.NewWriter(w)
	t := textWriter{out: out, style: Style{Color: style.Color}}
	for i := range r.Findings {
		t.heading(&r.Findings[i])
	}
	return out.Flush()
}
