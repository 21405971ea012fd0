package patch

import (
	"testing"

	"composelint/internal/source"
)

func all(*source.Node) bool { return true }

func TestRequoteItems(t *testing.T) {
	tests := []struct {
		name, items, want string
		quote             Quote
	}{
		{"into double quotes", "\n- 8080:80 # why\n- &x 80\n- '90'", "\n- \"8080:80\" # why\n- &x \"80\"\n- \"90\"", DoubleQuote},
		{"into single quotes", `["it's", 80,"b" ]`, `['it''s', '80','b' ]`, SingleQuote},
		{"the same quotes", `["a\u0041", 'b']`, `["a\u0041", "b"]`, DoubleQuote},
		{"what single quotes cannot hold", `["a\tb\a"]`, `["a\tb\a"]`, SingleQuote},
		{"no quotes", "\n- './data:/data:ro'\n- \"b,c\"", "\n- ./data:/data:ro\n- b,c", AutoQuote},
		{"quotes that are needed", "['8080:80', 'a #b', 'a,b', 'yes', '']", "['8080:80', 'a #b', 'a,b', 'yes', '']", AutoQuote},
		{"numbers that would be others", "[0777, 1e3, 0x1F, true]", "[0777, 1e3, 0x1F, true]", DoubleQuote},
		{"what is no short text", "\n- |\n  a\n- \"a\n  b\"\n-\n- !!int 5\n- {b: c}", "\n- |\n  a\n- \"a\n  b\"\n-\n- !!int 5\n- {b: c}",
			DoubleQuote},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := mustParse(t, "a: "+tt.items+"\n")
			edits, err := RequoteItems(f, f.Root().Lookup("a"), tt.quote, all)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Apply(f.Data, edits)
			if want := "a: " + tt.want + "\n"; err != nil || string(got) != want {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
		})
	}
}

func TestRequoteSomeItems(t *testing.T) {
	f := mustParse(t, "[a, b]\n")
	edits, err := RequoteItems(f, f.Root(), DoubleQuote, func(item *source.Node) bool { return item.Value == "b" })
	if err != nil || len(edits) != 1 || edits[0].New != `"b"` {
		t.Errorf("got %v, %v", edits, err)
	}
	if _, err := RequoteItems(f, f.Root().Items[0], DoubleQuote, all); err == nil {
		t.Error("a text was taken for a list")
	}
}
