package rules

import (
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

// addArgs adds words to the command of a client; those that are there already get their new value.
func (x *connection) addArgs(c *socketClient, args []string) {
	command := c.Get("command")
	switch {
	case command.IsNull():
		x.newCommand(c, args)
	case command.Kind == compose.List:
		x.addItems(c, command, args)
	case runsShell(command.Text) || command.Raw != "" && strings.Contains(command.Raw, "\n"):
		x.refuse(c.Name + " is started by a shell command. Add " + strings.Join(args, " ") + " to it.")
	default:
		x.addWords(c, command, args)
	}
}

// runsShell tells that a command is read by a shell, so that words at its end are not those of the program.
func runsShell(command string) bool {
	return strings.ContainsAny(command, "|;&<>`") || strings.Contains(command, " -c ")
}

func (x *connection) newCommand(c *socketClient, args []string) {
	chosen, missed := cover(places(x.project, "command", itself), []string{c.Name}, nil)
	for _, p := range chosen {
		x.draft(p.file).Insert(p.node, "command", patch.Strings(args...))
		x.change(c.Service, anyList(args), "command")
	}
	x.refuseShared(missed, "a command")
}

// addItems adds words to a command in list form.
func (x *connection) addItems(c *socketClient, command *compose.Value, args []string) {
	after, ok := command.Plain().([]any)
	if !ok || len(command.Also) > 0 {
		x.refuse("The command of " + c.Name + " is put together from several files. Add " + strings.Join(args, " ") + " to it.")
		return
	}
	first := x.once(command.Origin.Node)
	for i := 0; i < len(args); i++ {
		at, word := replaced(commandWords(command), args, i)
		if at < 0 {
			if first {
				x.draft(command.Origin.File).Append(command.Origin.Node, patch.String(args[i]))
			}
			after = append(after, args[i])
			continue
		}
		item := command.Items[at]
		if first {
			x.draft(item.Origin.File).Set(item.Origin.Node, patch.String(word))
		}
		after[at] = word
		if !strings.Contains(args[i], "=") {
			i++ // the flag stays, and the word behind it is its value
		}
	}
	x.change(c.Service, after, "command")
}

// replaced returns which word of a command args[i] takes the place of, and what the word becomes; -1 for none. A flag and
// its value may be one word or two.
func replaced(words, args []string, i int) (at int, word string) {
	name, value, whole := strings.Cut(args[i], "=")
	if at := indexOfFlag(words, name); whole && at >= 0 {
		return at, args[i]
	}
	if !whole && i+1 < len(args) {
		value = args[i+1]
	}
	if at := slices.Index(words, name); at >= 0 && at+1 < len(words) && value != "" {
		return at + 1, value
	}
	return -1, ""
}

// addWords adds words to a command that is one text.
func (x *connection) addWords(c *socketClient, command *compose.Value, args []string) {
	node := command.Origin.Node
	if node.Style == source.Literal || node.Style == source.Folded {
		x.refuse("The command of " + c.Name + " is a text of several lines. Add " + strings.Join(args, " ") + " to it.")
		return
	}
	from, to, text := len(node.Value), len(node.Value), " "+strings.Join(args, " ")
	words := strings.Fields(node.Value)
	if at, word := replaced(words, args, 0); at >= 0 {
		from = wordOffset(node.Value, at)
		to, text = from+len(words[at]), word
	}
	x.setPart(command, from, to, text)
	// Variables make the text differ from what is written, but not before the first of them, nor at its end.
	shift := 0
	if strings.Contains(node.Value[:to], "$") {
		shift = len(command.Text) - len(node.Value)
	}
	if from+shift < 0 || to+shift > len(command.Text) || from < len(node.Value) && shift != 0 {
		x.refuse("The command of " + c.Name + " holds variables. Change it to " + strings.Join(args, " ") + ".")
		return
	}
	x.change(c.Service, command.Text[:from+shift]+text+command.Text[to+shift:], "command")
}

// wordOffset returns where the word with an index begins in a text of words between blanks.
func wordOffset(text string, index int) int {
	offset := 0
	for ; index >= 0; index-- {
		offset += len(text[offset:]) - len(strings.TrimLeft(text[offset:], " \t"))
		if index > 0 {
			if end := strings.IndexAny(text[offset:], " \t"); end >= 0 {
				offset += end
			}
		}
	}
	return offset
}
