package patch

import "composelint/internal/source"

// block is what moves when a child moves.
type block struct {
	source.Span      // in block style whole lines
	fixed       bool // there is a border before the child
}

// blocks returns what moves with each child.
func (l *layout) blocks(border Border) ([]block, error) {
	blocks := make([]block, len(l.children)+1)
	for i, c := range l.children {
		b := &blocks[i]
		b.Span = source.Span{Start: c.start, End: c.end}
		stays := c.key != nil && c.key.IsMerge()
		if !l.flow {
			line := l.f.LineSpan(c.start).Start
			if !isBlankLine(l.f.Data[line:c.start]) {
				return nil, refuse(l.f, c.start, "it begins behind a dash")
			}
			start, divided := l.blockStart(i, line, border)
			b.Span = source.Span{Start: start, End: l.linesEnd(i)}
			b.fixed = b.fixed || divided
			stays = stays || border >= CommentBorder && start < line
		}
		b.fixed = b.fixed || stays
		blocks[i+1].fixed = stays
	}
	return blocks[:len(l.children)], nil
}

// blockStart returns where the comments right above a child of a block collection start, or else the child's line.
// divided tells that there is a border above.
func (l *layout) blockStart(i, line int, border Border) (start int, divided bool) {
	if i == 0 {
		return l.firstStart(line), false
	}
	return l.gapStart(l.linesEnd(i-1), line, border)
}

// firstStart returns where the comments right above the first child start. Comments at the top of the file are about the
// file, and those indented further than the child about what is before it.
func (l *layout) firstStart(line int) int {
	start := line
	for l.f.Position(start).Line > 1 {
		above := l.f.LineSpan(start - 1)
		hash := skipBlanks(l.f.Data, above.Start)
		if l.f.Data[hash] != '#' || columnOf(l.f, hash) > l.column() {
			return start
		}
		start = above.Start
	}
	return line
}

// gapStart returns where the comments right above a child start, between the lines of the child before it and its own.
func (l *layout) gapStart(from, line int, border Border) (start int, divided bool) {
	start = from
	comments := false
	for at := from; at < line; at = nextLine(l.f, at) {
		if !isBlankLine(l.f.Data[at:lineEnd(l.f, at)]) {
			comments = true
			continue
		}
		start = nextLine(l.f, at)
		divided = divided || comments || border >= BlankBorder
	}
	return start, divided
}

// linesEnd returns the end of the lines of a child, and of the comments behind them that are part of it.
func (l *layout) linesEnd(i int) int {
	end := lineBehind(l.f, l.children[i].end)
	for at := end; at < len(l.f.Data); at = nextLine(l.f, at) {
		switch hash := skipBlanks(l.f.Data, at); {
		case hash >= lineEnd(l.f, at):
		case l.isInner(hash):
			end = nextLine(l.f, at)
		default:
			return end
		}
	}
	return end
}

// isInner reports whether a line is a comment that is indented further than the children, or whose text is, as in lines
// that were commented out.
func (l *layout) isInner(start int) bool {
	if l.f.Data[start] != '#' {
		return false
	}
	const mark = len("# ")
	text := skipBlanks(l.f.Data, start+1)
	return columnOf(l.f, start) > l.column() || columnOf(l.f, text) > l.column()+mark
}
