package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
)

var dangerousCapability = &Rule{
	Name:     "dangerous-capability",
	Severity: High,
	Tier:     Default,
	Summary: "A service is given a capability with which it can leave its container or harm the host: `cap_add: " +
		"[SYS_ADMIN]`.",
	Why: "Capabilities are the parts of root's power. Docker takes the dangerous ones away; `cap_add` gives them " +
		"back. With ALL, SYS_ADMIN, SYS_MODULE, SYS_RAWIO or BPF, whoever takes over the service is root on the " +
		"host. The others open less, and some of them much more together with the network or the processes of the " +
		"host.",
	Bad: `services:
  scanner:
    image: example/scanner:1.4
    cap_add:
      - SYS_ADMIN
`,
	Good: `services:
  scanner:
    image: example/scanner:1.4
    cap_add:
      - NET_RAW
`,
	References: []Reference{
		{"Linux manual page capabilities(7), man-pages 6.9.1",
			"https://man7.org/linux/man-pages/man7/capabilities.7.html"},
		{"CIS Docker Benchmark v1.6.0, 5.4", ""},
		{"OWASP Docker Security Cheat Sheet, rule 3",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
	},
	Limits: "It is not known which services need the capability: a VPN does need NET_ADMIN. Those that do little " +
		"harm, such as NET_ADMIN in a network of one's own, are told from the strict tier on, as low. A privileged " +
		"service has all of them: privileged-container tells of it.",
	Check: checkCapabilities,
}

// capability is one that Docker does not give to containers by itself.
type capability struct {
	severity Severity
	effect   string
	// shared is an attribute that makes it reach further when its value is host, and worse the severity then.
	shared string
	worse  Severity
}

// Source: capabilities(7).
var dangerousCapabilities = map[string]capability{
	"ALL":             {severity: Critical, effect: "can do everything that root can on the host"},
	"SYS_ADMIN":       {severity: Critical, effect: "can become root on the host by mounting its disks"},
	"SYS_MODULE":      {severity: Critical, effect: "can become root on the host by loading kernel modules"},
	"SYS_RAWIO":       {severity: Critical, effect: "can become root on the host by writing to memory and devices"},
	"BPF":             {severity: Critical, effect: "can read what the whole host does by programs in the kernel"},
	"DAC_READ_SEARCH": {severity: High, effect: "can read every file of the host"},
	"MAC_ADMIN":       {severity: High, effect: "can change the security policy of the host"},
	"MAC_OVERRIDE":    {severity: High, effect: "can ignore the security policy of the host"},
	"PERFMON":         {severity: High, effect: "can watch every process of the host"},
	"SYS_TIME":        {severity: Medium, effect: "can set the clock of the host"},
	"SYSLOG":          {severity: Medium, effect: "can read addresses in the kernel, which attacks on it need"},
	"SYS_PTRACE": {severity: Low, effect: "can read and change other processes of its container",
		shared: "pid", worse: Critical},
	"SYS_BOOT": {severity: Medium, effect: "can load another kernel", shared: "pid", worse: High},
	"NET_ADMIN": {severity: Low, effect: "can change its network, firewall rules included",
		shared: "network_mode", worse: High},

	"AUDIT_CONTROL":      {severity: Low, effect: "can change what the host's kernel writes into its audit log"},
	"AUDIT_READ":         {severity: Low, effect: "can read the audit log of the host's kernel"},
	"BLOCK_SUSPEND":      {severity: Low, effect: "can keep the host from going to sleep"},
	"CHECKPOINT_RESTORE": {severity: Low, effect: "can choose the numbers of new processes"},
	"IPC_LOCK":           {severity: Low, effect: "can keep memory of the host for itself, past its limits"},
	"LEASE":              {severity: Low, effect: "can hold up others that open the files it can see"},
	"LINUX_IMMUTABLE":    {severity: Low, effect: "can make mounted files unchangeable, even for the host's root"},
	"SYS_NICE":           {severity: Low, effect: "can take the processor from everything else on the host"},
	"SYS_PACCT":          {severity: Low, effect: "can switch the host's accounting of processes on and off"},
	"SYS_RESOURCE":       {severity: Low, effect: "can go past quotas and limits"},
	"SYS_TTY_CONFIG":     {severity: Low, effect: "can change and hang up terminals"},
	"WAKE_ALARM":         {severity: Low, effect: "can wake the host up"},
}

func checkCapabilities(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, item := range items(s.Get("cap_add")) {
			if _, dangerous := dangerousCapabilities[capabilityName(item)]; dangerous && !s.Get("privileged").True() {
				found(item, "cap_add")
			}
		}
	}, func(c Cause) Finding {
		name := capabilityName(c.Value())
		f := Finding{Severity: dangerousCapabilities[name].severity, Evidence: name}
		effect := dangerousCapabilities[name].effect
		for _, s := range c.distinct() {
			if shared := dangerousCapabilities[name].shared; shared != "" && s.Get(shared).Str() == "host" {
				f.Severity = dangerousCapabilities[name].worse
				effect = strings.Replace(effect, "its container", "the host", 1)
				effect = strings.Replace(effect, "its network", "the host's network", 1)
			}
		}
		if f.Severity == Low {
			f.Tier = Strict
		}
		f.Message = fmt.Sprintf("%s %s (%s)", names(c.Services()), effect, name)
		return f
	})
}

// capabilityName returns the name of a capability as the manual has it, without CAP_.
func capabilityName(v *compose.Value) string {
	return strings.TrimPrefix(strings.ToUpper(v.Str()), "CAP_")
}
