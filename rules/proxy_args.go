package rules

import (
	"path"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/patch"
)

// addArgs adds words to the command of a client; those that are there already get their new value.
func (x *connection) addArgs(c *socketClient, args []string) {
	command := c.Get("command")
	switch {
	case c.isStartedByScript():
		x.refuse(c.Name + " is started by a shell or a script. Add " + strings.Join(args, " ") + " to what that runs.")
	case command.IsNull():
		x.newCommand(c, args)
	case command.Kind == compose.List:
		x.addItems(c, command, args)
	default:
		x.addWords(c, command, args)
	}
}

// isStartedByScript tells that a shell or a script starts a client, so that words at the end of its command may not be
// those of the program.
func (c *socketClient) isStartedByScript() bool {
	entrypoint, command := commandWords(c.Get("entrypoint")), c.Get("command")
	if strings.ContainsAny(command.Str(), "|;&<>`") {
		return true
	}
	if len(entrypoint) > 0 && strings.HasSuffix(entrypoint[len(entrypoint)-1], ".sh") {
		return true
	}
	return slices.ContainsFunc(slices.Concat(entrypoint, commandWords(command)), func(word string) bool {
		return slices.Contains([]string{"sh", "ash", "bash", "dash", "zsh"}, path.Base(word))
	})
}

func (x *connection) newCommand(c *socketClient, args []string) {
	chosen, missed := cover(places(x.project, "command", itself), []string{c.Name}, nil)
	for _, p := range chosen {
		x.draft(p.file).Insert(p.node, "command", patch.Strings(args...))
		x.change(c.Service, anyList(args), "command")
	}
	x.refuseShared(missed, "command")
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
	written := strings.TrimRight(node.Value, "\n")
	from, to, text := len(written), len(written), " "+strings.Join(args, " ")
	if strings.Contains(written, "\n") {
		text = "\n" + text[1:]
	}
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
	if from+shift < 0 || to+shift > len(command.Text) || from < len(written) && shift != 0 {
		x.refuse("The command of " + c.Name + " holds variables. Change it to " + strings.Join(args, " ") + ".")
		return
	}
	x.change(c.Service, command.Text[:from+shift]+text+command.Text[to+shift:], "command")
}

// wordOffset returns where the word with an index begins in a text of words between blanks.
func wordOffset(text string, index int) int {
	const blanks = " \t\r\n"
	offset := 0
	for ; index >= 0; index-- {
		offset += len(text[offset:]) - len(strings.TrimLeft(text[offset:], blanks))
		if index > 0 {
			if end := strings.IndexAny(text[offset:], blanks); end >= 0 {
				offset += end
			}
		}
	}
	return offset
}
