package cli

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"sync"

	"composelint/internal/compose"
	"composelint/internal/lint"
	"composelint/internal/report"
	"composelint/rules"
)

// runner lints projects.
type runner struct {
	// options are those that no configuration file decides.
	options lint.Options
	chooser *chooser
	// reason is that of the comments that suppress all findings; "" where none are to be written.
	reason string
	// listsAll keeps the findings for a baseline.
	listsAll  bool
	env       map[string]string
	envFiles  []string
	home      string
	stdin     func() ([]byte, error)
	territory *territory
	repaired  *repaired
	// frozen are the files, by real path, that for the sake of other projects only some fixes may change: those of the
	// findings with these identities.
	frozen map[string]map[string]string
	// changed are the files of which a project must have one; nil where it need not.
	changed *changes
}

// outcome is what became of one project, as data that does not hold on to the project.
type outcome struct {
	target   target
	findings []report.Finding
	// left are the findings of the repaired project, or of the project where nothing was repaired.
	left []leftover
	// changes are the files that the fixes change, read the files that the project consists of.
	changes []lint.FileChange
	read    []string
	// own are the changes that the fixes of this project alone make; again tells that it was linted with others, too.
	own     []lint.FileChange
	again   bool
	failure *report.Failure
	// unchanged tells that the project was left out.
	unchanged bool
	// suppressed is how many findings a comment or the configuration sets aside; known are those that the baseline
	// lists, counted all others.
	suppressed     int
	known, counted []lint.Key
	// used are the places of the rules in comments that suppress something.
	used []report.Place
	// generation is that of the repaired files when the project was linted.
	generation int
}

type leftover struct {
	identity string
	severity rules.Severity
}

// aheadPerWorker is how many projects may be done before one that comes first and takes longer. It bounds what a run
// holds in memory.
const aheadPerWorker = 64

// job is a project that is being linted.
type job struct {
	target target
	done   chan *outcome // with room for one
}

