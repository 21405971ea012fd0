package cli

import (
	"errors"
	"hash/maphash"
	"io/fs"
	"os"

	"composelint/internal/lint"
	"composelint/internal/report"
)

// ledger is what a run remembers of its projects, apart from their findings.
type ledger struct {
	projects, unchanged int
	suppressed, known   int
	// chosen are the decisions that counted for a project, each once; isChosen has the same.
	chosen   []*decisions
	isChosen map[*decisions]bool
	// needed are the places of the rules in comments that suppress something.
	needed map[report.Place]bool
	// hasBaseline tells that met, the findings that the baseline lists, and read, the files of the projects, are wanted.
	hasBaseline bool
	met         []lint.Key
	read        map[string]bool
}

func (r *runner) newLedger() *ledger {
	return &ledger{
		isChosen: map[*decisions]bool{}, needed: map[report.Place]bool{},
		hasBaseline: r.options.Baseline != nil, read: map[string]bool{},
	}
}

// add enters a project, unless it was left out because it has not changed.
func (l *ledger) add(o *outcome) bool {
	if o.unchanged {
		l.unchanged++
		return false
	}
	l.projects++
	l.suppressed += o.suppressed
	l.known += len(o.known)
	if chosen := o.target.decisions; !l.isChosen[chosen] {
		l.isChosen[chosen] = true
		l.chosen = append(l.chosen, chosen)
	}
	for _, place := range o.used {
		l.needed[place] = true
	}
	if l.hasBaseline {
		l.met = append(l.met, o.known...)
		for _, file := range o.read {
			l.read[file] = true
		}
	}
	return true
}

// judges reports whether the run knows all findings of a file: a project has read it, or it is gone.
func (l *ledger) judges(file string) bool {
	if l.read[file] || file == standardInput {
		return l.read[file]
	}
	_, err := os.Lstat(file)
	return errors.Is(err, fs.ErrNotExist)
}

// reported remembers which findings were reported, so that those of a file that several projects share are reported
// once. It keeps no more than a hash of each: that two of a million have the same is as likely as 1 in 37 million.
type reported struct {
	seed maphash.Seed
	seen map[uint64]struct{}
}

func newReported() *reported { return &reported{maphash.MakeSeed(), map[uint64]struct{}{}} }

// isNew reports whether a finding was not there before.
func (r *reported) isNew(f *report.Finding) bool {
	type key struct {
		rule, message string
		place         report.Place
	}
	before := len(r.seen)
	r.seen[maphash.Comparable(r.seed, key{f.Rule.Name, f.Message, f.Place})] = struct{}{}
	return len(r.seen) > before
}
