package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"composelint/internal/report"
)

func TestProgress(t *testing.T) {
	const total, each = 40, 100 * time.Millisecond
	var terminal bytes.Buffer
	now := time.Unix(0, 0)
	p := &progress{terminal: &terminal, now: func() time.Time { return now }, total: total, start: now}
	outcomes := make([]*outcome, total)
	for i := range outcomes {
		outcomes[i] = &outcome{}
	}
	outcomes[20].failure = &report.Failure{Message: "x"}
	for o := range p.watch(slices.Values(outcomes)) {
		if p.done == 10 && terminal.Len() > 0 {
			t.Errorf("a short run has a line: %q", terminal.String())
		}
		if o.failure != nil {
			terminal.WriteString("failed\n")
		}
		now = now.Add(each)
	}
	first, rest, _ := strings.Cut(terminal.String(), "\r                              \rfailed\n")
	const begins, goesOn = "\rcomposelint: 10 of 40 projects\rcomposelint: 12 of 40 projects", "\rcomposelint: 22 of 40 projects"
	if !strings.HasPrefix(first, begins) || !strings.HasPrefix(rest, goesOn) || !strings.HasSuffix(rest, "40 of 40 projects\r                              \r") {
		t.Errorf("the terminal got %q", terminal.String())
	}
}

func TestProgressOfACutRunIsErased(t *testing.T) {
	var terminal bytes.Buffer
	now := time.Unix(0, 0)
	p := &progress{terminal: &terminal, now: func() time.Time { now = now.Add(time.Second); return now }, total: 10, start: now}
	for range p.watch(slices.Values([]*outcome{{}, {}, {}})) {
		if p.done == 2 {
			break
		}
	}
	if got, want := terminal.String(), "\rcomposelint: 1 of 10 projects\r                             \r"; got != want {
		t.Errorf("the terminal got %q, want %q", got, want)
	}
}
