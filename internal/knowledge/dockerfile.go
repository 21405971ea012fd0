package knowledge

import (
	"bytes"
	"strconv"
	"strings"
)

// Bounds on what a Dockerfile may make this package do. Real files stay far below them.
const (
	maxDockerfile   = 1 << 20
	maxInstructions = 10000
	maxExpansion    = maxReference
)

// Instruction is one instruction of a Dockerfile, its continuation lines joined.
type Instruction struct {
	// Line is the one-based line the instruction begins on.
	Line int
	// Keyword is in upper case: "FROM".
	Keyword string
	// Text is what follows the keyword, here-documents included, without surrounding blanks.
	Text string
	// Stage is the zero-based build stage, or -1 before the first FROM.
	Stage int
}

// DockerfileInstructions splits a Dockerfile into its instructions: comments and blank lines dropped, continuation
// lines joined, here-documents kept with their instruction. It does not judge them. What is over a mebibyte or ten
// thousand instructions is not looked at.
func DockerfileInstructions(data []byte) []Instruction {
	if len(data) > maxDockerfile {
		return nil
	}
	lines := splitLines(string(bytes.TrimPrefix(data, []byte("\ufeff"))))
	reader := dockerfileReader{lines: lines, escape: escapeDirective(lines)}
	var found []Instruction
	stage := -1
	for len(found) < maxInstructions {
		instruction, ok := reader.next()
		if !ok {
			break
		}
		if instruction.Keyword == "FROM" {
			stage++
		}
		instruction.Stage = stage
		found = append(found, instruction)
	}
	return found
}

func splitLines(text string) []string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSuffix(line, "\r")
	}
	return lines
}

// escapeDirective returns the escape character: a backslash, unless a "# escape=`" directive before everything else
// says otherwise.
func escapeDirective(lines []string) byte {
	for _, line := range lines {
		comment, ok := strings.CutPrefix(strings.TrimSpace(line), "#")
		name, value, isDirective := strings.Cut(comment, "=")
		if !ok || !isDirective {
			return '\\'
		}
		if strings.EqualFold(strings.TrimSpace(name), "escape") && strings.TrimSpace(value) == "`" {
			return '`'
		}
	}
	return '\\'
}

type dockerfileReader struct {
	lines  []string
	at     int
	escape byte
}

// next returns the next instruction, without its stage.
func (r *dockerfileReader) next() (Instruction, bool) {
	for r.at < len(r.lines) && skippedLine(r.lines[r.at]) {
		r.at++
	}
	if r.at >= len(r.lines) {
		return Instruction{}, false
	}
	line := r.at + 1
	text := r.logicalLine()
	keyword, rest := text, ""
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		keyword, rest = text[:i], strings.TrimSpace(text[i:])
	}
	keyword = strings.ToUpper(keyword)
	if keyword == "RUN" || keyword == "COPY" || keyword == "ADD" {
		rest += r.hereDocuments(rest)
	}
	return Instruction{Line: line, Keyword: keyword, Text: rest}, true
}

func skippedLine(line string) bool {
	trimmed := strings.TrimSpace(line)
	return trimmed == "" || trimmed[0] == '#'
}

// logicalLine joins the line with those it continues on; comments and blank lines between them do not end it.
func (r *dockerfileReader) logicalLine() string {
	var b strings.Builder
	for first := true; r.at < len(r.lines); first = false {
		line := r.lines[r.at]
		r.at++
		if !first && skippedLine(line) {
			continue
		}
		line = strings.TrimRight(line, " \t")
		head, continued := strings.CutSuffix(line, string(r.escape))
		b.WriteString(head)
		if !continued {
			break
		}
	}
	return strings.TrimSpace(b.String())
}

// hereDocuments reads the bodies of the here-documents that the text opens, so that none of their lines is taken for
// an instruction.
func (r *dockerfileReader) hereDocuments(text string) string {
	var b strings.Builder
	for _, doc := range hereDocumentMarks(text) {
		for r.at < len(r.lines) {
			line := r.lines[r.at]
			r.at++
			b.WriteString("\n" + line)
			if doc.stripTabs {
				line = strings.TrimLeft(line, "\t")
			}
			if line == doc.end {
				break
			}
		}
	}
	return b.String()
}

type hereDocument struct {
	end       string
	stripTabs bool
}

func hereDocumentMarks(text string) []hereDocument {
	var docs []hereDocument
	for {
		i := strings.Index(text, "<<")
		if i < 0 {
			return docs
		}
		text = text[i+2:]
		if strings.HasPrefix(text, "<") { // "<<<" is a here-string: it has no body
			text = strings.TrimLeft(text, "<")
			continue
		}
		rest, stripTabs := strings.CutPrefix(text, "-")
		if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
			rest = rest[1:]
		}
		end := 0
		for end < len(rest) && isWordByte(rest[end]) {
			end++
		}
		if end > 0 && (rest[0] < '0' || rest[0] > '9') {
			docs = append(docs, hereDocument{rest[:end], stripTabs})
		}
	}
}

// DockerfileBase returns the image that a build of the target stage starts from, through all the stages in between:
// the last stage if target is empty, else the stage with that name or number. Build arguments come from args, then
// from the defaults of ARG instructions before the first FROM; an argument without either stays in the image as
// "${NAME}", so that ParseImage marks it as uncertain. The result is false if there is no such stage.
func DockerfileBase(data []byte, target string, args map[string]string) (image string, ok bool) {
	stages, byName := dockerfileStages(data, args)
	at, ok := findStage(stages, byName, target)
	if !ok {
		return "", false
	}
	for stages[at].parent >= 0 {
		at = stages[at].parent // strictly earlier, so this ends
	}
	return stages[at].base, stages[at].base != ""
}

