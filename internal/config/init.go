package config

import "strings"

// initWidth is how many characters a comment of the file that Init returns may have.
const initWidth = 100

// Init returns a configuration file with every choice explained: the defaults are said, all else is commented out.
func Init() []byte {
	var b strings.Builder
	b.WriteString("# Configuration of composelint. It counts for this directory and everything below.\n")
	for _, f := range table().fields {
		b.WriteByte('\n')
		writeComment(&b, f.about)
		if f.active {
			b.WriteString(f.example)
			continue
		}
		for line := range strings.Lines(f.example) {
			b.WriteString("#" + line)
		}
	}
	return []byte(b.String())
}

// writeComment writes a text as lines of comment.
func writeComment(b *strings.Builder, text string) {
	line := "#"
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > initWidth {
			b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}
