package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/pattern"
)

var hostDevice = &Rule{
	Name:     "host-device",
	Severity: Critical,
	Tier:     Default,
	Summary:  "A service is given a disk, the memory or all devices of the host.",
	Why: "A disk can be read and written past every file permission: whoever takes over the service reads the " +
		"password hashes of the host and writes into its boot files. The host's memory and kernel log give away as " +
		"much. `/dev` as a whole has all of them.\n\n" +
		"Cameras, graphics cards, serial ports and sound are not meant: they are what `devices` is for.",
	Bad: `services:
  backup:
    image: example/backup:1.9
    devices:
      - /dev/sda:/dev/sda
`,
	Good: `services:
  backup:
    image: example/backup:1.9
    volumes:
      - ./data:/data:ro
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.18", ""},
		{"Linux kernel 6.12 documentation, allocated devices",
			"https://www.kernel.org/doc/html/v6.12/admin-guide/devices.html"},
	},
	Limits: "Disks are recognised by their names. SMART monitors do need the disks that they watch; give them with " +
		"`:r`.",
	Check: checkDevices,
}

// rawDisk matches the names of disks and partitions, of what is put together from disks, and of what controls them.
var rawDisk = pattern.New(`^/dev/(nvme\d+|loop-control|zfs|((sd|vd|xvd)[a-z]+|hd[a-z]|nvme\d+n\d+|` +
	`(mmcblk|md|dm-|loop|nbd|rbd|zd|mtdblock)\d+)(p?\d+)?)$`)

// deviceDirectories hold disks under other names: /dev/block/8:0 is /dev/sda.
var deviceDirectories = []string{"/dev/disk", "/dev/mapper", "/dev/md", "/dev/zvol", "/dev/rbd", "/dev/block"}

func checkDevices(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, device := range items(s.Get("devices")) {
			if severity, _ := deviceRisk(device.Get("source").Str()); severity > 0 {
				found(device, "devices")
			}
		}
	}, func(c Cause) Finding {
		source := c.Value().Get("source").Str()
		severity, effect := deviceRisk(source)
		return Finding{
			Message: fmt.Sprintf("%s %s (%s)", names(c.Services()), effect, source), Severity: severity, Evidence: source,
		}
	})
	p.Flag(func(s compose.Service, found Visit) {
		for _, rule := range items(s.Get("device_cgroup_rules")) {
			if deviceRuleRisk(rule.Str()) != "" {
				found(rule, "device_cgroup_rules")
			}
		}
	}, func(c Cause) Finding {
		rule := c.Value().Str()
		return Finding{
			Message:  fmt.Sprintf("%s may use %s of the host: %s", names(c.Services()), deviceRuleRisk(rule), rule),
			Severity: High, Evidence: rule,
		}
	})
}

// deviceRisk returns how dangerous a device of the host is, and why; 0 for one that is harmless.
func deviceRisk(source string) (severity Severity, effect string) {
	source = path.Clean(source)
	switch source {
	case "/dev":
		return Critical, "can use every device of the host"
	case "/dev/mem", "/dev/kmem", "/dev/port", "/dev/char/1:1", "/dev/char/1:2", "/dev/char/1:4":
		return Critical, "can read and write the host's memory"
	case "/dev/kmsg", "/dev/char/1:11":
		return High, "can read and write the host's kernel log"
	}
	if rawDisk().MatchString(source) {
		return Critical, "can read and write a disk of the host past all file permissions"
	}
	for _, dir := range deviceDirectories {
		if source == dir || strings.HasPrefix(source, dir+"/") {
			return Critical, "can read and write a disk of the host past all file permissions"
		}
	}
	return 0, ""
}

// deviceRuleRisk returns what a rule such as "b 8:* rwm" opens, if that is dangerous. Disks are block devices, and so
// are CD drives, under the number 11. The character devices under 1 are memory and kernel log, and some without risk.
func deviceRuleRisk(rule string) string {
	parts := strings.Fields(rule)
	if len(parts) != 3 || !strings.ContainsAny(parts[2], "rw") {
		return ""
	}
	kind := parts[0]
	major, minor, _ := strings.Cut(parts[1], ":")
	switch {
	case kind == "a", kind == "c" && major == "*":
		return "devices of all kinds"
	case kind == "b" && major != "11":
		return "the disks"
	case kind == "c" && major == "1" && slices.Contains(memoryMinors, minor):
		return "the memory or the kernel log"
	}
	return ""
}

// memoryMinors are /dev/mem, /dev/kmem, /dev/port, /dev/kmsg and all of them.
var memoryMinors = []string{"1", "2", "4", "11", "*"}
