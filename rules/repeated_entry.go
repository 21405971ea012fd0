package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
)

var repeatedEntry = &Rule{
	Name:     "repeated-entry",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A list says something twice, such as `- A=1` and `- A=2` in `environment`.",
	Why: "Compose takes the last entry without a word. Whoever changes the first wonders why nothing happens.\n\n" +
		"Entries that say the same are told from the strict tier on, as low.",
	Bad: `services:
  web:
    image: example/web:3.2
    environment:
      - LOG_LEVEL=info
      - LOG_LEVEL=debug
`,
	Good: `services:
  web:
    image: example/web:3.2
    environment:
      - LOG_LEVEL=debug
`,
	Fix: "Removes the entries that have no effect, which changes nothing for the service. Devices, secrets and " +
		"ports that differ are left alone: most often both are wanted, at two places.",
	References: []Reference{
		{"compose-go v2.16.2, override/uncity.go",
			"https://github.com/compose-spec/compose-go/blob/v2.16.2/override/uncity.go"},
	},
	Check: func(p *Pass) {
		for _, r := range p.Project.Repetitions {
			if !isReplacedMount(r) { // duplicate-mount-target tells that
				p.Report(p.repetition(r))
			}
		}
	},
}

// repetition describes an entry that is there several times: at the first one, which is lost, or where all say the same,
// at the last one, which is too much.
func (p *Pass) repetition(r compose.Repetition) Finding {
	list := r.Path[strings.LastIndexByte(r.Path, '.')+1:]
	f := Finding{
		Origin: r.Lost[0], Path: r.Path, Services: p.reached(r.Kept, r.Path), Evidence: list + " " + r.Key,
		Related: []Related{{r.Kept, "this one counts"}},
		Repair:  func() Fix { return onlyLast(r) },
	}
	f.Message = fmt.Sprintf("in %s, %s has %d entries for %s: the last one counts, and this one has no effect",
		whom(f.Services), list, len(r.Lost)+1, r.Key)
	if !r.Differs {
		f.Severity, f.Tier, f.Origin = Low, Strict, r.Kept
		f.Message = fmt.Sprintf("in %s, %s has %s %d times: once is enough", whom(f.Services), list, r.Key, len(r.Lost)+1)
		f.Related = []Related{{r.Lost[0], "it is here for the first time"}}
	}
	return f
}

// onlyLast leaves the entry that counts. Of entries that say the same, the first stays, so that the order does.
func onlyLast(r compose.Repetition) Fix {
	surplus := r.Lost
	switch {
	case !r.Differs:
		surplus = append(slices.Clone(r.Lost[1:]), r.Kept)
	case !compose.IsSettings(r.Path):
		return manual("Say "+r.Key+" once", "Remove the first, or give one of them another path in the container, if both are wanted.")
	}
	var fix repair
	for _, at := range surplus {
		fix.removeAt(at)
	}
	return fix.fix("Remove the entries for "+r.Key+" that have no effect", Safe)
}
