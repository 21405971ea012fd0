package rules

import (
	"fmt"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

var imageUserContract = &Rule{
	Name:     "image-user-contract",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A service runs as a user or group with which its image is documented not to work.",
	Why: "Many images can only be run as their own user, or as any user of group 0, because their files belong to those. Others change " +
		"to a user by themselves and have to start as root for that. With another user the container ends, or cannot write.",
	Fix: "Writes the user that the image's documentation names, or group 0 where that is all it takes. It is safe, because the " +
		"other one does not work.",
	Bad: `services:
  search:
    image: elasticsearch:8.19.2
    user: "2000:2000"
`,
	Good: `services:
  search:
    image: elasticsearch:8.19.2
    user: "2000:0"
`,
	References: []Reference{
		{"Elasticsearch 8.19, install with Docker, permissions",
			"https://www.elastic.co/guide/en/elasticsearch/reference/8.19/docker.html#_configuration_files_must_be_readable_by_the_elasticsearch_user"},
		{"Jupyter Docker Stacks a4b3e4c, docs/using/common.md",
			"https://github.com/jupyter/docker-stacks/blob/main/docs/using/common.md"},
	},
	Limits: "Images that are built here are left alone, and so are users that depend on a variable without value. What works under " +
		"a condition that the file does not show is not told. Airflow's group is left to airflow-gid-not-root.",
	Check: checkUserContracts,
}

func checkUserContracts(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		if contract, rule, ok := p.brokenContract(s); ok && !changesUser(contract) && contract.ID != "airflow" &&
			(rule.Outcome == knowledge.OutcomeFails || rule.Outcome == knowledge.OutcomeWarns) {
			found(s.Get("user"), "user")
		}
	}, func(c Cause) Finding {
		s := c.Uses[0].Service
		contract, rule, _ := p.brokenContract(s)
		f := Finding{
			Message:    fmt.Sprintf("%s with user %s: %s", names(c.Services()), s.Get("user").Str(), rule.Effect),
			Evidence:   asWritten(c.Value()),
			Confidence: Likely,
		}
		if rule.Outcome == knowledge.OutcomeWarns {
			f.Severity = Low
		}
		f.Repair = func() Fix { return keepContract(p, c, contract, rule) }
		return f
	})
}

// changesUser tells that the image starts as root and changes to a user that variables name: s6-user-override is
// about those.
func changesUser(contract knowledge.UserContract) bool {
	return contract.StartsAs == "root" && len(contract.DropsWith) > 0
}

// brokenContract returns what a published image documents about the user that a service gives it.
func (p *Pass) brokenContract(s compose.Service) (knowledge.UserContract, knowledge.UserRule, bool) {
	user := s.Get("user")
	if user.Str() == "" || user.Unset || user.Unknown || p.Facts.isBuilt(s) {
		return knowledge.UserContract{}, knowledge.UserRule{}, false
	}
	contract, ok := knowledge.UserContractFor(imageOf(s))
	if !ok {
		return contract, knowledge.UserRule{}, false
	}
	rule, ok := contract.Check(knowledge.ParseUser(user.Str()), situationOf(s))
	return contract, rule, ok
}

// situationOf returns what decides, besides the user, whether the image of a service works.
func situationOf(s compose.Service) knowledge.UserSituation {
	return knowledge.UserSituation{
		Tag:         imageOf(s).Tag,
		Environment: func(name string) bool { return s.Get("environment").Setting(name).Str() != "" },
		Mounted: func(target string) bool {
			return slices.ContainsFunc(items(s.Get("volumes")), func(v *compose.Value) bool { return v.Get("target").Str() == target })
		},
		GroupAddZero: slices.ContainsFunc(items(s.Get("group_add")), func(v *compose.Value) bool {
			return v.Str() == "0" || v.Str() == "root"
		}),
	}
}

// keepContract writes the user that works, or makes the group 0 where that is documented to be enough.
func keepContract(p *Pass, c Cause, contract knowledge.UserContract, rule knowledge.UserRule) Fix {
	u, ok := parseUser(c.Value())
	if !ok || u.broken {
		return manual("Change the user", capitalised(rule.Remedy)+".")
	}
	if rule.FixUser == "root" {
		return manual("Change the user", capitalised(rule.Remedy)+".") // root is not for a fix to choose
	}
	change := userChange{to: len(asWritten(c.Value())), text: rule.FixUser, result: rule.FixUser}
	title := "Run it as " + rule.FixUser
	if rule.FixUser == "" {
		zero := knowledge.User{UID: u.uid.text, GID: "0"}
		works, known := contract.Check(zero, situationOf(c.Uses[0].Service))
		if !known || works.Outcome != knowledge.OutcomeWorks || u.gid.from == u.gid.to {
			return manual("Change the user", capitalised(rule.Remedy)+".")
		}
		title = "Make the group 0"
		change = userChange{from: u.gid.from, to: u.gid.to, text: "0", result: u.uid.text + ":0"}
	}
	var r repair
	mayChange := func(s compose.Service) bool { return usesService(c, s) }
	if !r.setUser(p, c, change, mayChange) {
		return manual(title, "The line is shared with other services: give those a user of their own first.")
	}
	return r.fix(title, Safe)
}

// capitalised makes a phrase the beginning of a sentence.
func capitalised(phrase string) string {
	if phrase == "" {
		return ""
	}
	return strings.ToUpper(phrase[:1]) + phrase[1:]
}
