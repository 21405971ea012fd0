package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
)

var securityProfileDisabled = &Rule{
	Name:     "security-profile-disabled",
	Severity: High,
	Tier:     Default,
	Summary: "A service runs without the profile that keeps it in its container: `seccomp:unconfined` and the " +
		"like.",
	Why: "Docker lets containers use about 300 of the kernel's 350 system calls (seccomp), keeps them away from " +
		"sensitive files of the host (AppArmor, SELinux) and hides parts of /proc and /sys. Known ways out of a " +
		"container need one of the things that these profiles forbid.\n\n" +
		"Where a program needs one more system call, a profile that allows that call alone does: " +
		"`seccomp:./profile.json`.",
	Fix: "Removes the entry, so that the default profile counts again. It is unsafe, because a program that needs " +
		"what the profile forbids stops working.",
	Bad: `services:
  browser:
    image: example/browser:5.1
    security_opt:
      - seccomp:unconfined
`,
	Good: `services:
  browser:
    image: example/browser:5.1
    security_opt:
      - seccomp:./browser-seccomp.json
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.2, 5.3 and 5.22", ""},
		{"Docker Engine documentation, seccomp security profiles", "https://docs.docker.com/engine/security/seccomp/"},
	},
	Limits: "A privileged service runs without these profiles anyway: privileged-container tells of it. Where the " +
		"documentation of the image asks for one to be off, it is told from the strict tier on.",
	Check: checkSecurityProfiles,
}

// profileEffects tells what is open without a profile, by the entry that switches it off.
var profileEffects = map[string]string{
	"seccomp=unconfined":     "can use every system call of the kernel, those that break out of containers included",
	"apparmor=unconfined":    "can mount file systems and change the kernel's settings as root, where AppArmor would forbid it",
	"label=disable":          "can reach files of the host after a break-out, where SELinux would forbid it",
	"label=type:spc_t":       "can reach files of the host after a break-out, where SELinux would forbid it",
	"systempaths=unconfined": "can read and write the parts of /proc and /sys that Docker hides",
}

func checkSecurityProfiles(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		if s.Get("privileged").True() {
			return // it has no profiles, whatever the options say
		}
		for _, item := range items(s.Get("security_opt")) {
			if profileEffects[securityOption(item)] != "" && !(isSELinuxLabel(item) && isProxy(s)) {
				found(item, "security_opt")
			}
		}
	}, func(c Cause) Finding {
		option := securityOption(c.Value())
		f := Finding{
			Message:  fmt.Sprintf("%s %s (%s)", names(c.Services()), profileEffects[option], c.Value().Str()),
			Evidence: option, Repair: c.removal("Remove "+c.Value().Str(), Unsafe),
		}
		f.excuse(c.distinct(), "security_opt: "+option)
		return f
	})
}

// isSELinuxLabel tells that a security option is about the labels of SELinux. Docker's socket can be opened with some of
// them alone, so that they are right for what stands before it.
func isSELinuxLabel(option *compose.Value) bool {
	return strings.HasPrefix(securityOption(option), "label=")
}

// securityOption returns a security option with "=" behind its name: ":" is the old way to write it.
func securityOption(v *compose.Value) string {
	text := strings.TrimSpace(v.Str())
	if i := strings.IndexAny(text, ":="); i >= 0 {
		return text[:i] + "=" + text[i+1:]
	}
	return text
}
