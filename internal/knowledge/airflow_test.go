package knowledge

import (
	"slices"
	"testing"
)

func TestParseVersion(t *testing.T) {
	tests := []struct {
		text string
		want string
		ok   bool
	}{
		{"2.10.5", "2.10.5", true},
		{"2.10.5-python3.12", "2.10.5", true},
		{"3.0.0b4", "3.0.0", true},
		{"2.10", "0.0.0", false},
		{"2", "0.0.0", false},
		{"latest", "0.0.0", false},
		{"", "0.0.0", false},
		{"2..5", "0.0.0", false},
		{"9999999.0.0", "0.0.0", false},
	}
	for _, test := range tests {
		if got, ok := ParseVersion(test.text); got.String() != test.want || ok != test.ok {
			t.Errorf("%q: got %s, %v", test.text, got, ok)
		}
	}
}

func TestAirflowVersion(t *testing.T) {
	tests := []struct {
		image string
		want  Version
	}{
		{"apache/airflow:2.10.5", Version{2, 10, 5}},
		{"apache/airflow:slim-3.0.4-python3.12", Version{3, 0, 4}},
		{"${AIRFLOW_IMAGE_NAME:-apache/airflow:2.7.3}", Version{2, 7, 3}},
		{"puckel/docker-airflow:1.10.9", Version{1, 10, 9}},
		{"bitnami/airflow:2.9.1-debian-12-r0", Version{2, 9, 1}},
		{"apache/airflow:latest", Version{}},
		{"apache/airflow", Version{}},
		{"apache/airflow:${TAG}", Version{}},
		{"quay.io/astronomer/astro-runtime:9.1.0", Version{}}, // the version of the runtime
		{"example/airflow:2.10.5", Version{}},
	}
	for _, test := range tests {
		if got, ok := AirflowVersion(ParseImage(test.image)); got != test.want || ok != !test.want.IsZero() {
			t.Errorf("%s: got %s, %v", test.image, got, ok)
		}
	}
}

func TestChecksGroup(t *testing.T) {
	tests := []struct {
		image string
		want  bool
	}{
		{"apache/airflow:2.0.2", true},
		{"apache/airflow:2.0.1", false},
		{"apache/airflow:3.2.2", true},
		{"apache/airflow:latest", true},
		{"bitnami/airflow:2.9.1", false},
		{"puckel/docker-airflow:1.10.9", false},
	}
	for _, test := range tests {
		img := ParseImage(test.image)
		family, ok := AirflowFamilyFor(img)
		version, _ := AirflowVersion(img)
		if got := family.ChecksGroup(version); !ok || got != test.want {
			t.Errorf("%s: got %v", test.image, got)
		}
	}
}

func TestAirflowTraces(t *testing.T) {
	tests := []struct {
		name    string
		traces  AirflowTraces
		family  string
		certain bool
	}{
		{"by image", AirflowTraces{Image: ParseImage("apache/airflow:2.10.5")}, "apache", true},
		{"variable and command", AirflowTraces{Image: ParseImage("team/etl:3"),
			Variables: []string{"AIRFLOW__CORE__EXECUTOR"}, Command: []string{"scheduler"}}, "apache", false},
		{"variable and mount", AirflowTraces{Variables: []string{"AIRFLOW_CONN_DB"}, Targets: []string{"/opt/airflow/dags"}},
			"apache", false},
		{"mounts of Bitnami", AirflowTraces{Command: []string{"airflow", "webserver"}, Targets: []string{"/opt/bitnami/airflow"}},
			"bitnami", false},
		{"variable alone", AirflowTraces{Variables: []string{"AIRFLOW__CORE__EXECUTOR"}}, "", false},
		{"command alone", AirflowTraces{Command: []string{"worker"}}, "", false},
		{"mount alone", AirflowTraces{Targets: []string{"/opt/airflow/dags"}}, "", false},
		{"a database named after it", AirflowTraces{Image: ParseImage("postgres"), Variables: []string{"POSTGRES_DB"},
			Targets: []string{"/opt/airflower"}}, "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			family, certain, ok := test.traces.Family()
			if family.ID != test.family || certain != test.certain || ok != (test.family != "") {
				t.Errorf("got %q, %v, %v", family.ID, certain, ok)
			}
		})
	}
}

