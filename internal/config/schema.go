package config

import (
	"encoding/json"

	"composelint/rules"
)

// Schema returns a JSON Schema (draft 7, which all editors know) for configuration files. It is made from the table that
// drives the parser.
func Schema() []byte {
	var names []string
	for _, rule := range rules.All() {
		names = append(names, rule.Name)
	}
	schema := table().schema(names)
	schema["$schema"] = "http://json-schema.org/draft-07/schema#"
	schema["title"] = "Configuration of composelint"
	data, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		return nil // texts, lists and maps of them always encode
	}
	return append(data, '\n')
}

// schema returns what the JSON Schema says of a shape.
func (s *shape) schema(ruleNames []string) map[string]any {
	switch s.kind {
	case boolean:
		return map[string]any{"type": "boolean"}
	case list:
		return map[string]any{"type": "array", "minItems": 1, "items": s.of.schema(ruleNames)}
	case mapping:
		return map[string]any{
			"type": "object", "minProperties": 1,
			"propertyNames": s.keys.schema(ruleNames), "additionalProperties": s.of.schema(ruleNames),
		}
	case object:
		return s.objectSchema(ruleNames)
	}
	schema := map[string]any{"type": "string"}
	switch {
	case s.rules:
		// An own rule may have any name; the list is there for editors that complete.
		return map[string]any{"anyOf": []any{map[string]any{"enum": ruleNames}, newName().schema(nil)}}
	case s.words != nil:
		schema["enum"] = s.words
	case s.pattern != "":
		schema["pattern"] = s.pattern
	}
	return schema
}

func (s *shape) objectSchema(ruleNames []string) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range s.fields {
		property := f.shape.schema(ruleNames)
		property["description"] = f.about
		properties[f.name] = property
		if f.required {
			required = append(required, f.name)
		}
	}
	return map[string]any{
		"type": "object", "properties": properties, "required": required, "additionalProperties": false,
	}
}
