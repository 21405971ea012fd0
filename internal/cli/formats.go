package cli

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"composelint/internal/lint"
	"composelint/internal/report"
)

// output is a report that is asked for: its format, and the file that it goes to; "" for standard output.
type output struct {
	format report.Format
	file   string
}

func formatNames() []string {
	var names []string
	for _, format := range report.Formats() {
		names = append(names, format.Name)
	}
	return names
}

func formatNamed(name string) (report.Format, bool) {
	for _, format := range report.Formats() {
		if format.Name == name {
			return format, true
		}
	}
	return report.Format{}, false
}

// outputsValue is a flag that adds a report with each use.
type outputsValue struct{ outputs *[]output }

// Set implements pflag.Value.
func (v outputsValue) Set(text string) error {
	name, file, hasFile := strings.Cut(text, "=")
	format, ok := formatNamed(name)
	switch {
	case !ok && strings.ContainsAny(name, `./\`):
		return fmt.Errorf("%q is no format; the format comes before the file, as in json=out.json", name)
	case !ok:
		names := formatNames()
		return fmt.Errorf("there is no format %q%s", name, cmp.Or(didYouMean(name, names), "; it is one of "+strings.Join(names, ", ")))
	case hasFile && file == "":
		return fmt.Errorf("there is no file behind %q", text)
	case file == standardInput: // what it means for input, it means for output
		file = ""
	}
	*v.outputs = append(*v.outputs, output{format, file})
	return nil
}

// String implements pflag.Value: there is no default.
func (v outputsValue) String() string { return "" }

// Type implements pflag.Value.
func (v outputsValue) Type() string { return outputType }

// outputType is how the help shows the value of --output.
const outputType = "FORMAT=FILE"

// reports returns all reports that are asked for. Standard output gets that of --format, unless an --output without a
// file is in its place.
func (o *options) reports() []output {
	all := slices.Clone(o.outputs)
	taken := slices.ContainsFunc(all, func(x output) bool { return x.file == "" })
	if !taken || o.given("format") {
		format, _ := formatNamed(o.format)
		all = append(all, output{format, ""})
	}
	return all
}

// console returns the format of the report on standard output.
func (o *options) console() report.Format {
	all := o.reports()
	return all[slices.IndexFunc(all, func(x output) bool { return x.file == "" })].format
}

// checkOutputs refuses two reports in one place, and reports in a run that makes none.
func (o *options) checkOutputs() error {
	if o.writeBaseline != "" && len(o.outputs) > 0 {
		return errors.New("--write-baseline and --output exclude each other: a baseline is written in place of a report")
	}
	seen := map[string]string{}
	for _, x := range o.reports() {
		place := "standard output"
		if x.file != "" {
			place = filepath.Clean(x.file)
		}
		if other, ok := seen[place]; ok {
			return fmt.Errorf("two reports go to %s, %s and %s; give one of them another file: --output %[2]s=FILE",
				place, other, x.format.Name)
		}
		seen[place] = x.format.Name
	}
	return nil
}

// fixesFor returns how far the fixes have to go for the formats. JSON has them for programs to look at; what people
// and other systems take over as it is has to be proved by compose-go, too.
func fixesFor(outputs []output) lint.Fixes {
	most := report.NoFixes
	for _, x := range outputs {
		most = max(most, x.format.Fixes)
	}
	switch most {
	case report.OffersFixes:
		return lint.ProveFixes
	case report.TellsFixes:
		return lint.BuildFixes
	default:
		return lint.NoFixes
	}
}
