package report

// Style says how a report looks.
type Style struct {
	// Color turns colours on.
	Color bool
	// Terminal tells that a terminal shows the report, where control sequences would act.
	Terminal bool
	// Width is the number of columns of the terminal; 0 where the output is not one, and lines are not wrapped.
	Width int
}

// sgr is a "select graphic rendition" sequence of ECMA-48, as every terminal knows it.
type sgr string

const (
	bold    sgr = "1"
	faint   sgr = "2"
	red     sgr = "31"
	green   sgr = "32"
	yellow  sgr = "33"
	blue    sgr = "34"
	cyan    sgr = "36"
	boldRed sgr = "1;31"
	plain   sgr = ""
)

// paint colours a text, where colours are on.
func (s Style) paint(color sgr, text string) string {
	if text == "" {
		return ""
	}
	return s.begin(color) + text + s.end(color)
}

// begin and end are what stands before and behind coloured text.
func (s Style) begin(color sgr) string {
	if !s.Color || color == plain {
		return ""
	}
	return "\x1b[" + string(color) + "m"
}

func (s Style) end(color sgr) string {
	if !s.Color || color == plain {
		return ""
	}
	return "\x1b[0m"
}
