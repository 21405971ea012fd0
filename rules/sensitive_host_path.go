package rules

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"composelint/internal/compose"
)

var sensitiveHostPath = &Rule{
	Name:     "sensitive-host-path",
	Severity: High,
	Tier:     Default,
	Summary: "A service mounts a directory of the host that holds its configuration, programs, keys or other " +
		"containers' data.",
	Why: "Who takes over a service has what is mounted into it. With /etc, /root, /boot or the directories of " +
		"programs to write in, that is the host; with Docker's own directory it is every other container; with " +
		"~/.ssh or ~/.aws it is the other machines that the keys open.\n\n" +
		"Mount the one file or directory that the service needs, and with `:ro` where it only reads.",
	Bad: `services:
  backup:
    image: example/backup:1.9
    volumes:
      - /etc:/backup/etc
`,
	Good: `services:
  backup:
    image: example/backup:1.9
    volumes:
      - /etc/nginx:/backup/nginx:ro
`,
	References: []Reference{
		{"CIS Docker Benchmark v1.6.0, 5.6", ""},
		{"OWASP Docker Security Cheat Sheet, rule 8",
			"https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"},
	},
	Limits: "What programs that watch the host need to read, /proc and /sys, is told of from the strict tier on. " +
		"Directories that contain the engine's socket, / among them, are reported by docker-socket-mount. Named " +
		"volumes that are bound to a directory of the host are not looked at.",
	Check: checkHostPaths,
}

// hostPath is a place of the host and what it is worth: the severities are 0 where a mount of that sort is harmless.
type hostPath struct {
	path string
	// below tells that what lies in the directory counts, too.
	below             bool
	written, read     Severity
	canWrite, canRead string
}

const (
	becomesRoot = "can become root on the host"
	readsOthers = "can read the files and environment of all other containers"
)

var hostPaths = []hostPath{
	{"/etc", false, Critical, High, becomesRoot, "can read the host's password hashes and keys"},
	{"/etc/shadow", false, Critical, High, becomesRoot, "can read the host's password hashes"},
	{"/etc/ssh", true, Critical, Medium, becomesRoot, "can read the host's SSH keys"},
	{"/etc/passwd", false, Critical, 0, becomesRoot, ""},
	{"/etc/group", false, High, 0, becomesRoot, ""},
	{"/etc/sudoers", false, Critical, 0, becomesRoot, ""},
	{"/etc/sudoers.d", true, Critical, 0, becomesRoot, ""},
	{"/etc/cron.d", true, Critical, 0, becomesRoot, ""},
	{"/etc/systemd", true, Critical, 0, becomesRoot, ""},
	{"/etc/docker", true, Critical, 0, becomesRoot, ""},
	{"/root", false, Critical, High, becomesRoot, "can read the files of the host's root, keys included"},
	{"/boot", true, Critical, 0, becomesRoot, ""},
	{"/usr", false, Critical, 0, becomesRoot, ""},
	{"/usr/bin", true, Critical, 0, becomesRoot, ""},
	{"/usr/sbin", true, Critical, 0, becomesRoot, ""},
	{"/usr/lib", false, Critical, 0, becomesRoot, ""},
	{"/usr/local/bin", true, Critical, 0, becomesRoot, ""},
	{"/bin", true, Critical, 0, becomesRoot, ""},
	{"/sbin", true, Critical, 0, becomesRoot, ""},
	{"/lib", false, Critical, 0, becomesRoot, ""},
	{"/lib64", false, Critical, 0, becomesRoot, ""},
	{"/lib/modules", true, High, 0, "can replace the host's kernel modules", ""},
	{"/proc", false, Critical, Low, becomesRoot, "can see the processes of the host"},
	{"/proc/sys", true, Critical, 0, becomesRoot, ""},
	{"/sys", false, High, Low, "can change settings of the host's kernel", "can see the devices of the host"},
	{"/sys/fs/cgroup", false, High, 0, "can change the limits of all containers", ""},
	{"/dev", false, Medium, Medium, "can see every device of the host", "can see every device of the host"},
	{"/home", false, High, Medium, "can change the files and SSH keys of all users", "can read the files of all users"},
	{"/var/lib", false, Critical, High, becomesRoot, readsOthers},
	{"/var/lib/docker", false, Critical, High, becomesRoot, readsOthers},
	{"/var/lib/docker/containers", false, Critical, Medium, becomesRoot,
		"can read the logs and environment of all containers"},
	{"/var/lib/docker/volumes", false, High, Medium, "can change the data of all other containers",
		"can read the data of all other containers"},
	{"/var/lib/containerd", false, Critical, High, becomesRoot, readsOthers},
	{"/var/lib/kubelet", false, Critical, High, becomesRoot, readsOthers},
}

// home matches the home directory of a user, as it is written.
const home = `^(~|\$HOME|\$\{HOME(:?[-?][^}]*)?\}|/root|/home/[^/]+)`

var (
	wholeHome      = regexp.MustCompile(home + `/?$`)
	homeCredential = regexp.MustCompile(home + `/\.(ssh|aws|kube|docker|gnupg|azure|config/gcloud)(/.*)?$`)
	harmlessInHome = regexp.MustCompile(`/\.ssh/(known_hosts|config|[^/]*\.pub)$`)
)

func checkHostPaths(p *Pass) {
	p.Flag(func(s compose.Service, found func(*compose.Value, ...string)) {
		for _, mount := range items(s.Get("volumes")) {
			if severity, _ := hostPathRisk(mount); severity > 0 {
				found(mount, "volumes")
			}
		}
	}, func(c Cause) Finding {
		severity, effect := hostPathRisk(c.Value())
		source := mountSource(c.Value())
		f := Finding{
			Message:  fmt.Sprintf("%s %s: %s is mounted", names(c.Services()), effect, source),
			Severity: severity, Evidence: source,
		}
		if severity == Low {
			f.Tier = Strict
		}
		return f
	})
}

// hostPathRisk returns how dangerous it is to mount what a mount has as its source, and what the service can do with it.
func hostPathRisk(mount *compose.Value) (severity Severity, effect string) {
	if mount.Get("type").Str() != "bind" || mount.Get("source") == nil {
		return 0, ""
	}
	readOnly := mount.Get("read_only").True()
	source := path.Clean(mount.Get("source").Str())
	for _, known := range hostPaths {
		if source != known.path && !(known.below && strings.HasPrefix(source, known.path+"/")) {
			continue
		}
		if readOnly {
			return known.read, known.canRead
		}
		return known.written, known.canWrite
	}
	return homeRisk(mountSource(mount), readOnly)
}

func homeRisk(source string, readOnly bool) (severity Severity, effect string) {
	switch {
	case harmlessInHome.MatchString(source):
		return 0, ""
	case homeCredential.MatchString(source):
		return High, "can use the keys and passwords of a user of the host"
	case !wholeHome.MatchString(source):
		return 0, ""
	case readOnly:
		return Medium, "can read all files of a user of the host, keys included"
	}
	return High, "can change all files of a user of the host, keys included"
}

// mountSource returns the source of a mount as it is written.
func mountSource(mount *compose.Value) string {
	if !isShort(mount) {
		return asWritten(mount.Get("source"))
	}
	text := asWritten(mount)
	depth := 0
	for i := range len(text) {
		switch {
		case text[i] == '{':
			depth++
		case text[i] == '}':
			depth--
		case text[i] == ':' && depth == 0:
			return text[:i]
		}
	}
	return text
}
