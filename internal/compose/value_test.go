package compose

import (
	"fmt"
	"strings"
	"testing"
)

func TestSettings(t *testing.T) {
	p := resolveTexts(map[string]string{"f.yaml": `services:
  map: {image: a, environment: {A: "1", B: , C: "x=${C:-y}"}}
  list: {image: a, environment: [A=1, B, "C=x=${C:-y}", D=]}
  text: {image: a, hostname: A=1}
`}, "f.yaml")
	tests := []struct{ service, attribute, want string }{
		{"map", "environment", "A=1() B=nil C=x=y(x=${C:-y})"},
		{"list", "environment", "A=1() B=nil C=x=y(x=${C:-y}) D=()"},
		{"text", "hostname", ""},
		{"text", "environment", ""},
	}
	for _, tt := range tests {
		v := p.Service(tt.service).Get(tt.attribute)
		var got []string
		for _, s := range v.Settings() {
			if v.Setting(s.Key) != s.Value {
				t.Errorf("%s: Setting(%q) is another value", tt.service, s.Key)
			}
			if s.Value == nil || s.Value.Kind == Null {
				got = append(got, s.Key+"=nil")
			} else {
				got = append(got, fmt.Sprintf("%s=%s(%s)", s.Key, s.Value.Str(), s.Value.Raw))
			}
		}
		if text := strings.Join(got, " "); text != tt.want {
			t.Errorf("%s: got %s, want %s", tt.service, text, tt.want)
		}
		if v.Setting("missing") != nil {
			t.Errorf("%s: a setting that is not there has a value", tt.service)
		}
	}
}
