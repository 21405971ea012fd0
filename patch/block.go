package patch

import "composelint/internal/source"

// block is what moves when a child moves.
type block struct {
	source.Span      // in block style whole lines, without the last line break
	fixed       bool // there is a border before the child
}

// blocks returns what moves with each child.
func (l *layout) blocks(border Border) ([]block, error) {
	blocks := make([]block, len(l.children))
	for i, c := range l.children {
		b := &blocks[i]
		b.Span = source.Span{Start: c.start, End: c.end}
		if !l.flow {
			if line := l.f.LineSpan(c.start).Start; !isBlankLine(l.f.Data[line:c.start]) {
				return nil, refuse(l.f, c.start, "it begins behind a dash")
			}
			b.Start, b.fixed = l.blockStart(i, border)
			b.End = lineBreakBefore(l.f, l.linesEnd(i))
		}
		b.fixed = b.fixed || i > 0 && (l.isMerge(i) || l.isMerge(i-1))
	}
	return blocks, nil
}

func (l *layout) isMerge(i int) bool { return l.children[i].key != nil && l.children[i].key.IsMerge() }

// blockStart returns where the comments right above a child of a block collection start, or else the child's line.
// fixed tells that there is a border above.
func (l *layout) blockStart(i int, border Border) (start int, fixed bool) {
	line := l.f.LineSpan(l.children[i].start).Start
	if i == 0 {
		start = l.firstStart(line)
	} else {
		start, fixed = l.gapStart(l.linesEnd(i-1), line, border)
	}
	if border >= CommentBorder && start < line {
		return line, true
	}
	return start, fixed
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
func (l *layout) gapStart(from, line int, border Border) (start int, fixed bool) {
	start = from
	comments := false
	for at := from; at < line; at = nextLine(l.f, at) {
		if !isBlankLine(l.f.Data[at:lineEnd(l.f, at)]) {
			comments = true
			continue
		}
		start = nextLine(l.f, at)
		fixed = fixed || comments || border >= BlankBorder
	}
	return start, fixed
}

// linesEnd returns the end of the lines of a child, and of the comments behind them that are indented further than it.
func (l *layout) linesEnd(i int) int {
	end := lineBehind(l.f, l.children[i].end)
	for at := end; at < len(l.f.Data); at = nextLine(l.f, at) {
		hash := skipBlanks(l.f.Data, at)
		switch {
		case hash >= lineEnd(l.f, at):
		case l.f.Data[hash] == '#' && columnOf(l.f, hash) > l.column():
			end = nextLine(l.f, at)
		default:
			return end
		}
	}
	return end
}