func TestAirflowUserContract(t *testing.T) {
	want := map[string]string{
		"apache": "airflow", "astronomer-airflow": "astronomer-airflow", "astronomer-runtime": "astronomer-runtime",
		"bitnami": "bitnami", "puckel": "puckel-airflow",
	}
	for _, family := range airflowFamilyTable {
		contract, ok := UserContractFor(ParseImage(family.Images[0]))
		if !ok || contract.ID != want[family.ID] || contract.DefaultUID != family.DefaultUID {
			t.Errorf("%s: got %q with user %s", family.ID, contract.ID, contract.DefaultUID)
		}
	}
}

func TestAirflowCommandOf(t *testing.T) {
	tests := []struct {
		name      string
		command   []string
		words     string
		component AirflowComponent
	}{
		{"one word", []string{"scheduler"}, "scheduler", AirflowScheduler},
		{"two words", []string{"celery", "worker"}, "celery worker", AirflowWorker},
		{"one text", []string{"celery worker -q default"}, "celery worker", AirflowWorker},
		{"with the program", []string{"airflow", "triggerer"}, "triggerer", AirflowTriggerer},
		{"with a path", []string{"/home/airflow/.local/bin/airflow", "dag-processor"}, "dag-processor", AirflowDagProcessor},
		{"entrypoint in a shell", []string{"-c", "exec /entrypoint airflow version"}, "version", AirflowOnce},
		{"migration, then a component", []string{"bash", "-c", "airflow db migrate && exec airflow scheduler"},
			"scheduler", AirflowScheduler},
		{"component, then a command that ends", []string{"bash -c 'airflow webserver & airflow version'"},
			"webserver", AirflowWebserver},
		{"removed command", []string{"initdb"}, "initdb", AirflowOnce},
		{"other program", []string{"python", "-m", "http.server"}, "", ""},
		{"word in another place", []string{"echo", "scheduler"}, "", ""},
		{"nothing", nil, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, ok := AirflowCommandOf(test.command)
			if got.Words != test.words || got.Component != test.component || ok != (test.words != "") {
				t.Errorf("got %q, %q", got.Words, got.Component)
			}
		})
	}
}

// TestAirflowSuccessors makes sure that what replaces a command is a command that is still there.
func TestAirflowSuccessors(t *testing.T) {
	for _, command := range airflowCommandTable {
		if command.Successor == "" {
			continue
		}
		successor, ok := AirflowCommandOf([]string{"airflow", command.Successor})
		if !ok || successor.RemovedIn != "" {
			t.Errorf("%s: successor %q is no current command", command.Words, command.Successor)
		}
	}
}

func TestAirflowTaskRunners(t *testing.T) {
	tests := []struct {
		executors string
		want      []AirflowComponent
		known     bool
	}{
		{"LocalExecutor", []AirflowComponent{AirflowScheduler, AirflowStandalone}, true},
		{"CeleryExecutor", []AirflowComponent{AirflowWorker}, true},
		{"airflow.providers.celery.executors.celery_executor.CeleryExecutor", []AirflowComponent{AirflowWorker}, true},
		{"CeleryExecutor,KubernetesExecutor", []AirflowComponent{AirflowWorker}, true},
		{"LocalExecutor, CeleryExecutor", []AirflowComponent{AirflowScheduler, AirflowStandalone, AirflowWorker}, true},
		{"team1=CeleryExecutor", []AirflowComponent{AirflowWorker}, true},
		{"KubernetesExecutor", nil, true},
		{"my.own.Executor", nil, false},
		{"", nil, false},
	}
	for _, test := range tests {
		got, known := AirflowTaskRunners(test.executors)
		if !slices.Equal(got, test.want) || known != test.known {
			t.Errorf("%q: got %v, %v", test.executors, got, known)
		}
	}
}

func TestAirflowPublishedKey(t *testing.T) {
	const fernet = "46BKJoQYlPPOexq0OhDZnIlNepKFf87WFwLbfzqDDho="
	if key, ok := AirflowPublishedKey("AIRFLOW__CORE__FERNET_KEY", fernet); !ok || key.Where == "" {
		t.Error("the key of the old images is not known")
	}
	if _, ok := AirflowPublishedKey("AIRFLOW__API_AUTH__JWT_SECRET", fernet); ok {
		t.Error("a Fernet key is taken for a JWT secret")
	}
	if _, ok := AirflowPublishedKey("AIRFLOW__CORE__FERNET_KEY", ""); ok {
		t.Error("an empty key is taken for a published one")
	}
}

