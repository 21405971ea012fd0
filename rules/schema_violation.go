package rules

import (
	"slices"
	"strconv"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/internal/spelling"
	"composelint/patch"
)

var schemaViolation = &Rule{
	Name:     "schema-violation",
	Severity: High,
	Tier:     Default,
	Summary:  "A value or a key is not one that the Compose specification allows.",
	Why: `Compose refuses the project and tells one of the mistakes, without a line. All of them are reported here,
each at its place.

A file whose services stand at the top, as in Compose's first format, is reported once, and so are a service whose
attributes are not indented below it, and a file that is something else, such as a Kubernetes manifest.`,
	Fix: "Puts a number or a truth value in quotes where a text has to stand. It is safe: without them Compose refuses the project.",
	Bad: `services:
  web:
    image: nginx:1.27.2
    commands: nginx-debug
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    command: nginx-debug
`,
	References: []Reference{{"Compose specification, as in compose-go v2.16.2", "https://github.com/compose-spec/compose-spec"}},
	Check:      checkSchema,
}

func checkSchema(p *Pass) {
	told := map[*source.File]bool{}
	explained := map[*source.Node]bool{}
	for _, file := range p.Project.Files {
		if message, key := misfit(file.Root()); message != "" {
			told[file] = true
			p.Report(Finding{Message: message, Origin: compose.Origin{File: file, Node: key}, Evidence: key.Value})
		}
		if service, keys := unindented(file.Root().Lookup("services")); service != nil {
			p.Report(unindentedFinding(file, service, keys, explained))
		}
	}
	for _, q := range p.problems(compose.Schema) {
		if !told[q.Origin.File] && !explained[q.Origin.Node] {
			f := p.problemFinding(q)
			switch {
			case q.Path == "version" && !p.Facts.isForSwarm():
				f.Message = strings.TrimSuffix(f.Message, ": put it in quotes") + ": remove it, since Compose ignores it"
				f.Repair = removeVersion(q.Origin)
			case q.LacksQuotes:
				f.Repair = quote(q.Origin)
			}
			p.Report(f)
		}
	}
}

// quote builds the fix that makes a text of a scalar.
func quote(at compose.Origin) func() Fix {
	return func() Fix {
		var r repair
		r.draft(at.File).Set(at.Node, patch.Quoted(at.Node.Value, patch.DoubleQuote))
		return r.fix("Put it in quotes", Safe)
	}
}

// attributes are keys that a service has, and that no service is called.
var attributes = []string{
	"build", "command", "container_name", "depends_on", "entrypoint", "environment", "image", "networks", "ports", "restart",
	"user", "volumes",
}

// unindented finds a service without anything below it, and the attributes that stand beside it instead.
func unindented(services *source.Node) (service *source.Entry, keys []source.Entry) {
	if services == nil || services.Kind != source.Mapping {
		return nil, nil
	}
	for i := range services.Entries {
		e := &services.Entries[i]
		switch {
		case service == nil && e.Value.IsNull():
			service = e
		case service != nil && slices.Contains(attributes, e.Key.Value):
			keys = append(keys, *e)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return service, keys
}

// unindentedFinding reports attributes beside their service, and notes which problems that explains.
func unindentedFinding(file *source.File, service *source.Entry, keys []source.Entry, explained map[*source.Node]bool) Finding {
	explained[service.Value] = true
	var beside []string
	for _, e := range keys {
		explained[e.Key], explained[e.Value] = true, true
		beside = append(beside, strconv.Quote(e.Key.Value))
	}
	name := service.Key.Value
	return Finding{
		Message: "Compose refuses the project: there is nothing below " + name + ", and " + strings.Join(beside, ", ") +
			" beside it; indent what belongs to " + name + " below it",
		Origin: compose.Origin{File: file, Node: service.Value, Key: service.Key}, Path: "services." + name, Evidence: name,
	}
}

// sections are the keys at the top of a Compose file that tell it from other YAML files.
var sections = []string{"services", "include", "volumes", "networks", "secrets", "configs", "models"}

// foreign are other kinds of files by the keys that they have at the top.
var foreign = []struct {
	keys []string
	what string
}{
	{[]string{"apiVersion", "kind"}, "a Kubernetes manifest"},
	{[]string{"apiVersion", "appVersion"}, "a Helm chart"},
	{[]string{"on", "jobs"}, "a workflow of GitHub Actions"},
}

// misfit says why a file as a whole is not one that Compose reads, and gives the key at its top that shows it.
func misfit(root *source.Node) (message string, at *source.Node) {
	if root == nil || root.Kind != source.Mapping || len(root.Entries) == 0 || root.Lookup("services") != nil {
		return "", nil
	}
	for _, other := range foreign {
		if !slices.ContainsFunc(other.keys, func(key string) bool { return root.Lookup(key) == nil }) {
			_, e := root.Entry(other.keys[0])
			return "this is " + other.what + ", not a Compose file: nothing in it was checked", e.Key
		}
	}
	if services := topServices(root); len(services) > 0 {
		return "Compose does not read its first format any more, where services stand at the top: indent " +
			names(keysOf(services)) + ` below "services:"`, services[0]
	}
	if keys := unknownKeys(root); len(keys) > 0 {
		return "this is not a Compose file: Compose knows none of its keys, such as " + strconv.Quote(keys[0].Value), keys[0]
	}
	return "", nil
}

// topServices returns the keys at the top of a file that have a service under them.
func topServices(root *source.Node) []*source.Node {
	var keys []*source.Node
	for _, e := range root.Entries {
		service := e.Value.Resolved()
		if slices.Contains(sections, e.Key.Value) || strings.HasPrefix(e.Key.Value, "x-") {
			continue
		}
		if service.Lookup("image") != nil || service.Lookup("build") != nil {
			keys = append(keys, e.Key)
		}
	}
	return keys
}

// unknownKeys returns the keys at the top of a file, where none of them is a key of a Compose file or looks like one.
// Other files have a name and a version, too.
func unknownKeys(root *source.Node) []*source.Node {
	var keys []*source.Node
	for _, e := range root.Entries {
		switch key := e.Key.Value; {
		case key == "name", key == "version":
		case slices.Contains(sections, key), strings.HasPrefix(key, "x-"), spelling.Nearest(key, sections) != "":
			return nil
		default:
			keys = append(keys, e.Key)
		}
	}
	return keys
}

func keysOf(nodes []*source.Node) []string {
	keys := make([]string, len(nodes))
	for i, n := range nodes {
		keys[i] = n.Value
	}
	return keys
}
