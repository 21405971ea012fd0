package rules

import (
	"strings"

	"composelint/internal/compose"
	"composelint/internal/pattern"
	"composelint/internal/source"
	"composelint/patch"
)

// givenUser is what "user:" gives a service, taken apart at the colon between the user and the group.
type givenUser struct {
	value    *compose.Value
	uid, gid userPart
	hasGroup bool
	// broken tells that the text is not what was meant: Compose refuses it, or leaves a part of it aside.
	broken bool
}

// userPart is the user or the group.
type userPart struct {
	// from and to are the bytes of the text as it is written.
	from, to int
	// text is the part with variables replaced; as it is written where that is not known.
	text string
	// variables are those in the part, in order.
	variables []*compose.Variable
}

// uses tells that the part depends on a variable.
func (part userPart) uses(name string) bool {
	for _, v := range part.variables {
		if v.Name == name {
			return true
		}
	}
	return false
}

// variable returns the first variable of the part, or "".
func (part userPart) variable() string {
	if len(part.variables) == 0 {
		return ""
	}
	return part.variables[0].Name
}

// parseUser takes the "user:" of a service apart. It is false where there is none.
func parseUser(v *compose.Value) (givenUser, bool) {
	if v.Str() == "" && (v == nil || v.Raw == "") {
		return givenUser{}, false
	}
	u := givenUser{value: v}
	raw := asWritten(v)
	segments, ok := compose.ParseTemplate(raw)
	if !ok {
		u.broken = true
		return u, v.Unknown
	}
	segments = chosenDefault(segments, v)
	u.split(segments)
	text := strings.SplitN(v.Str(), ":", 3)
	if v.Unknown {
		text = []string{raw[u.uid.from:u.uid.to], raw[u.gid.from:u.gid.to]}
	}
	u.uid.text = text[0]
	if len(text) > 1 {
		u.gid.text = text[1]
		u.hasGroup = u.hasGroup || !v.Unknown // all of it may be in one variable
	}
	u.broken = strings.ContainsAny(outsideVariables(raw), "{}") || len(text) > 2
	return u, true
}

// chosenDefault returns what a text stands for that is one variable with its default in effect: "${OWNER:-1000:999}".
func chosenDefault(segments []compose.Segment, v *compose.Value) []compose.Segment {
	if len(segments) != 1 || segments[0].Variable == nil || !strings.HasSuffix(segments[0].Variable.Operator, "-") {
		return segments
	}
	inner := segments[0].Variable.Argument
	if len(inner) == 1 && inner[0].Text != "" && inner[0].Text == v.Str() {
		return inner
	}
	return segments
}

// split finds the two parts in the text as it is written.
func (u *givenUser) split(segments []compose.Segment) {
	u.uid.from, u.uid.to = segments[0].Start, segments[len(segments)-1].End
	part := &u.uid
	for _, s := range segments {
		if s.Variable != nil {
			part.variables = append(part.variables, s.Variable)
			continue
		}
		if colon := strings.IndexByte(s.Text, ':'); colon >= 0 && !u.hasGroup {
			u.hasGroup = true
			u.gid.from, u.gid.to = s.Start+colon+1, u.uid.to
			u.uid.to = s.Start + colon
			part = &u.gid
		}
	}
}

// groupIsUnset tells that the group is a variable that has no value here.
func (u givenUser) groupIsUnset() bool { return u.gid.text == "" && len(u.gid.variables) > 0 }

// userChange is a new text for the "user:" of some services.
type userChange struct {
	from, to int    // the bytes of the text as it is written that are replaced
	text     string // what takes their place
	result   string // the user afterwards, with variables replaced
}

// setUser gives the services of a cause another user, where it was said, and reports whether that can be done.
// Services that have their user from the same place and must not change get a line of their own that says what they
// have.
func (r *repair) setUser(p *Pass, c Cause, change userChange, mayChange func(compose.Service) bool) bool {
	if raw := asWritten(c.Value()); strings.Contains(raw[change.from:change.to], "\n") {
		r.set(c.Value(), patch.String(raw[:change.from]+change.text+raw[change.to:]))
	} else {
		r.setPart(c.Value(), change.from, change.to, change.text)
	}
	for _, s := range p.Project.Services() {
		user := s.Get("user")
		switch {
		case user == nil || user.Origin.Node != c.Value().Origin.Node:
		case mayChange(s):
			r.change(s, change.result, "user")
		default:
			same, err := patch.ValueOf(user.Origin.File, user.Origin.Node)
			if err != nil || !r.setOwn(s, "user", same) {
				return false
			}
		}
	}
	return true
}

// setOwn says a value in the mapping of a service itself, in the place of an alias or of what the service inherits.
// It is false where the service has no such mapping, or says something else in it.
func (r *repair) setOwn(s compose.Service, key string, value patch.Value) bool {
	own := s.Origin.Node
	if own == nil || own.Kind != source.Mapping || s.Origin.Alias != nil {
		return false
	}
	_, entry := own.Entry(key)
	switch {
	case entry == nil:
		r.draft(s.Origin.File).Insert(own, key, value)
	case entry.Value.Kind == source.Alias:
		r.draft(s.Origin.File).Replace(entry.Value, value)
	default:
		return false
	}
	return true
}

var bareColon = pattern.New(`\$\{(\w+):(\w+)\}`)

// mended returns the text with "${NAME:1000}" made "${NAME:-1000}", and what the variables in it then stand for.
func mended(raw string, env map[string]string) (text, result string, ok bool) {
	text = bareColon().ReplaceAllString(raw, "${${1}:-${2}}")
	segments, ok := compose.ParseTemplate(text)
	if text == raw || !ok {
		return "", "", false
	}
	for _, s := range segments {
		switch {
		case s.Variable == nil:
			result += s.Text
		case env[s.Variable.Name] != "":
			result += env[s.Variable.Name]
		case s.Variable.Operator == ":-" && len(s.Variable.Argument) == 1:
			result += s.Variable.Argument[0].Text
		default:
			return "", "", false
		}
	}
	return text, result, true
}
