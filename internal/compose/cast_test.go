package compose

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/interpolation"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/tree"
	"github.com/compose-spec/compose-go/v2/types"
)

// composeCasts are compose-go's casts by the path they apply to.
func composeCasts() map[tree.Path]interpolation.Cast {
	return loader.ToOptions(&types.ConfigDetails{}, nil).Interpolate.TypeCastMapping
}

// castTexts are texts that some cast takes, or nearly.
var castTexts = []string{
	"", " ", "true", "TRUE", "True", "t", "y", "Yes", "on", "false", "n", "NO", "oFF", "0", "1", "-1",
	"+1", " 1", "1 ", "007", "077",
	"0o77", "0x1F", "0b11", "1_000", "1.5", "1e3", "1e-50", "1e400", ".5", "NaN", "inf", "-Inf", "0x1p-2",
	"4294967295", "4294967296",
	"9223372036854775807", "9223372036854775808", "-9223372036854775808", "٣", "abc", "null",
}

// checkCast compares one cast with compose-go's: whether it takes the text, the value, and the value's type.
func checkCast(t *testing.T, path tree.Path, s string) {
	t.Helper()
	a := specification()
	for _, key := range path.Parts() {
		a = a.child(key)
	}
	if a == nil || a.cast == nil {
		t.Fatalf("%s: texts are not cast", path)
	}
	want, wantErr := composeCasts()[path](s)
	got, err := a.cast(s)
	switch {
	case (err != nil) != (wantErr != nil):
		t.Errorf("%s %q: error %v, compose-go's %v", path, s, err, wantErr)
	case err != nil:
		if got != nil {
			t.Errorf("%s %q: an error, and the value %v", path, s, got.Plain())
		}
	case withType(got.Plain()) != withType(want):
		t.Errorf("%s %q: got %s, want %s", path, s, withType(got.Plain()), withType(want))
	}
}

// withType writes a value with its type, which tells apart all but the kinds of NaN.
func withType(v any) string { return fmt.Sprintf("%T %v", v, v) }

func TestCasts(t *testing.T) {
	quiet(t)
	for _, path := range slices.Sorted(maps.Keys(composeCasts())) {
		t.Run(path.String(), func(t *testing.T) {
			for _, s := range castTexts {
				checkCast(t, path, s)
			}
		})
	}
}

// TestNoOtherCasts finds casts that compose-go does not have.
func TestNoOtherCasts(t *testing.T) {
	known := composeCasts()
	eachPath(specification(), nil, func(path string, a *attribute) {
		if a.cast == nil {
			return
		}
		for pattern := range known {
			if tree.Path(path).Matches(pattern) {
				return
			}
		}
		t.Errorf("%s: texts are cast, and compose-go leaves them", path)
	})
}

// eachPath calls f for every attribute, with a path that leads there.
func eachPath(a *attribute, keys []string, f func(path string, a *attribute)) {
	f(strings.Join(keys, "."), a)
	for key, child := range a.fields {
		eachPath(child, append(keys, key), f)
	}
	if a.any != nil {
		eachPath(a.any, append(keys, "[]"), f)
	}
}

func TestCastErrors(t *testing.T) {
	tests := []struct {
		name string
		cast func(string) (*Value, error)
		text string
		want string
	}{
		{"not a boolean", castBool, "maybe", `"maybe" is neither true nor false, and has to be one of them`},
		{"an empty boolean", castBool, "", `"" is neither true nor false, and has to be one of them`},
		{"not a whole number", castInt, "1.5", `"1.5" is not a whole number, and has to be one`},
		{"not a number", castFloat, "much", `"much" is not a number, and has to be one`},
		{"not a small number", castFloat32, "much", `"much" is not a number, and has to be one`},
		{"too large", castInt64, "9223372036854775808", `"9223372036854775808" is too large or too small a number`},
		{"a negative umask", castUmask, "-1", `"-1" is not a whole number, and has to be one`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := tt.cast(tt.text)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, %v\nwant %s", v, err, tt.want)
			}
		})
	}
}

func FuzzCasts(f *testing.F) {
	quiet(f)
	for _, s := range castTexts {
		f.Add(s)
	}
	paths := []tree.Path{
		"services.*.init", "services.*.scale", "services.*.pids_limit", "services.*.cpu_percent", "services.*.cpus",
		"services.*.umask",
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, path := range paths {
			checkCast(t, path, s)
		}
	})
}
