package knowledge

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Version is a release of Airflow. A pre-release counts as its release.
type Version struct{ Major, Minor, Patch int }

// String returns the version as "2.10.5".
func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }

// IsZero tells whether the version is unknown.
func (v Version) IsZero() bool { return v == Version{} }

// AtLeast tells whether v is w or later.
func (v Version) AtLeast(w Version) bool {
	if v.Major != w.Major {
		return v.Major > w.Major
	}
	if v.Minor != w.Minor {
		return v.Minor > w.Minor
	}
	return v.Patch >= w.Patch
}

// ParseVersion reads "2.10.5", with anything that is not a digit after it. All three numbers must be there.
func ParseVersion(text string) (Version, bool) {
	var numbers [3]int
	for i := range numbers {
		end := 0
		for end < len(text) && text[end] >= '0' && text[end] <= '9' {
			end++
		}
		number, err := strconv.Atoi(text[:end])
		if err != nil || end > 6 {
			return Version{}, false
		}
		numbers[i], text = number, text[end:]
		if i < 2 && !strings.HasPrefix(text, ".") {
			return Version{}, false
		}
		text = strings.TrimPrefix(text, ".")
	}
	return Version{numbers[0], numbers[1], numbers[2]}, true
}

// AirflowFamily is a line of Airflow images that share an entrypoint and a default user.
type AirflowFamily struct {
	ID     string   `yaml:"id"`
	Images []string `yaml:"images"`
	// TagIsVersion says that tags begin with Airflow's version, after one of TagPrefixes if any.
	TagIsVersion bool     `yaml:"tag_is_version"`
	TagPrefixes  []string `yaml:"tag_prefixes"`
	// ChecksGroupFrom is the first version whose entrypoint exits unless the group is 0 or the user is DefaultUID;
	// empty if the entrypoint does not look at the group.
	ChecksGroupFrom string `yaml:"checks_group_from"`
	// DefaultUID, DefaultGID and UserName are the image's own user.
	DefaultUID string `yaml:"default_uid"`
	DefaultGID string `yaml:"default_gid"`
	UserName   string `yaml:"user_name"`
	// Home is where DAGs, logs and plugins live in the image.
	Home       string `yaml:"home"`
	Notes      string `yaml:"notes"`
	Provenance `yaml:",inline"`
}

// AirflowFamilies returns the known lines of Airflow images.
func AirflowFamilies() []AirflowFamily { return slices.Clip(airflowFamilyTable) }

// AirflowFamilyFor returns the line that the image belongs to.
func AirflowFamilyFor(img Image) (AirflowFamily, bool) {
	for _, family := range airflowFamilyTable {
		if slices.ContainsFunc(family.Images, img.Matches) {
			return family, true
		}
	}
	return AirflowFamily{}, false
}

// IsAirflowImage tells whether the image is a published Airflow image. An image with a name of its own can be one
// too: see AirflowTraces and DockerfileBase.
func IsAirflowImage(img Image) bool {
	_, ok := AirflowFamilyFor(img)
	return ok
}

// AirflowVersion returns the version that the image's tag names: "2.10.5-python3.12" is 2.10.5. It is unknown for
// images with names of their own, whose tags may count anything, and for tags such as "latest".
func AirflowVersion(img Image) (Version, bool) {
	family, ok := AirflowFamilyFor(img)
	if !ok || !family.TagIsVersion {
		return Version{}, false
	}
	tag := img.Tag
	for _, prefix := range family.TagPrefixes {
		tag = strings.TrimPrefix(tag, prefix)
	}
	return ParseVersion(tag)
}

// ChecksGroup tells whether images of the family exit when the group is not 0 and the user is not the default one. An
// unknown (zero) version is taken for a current one.
func (f AirflowFamily) ChecksGroup(version Version) bool {
	from, ok := ParseVersion(f.ChecksGroupFrom)
	return ok && (version.IsZero() || version.AtLeast(from))
}

// UserContract returns what the family's images document about the user they run as.
func (f AirflowFamily) UserContract() (UserContract, bool) {
	if len(f.Images) == 0 {
		return UserContract{}, false
	}
	return UserContractFor(ParseImage(f.Images[0]))
}

// AirflowTraces is what a Compose file says about a service that may be Airflow.
type AirflowTraces struct {
	// Image is the service's image, or the one that its build starts from.
	Image Image
	// Variables are the names in its environment, Command the words of its command, Targets the places in the
	// container where something is mounted.
	Variables, Command, Targets []string
}