// outcomes lints projects, several at a time, and returns what becomes of them in their order. No more of them are
// done than the caller takes, but for a few. When the context ends, so do the outcomes.
func (r *runner) outcomes(ctx context.Context, targets []target) iter.Seq[*outcome] {
	return func(yield func(*outcome) bool) {
		ctx, stop := context.WithCancel(ctx)
		n := min(runtime.GOMAXPROCS(0), len(targets))
		jobs, started := make(chan job), make(chan job, n*aheadPerWorker)
		var workers sync.WaitGroup
		defer workers.Wait()
		defer stop()
		for range n {
			workers.Go(func() {
				for j := range jobs {
					j.done <- r.lint(ctx, j.target)
				}
			})
		}
		workers.Go(func() { handOut(ctx, targets, jobs, started) })
		for j := range started {
			select {
			case o := <-j.done:
				if ctx.Err() != nil || !yield(o) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// handOut makes a job of each project. It waits while too many are started that nobody has taken.
func handOut(ctx context.Context, targets []target, jobs, started chan<- job) {
	defer close(jobs)
	defer close(started)
	for _, t := range targets {
		j := job{t, make(chan *outcome, 1)}
		select {
		case started <- j:
		case <-ctx.Done():
			return
		}
		select {
		case jobs <- j:
		case <-ctx.Done():
			return
		}
	}
}

// lint lints one project. Whatever goes wrong becomes its failure, so that the other projects are linted all the
// same.
func (r *runner) lint(ctx context.Context, t target) (o *outcome) {
	o = &outcome{target: t, generation: r.repaired.generation}
	defer func() {
		if p := recover(); p != nil {
			o.fail(fmt.Sprintf("internal error: %v; please report it, with the file if you can", p))
		}
	}()
	in, failure := r.input(t, r.readFile)
	if failure == nil {
		o.unchanged, failure = r.isUnchanged(t, in)
	}
	if o.failure = failure; failure != nil || o.unchanged {
		return o
	}
	options := t.decisions.lint
	options.Refuses = func(identity string, fix *rules.Fix) string { return r.refuses(t, identity, fix) }
	result, lintErr := lint.Run(ctx, in, options)
	if lintErr == nil && r.reason != "" {
		lintErr = r.ignore(result, &options, func(file string) bool { return r.territory.owns(t.dir(), file) })
	}
	if lintErr != nil {
		o.fail(lintErr.Error())
		return o
	}
	r.record(o, result)
	return o
}

func (o *outcome) fail(message string) {
	*o = outcome{target: o.target, failure: &report.Failure{File: o.target.files[0], Message: message}}
}

// refuses says why a fix of a project may not be made, as lint.Options do: for the files that it changes. What changes
// nothing in the model of a project does no harm to others.
func (r *runner) refuses(t target, identity string, fix *rules.Fix) string {
	for _, edit := range fix.Edits {
		if !r.territory.owns(t.dir(), edit.File) {
			return "it would change " + edit.File + ", which is outside the working directory and the repository"
		}
		allowed, frozen := r.frozen[r.territory.realPathOf(edit.File)]
		if frozen && allowed[identity] == "" && len(fix.Changes) > 0 {
			return "it would change " + edit.File + ", which other projects of this run have, too, and do something else there " +
				"than their own fixes do"
		}
	}
	return ""
}

// input reads the files of a project.
func (r *runner) input(t target, readFile func(path string) ([]byte, error)) (compose.Options, *report.Failure) {
	in := compose.Options{
		Dir: t.dir(), AbsDir: r.territory.absolute(t.dir()), Env: r.env, EnvFiles: r.envFiles, Home: r.home,
		ReadFile: readFile,
	}
	for _, path := range t.files {
		data, err := readFile(path)
		if err != nil {
			return in, &report.Failure{File: path, Message: notRead(err)}
		}
		in.Files = append(in.Files, compose.Input{Name: path, Data: data})
	}
	return in, nil
}

// readFile reads a file in the state that the fixes of other projects have left it in.
func (r *runner) readFile(path string) ([]byte, error) {
	if data, ok := r.repaired.content(path); ok {
		return data, nil
	}
	if path == standardInput {
		return r.stdin()
	}
	return readFile(path)
}

// record turns a result into data.
func (r *runner) record(o *outcome, result *lint.Result) {
	for _, file := range result.Project.Files {
		o.read = append(o.read, file.Name)
	}
	o.suppressed, o.known = len(result.Suppressed), lint.KeysOf(result.Known)
	if r.listsAll {
		o.counted = lint.KeysOf(result.Remaining)
	}
	if message := o.target.decisions.unchecked(result.Project); message != "" {
		o.failure = &report.Failure{File: o.target.files[0], Message: message}
	}
	owns := func(file string) bool { return r.territory.owns(o.target.dir(), file) }
	d := describer{project: result.Project, owns: owns, unsafe: r.options.Unsafe}
	o.findings = slices.Grow(o.findings, len(result.Findings)) // exactly: a large run holds very many
	for i := range result.Findings {
		f := &result.Findings[i]
		o.findings = append(o.findings, d.finding(f))
	}
	o.left = slices.Grow(o.left, len(result.Remaining))
	for i := range result.Remaining {
		f := &result.Remaining[i]
		o.left = append(o.left, leftover{f.Identity(), f.Severity})
	}
	for _, use := range result.Used {
		o.used = append(o.used, d.place(use.File, use.Span))
	}
	if r.changesFiles() { // otherwise nothing is shown as a diff or written, and the files need not be kept
		o.changes = result.Changes
	}
}

// changesFiles reports whether changes of files are to be shown or written.
func (r *runner) changesFiles() bool { return r.options.Fixes == lint.ProveFixes || r.reason != "" }

// unchecked says why nothing in a file was checked, where no rule that runs says so.
func (d *decisions) unchecked(p *compose.Project) string {
	for _, rule := range d.lint.Rules {
		if rule.Name == syntaxRule {
			return ""
		}
	}
	for _, problem := range p.Problems {
		if problem.Kind == compose.Syntax {
			file, span := problem.Place()
			return fmt.Sprintf("line %d of %s is not YAML, and nothing in it was checked: %s",
				file.Position(span.Start).Line, file.Name, problem.Message)
		}
	}
	return ""
}

// syntaxRule is the rule that reports files that are not YAML.
const syntaxRule = "yaml-syntax"
