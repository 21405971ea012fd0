package knowledge

import (
	"slices"
	"strings"
	"sync"
)

// SettingKind tells what became of a setting.
type SettingKind string

// What can become of a setting.
const (
	SettingRenamed   SettingKind = "renamed"   // same meaning, same value, one new name
	SettingMerged    SettingKind = "merged"    // several old names share one new name
	SettingConverted SettingKind = "converted" // the value must change along with the name
	SettingRemoved   SettingKind = "removed"
)

// AirflowSetting is a setting that was renamed or removed, by its environment variable.
type AirflowSetting struct {
	Old  string      `yaml:"old"`
	New  string      `yaml:"new"`
	Kind SettingKind `yaml:"kind"`
	// Since is the version from which the old name is out of date.
	Since string `yaml:"since"`
	// IgnoredFrom is the version from which the old name has no effect at all, ReadAgainFrom a later one that reads
	// it once more, with a warning. Empty if there is none.
	IgnoredFrom   string `yaml:"ignored_from"`
	ReadAgainFrom string `yaml:"read_again_from"`
	// Hint tells what to do where a new name alone does not tell.
	Hint       string `yaml:"hint"`
	Provenance `yaml:",inline"`
}

var airflowSettingIndex = sync.OnceValue(func() map[string][]AirflowSetting {
	index := map[string][]AirflowSetting{}
	for _, setting := range airflowSettingTable {
		index[setting.Old] = append(index[setting.Old], setting)
	}
	return index
})

// AirflowSettingFor returns what became of the setting in an environment variable by that version, if anything did.
// The variants that read the value from a command or a secrets backend ("…_CMD", "…_SECRET") change along.
func AirflowSettingFor(variable string, version Version) (AirflowSetting, bool) {
	if setting, ok := latestChange(airflowSettingIndex()[variable], version); ok {
		return setting, true
	}
	for _, suffix := range []string{"_CMD", "_SECRET"} {
		name, cut := strings.CutSuffix(variable, suffix)
		setting, ok := latestChange(airflowSettingIndex()[name], version)
		if !cut || !ok {
			continue
		}
		setting.Old += suffix
		if setting.New != "" {
			setting.New += suffix
		}
		return setting, true
	}
	return AirflowSetting{}, false
}

func latestChange(changes []AirflowSetting, version Version) (AirflowSetting, bool) {
	for _, change := range slices.Backward(changes) {
		if since, ok := ParseVersion(change.Since); ok && version.AtLeast(since) {
			return change, true
		}
	}
	return AirflowSetting{}, false
}

// IsIgnored tells whether the old name has no effect in that version.
func (s AirflowSetting) IsIgnored(version Version) bool {
	from, ok := ParseVersion(s.IgnoredFrom)
	if !ok || !version.AtLeast(from) {
		return false
	}
	again, ok := ParseVersion(s.ReadAgainFrom)
	return !ok || !version.AtLeast(again)
}
