package knowledge

import (
	"slices"
	"strings"
	"sync"
)

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
	if slices.ContainsFunc(t.Variables, isAirflowVariable) {
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

// isAirflowVariable tells whether an environment variable is one that only Airflow reads.
func isAirflowVariable(name string) bool {
	return strings.HasPrefix(name, "AIRFLOW__") || strings.HasPrefix(name, "_AIRFLOW_") ||
		strings.HasPrefix(name, "AIRFLOW_CONN_") || strings.HasPrefix(name, "AIRFLOW_VAR_") || name == "AIRFLOW_HOME"
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
