// Code generated from data/grants.yaml by gen; DO NOT EDIT.

//go:build !bootstrap

package knowledge

var grantTable = []HostGrant{
	{Images: []string{"ghcr.io/home-assistant/home-assistant", "homeassistant/home-assistant", "linuxserver/homeassistant"}, Grants: []string{"network_mode: host"}, Provenance: Provenance{Sources: []string{"https://www.home-assistant.io/installation/linux#docker-compose"}, Confidence: "inferred"}},
	{Images: []string{"ghcr.io/esphome/esphome", "esphome/esphome"}, Grants: []string{"network_mode: host"}, Provenance: Provenance{Sources: []string{"https://esphome.io/guides/getting_started_command_line"}, Confidence: "inferred"}},
	{Images: []string{"homebridge/homebridge", "ghcr.io/homebridge/homebridge"}, Grants: []string{"network_mode: host"}, Provenance: Provenance{Sources: []string{"https://github.com/homebridge/docker-homebridge"}, Confidence: "inferred"}},
	{Images: []string{"ghcr.io/home-assistant-libs/python-matter-server", "ghcr.io/matter-js/python-matter-server"}, Grants: []string{"network_mode: host", "security_opt: apparmor=unconfined"}, Provenance: Provenance{Sources: []string{"https://github.com/matter-js/python-matter-server/blob/main/docs/docker.md"}, Confidence: "inferred"}},
	{Images: []string{"ghcr.io/music-assistant/server"}, Grants: []string{"network_mode: host"}, Provenance: Provenance{Sources: []string{"https://www.music-assistant.io/installation/"}, Confidence: "inferred"}},
	{Images: []string{"ghcr.io/koush/scrypted", "koush/scrypted"}, Grants: []string{"network_mode: host"}, Provenance: Provenance{Sources: []string{"https://github.com/koush/scrypted/blob/main/install/docker/docker-compose.yml"}, Confidence: "inferred"}},
	{Images: []string{"linuxserver/plex", "lscr.io/linuxserver/plex"}, Grants: []string{"network_mode: host"}, Provenance: Provenance{Sources: []string{"https://docs.linuxserver.io/images/docker-plex/"}, Confidence: "inferred"}},
	{Images: []string{"rustdesk/rustdesk-server"}, Grants: []string{"network_mode: host"}, Provenance: Provenance{Sources: []string{"https://rustdesk.com/docs/en/self-host/rustdesk-server-oss/docker/"}, Confidence: "inferred"}},
	{Images: []string{"ghcr.io/seriousm4x/upsnap", "seriousm4x/upsnap"}, Grants: []string{"network_mode: host"}, Provenance: Provenance{Sources: []string{"https://github.com/seriousm4x/UpSnap"}, Confidence: "inferred"}},
	{Images: []string{"aceberg/watchyourlan", "ghcr.io/aceberg/watchyourlan"}, Grants: []string{"network_mode: host"}, Provenance: Provenance{Sources: []string{"https://github.com/aceberg/WatchYourLAN"}, Confidence: "inferred"}},
	{Images: []string{"crazymax/fail2ban", "ghcr.io/crazy-max/fail2ban"}, Grants: []string{"network_mode: host"}, Provenance: Provenance{Sources: []string{"https://github.com/crazy-max/docker-fail2ban"}, Confidence: "inferred"}},
	{Images: []string{"favonia/cloudflare-ddns"}, Grants: []string{"network_mode: host"}, Provenance: Provenance{Sources: []string{"https://github.com/favonia/cloudflare-ddns"}, Confidence: "inferred"}},
	{Images: []string{"ghcr.io/games-on-whales/wolf"}, Grants: []string{"network_mode: host"}, Provenance: Provenance{Sources: []string{"https://games-on-whales.github.io/wolf/stable/user/quickstart.html"}, Confidence: "inferred"}},
	{Images: []string{"henrygd/beszel-agent", "ghcr.io/henrygd/beszel/beszel-agent"}, Grants: []string{"network_mode: host"}, Provenance: Provenance{Sources: []string{"https://github.com/henrygd/beszel-docs/blob/main/en/guide/agent-installation.md"}, Confidence: "documented"}},
	{Images: []string{"prom/node-exporter", "quay.io/prometheus/node-exporter"}, Grants: []string{"network_mode: host", "pid: host"}, Provenance: Provenance{Sources: []string{"https://github.com/prometheus/node_exporter#docker"}, Confidence: "documented"}},
	{Images: []string{"netdata/netdata", "ghcr.io/netdata/netdata"}, Grants: []string{"network_mode: host", "pid: host", "security_opt: apparmor=unconfined"}, Provenance: Provenance{Sources: []string{"https://learn.netdata.cloud/docs/installing/docker"}, Confidence: "documented"}},
	{Images: []string{"nicolargo/glances"}, Grants: []string{"network_mode: host", "pid: host"}, Provenance: Provenance{Sources: []string{"https://glances.readthedocs.io/en/latest/docker.html"}, Confidence: "inferred"}},
	{Images: []string{"gcr.io/cadvisor/cadvisor", "ghcr.io/google/cadvisor", "google/cadvisor"}, Grants: []string{"volumes: /var/lib/docker:ro"}, Provenance: Provenance{Sources: []string{"https://github.com/google/cadvisor/blob/master/docs/running.md"}, Confidence: "documented"}},
}
