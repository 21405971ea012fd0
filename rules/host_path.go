package rules

import (
	"path"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/pattern"
)

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
	readsUsers  = "can read the names of the host's users"
	readsKeys   = "can read the private keys of the host's certificates"
)

var hostPaths = []hostPath{
	{"/etc", false, Critical, High, becomesRoot, "can read the host's password hashes and keys"},
	{"/etc/shadow", false, Critical, High, becomesRoot, "can read the host's password hashes"},
	{"/etc/ssh", true, Critical, Medium, becomesRoot, "can read the host's SSH keys"},
	{"/etc/passwd", false, Critical, Low, becomesRoot, readsUsers},
	{"/etc/group", false, High, Low, becomesRoot, readsUsers},
	{"/etc/sudoers", false, Critical, 0, becomesRoot, ""},
	{"/etc/sudoers.d", true, Critical, 0, becomesRoot, ""},
	{"/etc/crontab", false, Critical, 0, becomesRoot, ""},
	{"/etc/cron.d", true, Critical, 0, becomesRoot, ""},
	{"/etc/cron.hourly", true, Critical, 0, becomesRoot, ""},
	{"/etc/cron.daily", true, Critical, 0, becomesRoot, ""},
	{"/etc/cron.weekly", true, Critical, 0, becomesRoot, ""},
	{"/var/spool/cron", true, Critical, 0, becomesRoot, ""},
	{"/var/spool", false, Critical, 0, becomesRoot, ""},
	{"/etc/rc.local", false, Critical, 0, becomesRoot, ""},
	{"/etc/init.d", true, Critical, 0, becomesRoot, ""},
	{"/etc/profile", false, Critical, 0, becomesRoot, ""},
	{"/etc/profile.d", true, Critical, 0, becomesRoot, ""},
	{"/etc/environment", false, Critical, 0, becomesRoot, ""},
	{"/etc/pam.d", true, Critical, 0, becomesRoot, ""},
	{"/etc/ld.so.preload", false, Critical, 0, becomesRoot, ""},
	{"/etc/ld.so.conf.d", true, Critical, 0, becomesRoot, ""},
	{"/etc/modprobe.d", true, Critical, 0, becomesRoot, ""},
	{"/etc/udev", true, Critical, 0, becomesRoot, ""},
	{"/etc/ssl/private", true, High, Medium, readsKeys, readsKeys},
	{"/etc/letsencrypt", true, Low, Low, readsKeys, readsKeys},
	{"/etc/ssl/certs", false, Medium, 0, "can make the host trust forged certificates", ""},
	{"/etc/hosts", false, Medium, 0, "can send the host to other addresses", ""},
	{"/etc/resolv.conf", false, Medium, 0, "can send the host to other addresses", ""},
	{"/etc/localtime", false, Low, 0, "can change the host's time zone", ""},
	{"/etc/timezone", false, Low, 0, "can change the host's time zone", ""},
	{"/etc/kubernetes", true, Critical, High, becomesRoot, "can read the keys of the cluster"},
	{"/etc/rancher", true, Critical, High, becomesRoot, "can read the keys of the cluster"},
	{"/etc/systemd", true, Critical, 0, becomesRoot, ""},
	{"/usr/lib/systemd", true, Critical, 0, becomesRoot, ""},
	{"/lib/systemd", true, Critical, 0, becomesRoot, ""},
	{"/etc/docker", true, Critical, 0, becomesRoot, ""},
	{"/root", false, Critical, High, becomesRoot, "can read the files of the host's root, keys included"},
	{"/boot", true, Critical, Low, becomesRoot, "can see what the host starts with"},
	{"/usr", false, Critical, 0, becomesRoot, ""},
	{"/usr/bin", true, Critical, 0, becomesRoot, ""},
	{"/usr/sbin", true, Critical, 0, becomesRoot, ""},
	{"/usr/lib", false, Critical, 0, becomesRoot, ""},
	{"/usr/lib64", false, Critical, 0, becomesRoot, ""},
	{"/usr/local", false, Critical, 0, becomesRoot, ""},
	{"/usr/local/bin", true, Critical, 0, becomesRoot, ""},
	{"/usr/local/sbin", true, Critical, 0, becomesRoot, ""},
	{"/bin", true, Critical, 0, becomesRoot, ""},
	{"/sbin", true, Critical, 0, becomesRoot, ""},
	{"/lib", false, Critical, 0, becomesRoot, ""},
	{"/lib64", false, Critical, 0, becomesRoot, ""},
	{"/lib/modules", true, High, 0, "can replace the host's kernel modules", ""},
	{"/usr/lib/modules", true, High, 0, "can replace the host's kernel modules", ""},
	{"/proc", false, Critical, Low, becomesRoot, "can see the processes of the host"},
	{"/proc/sys", true, Critical, 0, becomesRoot, ""},
	{"/sys", false, High, Low, "can change settings of the host's kernel", "can see the devices of the host"},
	{"/sys/fs/cgroup", false, High, 0, "can change the limits of all containers", ""},
	{"/sys/kernel", true, Medium, Low, "can change settings of the host's kernel", "can watch the host's kernel"},
	{"/dev", false, Medium, Medium, "can see every device of the host", "can see every device of the host"},
	{"/home", false, High, Medium, "can change the files and SSH keys of all users", "can read the files of all users"},
	{"/var/lib", false, Critical, High, becomesRoot, readsOthers},
	{"/var/lib/docker", false, Critical, High, becomesRoot, readsOthers},
	{"/var/lib/docker/containers", false, Critical, Medium, becomesRoot,
		"can read the logs and environment of all containers"},
	{"/var/lib/docker/volumes", false, High, Medium, "can change the data of all other containers",
		"can read the data of all other containers"},
	{"/var/lib/containerd", false, Critical, High, becomesRoot, readsOthers},
	{"/var/lib/containers", false, Critical, High, becomesRoot, readsOthers},
	{"/var/lib/docker/overlay2", true, Critical, High, becomesRoot, readsOthers},
	{"/var/lib/kubelet", false, Critical, High, becomesRoot, readsOthers},
	{"/var/lib/rancher", true, Critical, High, becomesRoot, readsOthers},
}

