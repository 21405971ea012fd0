package compose

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"unicode"

	"github.com/compose-spec/compose-go/v2/types"

	"composelint/internal/source"
)

// goType describes what compose-go decodes a value into, where that can fail on what the schema accepts. It is nil
// for everything else.
type goType struct {
	fields map[string]*goType // of a struct
	items  *goType            // of a list, or of a mapping whose keys are free
	// refuse says in words why the value cannot be decoded, or returns "". at is the part of it at fault.
	refuse func(v *Value) (at *Value, why string)
}

// projectType is the tree for a whole project, read off compose-go's own types.
var projectType = sync.OnceValue(func() *goType { return goTypeOf(reflect.TypeFor[types.Project]()) })

// byType are the types that are decoded in a way of their own. Those without a function cannot fail, or only on what
// the schema refuses.
var byType = map[reflect.Type]func(*Value) (*Value, string){
	reflect.TypeFor[types.Duration]():           refuseDuration,
	reflect.TypeFor[types.UnitBytes]():          refuseBytes,
	reflect.TypeFor[types.NanoCPUs]():           refuseFloat,
	reflect.TypeFor[types.FileMode]():           refuseFileMode,
	reflect.TypeFor[types.DeviceCount]():        refuseDeviceCount,
	reflect.TypeFor[types.UlimitsConfig]():      refuseUlimit,
	reflect.TypeFor[types.ShellCommand]():       refuseCommand,
	reflect.TypeFor[types.HostsList]():          refuseHosts,
	reflect.TypeFor[types.MappingWithEquals]():  refuseVariables,
	reflect.TypeFor[types.HealthCheckTest]():    nil,
	reflect.TypeFor[types.StringList]():         nil,
	reflect.TypeFor[types.StringOrNumberList](): nil,
	reflect.TypeFor[types.Labels]():             nil,
	reflect.TypeFor[types.Mapping]():            nil,
	reflect.TypeFor[types.Options]():            nil,
	reflect.TypeFor[types.MultiOptions]():       nil,
	reflect.TypeFor[types.SSHConfig]():          nil,
	reflect.TypeFor[types.Extensions]():         nil,
}

func goTypeOf(t reflect.Type) *goType {
	if t.Kind() == reflect.Pointer {
		return goTypeOf(t.Elem())
	}
	if refuse, known := byType[t]; known {
		return leaf(refuse)
	}
	switch t.Kind() {
	case reflect.Struct:
		fields := map[string]*goType{}
		addFields(fields, t)
		return &goType{fields: fields}
	case reflect.Slice, reflect.Map:
		if items := goTypeOf(t.Elem()); items != nil {
			return &goType{items: items}
		}
	case reflect.String:
		return leaf(refuseText)
	case reflect.Bool:
		return leaf(refuseBool)
	case reflect.Int, reflect.Int64:
		return leaf(refuseInt)
	case reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return leaf(refuseUint)
	case reflect.Float32, reflect.Float64:
		return leaf(refuseFloat)
	}
	return nil
}

func leaf(refuse func(*Value) (*Value, string)) *goType {
	if refuse == nil {
		return nil
	}
	return &goType{refuse: refuse}
}

// addFields adds the fields of a struct under their names in YAML; a field without one has its Go name in lower case.
// A field that is not written in JSON is filled in by compose-go itself.
func addFields(fields map[string]*goType, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			addFields(fields, f.Type)
			continue
		}
		if !f.IsExported() || f.Tag.Get("json") == "-" {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "" {
			name = strings.ToLower(f.Name)
		}
		if child := goTypeOf(f.Type); child != nil {
			fields[name] = child
		}
	}
}

// decodable reports every value that fits the schema and that compose-go cannot turn into what it has to be. What
// stands at a refused node is left alone.
func (r *resolver) decodable(v *Value, t *goType, refused map[*source.Node]bool) {
	if v.IsNull() || t == nil || v.Unknown || v.Origin.Node != nil && refused[v.Origin.Node] {
		return
	}
	if t.refuse != nil {
		if at, why := t.refuse(v); why != "" {
			r.report(Model, at.Origin, "%s%s", why, blankHint(at))
		}
		return
	}
	for _, f := range v.Fields {
		child := t.items
		if t.fields != nil {
			child = t.fields[f.Key]
		}
		if child == nil {
			continue
		}
		r.enter(f.Key)
		r.decodable(f.Value, child, refused)
		r.leave()
	}
	if t.items == nil || len(v.Items) == 0 {
		return
	}
	r.enter("[]")
	for _, item := range v.Items {
		r.decodable(item, t.items, refused)
	}
	r.leave()
}

// blankHint tells, as a part of a sentence, that a text may be wrong for want of a variable.
func blankHint(v *Value) string {
	if v.Unset {
		return " (a variable in it has no value)"
	}
	return ""
}

