// Package manual writes down the flags of a program for other programs: completion scripts for shells, and a page for
// man.
package manual

// Program is what can be told of a program without running it.
type Program struct {
	// Name is what is typed.
	Name string
	// Summary is one line; Description is paragraphs with an empty line between them.
	Summary, Description string
	// Operands are what may stand behind the flags: "[PATH...]". They are completed with the names of files.
	Operands string
	Groups   []Group
	// Statuses are what the exit statuses mean, from 0 on.
	Statuses []string
	// Files are the files that the program reads by itself, Examples command lines with what they do.
	Files, Examples []Term
	// Version and Date are printed at the foot of the page.
	Version, Date string
}

// Term is a name or a command with what is to be said of it.
type Term struct {
	Name, Text string
}

// Group is a part of the flags, under a title of its own.
type Group struct {
	Title string
	Flags []Flag
}

// Flag is a flag of a program.
type Flag struct {
	// Long is the name that follows "--", Short the letter that may follow "-"; "" for none.
	Long, Short string
	// Value is what the flag's value is called: "FILE"; "" for a flag without a value.
	Value string
	Help  string
	// Default is the value where the flag is not given; "" where there is none to tell.
	Default string
	// Words are the values that there are; nil where there are others.
	Words []string
	// IsList tells that a value may be several Words with commas between them.
	IsList bool
	// IsFile tells that the value is the name of a file.
	IsFile bool
	// Repeats tells that the flag may be given several times.
	Repeats bool
}

// flags returns the flags of all groups.
func (p *Program) flags() []Flag {
	var all []Flag
	for _, g := range p.Groups {
		all = append(all, g.Flags...)
	}
	return all
}

// spellings returns the flag as it may be typed: "--file" and "-f".
func (f *Flag) spellings() []string {
	if f.Short == "" {
		return []string{"--" + f.Long}
	}
	return []string{"-" + f.Short, "--" + f.Long}
}
