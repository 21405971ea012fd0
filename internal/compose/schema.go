package compose

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

//go:generate go run ./schemagen

// schemaNode is what the JSON schema of the Compose specification says of one value. The tables of nodes give the
// same verdict as compose-go's schema.Validate, which tells one error without a place, and spends 17 to 20 ms on
// compiling the schema. Wherever the schema has alternatives, they differ in type; so a node does without, and each
// of its rules counts for one kind of value.
type schemaNode struct {
	// types are those that the value may have; none at all means that everything is accepted.
	types schemaTypes

	// fields are the attributes of a mapping, sorted by key. Other keys that match keys have the value rest; keys
	// that do neither are refused where the mapping is closed.
	fields []schemaField
	keys   *schemaPattern
	rest   *schemaNode
	closed bool
	// required are the keys that must be there; of requiredOne, one is enough.
	required    []string
	requiredOne []string

	// items is what every item of a list must be; unique forbids equal items.
	items  *schemaNode
	unique bool

	// choices are the only texts that are accepted; pattern is what a text must match.
	choices []string
	pattern *schemaPattern

	limits *schemaLimits
}

// schemaField is an attribute of a mapping.
type schemaField struct {
	key   string
	value *schemaNode
}

// schemaPattern is a regular expression of the schema.
type schemaPattern struct {
	text string
	// match does what the expression does, without a regular expression.
	match func(string) bool
	// hint says what to use instead of a text that does not match.
	hint string
}

// schemaLimits bound a number; math.MaxFloat64 stands for no bound.
type schemaLimits struct{ least, most float64 }

// schemaTypes is a set of JSON types: the bits of the kinds of values that they stand for.
type schemaTypes uint8

const (
	nullType    schemaTypes = 1 << Null
	booleanType schemaTypes = 1 << Bool
	numberType  schemaTypes = 1 << Number
	integerType schemaTypes = 1 << 7 // a Number without fraction
	stringType  schemaTypes = 1<<String | 1<<Time
	objectType  schemaTypes = 1 << Map
	arrayType   schemaTypes = 1 << List
)

// anything is the schema that accepts every value.
var anything schemaNode

// validate reports everything that the schema of the Compose specification does not accept.
func (r *resolver) validate(model *Value) { r.conform(model, &schemaRoot) }

func (r *resolver) conform(v *Value, s *schemaNode) {
	if v == nil {
		v = &Value{}
	}
	if s == nil {
		s = &anything
	}
	if v.Unknown {
		return // and reported as that
	}
	if !s.accepts(v) {
		r.reportMisfit(s, v)
		return
	}
	switch v.Kind {
	case Map:
		r.conformMap(v, s)
	case List:
		r.conformList(v, s)
	case String, Time:
		r.conformText(v, s)
	case Number:
		r.conformNumber(v, s)
	}
}

// reportMisfit reports a value that is of another kind than the schema wants.
func (r *resolver) reportMisfit(s *schemaNode, v *Value) {
	hint := ""
	if s.lacksQuotes(v) {
		hint = ": put it in quotes"
	}
	p := r.report(Schema, v.Origin, "%s must be %s, not %s%s", r.subject(), s.wanted(), given(v), hint)
	p.LacksQuotes = hint != "" && v.Origin.Node != nil && v.Origin.Node.Value == v.Str()
}

// accepts reports whether a value has one of the types.
func (s *schemaNode) accepts(v *Value) bool {
	if s.types == 0 || s.types>>v.Kind&1 != 0 {
		return true
	}
	if v.Kind != Number || s.types&integerType == 0 {
		return false
	}
	n, _ := v.float()
	return n == math.Trunc(n)
}

func (r *resolver) conformMap(v *Value, s *schemaNode) {
	for _, key := range s.required {
		if v.find(key) < 0 {
			r.report(Schema, v.Origin, "%s needs %q", r.subject(), key)
		}
	}
	if len(s.requiredOne) > 0 && !slices.ContainsFunc(s.requiredOne, func(key string) bool { return v.find(key) >= 0 }) {
		r.report(Schema, v.Origin, "%s needs %s", r.subject(), alternatives(quoted(s.requiredOne)))
	}
	for i := range v.Fields {
		f := &v.Fields[i]
		field, ok := s.field(f.Key)
		if !ok {
			r.reportKey(v, f, s)
			continue
		}
		r.enter(f.Key)
		r.conform(f.Value, field)
		r.leave()
	}
}

// field returns the schema of the value under a key; it is false for a key that is refused.
func (s *schemaNode) field(key string) (*schemaNode, bool) {
	i, found := slices.BinarySearchFunc(s.fields, key, func(f schemaField, key string) int {
		return strings.Compare(f.key, key)
	})
	switch {
	case found:
		return s.fields[i].value, true
	case s.keys != nil && s.keys.match(key):
		return s.rest, true
	}
	return nil, !s.closed
}