type dockerfileStage struct {
	base   string
	parent int // the stage that this one starts from, or -1 for an image
}

// dockerfileStages returns the stages, and their numbers by lower-case name.
func dockerfileStages(data []byte, args map[string]string) ([]dockerfileStage, map[string]int) {
	known, byName := map[string]string{}, map[string]int{}
	var stages []dockerfileStage
	for _, instruction := range DockerfileInstructions(data) {
		switch {
		case instruction.Keyword == "ARG" && instruction.Stage < 0:
			declareArguments(known, instruction.Text, args)
		case instruction.Keyword == "FROM":
			base, name := parseFrom(instruction.Text, known)
			stage := dockerfileStage{base: base, parent: -1}
			if parent, ok := byName[strings.ToLower(base)]; ok {
				stage.parent = parent
			}
			if name != "" {
				byName[strings.ToLower(name)] = len(stages)
			}
			stages = append(stages, stage)
		}
	}
	return stages, byName
}

// declareArguments adds the arguments of one ARG instruction: "NAME", or any number of "NAME=default".
func declareArguments(known map[string]string, text string, args map[string]string) {
	for _, word := range splitWords(text) {
		name, value, hasDefault := strings.Cut(word, "=")
		if given, ok := args[name]; ok {
			known[name] = given
			continue
		}
		if hasDefault {
			known[name] = expandArguments(value, known)
		}
	}
}

// parseFrom reads "[--platform=…] image [AS name]".
func parseFrom(text string, known map[string]string) (base, name string) {
	words := splitWords(text)
	for len(words) > 0 && strings.HasPrefix(words[0], "--") {
		words = words[1:]
	}
	if len(words) == 0 {
		return "", ""
	}
	if len(words) >= 3 && strings.EqualFold(words[1], "AS") {
		name = words[2]
	}
	return expandArguments(words[0], known), name
}

// splitWords splits at blanks outside quotes and drops the quotes. A "${…}" stays whole.
func splitWords(text string) []string {
	var words []string
	var word strings.Builder
	var quote byte
	started, braces := false, 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, started = c, true
		case quote == 0 && braces == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if started {
				words = append(words, word.String())
				word.Reset()
				started = false
			}
		default:
			if c == '{' && i > 0 && text[i-1] == '$' {
				braces++
			}
			if c == '}' && braces > 0 {
				braces--
			}
			word.WriteByte(c)
			started = true
		}
	}
	if started {
		words = append(words, word.String())
	}
	return words
}

// expandArguments replaces $NAME, ${NAME}, ${NAME:-default} and ${NAME:+other} by known values. What is not known
// stays as "${NAME}". What is longer than any valid reference is cut short: it cannot be an image.
func expandArguments(text string, known map[string]string) string {
	const longest = 4 * maxExpansion
	if len(text) > longest {
		text = text[:longest]
	}
	return expandNested(text, known, 0)
}

func expandNested(text string, known map[string]string, depth int) string {
	const maxDepth = 8
	var b strings.Builder
	for text != "" && b.Len() <= maxExpansion {
		if text[0] != '$' || depth > maxDepth {
			b.WriteByte(text[0])
			text = text[1:]
			continue
		}
		name, operator, operand, rest, ok := cutVariable(text)
		if !ok {
			b.WriteByte('$')
			text = text[1:]
			continue
		}
		text = rest
		value, isKnown := known[name]
		switch {
		case operator == ":+" && value != "":
			b.WriteString(expandNested(operand, known, depth+1))
		case operator == ":+":
		case isKnown && value != "":
			b.WriteString(value)
		case operator == ":-":
			b.WriteString(expandNested(operand, known, depth+1))
		case !isKnown:
			b.WriteString("${" + name + "}")
		}
	}
	result := b.String()
	if len(result) > maxExpansion {
		return result[:maxExpansion]
	}
	return result
}

// cutVariable reads the variable at the start of text, which begins with a dollar sign.
func cutVariable(text string) (name, operator, operand, rest string, ok bool) {
	braced := strings.HasPrefix(text, "${")
	if !braced {
		name = variableName(text[1:])
		return name, "", "", text[1+len(name):], name != ""
	}
	name = variableName(text[2:])
	after := text[2+len(name):]
	if name == "" || after == "" {
		return "", "", "", "", false
	}
	if after[0] == '}' {
		return name, "", "", after[1:], true
	}
	if !strings.HasPrefix(after, ":-") && !strings.HasPrefix(after, ":+") {
		return "", "", "", "", false
	}
	end := closingBrace(after)
	if end < 0 {
		return "", "", "", "", false
	}
	return name, after[:2], after[2:end], after[end+1:], true
}

// closingBrace finds the brace that closes the variable whose name has been read.
func closingBrace(text string) int {
	depth := 1
	for i := range len(text) {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// findStage finds the target stage by name or number: nothing means the last one.
func findStage(stages []dockerfileStage, byName map[string]int, target string) (int, bool) {
	if target == "" {
		return len(stages) - 1, len(stages) > 0
	}
	if at, ok := byName[strings.ToLower(target)]; ok {
		return at, true
	}
	number, err := strconv.Atoi(target)
	return number, err == nil && number >= 0 && number < len(stages)
}
