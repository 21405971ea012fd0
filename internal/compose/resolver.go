package compose

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"composelint/internal/source"
)

// resolver carries what the steps of resolving one project share.
type resolver struct {
	options  *Options
	problems []Problem
	missed   []MissingVariable
	repeated []Repetition // each with one lost entry
	// path is where in the model the current step stands: the keys from the top, "[]" for a list item.
	path []string

	files  map[string]*readResult
	read   []*source.File // in the order they were first read
	extend map[string]*base
	// envRead are the env files that were read, by name.
	envRead map[string][]byte
	values  []Value // the chunk that values are taken from
	spent   int     // values that were made
	bytes   int     // that were read
}

// readResult is a file that was asked for, or why there is none.
type readResult struct {
	file *source.File
	err  error
}

// report adds a problem at the current path. More may be said of the one that it returns, until the next is reported.
func (r *resolver) report(kind ProblemKind, at Origin, format string, args ...any) *Problem {
	return r.reportSpan(kind, at, source.Span{}, format, args...)
}

// reportSpan adds a problem about a part of the value at its origin.
func (r *resolver) reportSpan(kind ProblemKind, at Origin, span source.Span, format string, args ...any) *Problem {
	r.problems = append(r.problems, Problem{
		Kind: kind, Message: fmt.Sprintf(format, args...), Origin: at, Span: span, Path: pathString(r.path),
	})
	return &r.problems[len(r.problems)-1]
}

// conflict reports two values that do not go together, at the first of them.
func (r *resolver) conflict(at, other *Value, format string, args ...any) *Problem {
	p := r.report(Model, at.Origin, format, args...)
	p.relate(other.Origin)
	return p
}

func (r *resolver) reportDuplicate(at, first Origin, key string) {
	r.problems = append(r.problems, Problem{
		Kind: DuplicateKey, Origin: at, Related: &first, Path: pathString(r.path),
		Message: fmt.Sprintf("the key %q is there twice; Compose refuses the file", key),
	})
}

// enter moves the current path down to a key; leave moves it back up.
func (r *resolver) enter(key string) { r.path = append(r.path, key) }

func (r *resolver) leave() { r.path = r.path[:len(r.path)-1] }

// newValue takes a value from a chunk: one allocation serves many values. The first chunk is small, as most projects
// are.
func (r *resolver) newValue() *Value {
	const least, most = 32, 128
	if len(r.values) == cap(r.values) {
		r.values = make([]Value, 0, min(max(least, 2*cap(r.values)), most))
	}
	r.values = r.values[:len(r.values)+1]
	return &r.values[len(r.values)-1]
}

// spend counts values, and reports once that there are too many.
func (r *resolver) spend(n int) bool {
	most := freeValues + r.bytes/bytesPerValue
	if r.spent > most {
		return false
	}
	if r.spent += n; r.spent > most {
		r.report(Limit, Origin{}, "with anchors, extends and ranges of ports spelled out, the project has more than %d values: "+
			"the rest is left out", most)
		return false
	}
	return true
}

func (r *resolver) unset(at Origin, name string) {
	r.missed = append(r.missed, MissingVariable{Name: name, Origin: at, Path: pathString(r.path)})
}

func (r *resolver) missing(at Origin, name, message string) {
	r.missed = append(r.missed, MissingVariable{Name: name, Origin: at, Path: pathString(r.path), Required: true, Message: message})
}

// readFile returns the content of a file that the project names.
func (r *resolver) readFile(path string) ([]byte, error) {
	if r.options.ReadFile == nil {
		return nil, errors.New("no files are read")
	}
	return r.options.ReadFile(path)
}

// open reads and parses a Compose file once. A file that is not YAML has a syntax problem and no documents.
func (r *resolver) open(path string) (*source.File, error) {
	if known, ok := r.files[path]; ok {
		return known.file, known.err
	}
	data, err := r.readFile(path)
	if err != nil {
		r.files[path] = &readResult{err: err}
		return nil, err
	}
	return r.parse(path, data), nil
}