// reportKey reports a key that a mapping must not have.
func (r *resolver) reportKey(v *Value, f *Field, s *schemaNode) {
	at := v.Origin
	if f.Value != nil {
		at = f.Value.Origin.ofKey()
	}
	subject := r.subject()
	r.enter(f.Key)
	defer r.leave()
	near := s.nearest(f.Key)
	switch {
	case len(s.fields) == 0 && strings.Contains(f.Key, "$"):
		r.report(Schema, at, "%q cannot be a name here: variables count in values only, so write the name out", f.Key)
	case len(s.fields) == 0 && s.keys != nil:
		r.report(Schema, at, "%q cannot be a name here: use %s", f.Key, s.keys.hint)
	case near != "":
		r.report(Schema, at, "%q is not an attribute of %s; did you mean %q?", f.Key, subject, near)
	case s == &schemaRoot && (f.Value.Get("image") != nil || f.Value.Get("build") != nil):
		r.report(Schema, at, `%q stands outside "services": a service must be indented below it`, f.Key)
	default:
		r.report(Schema, at, "%q is not an attribute of %s", f.Key, subject)
	}
}

// ofKey returns the origin of the key instead of that of its value.
func (o Origin) ofKey() Origin {
	if o.Key != nil {
		o.Node = o.Key
	}
	return o
}

func (r *resolver) conformList(v *Value, s *schemaNode) {
	r.enter("[]")
	for _, item := range v.Items {
		r.conform(item, s.items)
	}
	r.leave()
	if s.unique && len(v.Items) > 1 {
		r.reportEqualItems(v)
	}
}

// fewItems is the number of items up to which comparing each with each is quicker than an index.
const fewItems = 32

func (r *resolver) reportEqualItems(v *Value) {
	if len(v.Items) <= fewItems && !slices.ContainsFunc(v.Items, isUnusual) {
		for i, item := range v.Items {
			for _, earlier := range v.Items[:i] {
				if item.Text == earlier.Text {
					r.reportEqual(item, earlier)
					break
				}
			}
		}
		return
	}
	first := make(map[string]*Value, len(v.Items))
	var encoded []byte
	for _, item := range v.Items {
		encoded = appendEncoded(encoded[:0], item)
		if earlier, ok := first[string(encoded)]; ok {
			r.reportEqual(item, earlier)
			continue
		}
		first[string(encoded)] = item
	}
}

// isUnusual reports whether an item is something else than a text that equals another exactly when its bytes do.
func isUnusual(item *Value) bool {
	return item == nil || item.Kind != String || !utf8.ValidString(item.Text)
}

// reportEqual leaves out what has been reported of each item: that it is unknown, or null, which no list with
// distinct items accepts.
func (r *resolver) reportEqual(item, earlier *Value) {
	if item.IsNull() || earlier.IsNull() || item.Unknown || earlier.Unknown {
		return
	}
	p := r.report(Schema, item.Origin, "%s lists this twice; Compose refuses that", r.subject())
	p.relate(earlier.Origin)
}

// appendEncoded appends a text that is the same for two values exactly when JSON makes no difference between them:
// all numbers are floats, and bytes that are not UTF-8 are replaced.
func appendEncoded(b []byte, v *Value) []byte {
	if v == nil || v.Kind == Null {
		return append(b, "null"...)
	}
	switch v.Kind {
	case Number:
		n, _ := v.float()
		return strconv.AppendFloat(b, n+0, 'g', -1, 64) // + 0 turns -0 into 0
	case String, Time:
		return strconv.AppendQuote(b, string([]rune(v.encoded())))
	case List:
		b = append(b, '[')
		for _, item := range v.Items {
			b = append(appendEncoded(b, item), ',')
		}
		return append(b, ']')
	case Map:
		b = append(b, '{')
		fields := slices.SortedFunc(slices.Values(v.Fields), func(x, y Field) int { return strings.Compare(x.Key, y.Key) })
		for _, f := range fields {
			b = append(strconv.AppendQuote(b, string([]rune(f.Key))), ':')
			b = append(appendEncoded(b, f.Value), ',')
		}
		return append(b, '}')
	}
	return strconv.AppendBool(b, v.True())
}

func (r *resolver) conformText(v *Value, s *schemaNode) {
	if v.Kind == Time {
		if _, err := v.scalar.(time.Time).MarshalJSON(); err != nil {
			r.report(Schema, v.Origin, "%s is not a date that Compose can use: put it in quotes if it is a text", r.subject())
			return
		}
	}
	if s.choices != nil && !slices.Contains(s.choices, v.encoded()) {
		r.report(Schema, v.Origin, "%s must be %s", r.subject(), s.wanted())
	}
	if s.pattern != nil && !s.pattern.match(v.encoded()) {
		r.report(Schema, v.Origin, "%s is not valid: use %s", r.subject(), s.pattern.hint)
	}
}

// encoded returns a String or a Time as the text that JSON makes of it.
func (v *Value) encoded() string {
	if t, ok := v.scalar.(time.Time); ok {
		return t.Format(time.RFC3339Nano)
	}
	return v.Text
}

func (r *resolver) conformNumber(v *Value, s *schemaNode) {
	n, _ := v.float()
	if math.IsNaN(n) || math.IsInf(n, 0) {
		r.report(Schema, v.Origin, "%s is not a number that Compose can use: put it in quotes if it is a text", r.subject())
		return
	}
	switch {
	case s.limits == nil || n >= s.limits.least && n <= s.limits.most:
	case s.limits.most == math.MaxFloat64:
		r.report(Schema, v.Origin, "%s must be at least %v", r.subject(), s.limits.least)
	case s.limits.least == -math.MaxFloat64:
		r.report(Schema, v.Origin, "%s must be at most %v", r.subject(), s.limits.most)
	default:
		r.report(Schema, v.Origin, "%s must be from %v to %v", r.subject(), s.limits.least, s.limits.most)
	}
}
