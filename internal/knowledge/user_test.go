package knowledge

import (
	"slices"
	"testing"
)

func TestParseUser(t *testing.T) {
	tests := []struct {
		text   string
		want   User
		isRoot bool
	}{
		{"1000:0", User{"1000", "0"}, false},
		{"1000", User{"1000", ""}, false},
		{"1000:", User{"1000", ""}, false},
		{"airflow:docker", User{"airflow", "docker"}, false},
		{":0", User{"0", "0"}, true},
		{":", User{"0", ""}, true},
		{"", User{"0", ""}, true},
		{"root", User{"root", ""}, true},
		{" 0:0 ", User{"0", "0"}, true},
	}
	for _, test := range tests {
		if got := ParseUser(test.text); got != test.want || got.IsRoot() != test.isRoot {
			t.Errorf("%q: got %+v, root %v", test.text, got, got.IsRoot())
		}
	}
}

// TestAirflowUsers goes through every spelling of "user:" that was seen in real files.
func TestAirflowUsers(t *testing.T) {
	tests := []struct {
		user string
		want Outcome
	}{
		{"airflow", OutcomeWorks},
		{"50000", OutcomeWorks},
		{"50000:0", OutcomeWorks},
		{"1000:0", OutcomeWorks},
		{"airflow:0", OutcomeWorks},
		{"airflow:root", OutcomeWorks},
		{"1000", OutcomeWorks}, // a number that the image does not know has group 0
		{"5000", OutcomeWorks},
		{"999", OutcomeWorks},
		{"1000:", OutcomeWorks},
		{"airflow:", OutcomeWorks},
		{"50000:50000", OutcomeWarns},
		{"50000:999", OutcomeWarns},
		{"airflow:999", OutcomeWarns},
		{"airflow:1000", OutcomeWarns},
		{"airflow:docker", OutcomeWarns},
		{"1000:999", OutcomeFails},
		{"1000:1000", OutcomeFails},
		{"1001:50000", OutcomeFails},
		{"0:999", OutcomeFails},
		{"root", OutcomeWorks},
		{"0", OutcomeWorks},
		{"0:0", OutcomeWorks},
		{":0", OutcomeWorks},
		{":", OutcomeWorks},
	}
	contract, ok := UserContractFor(ParseImage("apache/airflow:2.10.5"))
	if !ok {
		t.Fatal("Airflow has no contract")
	}
	for _, test := range tests {
		rule, ok := contract.Check(ParseUser(test.user), UserSituation{Tag: "2.10.5"})
		if !ok || rule.Outcome != test.want {
			t.Errorf("%q: got %q, want %q", test.user, rule.Outcome, test.want)
		}
	}
}

func TestUserContracts(t *testing.T) {
	mounted := func(places ...string) func(string) bool {
		return func(target string) bool { return slices.Contains(places, target) }
	}
	set := func(names ...string) func(string) bool {
		return func(name string) bool { return slices.Contains(names, name) }
	}
	tests := []struct {
		name, image, user string
		situation         UserSituation
		want              Outcome
	}{
		{"group of the socket for Telegraf", "telegraf:1.30", "telegraf:999", UserSituation{}, OutcomeWorks},
		{"number for Telegraf", "telegraf:1.30", "1000:999", UserSituation{}, ""},
		{"Astronomer's own user", "quay.io/astronomer/ap-airflow:2.4.3", "astro", UserSituation{}, OutcomeWorks},
		{"another user of Astronomer", "quay.io/astronomer/ap-airflow:2.4.3", "1000:0", UserSituation{}, OutcomeFails},
		{"database, Debian", "postgres:16", "1000:1000", UserSituation{Tag: "16"}, OutcomeWorks},
		{"database, Alpine", "postgres:16-alpine", "1000:1000", UserSituation{Tag: "16-alpine"}, OutcomeDepends},
		{"database, Alpine, with users", "postgres:16-alpine", "1000:1000",
			UserSituation{Tag: "16-alpine", Mounted: mounted("/etc/passwd")}, OutcomeWorks},
		{"search, other group", "elasticsearch:8.19.0", "1001:1001", UserSituation{}, OutcomeFails},
		{"search, group added", "elasticsearch:8.19.0", "1001:1001", UserSituation{GroupAddZero: true}, OutcomeWorks},
		{"search, own user", "docker.elastic.co/elasticsearch/elasticsearch:8.19.0", "1000:0", UserSituation{}, OutcomeWorks},
		{"search, own user with another group", "elasticsearch:8.19.0", "1000:1000", UserSituation{}, OutcomeWorks},
		{"ClickHouse without mounts", "clickhouse/clickhouse-server", "1000:1000", UserSituation{}, OutcomeFails},
		{"ClickHouse with mounts", "clickhouse/clickhouse-server", "1000:1000",
			UserSituation{Mounted: mounted("/var/lib/clickhouse", "/var/log/clickhouse-server")}, OutcomeWorks},
		{"linuxserver with PUID", "lscr.io/linuxserver/sonarr", "1000:1000", UserSituation{Environment: set("PUID")}, OutcomeWarns},
		{"linuxserver without PUID", "lscr.io/linuxserver/sonarr", "1000:1000", UserSituation{}, OutcomeDepends},
		{"linuxserver's proxy is another matter", "lscr.io/linuxserver/socket-proxy", "1000:1000", UserSituation{}, ""},
		{"notebook with variables", "quay.io/jupyter/scipy-notebook", "1000", UserSituation{Environment: set("NB_UID")}, OutcomeWarns},
		{"notebook as root", "quay.io/jupyter/scipy-notebook", "root", UserSituation{Environment: set("NB_UID")}, OutcomeWorks},
		{"namespace", "bitnami/redis", "1001", UserSituation{}, OutcomeWorks},
		{"namespace in a private copy", "registry.example/bitnami/redis", "1500:1500", UserSituation{}, OutcomeDepends},
		{"group 0 for Keycloak", "quay.io/keycloak/keycloak", "1500:0", UserSituation{}, OutcomeWorks},
		{"blog's command line", "wordpress:cli", "33:33", UserSituation{Tag: "cli"}, OutcomeDepends},
		{"old Airflow", "apache/airflow:2.0.1", "1001:1003", UserSituation{Tag: "2.0.1"}, OutcomeDepends},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			contract, ok := UserContractFor(ParseImage(test.image))
			if !ok {
				t.Fatal("no contract")
			}
			rule, ok := contract.Check(ParseUser(test.user), test.situation)
			if rule.Outcome != test.want || ok != (test.want != "") {
				t.Errorf("got %q, want %q", rule.Outcome, test.want)
			}
		})
	}
	if _, ok := UserContractFor(ParseImage("example/app")); ok {
		t.Error("an unknown image has a contract")
	}
}
