package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/pattern"
)

var remoteBuildContext = &Rule{
	Name:     "remote-build-context",
	Severity: Medium,
	Tier:     Default,
	Summary:  "An image is built from an address whose content changes, or that is read without encryption.",
	Why: `What is built depends on what lies at the address on that day, and whoever can push to the repository, or
stands on the way to it, has his program run. A commit behind # makes it the same every time:
https://github.com/example/web.git#9a94ae1827fcde48dfc1d83e5d7a14ce20b0c7a5.`,
	Bad: `services:
  web:
    build: https://github.com/example/web.git#main
`,
	Good: `services:
  web:
    build: https://github.com/example/web.git#9a94ae1827fcde48dfc1d83e5d7a14ce20b0c7a5
`,
	References: []Reference{
		{"Docker Build documentation, build context: remote context",
			"https://docs.docker.com/build/concepts/context/#remote-context"},
	},
	Limits: "A tag with a version counts as one that stays.",
	Check:  checkBuildContexts,
}

var (
	remoteContext = pattern.New(`^(https?://|git://|ssh://|git@|github\.com/)`)
	plainContext  = pattern.New(`^(http://|git://)`)
	// settledReference matches a commit, or a tag that starts with a version.
	settledReference = pattern.New(`^(refs/tags/)?([0-9a-f]{40}|[a-z-]*v?[0-9]+\.[0-9].*)$`)
)

func checkBuildContexts(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		if context := s.At("build", "context"); context != nil && contextRisk(asWritten(context)) != "" {
			found(context, "build", "context")
		}
		for _, f := range s.At("build", "additional_contexts").Settings() {
			if f.Value != nil && contextRisk(asWritten(f.Value)) != "" {
				found(f.Value, "build", "additional_contexts", f.Key)
			}
		}
	}, func(c Cause) Finding {
		address := asWritten(c.Value())
		return Finding{
			Message:  fmt.Sprintf("%s: the image is built from %s", names(c.Services()), contextRisk(address)),
			Evidence: address,
		}
	})
}

// contextRisk returns what is wrong with building from an address; empty where nothing is.
func contextRisk(context string) string {
	if !remoteContext().MatchString(context) {
		return ""
	}
	address, reference, _ := strings.Cut(context, "#")
	reference, _, _ = strings.Cut(reference, ":")
	isArchive := strings.HasPrefix(address, "http") && !strings.HasSuffix(address, ".git") && reference == "" &&
		!strings.HasPrefix(address, "https://github.com/")
	switch {
	case plainContext().MatchString(address):
		return "an address without encryption, where it can be replaced on the way"
	case isArchive:
		return "an address whose content may change at any time"
	case reference == "":
		return "whatever is newest in a repository: add # and a commit"
	case strings.Contains(reference, "$") || settledReference().MatchString(reference):
		return ""
	}
	return "a branch, which moves: name a commit instead of " + reference
}
