package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// node is a JSON schema with the keywords that the Compose specification uses.
type node struct {
	annotations

	Ref   string `json:"$ref"`
	Types types  `json:"type"`

	Properties            map[string]*node `json:"properties"`
	PatternProperties     map[string]*node `json:"patternProperties"`
	AdditionalProperties  *bool            `json:"additionalProperties"`
	UnevaluatedProperties *bool            `json:"unevaluatedProperties"`
	Required              []string         `json:"required"`

	Items       *node `json:"items"`
	UniqueItems bool  `json:"uniqueItems"`

	Enum    []string `json:"enum"`
	Pattern string   `json:"pattern"`

	Minimum *float64 `json:"minimum"`
	Maximum *float64 `json:"maximum"`

	AllOf []*node `json:"allOf"`
	AnyOf []*node `json:"anyOf"`
	OneOf []*node `json:"oneOf"`

	// requiredOne are keys of which one must be there: what is left of anyOf.
	requiredOne []string
}

// annotations are the keywords that do not decide what is valid. A format is one of them: in draft 2020-12, the
// validator that compose-go uses asserts formats only when told to.
type annotations struct {
	Schema      string           `json:"$schema"`
	ID          string           `json:"$id"`
	Defs        map[string]*node `json:"$defs"`
	Title       string           `json:"title"`
	Description string           `json:"description"`
	Default     any              `json:"default"`
	Deprecated  bool             `json:"deprecated"`
	Format      string           `json:"format"`
}

// types are the names of JSON types: in a schema, one name or a list of them.
type types []string

// UnmarshalJSON reads one name or a list of names.
func (t *types) UnmarshalJSON(data []byte) error {
	var name string
	if json.Unmarshal(data, &name) == nil {
		*t = types{name}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(t))
}

func (t types) has(name string) bool { return slices.Contains(t, name) }

func parse(text string) (*node, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	root := &node{}
	if err := decoder.Decode(root); err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	return root, nil
}

// says reports whether a schema has other keywords than annotations and those that cleared takes off a copy.
func (n *node) says(cleared func(*node)) bool {
	rest := *n
	rest.annotations = annotations{}
	cleared(&rest)
	return !reflect.ValueOf(rest).IsZero()
}

// isLeaf reports whether a schema asks for a type and nothing else.
func (n *node) isLeaf() bool {
	return len(n.Types) > 0 && !n.says(func(rest *node) { rest.Types = nil })
}

// definition returns what a $ref stands for, and its name.
func definition(defs map[string]*node, ref string) (*node, string, error) {
	name, ok := strings.CutPrefix(ref, "#/$defs/")
	if !ok || defs[name] == nil {
		return nil, "", fmt.Errorf("nothing is known of %s", ref)
	}
	return defs[name], name, nil
}

// flatten returns a schema that accepts the same values and needs no $ref, allOf, anyOf and oneOf on its own level.
func flatten(defs map[string]*node, n *node) (*node, error) {
	if n.Ref != "" {
		if n.says(func(rest *node) { rest.Ref = "" }) {
			return nil, fmt.Errorf("%s has keywords beside it", n.Ref)
		}
		target, _, err := definition(defs, n.Ref)
		if err != nil {
			return nil, err
		}
		return flatten(defs, target)
	}
	flat := *n
	flat.AllOf, flat.AnyOf, flat.OneOf = nil, nil, nil
	for _, step := range []func(map[string]*node, *node, *node) error{addAllOf, addAnyOf, addOneOf} {
		if err := step(defs, &flat, n); err != nil {
			return nil, err
		}
	}
	return &flat, check(&flat)
}

