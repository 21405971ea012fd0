package knowledge

import (
	"slices"
	"strings"
	"testing"
)

func TestDockerfileInstructions(t *testing.T) {
	tests := []struct {
		name, text string
		want       []Instruction
	}{
		{"empty", "", nil},
		{"comments and blank lines", "# one\n\n  # two\nFROM a\n",
			[]Instruction{{Line: 4, Keyword: "FROM", Text: "a", Stage: 0}}},
		{"lower case", "from a\nrun b",
			[]Instruction{{1, "FROM", "a", 0}, {2, "RUN", "b", 0}}},
		{"argument before the first stage", "ARG A=1\nFROM a",
			[]Instruction{{1, "ARG", "A=1", -1}, {2, "FROM", "a", 0}}},
		{"continuation with a comment inside", "FROM a\nRUN one && \\\n# note\n\n two\nUSER b",
			[]Instruction{{1, "FROM", "a", 0}, {2, "RUN", "one &&  two", 0}, {6, "USER", "b", 0}}},
		{"backtick as escape", "# escape=`\nFROM a\nRUN dir `\n c:\\\nUSER b",
			[]Instruction{{2, "FROM", "a", 0}, {3, "RUN", `dir  c:\`, 0}, {5, "USER", "b", 0}}},
		{"here-document", "FROM a\nRUN <<EOF\nUSER not\nEOF\nUSER b",
			[]Instruction{{1, "FROM", "a", 0}, {2, "RUN", "<<EOF\nUSER not\nEOF", 0}, {5, "USER", "b", 0}}},
		{"here-document with tabs and quotes", "FROM a\nCOPY <<-\"X\" /f\n\tFROM b\n\tX\nUSER c",
			[]Instruction{{1, "FROM", "a", 0}, {2, "COPY", "<<-\"X\" /f\n\tFROM b\n\tX", 0}, {5, "USER", "c", 0}}},
		{"carriage returns and a byte order mark", "\ufeffFROM a\r\nUSER b\r\n",
			[]Instruction{{1, "FROM", "a", 0}, {2, "USER", "b", 0}}},
		{"two stages", "FROM a AS one\nUSER b\nFROM one\nUSER c",
			[]Instruction{{1, "FROM", "a AS one", 0}, {2, "USER", "b", 0}, {3, "FROM", "one", 1}, {4, "USER", "c", 1}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := DockerfileInstructions([]byte(test.text)); !slices.Equal(got, test.want) {
				t.Errorf("\n got %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestDockerfileInstructionsAreBounded(t *testing.T) {
	if got := DockerfileInstructions([]byte(strings.Repeat("RUN a\n", maxInstructions+5))); len(got) != maxInstructions {
		t.Errorf("got %d instructions", len(got))
	}
	if got := DockerfileInstructions(make([]byte, maxDockerfile+1)); got != nil {
		t.Errorf("got %d instructions of a file that is too large", len(got))
	}
}

func TestDockerfileBase(t *testing.T) {
	tests := []struct {
		name, text, target string
		args               map[string]string
		want               string
		found              bool
	}{
		{name: "one stage", text: "FROM apache/airflow:2.10.5\nUSER root", want: "apache/airflow:2.10.5", found: true},
		{name: "platform", text: "FROM --platform=linux/amd64 a:1 AS b", want: "a:1", found: true},
		{name: "last stage", text: "FROM a AS one\nFROM b", want: "b", found: true},
		{name: "stage on a stage", text: "FROM a AS one\nFROM one AS two\nFROM two", want: "a", found: true},
		{name: "target by name", text: "FROM a AS One\nFROM b", target: "one", want: "a", found: true},
		{name: "target by number", text: "FROM a\nFROM b", target: "0", want: "a", found: true},
		{name: "no such target", text: "FROM a", target: "x"},
		{name: "default of an argument", text: "ARG V=2.9.0\nFROM apache/airflow:${V}", want: "apache/airflow:2.9.0", found: true},
		{name: "argument given", text: "ARG V=2.9.0\nFROM apache/airflow:$V", args: map[string]string{"V": "3.0.4"},
			want: "apache/airflow:3.0.4", found: true},
		{name: "argument on argument", text: "ARG A=x\nARG B=${A}y\nFROM $B", want: "xy", found: true},
		{name: "default in place", text: "ARG V\nFROM a:${V:-1}", want: "a:1", found: true},
		{name: "unknown argument", text: "ARG V\nFROM a:$V", want: "a:${V}", found: true},
		{name: "argument of a stage does not count", text: "FROM x\nARG V=1\nFROM a:$V", want: "a:${V}", found: true},
		{name: "a stage cannot be its own base", text: "FROM a AS a", want: "a", found: true},
		{name: "scratch", text: "FROM scratch", want: "scratch", found: true},
		{name: "no stage", text: "RUN a"},
		{name: "empty base", text: "FROM\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, found := DockerfileBase([]byte(test.text), test.target, test.args)
			if got != test.want || found != test.found {
				t.Errorf("got %q, %v; want %q, %v", got, found, test.want, test.found)
			}
		})
	}
}

func FuzzDockerfile(f *testing.F) {
	for _, seed := range []string{
		"FROM a", "ARG A=${B:-${A}}\nFROM $A", "# escape=`\nFROM a`\nb", "RUN <<A <<B\nA\nB", "FROM a AS b\nFROM b AS a\nFROM a",
		"ARG A=$A$A\nARG A=$A$A\nARG A=$A$A\nFROM $A", "FROM ${A:+${B:-c}}",
	} {
		f.Add([]byte(seed), "")
	}
	f.Fuzz(func(t *testing.T, data []byte, target string) {
		last := 0
		for _, instruction := range DockerfileInstructions(data) {
			if instruction.Line <= last {
				t.Fatalf("line %d after line %d", instruction.Line, last)
			}
			last = instruction.Line
		}
		base, _ := DockerfileBase(data, target, map[string]string{"A": "$A$A$A"})
		if len(base) > maxExpansion {
			t.Errorf("base of %d bytes", len(base))
		}
	})
}
