package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/report"
)

// changes are the files of a repository that differ from what they were at a revision.
type changes struct {
	territory *territory
	root      string // the real path of the work tree
	// paths are relative to the root, with slashes. A repository inside this one stands for all its files.
	paths map[string]bool
}

// findChanges finds what has changed, where only projects that have changed are to be linted.
func (c *Command) findChanges(ctx context.Context, o *options, run *runner) (err error) {
	if !o.given("changed-since") {
		return nil
	}
	if run.changed, err = c.changesSince(ctx, o.since, run.territory); err != nil {
		return fmt.Errorf("--changed-since %s: %w", o.since, err)
	}
	return nil
}

// changesSince returns what has changed since a branch left a revision, committed or not. It runs git, without the
// programs that comparing files does not need.
func (c *Command) changesSince(ctx context.Context, revision string, t *territory) (*changes, error) {
	if revision == "" || strings.HasPrefix(revision, "-") {
		return nil, fmt.Errorf("%q is no revision", revision) // git would take it for an option
	}
	root, err := c.git(ctx, "", "rev-parse", "--show-toplevel")
	var exit *exec.ExitError
	if errors.As(err, &exit) && t.repositoryOf(t.base) == "" {
		return nil, errors.New("the working directory is not in a git repository")
	}
	if err != nil {
		return nil, err
	}
	root = strings.TrimSuffix(root, "\n")
	base, err := c.mergeBase(ctx, revision)
	if err != nil {
		return nil, err
	}
	tracked, err := c.git(ctx, root, "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", base, "--")
	if err != nil {
		return nil, err
	}
	untracked, err := c.git(ctx, root, "ls-files", "-z", "--others", "--exclude-standard")
	if err != nil {
		return nil, err
	}
	all := &changes{territory: t, root: t.realPathOf(filepath.FromSlash(root)), paths: map[string]bool{}}
	for name := range strings.SplitSeq(tracked+untracked, "\x00") {
		all.paths[strings.TrimSuffix(name, "/")] = true
	}
	delete(all.paths, "")
	return all, nil
}

// mergeBase returns the commit at which the current branch left a revision.
func (c *Command) mergeBase(ctx context.Context, revision string) (string, error) {
	var exit *exec.ExitError
	commit, err := c.git(ctx, "", "rev-parse", "--quiet", "--verify", revision+"^{commit}")
	if errors.As(err, &exit) {
		return "", errors.New("git knows no such commit; if it is a branch of a remote, fetch it first")
	}
	if err != nil {
		return "", err
	}
	base, err := c.git(ctx, "", "merge-base", strings.TrimSpace(commit), "HEAD")
	if errors.As(err, &exit) && len(exit.Stderr) == 0 {
		return "", errors.New("it has no commit in common with HEAD; if the clone is shallow, git fetch --unshallow gets the rest")
	}
	return strings.TrimSpace(base), err
}

// git runs git in a directory, or in the working directory, and returns what it prints. The error is one line.
func (c *Command) git(ctx context.Context, dir string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, "git", append([]string{"-c", "core.fsmonitor=false"}, args...)...)
	command.Dir = dir
	command.Env = append(slices.Clone(c.Environ), "GIT_OPTIONAL_LOCKS=0") // it only looks
	out, err := command.Output()
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", errors.New("it needs git, and there is none")
	case errors.As(err, &exit):
		line, _, _ := strings.Cut(string(exit.Stderr), "\n")
		return "", fmt.Errorf("git %s: %s (%w)", args[0], strings.TrimPrefix(line, "fatal: "), err)
	case err != nil:
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return string(out), nil
}

// covers reports whether a file lies in the repository, so that it can be told whether it has changed.
func (c *changes) covers(file string) bool {
	return within(c.root, c.territory.realPathOf(file))
}

// has reports whether a file has changed: where it is a symbolic link, the link or what is behind it.
func (c *changes) has(file string) bool {
	dir, name := filepath.Split(file)
	link := filepath.Join(c.territory.realPathOf(filepath.Clean(dir)), name)
	return c.hasReal(link) || c.hasReal(c.territory.realPathOf(file))
}

func (c *changes) hasReal(real string) bool {
	relative, err := filepath.Rel(c.root, real)
	if err != nil || !filepath.IsLocal(relative) {
		return false
	}
	for at := filepath.ToSlash(relative); at != "."; at = path.Dir(at) {
		if c.paths[at] {
			return true
		}
	}
	return false
}

// isUnchanged reports whether a project is to be left out, because none of its files has changed. Where that cannot
// be told, it says so.
func (r *runner) isUnchanged(t target, in compose.Options) (bool, *report.Failure) {
	switch {
	case r.changed == nil:
		return false, nil
	case t.files[0] == standardInput || !r.changed.covers(t.files[0]):
		return false, &report.Failure{File: t.files[0],
			Message: "it is not in the repository of the working directory, so that --changed-since cannot tell whether it has changed"}
	case slices.ContainsFunc(t.files, r.changed.has), slices.ContainsFunc(t.overrides(), r.changed.has):
		return false, nil
	default:
		return !slices.ContainsFunc(partsOf(in), r.changed.has), nil
	}
}

// tellUnchanged says that nothing was linted, because nothing has changed.
func (c *Command) tellUnchanged(o *options, l *ledger) {
	if l.unchanged > 0 && l.projects == 0 {
		c.complain("", "no project has changed since "+o.since+", and nothing was linted")
	}
}

// overrides returns the paths at which docker compose looks for an override file of the project. One that is gone has
// changed the project, too.
func (t target) overrides() []string {
	if !slices.Contains(defaultNames, filepath.Base(t.files[0])) {
		return nil
	}
	var paths []string
	for _, name := range overrideNames {
		paths = append(paths, filepath.Join(t.dir(), name))
	}
	return paths
}

// partsOf returns the files that a project is made of, besides the given ones: those that it extends or includes, and
// env and label files. Files that should be there and are not are among them.
func partsOf(in compose.Options) []string {
	var parts []string
	readFile := in.ReadFile
	in.ReadFile = func(path string) ([]byte, error) {
		parts = append(parts, path)
		return readFile(path)
	}
	for _, service := range compose.Resolve(in).Services() {
		for _, list := range []*compose.Value{service.Get("env_file"), service.Get("label_file")} {
			if list == nil {
				continue
			}
			for _, file := range list.Items {
				parts = append(parts, cmp.Or(file.Get("path").Str(), file.Str()))
			}
		}
	}
	return parts
}
