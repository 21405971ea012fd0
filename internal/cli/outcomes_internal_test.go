package cli

import (
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// TestOutcomesWaitForTheirReader checks that a run does not go on far beyond what was taken of it, and that it ends
// when nothing more is taken.
func TestOutcomesWaitForTheirReader(t *testing.T) {
	territory, err := newTerritory()
	if err != nil {
		t.Fatal(err)
	}
	var read atomic.Int64
	r := &runner{territory: territory, repaired: newRepaired(territory), stdin: func() ([]byte, error) {
		read.Add(1)
		return nil, errNoFile
	}}
	const projects, pause = 100_000, 100 * time.Millisecond
	targets := slices.Repeat([]target{{files: []string{standardInput}}}, projects)
	for range r.outcomes(t.Context(), targets) {
		time.Sleep(pause)
		break
	}
	most := int64(runtime.GOMAXPROCS(0)*(aheadPerWorker+1) + 2)
	if n := read.Load(); n == 0 || n > most {
		t.Errorf("%d projects were begun where one was taken, want no more than %d", n, most)
	}
}
