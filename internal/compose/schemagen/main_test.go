package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/schema"
)

// TestTableIsCurrent fails after an update of compose-go until the table is generated again.
func TestTableIsCurrent(t *testing.T) {
	want, err := generate(schema.Schema)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../schema_table.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error(`schema_table.go is not what compose-go's schema says: run "go generate ./internal/compose"`)
	}
}

func TestGenerate(t *testing.T) {
	for _, test := range []struct{ name, schema, want string }{
		{"alternatives become one", `{"oneOf": [{"type": "string"}, {"type": "integer", "minimum": 0}]}`,
			"types:  stringType | integerType,\n\tlimits: &schemaLimits{0, math.MaxFloat64},"},
		{"attributes of allOf", `{"allOf": [{"$ref": "#/$defs/a"}], "properties": {"c": {"type": "null"}},
			"unevaluatedProperties": false, "$defs": {"a": {"type": "object", "properties": {"b": {"type": "null"}}}}}`,
			"fields: []schemaField{\n\t\t{\"b\", &leafNull},\n\t\t{\"c\", &leafNull},\n\t},\n\tclosed: true,"},
		{"one of two keys", `{"type": "object", "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}`,
			`requiredOne: []string{"a", "b"},`},
		{"recursion", `{"$ref": "#/$defs/a_b", "$defs": {"a_b": {"type": "array", "items": {"$ref": "#/$defs/a_b"}}}}`,
			"var schemaAB = schemaNode{\n\ttypes: arrayType,\n\titems: &schemaAB,\n}"},
		{"annotations", `{"type": "string", "format": "duration", "deprecated": true}`,
			"var schemaRoot = schemaNode{\n\ttypes: stringType,\n}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := generate(test.schema)
			if err != nil || !strings.Contains(string(got), test.want) {
				t.Errorf("error %v, got\n%s\nwithout\n%s", err, got, test.want)
			}
		})
	}
}

// TestGenerateRefuses: what the tables cannot say must stop the generator.
func TestGenerateRefuses(t *testing.T) {
	for _, test := range []struct{ name, schema, want string }{
		{"not JSON", `{`, "reading the schema"},
		{"unknown keyword", `{"minItems": 1}`, "minItems"},
		{"schema for other keys", `{"additionalProperties": {"type": "string"}}`, "additionalProperties"},
		{"keyword beside a reference", `{"$ref": "#/$defs/a", "minimum": 1, "$defs": {"a": {}}}`, "beside it"},
		{"unknown reference", `{"items": {"$ref": "#/$defs/a"}}`, "#/$defs/a"},
		{"overlapping alternatives", `{"oneOf": [{"type": "number"}, {"type": "integer"}]}`, "two alternatives"},
		{"alternative of any type", `{"oneOf": [{"type": "number"}, {"minimum": 1}]}`, "no type"},
		{"keyword beside alternatives", `{"minimum": 1, "oneOf": [{"type": "number"}]}`, "beside it"},
		{"anyOf of types", `{"anyOf": [{"type": "number"}, {"type": "string"}]}`, "anyOf"},
		{"allOf of numbers", `{"allOf": [{"type": "number"}]}`, "allOf"},
		{"attribute of two parts",
			`{"allOf": [{"type": "object", "properties": {"a": {}}}], "properties": {"a": {}}}`, "attribute a"},
		{"enum of other scalars", `{"type": ["string", "number"], "enum": ["a"]}`, "enum"},
		{"unknown pattern", `{"type": "string", "pattern": "^a+$"}`, "^a+$"},
		{"two patterns for keys", `{"patternProperties": {"^x-": {}, "^.+$": {}}}`, "two patternProperties"},
		{"key that also matches the pattern", `{"patternProperties": {"^x-": {}}, "properties": {"x-a": {}}}`, "x-a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := generate(test.schema)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one about %s", err, test.want)
			}
		})
	}
}