func TestAirflowSettingFor(t *testing.T) {
	tests := []struct {
		name, variable string
		version        Version
		kind           SettingKind
		successor      string
		ignored        bool
	}{
		{"database, before", "AIRFLOW__CORE__SQL_ALCHEMY_CONN", Version{2, 2, 5}, "", "", false},
		{"database, renamed", "AIRFLOW__CORE__SQL_ALCHEMY_CONN", Version{2, 3, 0}, SettingRenamed,
			"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", false},
		{"database, ignored", "AIRFLOW__CORE__SQL_ALCHEMY_CONN", Version{3, 0, 0}, SettingRenamed,
			"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", true},
		{"from a command", "AIRFLOW__CORE__SQL_ALCHEMY_CONN_CMD", Version{2, 9, 0}, SettingRenamed,
			"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD", false},
		{"renamed twice, first", "AIRFLOW__API__AUTH_BACKEND", Version{2, 10, 5}, SettingRenamed,
			"AIRFLOW__API__AUTH_BACKENDS", false},
		{"renamed twice, second", "AIRFLOW__API__AUTH_BACKEND", Version{3, 0, 4}, SettingRenamed,
			"AIRFLOW__FAB__AUTH_BACKENDS", true},
		{"current name in 2", "AIRFLOW__API__AUTH_BACKENDS", Version{2, 10, 5}, "", "", false},
		{"secret key, before it moved", "AIRFLOW__WEBSERVER__SECRET_KEY", Version{3, 0, 1}, "", "", false},
		{"secret key, moved", "AIRFLOW__WEBSERVER__SECRET_KEY", Version{3, 0, 2}, SettingRenamed,
			"AIRFLOW__API__SECRET_KEY", false},
		{"base address, ignored", "AIRFLOW__WEBSERVER__BASE_URL", Version{3, 1, 5}, SettingRenamed,
			"AIRFLOW__API__BASE_URL", true},
		{"base address, read again", "AIRFLOW__WEBSERVER__BASE_URL", Version{3, 1, 6}, SettingRenamed,
			"AIRFLOW__API__BASE_URL", false},
		{"merged", "AIRFLOW__CELERY__TASK_ADOPTION_TIMEOUT", Version{2, 6, 0}, SettingMerged,
			"AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT", false},
		{"converted", "AIRFLOW__WEBSERVER__SESSION_LIFETIME_DAYS", Version{3, 0, 0}, SettingConverted,
			"AIRFLOW__FAB__SESSION_LIFETIME_MINUTES", true},
		{"removed", "AIRFLOW__WEBSERVER__WORKER_CLASS", Version{3, 0, 0}, SettingRemoved, "", true},
		{"of the entrypoint", "_AIRFLOW_DB_UPGRADE", Version{2, 8, 0}, SettingRenamed, "_AIRFLOW_DB_MIGRATE", false},
		{"unknown version", "AIRFLOW__WEBSERVER__WORKER_CLASS", Version{}, "", "", false},
		{"never changed", "AIRFLOW__CORE__EXECUTOR", Version{3, 0, 0}, "", "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			setting, ok := AirflowSettingFor(test.variable, test.version)
			if setting.Kind != test.kind || setting.New != test.successor || ok != (test.kind != "") {
				t.Errorf("got %q, %q", setting.Kind, setting.New)
			}
			if ignored := ok && setting.IsIgnored(test.version); ignored != test.ignored {
				t.Errorf("ignored: got %v", ignored)
			}
		})
	}
}

func TestAirflowHealthPaths(t *testing.T) {
	served := func(path string, version Version) bool {
		i := slices.IndexFunc(AirflowHealthPaths(), func(p AirflowHealthPath) bool { return p.Path == path })
		return i >= 0 && AirflowHealthPaths()[i].ServedBy(version)
	}
	tests := []struct {
		path    string
		version Version
		want    bool
	}{
		{"/health", Version{1, 10, 9}, true},
		{"/health", Version{2, 10, 5}, true},
		{"/health", Version{3, 0, 0}, false},
		{"/api/v2/version", Version{3, 0, 4}, true},
		{"/api/v2/monitor/health", Version{2, 11, 0}, false},
		{"/api/v1/health", Version{2, 5, 0}, true},
	}
	for _, test := range tests {
		if got := served(test.path, test.version); got != test.want {
			t.Errorf("%s in %s: got %v", test.path, test.version, got)
		}
	}
}

func TestFamiliesByHome(t *testing.T) {
	for path, want := range map[string]bool{
		"/opt/airflow": true, "/opt/airflow/dags": true, "/usr/local/airflow/dags": true, "/opt/airflower": false, "/": false,
	} {
		if found := (AirflowTraces{Targets: []string{path}}).familiesByHome(); (len(found) > 0) != want {
			t.Errorf("%s: got %v", path, found)
		}
	}
}
