package compose

import "composelint/internal/source"

// ProblemKind groups problems by the rule that reports them.
type ProblemKind string

// The kinds of problems.
const (
	// Syntax: a file is not YAML, or not text.
	Syntax ProblemKind = "syntax"
	// DuplicateKey: a mapping says a key twice.
	DuplicateKey ProblemKind = "duplicate-key"
	// Schema: a value does not fit the Compose specification's schema.
	Schema ProblemKind = "schema"
	// Model: the values do not fit together; Compose refuses the project.
	Model ProblemKind = "model"
	// DuplicateMount: two mounts of a service have one target; Compose refuses it.
	DuplicateMount ProblemKind = "duplicate-mount"
	// FixedName: several containers of a service are to have one name; Compose refuses it.
	FixedName ProblemKind = "fixed-name"
	// Template: a variable reference is malformed.
	Template ProblemKind = "template"
	// MissingFile: a file that the project names cannot be read.
	MissingFile ProblemKind = "missing-file"
	// RemoteFile: an include or extends names a remote file. It is never fetched.
	RemoteFile ProblemKind = "remote-file"
	// Limit: a file is larger, deeper or expands further than is safe to follow.
	Limit ProblemKind = "limit"
)

// Problem is something that docker compose would refuse, or that kept a part of the project from being resolved.
type Problem struct {
	Kind ProblemKind
	// Message is one sentence without the place.
	Message string
	// Origin is the place; Span, when not empty, is the part of it that matters.
	Origin Origin
	Span   source.Span
	// Related is the other place, for a duplicate or a conflict.
	Related *Origin
	// Path is the place in the model, as far as it is known: "services.web.ports".
	Path string
	// LacksQuotes tells that the place has a number or a truth value that has to be a text, and that quotes make it the
	// same text: not 0042, which YAML reads as 34.
	LacksQuotes bool
	// Fragment tells that the problem is natural in a file that is not meant to be used alone.
	Fragment bool
}

// Place returns the bytes that the problem is about.
func (p Problem) Place() (*source.File, source.Span) {
	if p.Span.Len() > 0 || p.Origin.Node == nil {
		return p.Origin.File, p.Span
	}
	return p.Origin.File, p.Origin.Span()
}

// relate adds the other place.
func (p *Problem) relate(at Origin) { p.Related = &at }

// MissingVariable is a reference to a variable that has no value, and no default where it stands.
type MissingVariable struct {
	Name string
	// Required tells that Compose refuses the project without it, ${X:?}; otherwise it becomes blank.
	Required bool
	// Message is the one that the file gives for a required variable.
	Message string
	// Origin is the text that holds the reference.
	Origin Origin
	// Path is the place in the model: "services.web.image".
	Path string
}

// Repetition is an entry that one list of a file says several times. Compose takes the last, without a word.
type Repetition struct {
	// Key is what the entries have in common: the name of a variable, or the path of a mount.
	Key string
	// Lost are where the entries stand that have no effect, and Kept where the one that counts does.
	Lost []Origin
	Kept Origin
	// Differs tells that the entries do not all say the same.
	Differs bool
	// Path is that of the list in the model: "services.web.environment".
	Path string
}

// NewProblem returns what docker compose would refuse in one project and not in another; empty where there is nothing.
func NewProblem(before, after *Project) string {
	known := map[string]int{}
	for _, p := range before.Problems {
		known[p.Message]++
	}
	for _, p := range after.Problems {
		if known[p.Message]--; known[p.Message] < 0 {
			return p.Message
		}
	}
	return ""
}
