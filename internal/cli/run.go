package cli

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"composelint/internal/compose"
	"composelint/internal/lint"
	"composelint/internal/report"
	"composelint/rules"
)

// runner lints projects.
type runner struct {
	options   lint.Options
	env       map[string]string
	envFiles  []string
	home      string
	stdin     func() ([]byte, error)
	territory *territory
	repaired  *repaired
}

// outcome is what became of one project, as data that does not hold on to the project.
type outcome struct {
	target   target
	findings []found
	// left are the findings of the repaired project, or of the project where nothing was repaired.
	left []leftover
	// changes are the files that the fixes change, read the files that the project consists of.
	changes []lint.FileChange
	read    []string
	failure *report.Failure
	// suppressed is how many findings a comment or the configuration sets aside.
	suppressed int
	// generation is that of the repaired files when the project was linted.
	generation int
}

// found is a finding with the identity that it keeps while files change.
type found struct {
	report.Finding
	identity string
}

type leftover struct {
	identity string
	severity rules.Severity
}

// lintAll lints all projects, several at a time, and returns the outcomes in the order of the targets.
func (r *runner) lintAll(ctx context.Context, targets []target) []*outcome {
	outcomes := make([]*outcome, len(targets))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(targets)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(targets) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				outcomes[i] = r.lint(ctx, targets[i])
			}
		})
	}
	workers.Wait()
	return outcomes
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
	in, err := r.input(t)
	if err != nil {
		o.failure = err
		return o
	}
	result, lintErr := lint.Run(ctx, in, r.options)
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

// input reads the files of a project.
func (r *runner) input(t target) (compose.Options, *report.Failure) {
	in := compose.Options{
		Dir: t.dir(), AbsDir: r.territory.absolute(t.dir()), Env: r.env, EnvFiles: r.envFiles, Home: r.home,
		ReadFile: r.readFile,
	}
	for _, path := range t.files {
		data, err := r.readFile(path)
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
	o.suppressed = len(result.Suppressed)
	if message := r.unchecked(result.Project); message != "" {
		o.failure = &report.Failure{File: o.target.files[0], Message: message}
	}
	owns := func(file string) bool { return r.territory.owns(o.target.dir(), file) }
	d := describer{project: result.Project, owns: owns, unsafe: r.options.Unsafe}
	for i := range result.Findings {
		f := &result.Findings[i]
		o.findings = append(o.findings, found{d.finding(f), f.Identity()})
	}
	for i := range result.Remaining {
		f := &result.Remaining[i]
		o.left = append(o.left, leftover{f.Identity(), f.Severity})
	}
	if r.options.Fixes != lint.ProveFixes {
		return // nothing is shown as a diff or written, so that there is no need to keep the files
	}
	o.changes = result.Changes
	for _, change := range result.Changes {
		if !owns(change.Name) {
			o.withdraw(change.Name)
			return
		}
	}
}

// withdraw takes back all fixes of a project, because one of them changes a file that is not the user's.
func (o *outcome) withdraw(file string) {
	o.changes, o.left = nil, nil
	for i := range o.findings {
		f := &o.findings[i]
		if f.Fix != nil && f.Fix.Applied {
			f.Fix.Applied = false
			f.Fix.Dropped = "the fixes of this project change " + file + ", which is outside the working directory and the repository"
		}
		o.left = append(o.left, leftover{f.identity, f.Severity})
	}
}

// unchecked says why nothing in a file was checked, where no rule that runs says so.
func (r *runner) unchecked(p *compose.Project) string {
	for _, rule := range r.options.Rules {
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
