package rules

import (
	"fmt"
	"testing"

	"composelint/internal/compose"
)

// givenTo returns the user of a service, resolved with some variables.
func givenTo(user string, env map[string]string) *compose.Value {
	file := fmt.Sprintf("services:\n  a:\n    image: i\n    user: %q\n", user)
	p := compose.Resolve(compose.Options{
		Dir: ".", AbsDir: "/project", Env: env, Files: []compose.Input{{Name: "compose.yaml", Data: []byte(file)}},
	})
	return p.Service("a").Get("user")
}

func TestParseUser(t *testing.T) {
	set := map[string]string{"U": "1000", "G": "998", "BOTH": "1000:998", "BLANK": ""}
	tests := []struct {
		user               string
		uid, gid           string // as Docker takes them
		writtenU, writtenG string // the parts of the text
		broken             bool
	}{
		{"1000", "1000", "", "1000", "", false},
		{"1000:999", "1000", "999", "1000", "999", false},
		{"airflow:root", "airflow", "root", "airflow", "root", false},
		{":", "", "", "", "", false},
		{"$U:$G", "1000", "998", "$U", "$G", false},
		{"${U}:${NONE}", "1000", "", "${U}", "${NONE}", false},
		{"${NONE}:0", "", "0", "${NONE}", "0", false},
		{"${NONE:-50000}:999", "50000", "999", "${NONE:-50000}", "999", false},
		{"${BLANK-50000}:0", "", "0", "${BLANK-50000}", "0", false},
		{"${NONE:?}:999", "${NONE:?}", "999", "${NONE:?}", "999", false},
		{"${NONE:-1000:999}", "1000", "999", "1000", "999", false},
		{"${BOTH}", "1000", "998", "${BOTH}", "", false},
		{"${BOTH:-1:2}", "1000", "998", "${BOTH:-1:2}", "", false},
		{"${NONE:-50000}:$NONE:-50000}", "50000", "", "${NONE:-50000}", "$NONE:-50000}", true},
		{"1000:999:1", "1000", "999", "1000", "999:1", true},
		{"${U:701}:0", "", "", "", "", true},
	}
	for _, test := range tests {
		t.Run(test.user, func(t *testing.T) {
			u, ok := parseUser(givenTo(test.user, set))
			if !ok || u.broken != test.broken {
				t.Fatalf("there is a user: %v, broken: %v", ok, u.broken)
			}
			if u.uid.text != test.uid || u.gid.text != test.gid {
				t.Errorf("user %q, group %q", u.uid.text, u.gid.text)
			}
			raw := asWritten(u.value)
			if uid, gid := raw[u.uid.from:u.uid.to], raw[u.gid.from:u.gid.to]; uid != test.writtenU || gid != test.writtenG {
				t.Errorf("written user %q, group %q", uid, gid)
			}
		})
	}
}

func TestMended(t *testing.T) {
	tests := []struct {
		what, raw, text, result string
		ok                      bool
	}{
		{"a default without its dash", "${U:701}:0", "${U:-701}:0", "701:0", true},
		{"one that is set", "${SET:701}:0", "${SET:-701}:0", "1000:0", true},
		{"two of them", "${U:1}:${G:2}", "${U:-1}:${G:-2}", "1:2", true},
		{"a brace that is missing", "${U:-701:0", "", "", false},
		{"a variable without default beside it", "${U:1}:${NONE}", "", "", false},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			text, result, ok := mended(test.raw, map[string]string{"SET": "1000"})
			if text != test.text || result != test.result || ok != test.ok {
				t.Errorf("%q, %q, %v", text, result, ok)
			}
		})
	}
}

// FuzzParseUser looks for texts whose parts lie outside of them.
func FuzzParseUser(f *testing.F) {
	for _, user := range []string{"1000:999", "${U:-1}:${G}", "${BOTH:-1:2}", "$$:", "${U:701}:0", "${A:-${B:-1:2}}:$", ":", "::"} {
		f.Add(user)
	}
	f.Fuzz(func(t *testing.T, user string) {
		u, ok := parseUser(givenTo(user, map[string]string{"U": "1000:5", "B": ""}))
		if !ok {
			return
		}
		raw := asWritten(u.value)
		for _, part := range []userPart{u.uid, u.gid} {
			if part.from < 0 || part.from > part.to || part.to > len(raw) {
				t.Errorf("%q: bytes %d to %d", raw, part.from, part.to)
			}
		}
	})
}