func (r *resolver) parse(path string, data []byte) *source.File {
	r.bytes += len(data)
	file := r.options.parsed(path, data)
	if file == nil {
		var err error
		file, err = source.Parse(path, data)
		var syntax *source.SyntaxError
		if errors.As(err, &syntax) {
			r.problems = append(r.problems, Problem{
				Kind: Syntax, Message: syntax.Message,
				Origin: Origin{File: file}, Span: restOfLine(file, syntax.Position),
			})
		}
	}
	r.files[path] = &readResult{file: file}
	r.read = append(r.read, file)
	return file
}

// restOfLine returns the bytes from a position to the end of its line.
func restOfLine(file *source.File, at source.Position) source.Span {
	span := file.Line(at.Line)
	for column := 1; column < at.Column && span.Start < span.End; column++ {
		_, size := utf8.DecodeRune(file.Data[span.Start:span.End])
		span.Start += size
	}
	return span
}

// load puts files together into a model, as far as one set of files goes: a project's own, or those of an include.
// stack are the files that led here through includes.
func (r *resolver) load(files []*source.File, s *scope, stack []string) *Value {
	model := mapping(Origin{})
	for _, file := range files {
		for _, document := range file.Documents {
			model = r.document(model, file, document, s, stack)
		}
	}
	r.defaults(model, specification())
	r.check(model, specification())
	model = r.paths(model, specification(), s.modelDir)
	resolveEnvironment(model, s.env)
	return model
}

// document puts one document over what the documents before it say.
func (r *resolver) document(model *Value, file *source.File, node *source.Node, s *scope, stack []string) *Value {
	d := &decoder{r: r, file: file, scope: s}
	config := d.value(node, place{attr: specification()})
	if config.Kind != Map {
		r.report(Schema, config.Origin, "a Compose file is a mapping, with services: at its top")
		return model
	}
	r.promoteExtensions(config)
	r.include(config, s, append(slices.Clip(stack), file.Name), d.resets)
	reset(model, d.resets)
	r.extends(config, extending{file: file, scope: s, resets: d.resets})
	first := len(model.Fields) == 0
	if first {
		config.Also = nil
		model = config
	} else {
		model = r.merge(model, config, specification())
	}
	r.unique(model, specification())
	r.validate(model)
	model.remove("version")
	return r.canonical(model)
}

// canonical brings a model into long form. That can reveal duplicates, since a port may be a range.
func (r *resolver) canonical(model *Value) *Value {
	model = r.long(model, specification())
	omitEmpty(model)
	r.unique(model, specification())
	return model
}

// reset takes the paths that a document resets out of an earlier model.
func reset(model *Value, paths [][]string) {
	for _, path := range paths {
		parent := model.At(path[:max(0, len(path)-1)]...)
		if parent != nil && len(path) > 0 {
			parent.remove(path[len(path)-1])
		}
	}
}

// promoteExtensions gives attributes that were extensions before the specification took them up their place, as
// Compose does. What the attribute itself says wins.
func (r *resolver) promoteExtensions(config *Value) {
	for _, s := range config.Get("services").fields() {
		a := specification().child("services").child(s.Key)
		r.promote(s.Value, "x-develop", "develop", a)
		for _, watch := range s.Value.At("develop", "watch").items() {
			r.promote(watch, "x-initialSync", "initial_sync", a.child("develop").child("watch").child("[]"))
		}
	}
}

func (r *resolver) promote(parent *Value, from, to string, a *attribute) {
	extension := parent.Get(from)
	if extension == nil {
		return
	}
	parent.remove(from)
	if own := parent.Get(to); !own.IsNull() {
		extension = r.merge(extension, own, a.child(to))
	}
	parent.set(to, extension)
}

// isRemote reports whether a path of include or extends names something that Compose would fetch: a git repository
// or an OCI artifact. Source: docker compose, pkg/remote, git.go and oci.go.
func isRemote(path string) bool {
	for _, prefix := range []string{"oci://", "git://", "ssh://", "https://", "http://", "git@", "github.com/"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}
