package rules

import "composelint/internal/compose"

// The methods below declare what becomes of an entry of a service's environment, whether that is a mapping or a list
// of NAME=value in the model.

// addSetting declares an entry that is added.
func (r *repair) addSetting(s compose.Service, name, value string) {
	if s.Get("environment").Kind == compose.Map {
		r.change(s, value, "environment", name)
		return
	}
	r.changeItem(s, nil, name+"="+value, "environment")
}

// changeSetting declares another value of an entry.
func (r *repair) changeSetting(u Use, name, value string) {
	if u.Service.Get("environment").Kind == compose.Map {
		r.change(u.Service, value, "environment", name)
		return
	}
	r.changeItem(u.Service, name+"="+u.Str(), name+"="+value, "environment")
}

// renameSetting declares another name of an entry.
func (r *repair) renameSetting(u Use, old, name string) {
	environment := u.Service.Get("environment")
	if environment.Kind == compose.Map {
		r.change(u.Service, nil, "environment", old)
		r.change(u.Service, environment.Get(old).Plain(), "environment", name)
		return
	}
	r.changeItem(u.Service, old+"="+u.Str(), name+"="+u.Str(), "environment")
}

// removeSetting declares that an entry goes, and the environment with the last one.
func (r *repair) removeSetting(u Use, name string) {
	environment := u.Service.Get("environment")
	switch {
	case len(environment.Settings()) == 1:
		r.change(u.Service, nil, "environment")
	case environment.Kind == compose.Map:
		r.change(u.Service, nil, "environment", name)
	default:
		r.changeItem(u.Service, name+"="+u.Str(), nil, "environment")
	}
}
