package compose

import "strings"

// resolveEnvironment gives the variables that a model only names their values: "- NAME" in a list of environment
// variables, and the variable behind a secret or config. Source: compose-go, loader/environment.go.
func resolveEnvironment(model *Value, env map[string]string) {
	for _, section := range workloads {
		for _, service := range model.Get(section).fields() {
			resolveNamed(service.Value.Get("environment"), env)
		}
	}
	for _, secret := range model.Get("secrets").fields() {
		resolveContent(secret.Value, secretValueKey, env)
	}
	for _, config := range model.Get("configs").fields() {
		resolveContent(config.Value, "content", env)
	}
}

// secretValueKey is where compose-go keeps the value of a secret that comes from a variable (types.SecretConfigXValue).
const secretValueKey = "x-#value"

func resolveContent(resource *Value, key string, env map[string]string) {
	from := resource.Get("environment")
	if from == nil || from.Kind != String {
		return
	}
	if value, ok := env[from.Text]; ok {
		resource.set(key, implicit(text(value, from.Origin)))
	}
}

// resolveNamed gives the names in a list their values. What is neither a name nor a setting is dropped, as Compose does.
func resolveNamed(environment *Value, env map[string]string) {
	if environment == nil || environment.Kind != List {
		return
	}
	kept := environment.Items[:0]
	for _, item := range environment.Items {
		if item.Kind != String {
			continue
		}
		if value, ok := env[item.Text]; ok {
			item.Text += "=" + value
		}
		kept = append(kept, item)
	}
	environment.Items = kept
}

// resolveKeys gives the names among the keys of a mapping, or among the items of a list, their values. A name without
// value is left out unless keep is set.
func resolveKeys(v *Value, env map[string]string, keep bool) {
	switch {
	case v == nil:
	case v.Kind == Map:
		var kept []Field
		for _, f := range v.Fields {
			if f.Value.IsNull() {
				value, ok := env[f.Key]
				if !ok && !keep {
					continue
				}
				if ok {
					f.Value = implicit(text(value, f.Value.Origin))
				}
			}
			kept = append(kept, f)
		}
		v.Fields, v.index = kept, nil
	case v.Kind == List:
		var kept []*Value
		for _, item := range v.Items {
			if item.Kind == String && !strings.Contains(item.Text, "=") {
				value, ok := env[item.Text]
				if !ok && !keep {
					continue
				}
				if ok {
					item.Text += "=" + value
				}
			}
			kept = append(kept, item)
		}
		v.Items = kept
	}
}