// refuseText refuses a number that is not a whole one, and in free mappings everything that is not text.
func refuseText(v *Value) (*Value, string) {
	if v.Kind == String {
		return v, ""
	}
	if _, whole := v.scalar.(int); whole {
		return v, ""
	}
	if v.Kind == Map || v.Kind == List {
		return v, "a text is needed here"
	}
	return v, fmt.Sprintf("a text is needed here: put quotes around %s", v.Str())
}

func refuseBool(v *Value) (*Value, string) { return refuseUncast(v, castBool) }

func refuseInt(v *Value) (*Value, string) { return refuseUncast(v, castInt64) }

func refuseFloat(v *Value) (*Value, string) { return refuseUncast(v, castFloat) }

// refuseUncast refuses a text that does not stand for a value of the wanted type.
func refuseUncast(v *Value, cast func(string) (*Value, error)) (*Value, string) {
	if v.Kind != String {
		return v, ""
	}
	if _, err := cast(v.Text); err != nil {
		return v, err.Error()
	}
	return v, ""
}

// refuseUint refuses all texts, even those of numbers: compose-go does not convert them here.
func refuseUint(v *Value) (*Value, string) {
	if v.Kind == String {
		return v, fmt.Sprintf("%q is a text, and has to be a number: write it without quotes", v.Text)
	}
	if n, ok := v.float(); ok && n < 0 {
		return v, fmt.Sprintf("%s is below zero, and cannot be", v.Str())
	}
	return v, ""
}

func refuseDuration(v *Value) (*Value, string) {
	var d types.Duration
	if d.DecodeMapstructure(v.Str()) != nil {
		return v, fmt.Sprintf("%q is not a duration: write a number with a unit, such as 30s or 1m30s", v.Str())
	}
	return v, ""
}

func refuseBytes(v *Value) (*Value, string) {
	var b types.UnitBytes
	if b.DecodeMapstructure(v.Plain()) != nil {
		return v, fmt.Sprintf("%q is not an amount of bytes: write a number with a unit, such as 512m or 2g", v.Str())
	}
	return v, ""
}

func refuseFileMode(v *Value) (*Value, string) {
	var m types.FileMode
	if m.DecodeMapstructure(v.Plain()) != nil {
		return v, fmt.Sprintf("%q is not a file mode: write it in octal, such as \"0440\"", v.Str())
	}
	return v, ""
}

func refuseDeviceCount(v *Value) (*Value, string) {
	var c types.DeviceCount
	if c.DecodeMapstructure(v.Plain()) != nil {
		return v, fmt.Sprintf("%q is not a number of devices: write a whole number, or all", v.Str())
	}
	return v, ""
}

// refuseUlimit refuses limits that are not whole numbers; docker compose crashes on them.
func refuseUlimit(v *Value) (*Value, string) {
	for _, key := range []string{"soft", "hard"} {
		limit := v.Get(key)
		if limit == nil {
			continue
		}
		if _, whole := limit.scalar.(int); !whole && !limit.Unknown {
			return limit, fmt.Sprintf("the limit %q has to be a whole number without quotes", limit.Str())
		}
	}
	return v, ""
}

// refuseCommand refuses a text that does not split into words as in a shell.
func refuseCommand(v *Value) (*Value, string) {
	if v.Kind != String || !strings.ContainsAny(v.Text, "\"'\\`$()") {
		return v, ""
	}
	var c types.ShellCommand
	if c.DecodeMapstructure(v.Text) != nil {
		return v, "the command does not split into words: a quote or a bracket in it is not closed; write it as a list"
	}
	return v, ""
}

// refuseHosts refuses extra hosts without a name or without an address.
func refuseHosts(v *Value) (*Value, string) {
	for _, f := range v.Fields {
		if f.Key == "" || strings.ContainsAny(f.Key, ":=") {
			return f.Value, fmt.Sprintf("%q is not the name of a host", f.Key)
		}
	}
	for _, item := range v.Items {
		if _, err := types.NewHostsList([]string{item.Str()}); err != nil && !item.Unknown {
			return item, fmt.Sprintf("%q is not a host with its address: write it as \"name=address\"", item.Str())
		}
	}
	return v, ""
}

// refuseVariables refuses a blank before the equals sign of an item. Like compose-go, it looks at the last byte.
func refuseVariables(v *Value) (*Value, string) {
	for _, item := range v.Items {
		name, _, _ := strings.Cut(item.Text, "=")
		if name != "" && unicode.IsSpace(rune(name[len(name)-1])) {
			return item, fmt.Sprintf("the name %q ends in a blank: remove it", name)
		}
	}
	return v, ""
}
