package lint

import (
	"bytes"
	"slices"
	"time"

	"composelint/internal/compose"
	"composelint/internal/source"
)

// coverage knows which directives cover a place. A directive covers all that begins on its line, or on the line below
// where it has a line to itself: keys with their values and list items, with everything in them. A directive behind
// something that began further up covers that.
type coverage struct {
	directives []*directive
	nodes      map[ruleAt]*ignoredRule
	files      map[ruleIn]*ignoredRule
}

// ruleAt is a rule at a key, a value or an item; ruleIn is one in a whole file.
type (
	ruleAt struct {
		node *source.Node
		rule string
	}
	ruleIn struct {
		file *source.File
		rule string
	}
)

// cover finds the directives of a project's files. Those that have no effect today are kept, and cover nothing.
func cover(p *compose.Project, now time.Time) *coverage {
	c := &coverage{nodes: map[ruleAt]*ignoredRule{}, files: map[ruleIn]*ignoredRule{}}
	for _, f := range p.Files {
		directives := directivesIn(f)
		if len(directives) == 0 {
			continue
		}
		c.directives = append(c.directives, directives...)
		targets := targetLines(f, directives)
		lines := map[int][]*directive{} // by the offset of the first byte of the line that they are about
		for i, d := range directives {
			if !d.effective(now) {
				continue
			}
			if d.wholeFile {
				c.addFile(f, d)
			} else if targets[i] >= 0 {
				lines[targets[i]] = append(lines[targets[i]], d)
			}
		}
		c.attach(f, lines)
	}
	return c
}

func (c *coverage) addFile(f *source.File, d *directive) {
	for _, n := range d.names {
		if key := (ruleIn{f, n.name}); c.files[key] == nil {
			c.files[key] = n
		}
	}
}

// targetLines returns for each directive the offset of the line that it is about, or -1 where it is about none.
func targetLines(f *source.File, directives []*directive) []int {
	targets := make([]int, len(directives))
	known := map[int]int{} // of the directives further down, by the offset of their line
	for i, d := range slices.Backward(directives) {
		line := f.LineSpan(d.comment.Start)
		if d.trailing {
			targets[i] = line.Start
			continue
		}
		targets[i] = contentBelow(f, line, known)
		known[line.Start] = targets[i]
	}
	return targets
}

// contentBelow returns the offset of the line below a comment, or -1 where there is none: further comments may stand
// in between, an empty line may not.
func contentBelow(f *source.File, line source.Span, known map[int]int) int {
	for {
		end := bytes.IndexByte(f.Data[line.End:], '\n')
		if end < 0 {
			return -1
		}
		line = f.LineSpan(line.End + end + 1)
		if target, ok := known[line.Start]; ok {
			return target
		}
		text := bytes.TrimSpace(f.Data[line.Start:line.End])
		if len(text) == 0 {
			return -1
		}
		if text[0] != '#' {
			return line.Start
		}
	}
}

// attach gives the nodes of a file the directives that are about their lines.
func (c *coverage) attach(f *source.File, lines map[int][]*directive) {
	begun := map[int]bool{}
	ending := map[int]*source.Node{} // the innermost node that ends on a line
	visit := func(key, value *source.Node) {
		first := value
		if key != nil {
			first = key
		}
		line := f.LineSpan(first.Span.Start).Start
		if directives := lines[line]; directives != nil {
			begun[line] = true
			c.add(key, directives)
			c.add(value, directives)
		}
		if end := f.LineSpan(value.Span.End).Start; lines[end] != nil {
			ending[end] = value
		}
	}
	for _, document := range f.Documents {
		document.Walk(func(n *source.Node) bool {
			for _, e := range n.Entries {
				visit(e.Key, e.Value)
			}
			for _, item := range n.Items {
				visit(nil, item)
			}
			return true
		})
	}
	for line, directives := range lines {
		if !begun[line] {
			c.add(ending[line], directives)
		}
	}
}

func (c *coverage) add(node *source.Node, directives []*directive) {
	if node == nil {
		return
	}
	for _, d := range directives {
		for _, n := range d.names {
			if key := (ruleAt{node, n.name}); c.nodes[key] == nil {
				c.nodes[key] = n
			}
		}
	}
}

// used returns the names of rules that have suppressed something so far.
func (c *coverage) used() []Use {
	var used []Use
	for _, d := range c.directives {
		for _, n := range d.names {
			if n.used {
				used = append(used, Use{d.file, n.span})
			}
		}
	}
	return used
}

// find returns what suppresses a rule at a place: the nearest comment around it, or else one for the file. It returns
// nil where there is none.
func (c *coverage) find(rule string, place compose.Origin) *ignoredRule {
	for n := place.Node; n != nil; n = n.Parent {
		if found := c.nodes[ruleAt{n, rule}]; found != nil {
			return found
		}
	}
	return c.files[ruleIn{place.File, rule}]
}
