package lint

import (
	"context"
	"fmt"
	"time"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
	"composelint/rules"
)

// Fixes says how far a run goes towards a repaired file.
type Fixes uint8

// NoFixes finds alone. BuildFixes builds the fixes and proves them with the project's own resolver. ProveFixes has
// compose-go confirm them too: what a diff or a written file needs.
const (
	NoFixes Fixes = iota
	BuildFixes
	ProveFixes
)

// Options are the choices of a run.
type Options struct {
	Rules    []*rules.Rule
	Settings rules.Settings
	// MinSeverity is the least severity that counts; findings below it are left out, and so are their fixes.
	MinSeverity rules.Severity
	Fixes       Fixes
	// Unsafe includes fixes that may change behaviour that someone relies on.
	Unsafe bool
	// Refuses says why the fix of a finding, which is given by its identity, may not be made; empty where it may. Nil
	// lets all be made.
	Refuses func(identity string, fix *rules.Fix) string
	// Choices are what a configuration decides for single rules, by their names.
	Choices map[string]Choice
	// Exceptions are where rules do not count.
	Exceptions []Exception
	// NoIgnores leaves comments that suppress rules without effect.
	NoIgnores bool
	// Baseline lists findings that do not count, because they are known; nil for none.
	Baseline *Baseline
	// Now decides what has expired; zero means that nothing has. The engine does not read the clock.
	Now time.Time
}

// Finding is a finding with what became of its fix.
type Finding struct {
	rules.Finding
	// Fix is the fix that the rule offers; nil where there is none, or where fixes were not asked for.
	Fix *rules.Fix
	// Fixed tells that the finding is gone from the repaired files.
	Fixed bool
	// Dropped says why a fix that the rule offers is not used; empty where it is, or where nobody asked.
	Dropped string
}

// Use is the name of a rule in a comment.
type Use struct {
	File *source.File
	Span source.Span
}

// FileChange is a file with its repaired content.
type FileChange struct {
	Name     string
	Old, New []byte
}

// Result is the outcome of a run over one project.
type Result struct {
	// Project is the project as it was.
	Project *compose.Project
	// Findings are those of the project as it was that count, sorted.
	Findings []Finding
	// Suppressed are the findings that a comment or the configuration suppresses.
	Suppressed []Suppressed
	// Used are the names of rules in comments that suppress something. A comment that one project has no use for may
	// be needed by another one with the same file.
	Used []Use
	// Known are the findings that the baseline lists.
	Known []rules.Finding
	// Changes are the files that were repaired, sorted by name.
	Changes []FileChange
	// Remaining are the findings of the repaired project; without repair, those of the project.
	Remaining []rules.Finding
}

// Run lints one project. The error is that of the context, when it ends before the work.
func Run(ctx context.Context, in compose.Options, o Options) (*Result, error) {
	in.ReadFile = cached(in.ReadFile)
	o.Settings.ReadFile = in.ReadFile
	project := compose.Resolve(in)
	found := examine(project, &o)
	result := &Result{Project: project, Remaining: found.counted, Suppressed: found.suppressed, Used: found.used, Known: found.known}
	for _, f := range found.counted {
		result.Findings = append(result.Findings, Finding{Finding: f})
	}
	if o.Fixes == NoFixes {
		return result, ctx.Err()
	}
	if isTooLarge(in) {
		refuse(result.Findings)
		return result, ctx.Err()
	}
	build(result.Findings)
	f := &fixer{in: in, options: o, first: result}
	if err := f.run(ctx); err != nil {
		return nil, err
	}
	result.Changes, result.Remaining = f.fileChanges(), f.state.findings
	settle(result, f.dropped)
	return result, nil
}

// build builds the fix of each finding.
func build(findings []Finding) {
	for i := range findings {
		if repair := findings[i].Repair; repair != nil {
			fix := repair()
			findings[i].Fix = &fix
		}
	}
}

// refuse gives each finding that has a fix the reason why none is made.
func refuse(findings []Finding) {
	for i := range findings {
		if findings[i].Repair != nil {
			findings[i].Fix = &rules.Fix{
				Title: "Repair it by hand", Safety: rules.Manual,
				Advice: fmt.Sprintf("No fixes are made in projects of more than %d KiB, which Compose needs minutes to read.", maxFixed>>10),
			}
		}
	}
}

// settle says of each finding what became of it.
func settle(result *Result, dropped map[string]string) {
	left := map[string]int{}
	for i := range result.Remaining {
		left[result.Remaining[i].Identity()]++
	}
	for i := range result.Findings {
		f := &result.Findings[i]
		id := f.Identity()
		if left[id] > 0 {
			left[id]--
			f.Dropped = dropped[id]
			continue
		}
		f.Fixed = len(result.Changes) > 0
	}
}

// cached returns a function that reads each file once.
func cached(read func(string) ([]byte, error)) func(string) ([]byte, error) {
	if read == nil {
		return nil
	}
	type result struct {
		data []byte
		err  error
	}
	known := map[string]result{}
	return func(path string) ([]byte, error) {
		r, ok := known[path]
		if !ok {
			r.data, r.err = read(path)
			known[path] = r
		}
		return r.data, r.err
	}
}

// reuse returns a function that knows the files of a project that did not change, so that they are parsed once.
func reuse(p *compose.Project, contents map[string][]byte) func(string, []byte) *source.File {
	known := map[string]*source.File{}
	for _, file := range p.Files {
		if _, changed := contents[file.Name]; !changed && len(file.Documents) > 0 {
			known[file.Name] = file
		}
	}
	return func(path string, _ []byte) *source.File { return known[path] }
}

// validate checks the edits of a fix. An error is a mistake in the rule.
func validate(p *compose.Project, edits []patch.Edit) error {
	sizes := map[string]int{}
	for _, file := range p.Files {
		sizes[file.Name] = len(file.Data)
	}
	return patch.Validate(edits, func(name string) (int, bool) {
		n, ok := sizes[name]
		return n, ok
	})
}