// home matches the home directory of a user, as it is written.
const home = `^(~|\$HOME|\$\{HOME(:?[-?][^}]*)?\}|/root|/home/[^/]+|/Users/[^/]+)`

var (
	wholeHome      = pattern.New(home + `/?$`)
	homeCredential = pattern.New(home + `/\.(ssh|aws|kube|docker|gnupg|azure|config/(gcloud|gh)|netrc|` +
		`git-credentials|npmrc|pypirc|pgpass|my\.cnf|vault-token|(ba|z)sh_history)(/.*)?$`)
	harmlessInHome = pattern.New(`/\.ssh/(known_hosts|config|[^/]*\.pub)$`)
)

// hostMount is what a mount shows of the host.
type hostMount struct {
	path, written string // the latter as the file has it
	readOnly      bool
}

// hostSource returns the path of the host that a mount shows, by itself or through a named volume that is bound to the
// host. The path is empty where there is none.
func hostSource(p *compose.Project, mount *compose.Value) hostMount {
	readOnly := mount.Get("read_only").True()
	source := mount.Get("source")
	switch mount.Get("type").Str() {
	case "bind":
		if source != nil {
			return hostMount{source.Str(), mountSource(mount), readOnly}
		}
	case "volume":
		options := p.Model.At("volumes", source.Str(), "driver_opts")
		flags := strings.Split(options.Get("o").Str(), ",")
		if slices.Contains(flags, "bind") || slices.Contains(flags, "rbind") {
			device := options.Get("device")
			return hostMount{device.Str(), asWritten(device), readOnly || slices.Contains(flags, "ro")}
		}
	}
	return hostMount{}
}

// hostPathRisk returns how dangerous a mount is, and what the service can do with it.
func hostPathRisk(mount hostMount) (severity Severity, effect string) {
	if mount.path == "" {
		return 0, ""
	}
	source := path.Clean(mount.path)
	for _, known := range hostPaths {
		if source != known.path && !(known.below && strings.HasPrefix(source, known.path+"/")) {
			continue
		}
		if mount.readOnly {
			return known.read, known.canRead
		}
		return known.written, known.canWrite
	}
	return homeRisk(mount.written, mount.readOnly)
}

func homeRisk(source string, readOnly bool) (severity Severity, effect string) {
	switch {
	case harmlessInHome().MatchString(source):
		return 0, ""
	case homeCredential().MatchString(source):
		return High, "can use the keys and passwords of a user of the host"
	case !wholeHome().MatchString(source):
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

// mountPlaces returns where in the container of a service there are volumes, configs and tmpfs.
func mountPlaces(s compose.Service) []string {
	var places []string
	for _, mount := range slices.Concat(items(s.Get("volumes")), items(s.Get("configs"))) {
		places = append(places, path.Clean(mount.Get("target").Str()))
	}
	for _, item := range words(s.Get("tmpfs")) {
		place, _, _ := strings.Cut(item.Str(), ":")
		places = append(places, path.Clean(place))
	}
	return places
}
