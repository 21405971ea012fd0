package cli

import (
	"io"
	"os"

	"golang.org/x/term"

	"composelint/internal/report"
)

// minimalWidth is the narrowest terminal that lines are wrapped for.
const minimalWidth = 40

// style returns how to write to w: in colours and wrapped where it is a terminal. NO_COLOR (https://no-color.org)
// turns colours off, and so does a terminal that calls itself dumb; --color says otherwise.
func (c *Command) style(w io.Writer, color string) report.Style {
	width, isTerminal := terminalWidth(w)
	style := report.Style{Width: width, Terminal: isTerminal}
	switch color {
	case "always":
		style.Color = true
	case "auto":
		env := c.variables()
		style.Color = isTerminal && env["NO_COLOR"] == "" && env["TERM"] != "dumb"
	}
	return style
}

func terminalWidth(w io.Writer) (width int, isTerminal bool) {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil || width < minimalWidth {
		width = 0
	}
	return width, true
}