// Family tells whether the service is Airflow, and of which family. It is certain if the image says so. Without that,
// two of three traces make it likely: variables that only Airflow reads, a subcommand of "airflow", and mounts where
// Airflow lives. An image with a name of its own counts as one of Apache's family unless the mounts say otherwise.
func (t AirflowTraces) Family() (family AirflowFamily, certain, ok bool) {
	if family, ok := AirflowFamilyFor(t.Image); ok {
		return family, true, true
	}
	traces := 0
	if slices.ContainsFunc(t.Variables, IsAirflowVariable) {
		traces++
	}
	homes := t.familiesByHome()
	if len(homes) > 0 {
		traces++
	}
	if traces == 1 { // a command is the most work to look at, and can only be the second trace
		if _, ok := AirflowCommandOf(t.Command); ok {
			traces++
		}
	}
	if traces < 2 {
		return AirflowFamily{}, false, false
	}
	if len(homes) > 0 {
		return homes[0], false, true
	}
	family, ok = AirflowFamilyFor(ParseImage("apache/airflow"))
	return family, false, ok
}

// familiesByHome returns the families in whose home something is mounted.
func (t AirflowTraces) familiesByHome() []AirflowFamily {
	var found []AirflowFamily
	for _, family := range airflowFamilyTable {
		if slices.ContainsFunc(t.Targets, family.isInHome) {
			found = append(found, family)
		}
	}
	return found
}

func (f AirflowFamily) isInHome(path string) bool {
	return f.Home != "" && (path == f.Home || strings.HasPrefix(path, f.Home+"/"))
}

// AirflowComponent is a part of an Airflow deployment.
type AirflowComponent string

// The components of Airflow.
const (
	AirflowWebserver    AirflowComponent = "webserver"
	AirflowAPIServer    AirflowComponent = "api-server"
	AirflowScheduler    AirflowComponent = "scheduler"
	AirflowWorker       AirflowComponent = "worker"
	AirflowTriggerer    AirflowComponent = "triggerer"
	AirflowDagProcessor AirflowComponent = "dag-processor"
	AirflowFlower       AirflowComponent = "flower"
	AirflowStandalone   AirflowComponent = "standalone"
	AirflowKerberos     AirflowComponent = "kerberos"
	AirflowOnce         AirflowComponent = "once" // a command that ends: migrations, "version", the other tools
)

// AirflowCommand is a subcommand of "airflow".
type AirflowCommand struct {
	// Words are one or two words: "scheduler", "celery worker".
	Words     string           `yaml:"words"`
	Component AirflowComponent `yaml:"component"`
	// RemovedIn is the version that no longer has the command, Successor what it has instead.
	RemovedIn  string `yaml:"removed_in"`
	Successor  string `yaml:"successor"`
	Provenance `yaml:",inline"`
}

// AirflowCommands returns the known subcommands.
func AirflowCommands() []AirflowCommand { return slices.Clip(airflowCommandTable) }

// AirflowCommandOf returns the subcommand of "airflow" that a service's command runs. The words may come from the
// list form, from the string form cut at blanks, or hold a whole shell line ("bash -c 'airflow db migrate && airflow
// scheduler'"), where the last subcommand that does not end by itself counts.
func AirflowCommandOf(command []string) (AirflowCommand, bool) {
	words := shellWords(command)
	var best AirflowCommand
	found := false
	for i := range words {
		if i > 0 && !isAirflowProgram(words[i-1]) {
			continue
		}
		entry, ok := airflowCommandAt(words[i:])
		if ok && (!found || entry.Component != AirflowOnce) {
			best, found = entry, true
		}
	}
	return best, found
}

// shellWords cuts the command into words, at blanks and at the operators between shell commands.
func shellWords(command []string) []string {
	text := strings.Join(command, " ")
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n;&|()'\"`", r) })
}

func isAirflowProgram(word string) bool {
	return word == "airflow" || strings.HasSuffix(word, "/airflow") || strings.HasSuffix(word, "/entrypoint")
}

func airflowCommandAt(words []string) (AirflowCommand, bool) {
	if len(words) >= 2 {
		if entry, ok := airflowCommandIndex()[words[0]+" "+words[1]]; ok {
			return entry, true
		}
	}
	entry, ok := airflowCommandIndex()[words[0]]
	return entry, ok
}

