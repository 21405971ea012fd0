package report

import (
	"bufio"
	"errors"
	"io"
)

type lineOfFinding struct {
	Kind string `json:"kind"`
	jsonFinding
}

type lineOfFailure struct {
	Kind string `json:"kind"`
	jsonFailure
}

type lineOfSummary struct {
	Kind    string `json:"kind"`
	Version int    `json:"version"`
	jsonSummary
}

// JSONLines writes one JSON object on each line: findings and failures with the fields that JSON gives them, and
// "kind", which tells them apart. The summary is the last line, so that a report without one is known to be cut off.
// The error is that of the writer.
func JSONLines(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	j := jsonWriter{out: out}
	for i := range r.Findings {
		j.line(lineOfFinding{"finding", toJSONFinding(&r.Findings[i], r.Written)})
	}
	for _, failure := range r.Failures {
		j.line(lineOfFailure{"failure", jsonFailure(failure)})
	}
	j.line(lineOfSummary{"summary", formatVersion, toJSONSummary(r)})
	return errors.Join(j.err, out.Flush())
}
