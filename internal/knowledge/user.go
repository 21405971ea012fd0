package knowledge

import (
	"slices"
	"strings"
	"sync"
)

// User is what a service runs as: the two halves of "user:", by name or number. An empty group means that none was
// given.
type User struct{ UID, GID string }

// ParseUser splits the text of "user:". The engine reads an empty user half as root.
func ParseUser(text string) User {
	uid, gid, _ := strings.Cut(strings.TrimSpace(text), ":")
	if uid == "" {
		uid = "0"
	}
	return User{uid, gid}
}

// IsRoot tells whether the user is root.
func (u User) IsRoot() bool { return u.UID == "0" || u.UID == "root" }

// Outcome is what happens when an image is run as a user.
type Outcome string

// The outcomes. Depends means: works under a condition that a Compose file does not show.
const (
	OutcomeWorks   Outcome = "works"
	OutcomeDepends Outcome = "depends"
	OutcomeWarns   Outcome = "warns"
	OutcomeFails   Outcome = "fails"
)

// UserClass is a class of users, seen from one image.
type UserClass string

// The classes of users. Default is the image's own user, Other is neither that nor root.
const (
	UserAny     UserClass = ""
	UserRoot    UserClass = "root"
	UserNonRoot UserClass = "nonroot"
	UserDefault UserClass = "default"
	UserOther   UserClass = "other"
)

// GroupClass is a class of primary groups.
type GroupClass string

// The classes of groups.
const (
	GroupAny     GroupClass = ""
	GroupZero    GroupClass = "zero"
	GroupNonZero GroupClass = "nonzero"
)

// UserRule is one statement about running an image as some users. All its conditions must hold.
type UserRule struct {
	User  UserClass  `yaml:"user"`
	Group GroupClass `yaml:"group"`
	// Tags limits the statement to some tags; "*" stands for anything.
	Tags []string `yaml:"tags"`
	// WithEnv: one of these variables is set. WithoutGroupAdd: no supplementary group 0. MissingMounts: one of these
	// places in the container is not mounted.
	WithEnv         []string `yaml:"with_env"`
	WithoutGroupAdd bool     `yaml:"without_group_add"`
	MissingMounts   []string `yaml:"missing_mounts"`
	Outcome         Outcome  `yaml:"outcome"`
	// Effect tells what happens, Remedy what works instead; FixUser is the exact value of "user:" that works, if
	// there is one.
	Effect  string `yaml:"effect"`
	Remedy  string `yaml:"remedy"`
	FixUser string `yaml:"fix_user"`
	// Derived says that the statement follows from the image's files; no document states it.
	Derived    bool `yaml:"derived"`
	Provenance `yaml:",inline"`
}

// UserContract is what an image documents about the user it runs as.
type UserContract struct {
	ID     string   `yaml:"id"`
	Images []string `yaml:"images"`
	// DefaultUID, DefaultGID and UserNames are the image's own user; empty if that is not known.
	DefaultUID string   `yaml:"default_uid"`
	DefaultGID string   `yaml:"default_gid"`
	UserNames  []string `yaml:"user_names"`
	// StartsAs is "root" for images that begin as root and drop privileges themselves, "user" for those that do not
	// begin as root, and empty if that is not known.
	StartsAs string `yaml:"starts_as"`
	// DropsWith are the variables that choose the user the image drops to.
	DropsWith []string `yaml:"drops_with"`
	// Rules are in order: the first that applies counts.
	Rules      []UserRule `yaml:"rules"`
	Notes      string     `yaml:"notes"`
	Provenance `yaml:",inline"`
}

var userContractIndex = sync.OnceValue(func() map[string]*UserContract {
	index := map[string]*UserContract{}
	for i := range userContractTable {
		for _, name := range userContractTable[i].Images {
			index[name] = &userContractTable[i]
		}
	}
	return index
})

// UserContractFor returns the image's contract. A name in the table may end in "/*", for all images of a namespace;
// an image's own name goes before that.
func UserContractFor(img Image) (UserContract, bool) {
	contract, ok := lookupWithNamespace(userContractIndex(), img)
	if !ok {
		return UserContract{}, false
	}
	return *contract, true
}

// UserSituation is what decides, besides the user, whether an image works.
type UserSituation struct {
	Tag string
	// Environment tells whether a variable is set, Mounted whether a place in the container is mounted from outside.
	Environment func(name string) bool
	Mounted     func(target string) bool
	// GroupAddZero says that group 0 is among the supplementary groups.
	GroupAddZero bool
}

// Check returns the statement that applies to a user in a situation. Functions that are nil answer no.
func (c UserContract) Check(user User, situation UserSituation) (UserRule, bool) {
	for _, rule := range c.Rules {
		if c.applies(rule, user, situation) {
			return rule, true
		}
	}
	return UserRule{}, false
}

func (c UserContract) applies(rule UserRule, user User, situation UserSituation) bool {
	if !c.inClass(user, rule.User) || !c.inGroup(user, rule.Group) {
		return false
	}
	if len(rule.Tags) > 0 && !matchesAny(rule.Tags, situation.Tag) {
		return false
	}
	isSet := func(name string) bool { return situation.Environment != nil && situation.Environment(name) }
	if len(rule.WithEnv) > 0 && !slices.ContainsFunc(rule.WithEnv, isSet) {
		return false
	}
	if rule.WithoutGroupAdd && situation.GroupAddZero {
		return false
	}
	missing := func(target string) bool { return situation.Mounted == nil || !situation.Mounted(target) }
	return len(rule.MissingMounts) == 0 || slices.ContainsFunc(rule.MissingMounts, missing)
}

func (c UserContract) isDefault(user User) bool {
	return user.UID == c.DefaultUID && c.DefaultUID != "" || slices.Contains(c.UserNames, user.UID)
}

func (c UserContract) inClass(user User, class UserClass) bool {
	switch class {
	case UserRoot:
		return user.IsRoot()
	case UserNonRoot:
		return !user.IsRoot()
	case UserDefault:
		return c.isDefault(user)
	case UserOther:
		return !user.IsRoot() && !c.isDefault(user)
	}
	return true
}

// inGroup follows the engine: without a group in "user:", a user of the image has its own, any other has group 0.
func (c UserContract) inGroup(user User, class GroupClass) bool {
	gid := user.GID
	if gid == "" && c.isDefault(user) {
		gid = c.DefaultGID
	}
	zero := gid == "" || gid == "0" || gid == "root"
	switch class {
	case GroupZero:
		return zero
	case GroupNonZero:
		return !zero
	}
	return true
}

// RootImages are images that run as root unless they are told another user.
type RootImages struct {
	Images     []string `yaml:"images"`
	Provenance `yaml:",inline"`
}

// RunsAsRoot tells that an image is known to run as root, and to go on as root, where no user is named.
func RunsAsRoot(img Image) bool {
	return slices.ContainsFunc(rootImageTable, func(r RootImages) bool {
		return slices.ContainsFunc(r.Images, img.Matches)
	})
}