var airflowCommandIndex = sync.OnceValue(func() map[string]AirflowCommand {
	index := map[string]AirflowCommand{}
	for _, entry := range airflowCommandTable {
		index[entry.Words] = entry
	}
	return index
})

// IsAirflowVariable tells whether an environment variable is one that only Airflow reads.
func IsAirflowVariable(name string) bool {
	return strings.HasPrefix(name, "AIRFLOW__") || strings.HasPrefix(name, "_AIRFLOW_") ||
		strings.HasPrefix(name, "AIRFLOW_CONN_") || strings.HasPrefix(name, "AIRFLOW_VAR_") || name == "AIRFLOW_HOME"
}

// IsAirflowPath tells whether a path inside a container belongs to an Airflow image.
func IsAirflowPath(path string) bool {
	return slices.ContainsFunc(airflowFamilyTable, func(f AirflowFamily) bool { return f.isInHome(path) })
}

// AirflowExecutor is a way of running tasks.
type AirflowExecutor struct {
	Name string `yaml:"name"`
	// RunsTasks are the components in whose containers tasks run; empty if they run elsewhere.
	RunsTasks []AirflowComponent `yaml:"runs_tasks"`
	// NeedsBroker says that the executor needs a message broker.
	NeedsBroker bool   `yaml:"needs_broker"`
	RemovedIn   string `yaml:"removed_in"`
	Notes       string `yaml:"notes"`
	Provenance  `yaml:",inline"`
}

// AirflowExecutors returns the known executors.
func AirflowExecutors() []AirflowExecutor { return slices.Clip(airflowExecutorTable) }

// AirflowExecutorFor returns the executor of that name; the module path before the name does not matter.
func AirflowExecutorFor(name string) (AirflowExecutor, bool) {
	name = strings.TrimSpace(name)
	name = name[strings.LastIndexByte(name, '.')+1:]
	i := slices.IndexFunc(airflowExecutorTable, func(e AirflowExecutor) bool { return e.Name == name })
	if i < 0 {
		return AirflowExecutor{}, false
	}
	return airflowExecutorTable[i], true
}

// AirflowTaskRunners returns the components that run tasks under a value of AIRFLOW__CORE__EXECUTOR, which may list
// several executors. It is not known if one of them is not.
func AirflowTaskRunners(executors string) (components []AirflowComponent, known bool) {
	for name := range strings.SplitSeq(executors, ",") {
		// "team=Executor" and "alias:module.Executor" name an executor in part of the versions.
		name = name[strings.LastIndexAny(name, "=:")+1:]
		executor, ok := AirflowExecutorFor(name)
		if !ok {
			return nil, false
		}
		components = append(components, executor.RunsTasks...)
	}
	slices.Sort(components)
	return slices.Compact(components), true
}

// AirflowKey is a secret that is published on the internet, and so protects nothing.
type AirflowKey struct {
	// Settings are the variables that it is a value of.
	Settings   []string `yaml:"settings"`
	Value      string   `yaml:"value"`
	Where      string   `yaml:"where"`
	Provenance `yaml:",inline"`
}

// AirflowPublishedKey returns the published key that a setting is set to.
func AirflowPublishedKey(setting, value string) (AirflowKey, bool) {
	for _, key := range airflowKeyTable {
		if key.Value == value && slices.Contains(key.Settings, setting) {
			return key, true
		}
	}
	return AirflowKey{}, false
}

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

// AirflowSettings returns the settings that were renamed or removed, sorted by old name and version.
func AirflowSettings() []AirflowSetting { return slices.Clip(airflowSettingTable) }

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

// AirflowHealthPath is the path of a health endpoint of the web component.
type AirflowHealthPath struct {
	Path      string           `yaml:"path"`
	Component AirflowComponent `yaml:"component"`
	// From and Before limit the versions; empty ends are open.
	From       string `yaml:"from"`
	Before     string `yaml:"before"`
	Provenance `yaml:",inline"`
}

// AirflowHealthPaths returns the known health endpoints.
func AirflowHealthPaths() []AirflowHealthPath { return slices.Clip(airflowHealthTable) }

// ServedBy tells whether that version answers on the path.
func (p AirflowHealthPath) ServedBy(version Version) bool {
	from, hasFrom := ParseVersion(p.From)
	before, hasBefore := ParseVersion(p.Before)
	return (!hasFrom || version.AtLeast(from)) && (!hasBefore || !version.AtLeast(before))
}
