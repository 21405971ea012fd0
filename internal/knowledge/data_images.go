// Code generated from data/images.yaml by gen; DO NOT EDIT.

//go:build !bootstrap

package knowledge

var retiredTable = []RetiredImage{
	{Images: []string{"bitnami/*"}, State: "moved", Since: "2025-08-28", Successor: "bitnamilegacy/*", DropIn: true, ExceptTags: []string{"latest"}, Notes: "Images with a version in their tag were moved and get no more updates; a few are still made as \"latest\".", Provenance: Provenance{Sources: []string{"https://github.com/bitnami/containers/issues/83267"}, Confidence: "documented"}},
	{Images: []string{"bitnamilegacy/*"}, State: "unmaintained", Since: "2025-08-28", Notes: "It is a place for the old Bitnami images, which get no more updates.", Provenance: Provenance{Sources: []string{"https://github.com/bitnami/containers/issues/83267"}, Confidence: "documented"}},
	{Images: []string{"puckel/docker-airflow"}, State: "unmaintained", Since: "2020", Successor: "apache/airflow", Notes: "The last release is Airflow 1.10.9. The official image has another user, another home and other commands.", Provenance: Provenance{Sources: []string{"https://github.com/puckel/docker-airflow"}, Confidence: "read_from_source"}},
	{Images: []string{"containrrr/watchtower"}, State: "archived", Since: "2025-12-17", Successor: "nickfedor/watchtower", Notes: "The successor is a fork.", Provenance: Provenance{Sources: []string{"https://github.com/containrrr/watchtower", "https://github.com/nicholas-fedor/watchtower"}, Confidence: "read_from_source"}},
	{Images: []string{"v2tec/watchtower"}, State: "renamed", Successor: "nickfedor/watchtower", Notes: "It became containrrr/watchtower, which is archived; the successor is a fork of that.", Provenance: Provenance{Sources: []string{"https://github.com/containrrr/watchtower"}, Confidence: "inferred"}},
	{Images: []string{"pyouroboros/ouroboros"}, State: "archived", Provenance: Provenance{Sources: []string{"https://github.com/pyouroboros/ouroboros"}, Confidence: "read_from_source"}},
	{Images: []string{"spotify/docker-gc"}, State: "archived", Notes: "\"docker system prune\" does the same.", Provenance: Provenance{Sources: []string{"https://github.com/spotify/docker-gc"}, Confidence: "inferred"}},
	{Images: []string{"grafana/promtail"}, State: "unmaintained", Successor: "grafana/alloy", Notes: "The successor has another configuration file.", Provenance: Provenance{Sources: []string{"https://github.com/grafana/loki/blob/4b16bc4fa8/docs/sources/send-data/promtail/configuration.md"}, Confidence: "read_from_source"}},
	{Images: []string{"consul"}, State: "deprecated", Successor: "hashicorp/consul", DropIn: true, Provenance: Provenance{Sources: []string{"https://github.com/docker-library/docs/blob/9a94ae1827fcde48dfc1d83e5d7a14ce20b0c7a5/consul/deprecated.md"}, Confidence: "documented"}},
	{Images: []string{"vault"}, State: "deprecated", Successor: "hashicorp/vault", DropIn: true, Provenance: Provenance{Sources: []string{"https://github.com/docker-library/docs/blob/89e0ba4ac0493f593cab7af9c29c116bd34878e5/vault/deprecated.md"}, Confidence: "documented"}},
	{Images: []string{"openjdk"}, State: "deprecated", Since: "2022-07", Successor: "eclipse-temurin", Notes: "Only builds of unreleased versions are still updated. The tags of the successor are named differently.", Provenance: Provenance{Sources: []string{"https://github.com/docker-library/docs/blob/4338f094c6a22217ef19571d7adee84ca048cfab/openjdk/deprecated.md", "https://github.com/docker-library/openjdk/issues/505"}, Confidence: "documented"}},
	{Images: []string{"java"}, State: "deprecated", Since: "2016-12-31", Successor: "eclipse-temurin", Notes: "It became openjdk, which is deprecated too.", Provenance: Provenance{Sources: []string{"https://github.com/docker-library/docs/pull/660"}, Confidence: "documented"}},
	{Images: []string{"jwilder/nginx-proxy"}, State: "renamed", Successor: "nginxproxy/nginx-proxy", Provenance: Provenance{Sources: []string{"https://github.com/nginx-proxy/nginx-proxy"}, Confidence: "inferred"}},
	{Images: []string{"jwilder/docker-gen"}, State: "renamed", Successor: "nginxproxy/docker-gen", Provenance: Provenance{Sources: []string{"https://github.com/nginx-proxy/docker-gen"}, Confidence: "inferred"}},
	{Images: []string{"jrcs/letsencrypt-nginx-proxy-companion"}, State: "renamed", Successor: "nginxproxy/acme-companion", Provenance: Provenance{Sources: []string{"https://github.com/nginx-proxy/acme-companion"}, Confidence: "inferred"}},
	{Images: []string{"acouvreur/sablier"}, State: "renamed", Successor: "sablierapp/sablier", Provenance: Provenance{Sources: []string{"https://github.com/sablierapp/sablier"}, Confidence: "inferred"}},
	{Images: []string{"fmartinou/whats-up-docker"}, State: "renamed", Successor: "getwud/wud", Provenance: Provenance{Sources: []string{"https://github.com/getwud/wud"}, Confidence: "inferred"}},
	{Images: []string{"ghcr.io/benphelps/homepage"}, State: "renamed", Successor: "ghcr.io/gethomepage/homepage", Provenance: Provenance{Sources: []string{"https://github.com/gethomepage/homepage"}, Confidence: "inferred"}},
	{Images: []string{"ghcr.io/ajnart/homarr"}, State: "renamed", Successor: "ghcr.io/homarr-labs/homarr", Notes: "The successor is a new program with another configuration.", Provenance: Provenance{Sources: []string{"https://github.com/homarr-labs/homarr"}, Confidence: "inferred"}},
}
