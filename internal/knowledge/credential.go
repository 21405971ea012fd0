package knowledge

import (
	"slices"
	"strings"
	"sync"
)

// Credential is a user name and password that everybody knows.
type Credential struct {
	Service string `yaml:"service"`
	// Images are those whose default it is; a pair without images is merely common.
	Images   []string `yaml:"images"`
	User     string   `yaml:"user"`
	Password string   `yaml:"password"`
	// UserEnv and PasswordEnv are the variables that hold the two for those images; empty if none is known.
	UserEnv     []string `yaml:"user_env"`
	PasswordEnv []string `yaml:"password_env"`
	// IsDefault says that the service really starts with this pair unless it is told another one.
	IsDefault  bool   `yaml:"is_default"`
	Notes      string `yaml:"notes"`
	Provenance `yaml:",inline"`
}

// CredentialsIn returns the well-known pairs whose password a variable holds.
func CredentialsIn(variable string) []Credential {
	return slices.Clip(credentialsByVariable()[variable])
}

var credentialsByVariable = sync.OnceValue(func() map[string][]Credential {
	index := map[string][]Credential{}
	for _, pair := range credentialTable {
		for _, variable := range pair.PasswordEnv {
			index[variable] = append(index[variable], pair)
		}
	}
	return index
})

// OpenSetting is a variable that switches a service's authentication off.
type OpenSetting struct {
	Env string `yaml:"env"`
	// Value is what switches it off; "true" stands for every spelling of yes.
	Value   string   `yaml:"value"`
	Service string   `yaml:"service"`
	Images  []string `yaml:"images"`
	Effect  string   `yaml:"effect"`
	// Unless are variables with a password, which counts where there is one: then the setting does nothing.
	Unless     []string `yaml:"unless"`
	Provenance `yaml:",inline"`
}

// OpenSettingFor returns what a variable's value opens, if it switches authentication off.
func OpenSettingFor(name, value string) (OpenSetting, bool) {
	for _, setting := range openSettingTable {
		if !matches(setting.Env, name) {
			continue
		}
		if setting.Value == "true" && isYes(value) || strings.EqualFold(setting.Value, value) {
			return setting, true
		}
	}
	return OpenSetting{}, false
}

// ImageHealth tells whether images have a HEALTHCHECK of their own.
type ImageHealth struct {
	Images     []string `yaml:"images"`
	BuiltIn    bool     `yaml:"built_in"`
	Provenance `yaml:",inline"`
}

// HasHealthcheck tells whether the image has a HEALTHCHECK of its own; known is false if nobody has looked.
func HasHealthcheck(img Image) (has, known bool) {
	for _, entry := range imageHealthTable {
		if slices.ContainsFunc(entry.Images, img.Matches) {
			return entry.BuiltIn, true
		}
	}
	if proxy, ok := ProxyFor(img); ok {
		return proxy.Healthcheck.BuiltIn, proxy.Healthcheck.BuiltIn || len(proxy.Healthcheck.Command) > 0
	}
	return false, false
}
