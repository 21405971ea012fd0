package lint

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
	"composelint/rules"
)

// AddIgnores returns edits that suppress findings by comments, each with the reason that is given: above the key or
// item that a finding is about, at its indentation, or at the top of the file for a finding about none. left are the
// findings that no comment can suppress: in a file that cannot be read or edited, of a rule that the configuration
// does not allow to be ignored, or about a suppression itself.
func AddIgnores(p *compose.Project, findings []rules.Finding, reason string, o *Options) (
	edits []patch.Edit, left []rules.Finding,
) {
	a := ignoreAdder{project: p, files: map[*source.File]*ignoredFile{}}
	for _, f := range findings {
		if f.Rule.Check == nil || o.Choices[f.Rule.Name].Locked || !a.add(f) {
			left = append(left, f)
		}
	}
	reason = strings.Join(strings.Fields(reason), " ")
	for _, file := range p.Files {
		added := a.files[file]
		if added == nil {
			continue
		}
		if more := added.edits(reason); keepsContent(file, more) {
			edits = append(edits, more...)
		} else {
			left = append(left, added.findings...)
		}
	}
	return edits, left
}

// CheckReason says what is wrong with a reason for comments: it has to say something, and a day until which they
// count has to be one.
func CheckReason(reason string) error {
	var d directive
	switch d.parseReason(strings.Join(strings.Fields(reason), " "), 0); {
	case d.fault != "":
		return errors.New("the date is not understood; write until=2027-01-31")
	case d.reason == "":
		return errors.New("say why: the reason stands in each comment")
	}
	return nil
}

type ignoreAdder struct {
	project *compose.Project
	files   map[*source.File]*ignoredFile
}

// ignoredFile is a file that gets comments.
type ignoredFile struct {
	file     *source.File
	findings []rules.Finding
	// whole are the rules to suppress in the whole file; lines those to suppress by the offset of the line below the
	// new comment.
	whole map[string]bool
	lines map[int]map[string]bool
	// texts are the scalars that reach over several lines. No comment can stand in them.
	texts []source.Span
}

// add makes comments for a finding; false means that there is no place for them.
func (a *ignoreAdder) add(f rules.Finding) bool {
	places := []compose.Origin{f.Origin}
	if isAboutServices(a.project, &f) {
		places = nil
		for _, name := range f.Services {
			places = append(places, a.project.Service(name).Origin)
		}
	}
	if slices.ContainsFunc(places, func(o compose.Origin) bool { return !canHoldComments(o.File) }) {
		return false
	}
	for _, place := range places {
		a.of(place.File).above(place, f.Rule.Name)
	}
	added := a.of(places[0].File)
	added.findings = append(added.findings, f)
	return true
}

// canHoldComments reports whether comments can be added to a file and found again. JSON has none: what reads the file
// besides Compose would refuse it.
func canHoldComments(f *source.File) bool {
	return f != nil && len(f.Documents) > 0 && f.Fault() == "" && !json.Valid(f.Data)
}

func (a *ignoreAdder) of(f *source.File) *ignoredFile {
	if a.files[f] == nil {
		a.files[f] = &ignoredFile{file: f, whole: map[string]bool{}, lines: map[int]map[string]bool{}, texts: longTexts(f)}
	}
	return a.files[f]
}

// longTexts returns the scalars of a file that reach over several lines, in order.
func longTexts(f *source.File) []source.Span {
	var texts []source.Span
	for _, document := range f.Documents {
		document.Walk(func(n *source.Node) bool {
			if n.Kind == source.Scalar && bytes.IndexByte(f.Data[n.Content.Start:n.Content.End], '\n') >= 0 {
				texts = append(texts, n.Content)
			}
			return true
		})
	}
	return texts
}

// above puts a comment above the line on which the key or item that holds a value begins. Where that line begins
// within a text, it moves outwards, in the end to the top of the file.
func (i *ignoredFile) above(place compose.Origin, rule string) {
	for n := place.Node; n != nil && n.Parent != nil; n = n.Parent {
		start := n
		if n == place.Node && place.Key != nil && place.Key.Parent == n.Parent {
			start = place.Key
		} else if key := n.Key(); key != nil {
			start = key
		}
		line := i.file.LineSpan(start.Span.Start).Start
		if i.inText(line) {
			continue
		}
		if i.lines[line] == nil {
			i.lines[line] = map[string]bool{}
		}
		i.lines[line][rule] = true
		return
	}
	i.whole[rule] = true
}

// inText reports whether an offset lies within a scalar of several lines.
func (i *ignoredFile) inText(offset int) bool {
	next, _ := slices.BinarySearchFunc(i.texts, offset, func(s source.Span, at int) int { return s.Start - at })
	return next > 0 && offset < i.texts[next-1].End
}

// edits returns the edits that add the comments: one for each line that gets any.
func (i *ignoredFile) edits(reason string) []patch.Edit {
	f := i.file
	text := map[int]string{}
	if len(i.whole) > 0 {
		top := f.LineSpan(f.Documents[0].Span.Start).Start
		text[top] = ignoreComment("ignore-file", i.whole, reason) + f.EOL()
	}
	for line, names := range i.lines {
		span := f.LineSpan(line)
		content := bytes.TrimLeft(f.Data[span.Start:span.End], " ")
		indent := strings.Repeat(" ", span.Len()-len(content))
		text[line] += indent + ignoreComment("ignore", names, reason) + f.EOL()
	}
	var edits []patch.Edit
	for _, line := range slices.Sorted(maps.Keys(text)) {
		edits = append(edits, patch.Edit{File: f.Name, Start: line, End: line, New: text[line]})
	}
	return edits
}

func ignoreComment(form string, names map[string]bool, reason string) string {
	list := strings.Join(slices.Sorted(maps.Keys(names)), ", ")
	return strings.TrimRight("# composelint: "+form+"["+list+"] "+reason, " ")
}

// keepsContent reports whether a file with edits reads the same as without.
func keepsContent(f *source.File, edits []patch.Edit) bool {
	data, err := patch.Apply(f.Data, edits)
	if err != nil {
		return false
	}
	after, err := source.Parse(f.Name, data)
	return err == nil && slices.EqualFunc(f.Documents, after.Documents, sameContent)
}

func sameContent(a, b *source.Node) bool {
	if a.Kind != b.Kind || a.Tag != b.Tag || a.Value != b.Value || a.Anchor != b.Anchor {
		return false
	}
	return slices.EqualFunc(a.Items, b.Items, sameContent) &&
		slices.EqualFunc(a.Entries, b.Entries, func(x, y source.Entry) bool {
			return sameContent(x.Key, y.Key) && sameContent(x.Value, y.Value)
		})
}
