#!/bin/bash
# A Docker engine of one's own for the tests, with Docker Compose, from Debian packages that are unpacked and never
# installed. It lives in namespaces of its own with no network but its own bridges: it cannot reach anything, the
# machine's firewall stays as it is, and ending one process ends every container with it.
#
#   engine.sh up DIR      bring an engine up; DIR/env then holds the variables that lead a client to it
#   engine.sh down DIR    end it, and remove DIR and all else that it left; does nothing if there is none
#   engine.sh hold DIR    up, then down when standard input ends, or the script is interrupted
#
# DIR must not exist. It takes 0.5 GB, and a short path: that of a Unix socket may have 107 bytes.
# This needs root, Debian 12 or later, and a Debian mirror.
set -euo pipefail

fail() {
	echo "engine.sh: $*" >&2
	exit 1
}

# apt_get works on lists and a cache inside DIR: the machine's own stay as they are.
apt_get() {
	apt-get -qq "$@" \
		-o Dir::Etc::sourcelist="$dir/apt/debian.sources" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$dir/apt/lists" -o Dir::Cache="$dir/apt/cache" -o APT::Sandbox::User=root \
		-o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false >/dev/null
}

# fetch unpacks the programs. Engine and Compose are those of Debian 13, as Debian 12 has no Compose 2; they run on
# the C library of either. The others come from the machine's own release, with what they depend on and it lacks.
fetch() {
	local release mirror package
	release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1)
	[[ $release && $mirror ]] || fail "needs Debian 12 or later, with its mirror in /etc/apt/sources.list.d/debian.sources"

	mkdir -p "$dir"/apt/lists/partial "$dir"/apt/cache/archives/partial "$dir"/root "$dir"/bin
	cat >"$dir/apt/debian.sources" <<-END
		Types: deb
		URIs: $mirror
		Suites: $(printf '%s\n' "$release" trixie | sort -u | paste -sd ' ')
		Components: main
		Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
	END
	apt_get update
	apt_get install --download-only --reinstall --no-install-recommends -t "$release" busybox-static iptables runc
	(cd "$dir/apt/cache/archives" && apt_get download {docker.io,docker-cli,docker-compose,containerd}/trixie)
	for package in "$dir"/apt/cache/archives/*.deb; do dpkg -x "$package" "$dir/root"; done
	rm -r "$dir/apt"

	find "$dir/root" -path '*bin/*' -not -type d -exec ln -sf -t "$dir/bin" {} +
	ln -sf "$dir/bin/xtables-nft-multi" "$dir/bin/iptables"
	ln -sf "$dir/bin/xtables-nft-multi" "$dir/bin/ip6tables"
	mkdir -p "$dir/config/cli-plugins"
	ln -s "$dir/root/usr/libexec/docker/cli-plugins/docker-compose" "$dir/config/cli-plugins/"
}

# start runs the engine. Its second socket is where Compose files look for one. It has directories /run and /opt of its
# own, so that the machine's stay clean. The shell stays in front of it to collect the containers' processes.
start() {
	local library
	library=$(dirname "$(find "$dir/root" -name xtables -type d)")
	setsid unshare --net --mount --pid --ipc --fork --kill-child --mount-proc \
		env PATH="$dir/bin:$PATH" LD_LIBRARY_PATH="$library" XTABLES_LIBDIR="$library/xtables" sh -c '
			busybox ip link set lo up
			mount -t tmpfs tmpfs /run
			mount -t tmpfs tmpfs /opt
			dockerd "$@" &
			wait' sh \
		--host "unix://$dir/docker.sock" --host unix:///run/docker.sock --group 999 \
		--data-root "$dir/data" --exec-root /run/docker --pidfile /run/docker.pid --cgroup-parent "/$(cgroup)" \
		--bip 10.213.255.1/24 --default-address-pool base=10.213.0.0/17,size=24 \
		>"$dir/engine.log" 2>&1 </dev/null &
	echo $! >"$dir/engine.pid"
	disown # no notice when it is killed
	cat >"$dir/env" <<-END
		PATH=$dir/bin:$PATH
		DOCKER_HOST=unix://$dir/docker.sock
		DOCKER_CONFIG=$dir/config
	END
	for _ in $(seq 200); do
		if "$dir/bin/docker" --host "unix://$dir/docker.sock" version >/dev/null 2>&1; then return; fi
		sleep 0.1
	done
	tail -n 20 "$dir/engine.log" >&2
	fail "the engine did not answer within 20 seconds"
}

cgroup() { echo "e2e-$(basename "$dir")"; }

up() {
	[[ $(id -u) == 0 ]] || fail "needs root"
	[[ ! -e $dir ]] || fail "$dir exists already"
	trap down EXIT
	fetch
	start
	trap - EXIT
}

# is_ours tells whether a process is the engine of DIR, and not one that was given the same number later.
is_ours() { tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -qF -- "--host unix://$dir/docker.sock"; }

down() {
	[[ -d $dir ]] || return 0
	local pid
	pid=$(cat "$dir/engine.pid" 2>/dev/null || true)
	if [[ $pid ]] && is_ours "$pid"; then kill -KILL "$pid"; fi
	# The kernel needs a moment to end what ran in the namespaces.
	for _ in $(seq 50); do
		if find /sys/fs/cgroup -depth -type d -path "*/$(cgroup)*" -exec rmdir {} + 2>/dev/null &&
			rm -rf "$dir" 2>/dev/null; then
			return 0
		fi
		sleep 0.1
	done
	fail "could not remove everything below $dir"
}

[[ $# == 2 && $1 =~ ^(up|down|hold)$ ]] || fail "usage: engine.sh up|down|hold DIR"
dir=$(realpath -m "$2")
case $1 in
up) up ;;
down) down ;;
hold)
	up
	trap down EXIT
	echo ready
	cat >/dev/null
	;;
esac