// addAllOf puts the attributes of several schemas for mappings into one.
func addAllOf(defs map[string]*node, flat, n *node) error {
	if len(n.AllOf) == 0 {
		return nil
	}
	flat.Properties = maps.Clone(flat.Properties)
	if flat.Properties == nil {
		flat.Properties = map[string]*node{}
	}
	for _, part := range n.AllOf {
		p, err := flatten(defs, part)
		if err != nil {
			return err
		}
		if p.says(func(rest *node) { rest.Types, rest.Properties, rest.PatternProperties = nil, nil, nil }) ||
			!slices.Equal(p.Types, types{"object"}) || len(flat.Types) > 0 && !slices.Equal(flat.Types, p.Types) {
			return fmt.Errorf("a part of allOf asks for more than the attributes of a mapping")
		}
		for key, property := range p.Properties {
			if flat.Properties[key] != nil {
				return fmt.Errorf("two parts of allOf have the attribute %s", key)
			}
			flat.Properties[key] = property
		}
		if flat.PatternProperties != nil && !reflect.DeepEqual(flat.PatternProperties, p.PatternProperties) {
			return fmt.Errorf("two parts of allOf have different patternProperties")
		}
		flat.Types, flat.PatternProperties = p.Types, p.PatternProperties
	}
	return nil
}

// addAnyOf knows the one use of anyOf: alternatives of which each requires one key.
func addAnyOf(_ map[string]*node, flat, n *node) error {
	for _, part := range n.AnyOf {
		if len(part.Required) != 1 || part.says(func(rest *node) { rest.Required = nil }) {
			return fmt.Errorf("a part of anyOf asks for something else than one key")
		}
		flat.requiredOne = append(flat.requiredOne, part.Required[0])
	}
	return nil
}

// addOneOf puts alternatives into one schema. No two have a type in common, and every keyword counts for one type
// only, so a value meets the keywords of the alternative that has its type.
func addOneOf(defs map[string]*node, flat, n *node) error {
	if len(n.OneOf) > 0 && n.says(func(rest *node) { rest.OneOf = nil }) {
		return fmt.Errorf("oneOf has keywords beside it")
	}
	for _, part := range n.OneOf {
		p, err := flatten(defs, part)
		if err != nil {
			return err
		}
		if len(p.Types) == 0 {
			return fmt.Errorf("an alternative of oneOf has no type")
		}
		for _, t := range p.Types {
			if flat.Types.has(t) || t == "number" && flat.Types.has("integer") || t == "integer" && flat.Types.has("number") {
				return fmt.Errorf("two alternatives of oneOf take a value of type %s", t)
			}
		}
		flat.Types = append(flat.Types[:len(flat.Types):len(flat.Types)], p.Types...)
		adopt(flat, p)
	}
	return nil
}

// adopt takes over the keywords that count for the types of p.
func adopt(flat, p *node) {
	for _, t := range p.Types {
		switch t {
		case "object":
			flat.Properties, flat.PatternProperties = p.Properties, p.PatternProperties
			flat.AdditionalProperties, flat.UnevaluatedProperties = p.AdditionalProperties, p.UnevaluatedProperties
			flat.Required, flat.requiredOne = p.Required, p.requiredOne
		case "array":
			flat.Items, flat.UniqueItems = p.Items, p.UniqueItems
		case "string":
			flat.Enum, flat.Pattern = p.Enum, p.Pattern
		case "number", "integer":
			flat.Minimum, flat.Maximum = p.Minimum, p.Maximum
		}
	}
}

// check refuses what the tables cannot say.
func check(n *node) error {
	if len(n.Enum) > 0 && (!n.Types.has("string") || n.Types.has("null") || n.Types.has("boolean") ||
		n.Types.has("integer") || n.Types.has("number")) {
		return fmt.Errorf("an enum counts for other scalars than texts")
	}
	if len(n.PatternProperties) > 1 {
		return fmt.Errorf("a mapping has two patternProperties")
	}
	for text := range n.PatternProperties {
		p, err := known(text)
		if err != nil {
			return err
		}
		for key := range n.Properties {
			if p.expression.MatchString(key) {
				return fmt.Errorf("the attribute %s also counts as one of the patternProperties", key)
			}
		}
	}
	return nil
}
