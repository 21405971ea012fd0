package compose

import "testing"

func TestUnexplained(t *testing.T) {
	const before = "services: {a: {image: x, privileged: true}, b: {image: y}}\nx-note: 1\n"
	for name, test := range map[string]struct {
		after, other, want string
	}{
		"nothing":                      {before, "", ""},
		"an extension":                 {"services: {a: {image: x, privileged: true}, b: {image: y}}\nx-note: 2\n", "", ""},
		"a service":                    {"services: {a: {image: x}, b: {image: y}}\n", "", "services.a"},
		"a service of another one":     {"services: {a: {image: x}, b: {image: y}}\n", "services: {a: {image: x}}\n", ""},
		"another one has it as it was": {"services: {a: {image: x}, b: {image: y}}\n", before, "services.a"},
		"a service that is gone":       {"services: {b: {image: y}}\n", "services: {b: {image: y}}\n", "services.a"},
		"a service that was added":     {before + "volumes: {v: {}}\n", "services: {}\nvolumes: {v: {}}\n", ""},
		"a service that nobody has":    {before + "volumes: {v: {}}\n", "", "volumes.v"},
		"the name":                     {"name: n\n" + before, "name: n\nservices: {}\n", "name"},
	} {
		t.Run(name, func(t *testing.T) {
			model := func(text string) *Value {
				return Resolve(Options{Files: []Input{{"c.yaml", []byte(text)}}, Dir: "/x", AbsDir: "/x"}).Model
			}
			if got := Unexplained(model(before), model(test.after), []*Value{model(test.other)}); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
