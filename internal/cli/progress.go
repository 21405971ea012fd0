package cli

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
)

const (
	// manyProjects is from how many projects on a run may be worth a line about its progress.
	manyProjects = 10
	// progressAfter is how long a run takes before there is one.
	progressAfter = time.Second
	// progressEvery is how often it is drawn.
	progressEvery = 200 * time.Millisecond
)

// progress is a line on a terminal that says how far a run has come. It is gone before anything else is written.
type progress struct {
	terminal     io.Writer
	now          func() time.Time
	total, done  int
	start, drawn time.Time
	width        int // of what is on the line now
}

// progress returns the line for a run over so many projects, or nil where there is to be none: where standard error is
// no terminal, or one that cannot go back on a line, and where the findings themselves show up on it as they come.
func (c *Command) progress(o *options, total int) *progress {
	_, isTerminal := terminalWidth(c.Stderr)
	_, showsFindings := terminalWidth(c.Stdout)
	if !isTerminal || o.streams() && showsFindings || o.color == "never" || c.variables()["TERM"] == "dumb" ||
		total < manyProjects || c.Now == nil {
		return nil
	}
	return &progress{terminal: c.Stderr, now: c.Now, total: total, start: c.Now()}
}

// watch returns the outcomes, and draws the line while they are made. It may be called on nil.
func (p *progress) watch(outcomes iter.Seq[*outcome]) iter.Seq[*outcome] {
	if p == nil {
		return outcomes
	}
	return func(yield func(*outcome) bool) {
		defer p.erase()
		for o := range outcomes {
			if p.done++; o.failure != nil {
				p.erase() // it may be told of at once
			}
			if !yield(o) {
				return
			}
			p.draw()
		}
	}
}

func (p *progress) draw() {
	now := p.now()
	if now.Sub(p.start) < progressAfter || now.Sub(p.drawn) < progressEvery {
		return
	}
	line := fmt.Sprintf("composelint: %d of %d projects", p.done, p.total)
	_, _ = io.WriteString(p.terminal, "\r"+line) // it only grows
	p.drawn, p.width = now, len(line)
}

func (p *progress) erase() {
	if p.width > 0 {
		_, _ = io.WriteString(p.terminal, "\r"+strings.Repeat(" ", p.width)+"\r")
		p.width = 0
	}
}
