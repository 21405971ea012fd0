package knowledge

import (
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// eachRecord calls visit with every record of every table, and with the records inside records that have sources.
func eachRecord(visit func(table string, record reflect.Value)) {
	tables := map[string]any{
		"clients": clientTable, "idle images": idleImageTable, "proxies": proxyTable, "forwarders": forwarderTable,
		"switches": switchTable, "operations": operationTable, "airflow families": airflowFamilyTable,
		"airflow commands": airflowCommandTable, "airflow executors": airflowExecutorTable,
		"airflow keys": airflowKeyTable, "airflow settings": airflowSettingTable,
		"airflow health paths": airflowHealthTable, "user contracts": userContractTable,
		"root images": rootImageTable, "ports": portTable,
		"tag words": tagWordTable, "credentials": credentialTable, "open settings": openSettingTable,
		"image health": imageHealthTable, "retired images": retiredTable,
		"official images": officialTable, "host grants": grantTable, "recipes": recipeTable,
	}
	for name, table := range tables {
		records := reflect.ValueOf(table)
		for i := range records.Len() {
			visit(name, records.Index(i))
		}
	}
	for _, contract := range userContractTable {
		for _, rule := range contract.Rules {
			visit("rules of "+contract.ID, reflect.ValueOf(rule))
		}
	}
}

func TestEveryTableIsFilled(t *testing.T) {
	count := map[string]int{}
	eachRecord(func(table string, _ reflect.Value) { count[table]++ })
	least := map[string]int{
		"clients": 109, "proxies": 8, "switches": 30, "operations": 120, "airflow settings": 170, "user contracts": 30,
		"ports": 100, "tag words": 60, "credentials": 40,
	}
	for table, want := range least {
		if count[table] < want {
			t.Errorf("%s: %d records, want at least %d", table, count[table], want)
		}
	}
}

func TestEveryRecordHasSources(t *testing.T) {
	known := []Confidence{Tested, Documented, ReadFromSource, Inferred, Unknown}
	eachRecord(func(table string, record reflect.Value) {
		origin := record.FieldByName("Provenance").Interface().(Provenance)
		if len(origin.Sources) == 0 {
			t.Errorf("%s: no source in %+v", table, record)
		}
		for _, source := range origin.Sources {
			address, err := url.Parse(source)
			if err != nil || address.Scheme != "https" || address.Host == "" {
				t.Errorf("%s: source %q is no web address", table, source)
			}
		}
		if !slices.Contains(known, origin.Confidence) {
			t.Errorf("%s: confidence %q in %+v", table, origin.Confidence, record)
		}
	})
}

// TestSentences keeps the texts that end up in reports in one style: they follow other text, so no final dot in short
// ones, and no leftovers of another notation.
func TestSentences(t *testing.T) {
	leftover := regexp.MustCompile(`\s\s|=>|\bTODO\b|\bLSIO\b|\betc\.|^\s|\s$`)
	eachRecord(func(table string, record reflect.Value) {
		for _, field := range []string{"Notes", "Effect", "Remedy", "Opens", "Risk", "Hint", "Reason"} {
			value := record.FieldByName(field)
			if !value.IsValid() {
				continue
			}
			text := value.String()
			if leftover.MatchString(text) {
				t.Errorf("%s: %s %q", table, field, text)
			}
			if full := field == "Notes" || field == "Risk"; text != "" && strings.HasSuffix(text, ".") != full {
				t.Errorf("%s: %s %q: final dot: want %v", table, field, text, full)
			}
		}
	})
}

func TestImageNames(t *testing.T) {
	for _, table := range imageTables() {
		seen := map[string]string{}
		for _, entry := range table.entries {
			for _, name := range entry.images {
				if owner, ok := seen[name]; ok {
					t.Errorf("%s: image %q belongs to %s and to %s", table.name, name, owner, entry.owner)
				}
				seen[name] = entry.owner
				checkName(t, table.name, name)
			}
		}
	}
}

type imageEntry struct {
	owner  string
	images []string
}

type imageTable struct {
	name    string
	entries []imageEntry
}

// imageTables returns the tables in which an image may stand once only.
func imageTables() []imageTable {
	clients, proxies := imageTable{name: "clients"}, imageTable{name: "proxies"}
	for _, client := range clientTable {
		clients.entries = append(clients.entries, imageEntry{client.ID, slices.Concat(client.Images, client.UnverifiedImages)})
	}
	for _, idle := range idleImageTable {
		clients.entries = append(clients.entries, imageEntry{"idle", idle.Images})
	}
	for _, proxy := range proxyTable {
		proxies.entries = append(proxies.entries, imageEntry{proxy.ID, slices.Concat(proxy.Images, proxy.UnverifiedImages)})
	}
	for _, forwarder := range forwarderTable {
		proxies.entries = append(proxies.entries, imageEntry{forwarder.ID, forwarder.Images})
	}
	families, contracts, health := imageTable{name: "airflow"}, imageTable{name: "contracts"}, imageTable{name: "health"}
	for _, family := range airflowFamilyTable {
		families.entries = append(families.entries, imageEntry{family.ID, family.Images})
	}
	for _, contract := range userContractTable {
		contracts.entries = append(contracts.entries, imageEntry{contract.ID, contract.Images})
	}
	for _, entry := range imageHealthTable {
		health.entries = append(health.entries, imageEntry{"health", entry.Images})
	}
	retired := imageTable{name: "retired"}
	for _, image := range retiredTable {
		retired.entries = append(retired.entries, imageEntry{string(image.State), image.Images})
	}
	return []imageTable{clients, proxies, families, contracts, health, retired}
}

// checkName makes sure that a name is written the way that ParseImage writes it, or it would never be found.
func checkName(t *testing.T, table, name string) {
	t.Helper()
	img := ParseImage(strings.TrimSuffix(name, "/*"))
	if img.Uncertain || img.Tag != "" || img.Digest != "" {
		t.Errorf("%s: %q is no image name", table, name)
	}
	if want := strings.TrimSuffix(name, "/*"); img.Repository != want {
		t.Errorf("%s: image %q is looked up as %q", table, name, img.Repository)
	}
}

func TestPortAndCredentialImageNames(t *testing.T) {
	for _, port := range portTable {
		for _, name := range slices.Concat(port.Images, port.Except) {
			checkName(t, port.Service, name)
		}
	}
	for _, pair := range credentialTable {
		for _, name := range pair.Images {
			checkName(t, pair.Service, name)
		}
	}
	for _, setting := range openSettingTable {
		for _, name := range setting.Images {
			checkName(t, setting.Env, name)
		}
	}
}

func TestClientPermissions(t *testing.T) {
	for _, client := range clientTable {
		sets := [][]string{
			client.PermissionsRead, client.PermissionsBase, client.PermissionsFull, client.LinuxserverBase,
		}
		for _, sign := range client.Signs {
			sets = append(sets, sign.Adds, sign.LinuxserverAdds)
			if !isSubset(sign.Adds, client.PermissionsFull) {
				t.Errorf("%s: %q adds %v, which are not all in the full set", client.ID, sign.Feature, sign.Adds)
			}
		}
		for _, name := range slices.Concat(sets...) {
			if _, ok := SwitchByName(name); !ok || name == "PING" || name == "VERSION" {
				t.Errorf("%s: unexpected permission %q", client.ID, name)
			}
		}
		if len(client.PermissionsBase) > 0 && !isSubset(client.PermissionsRead, client.PermissionsBase) {
			t.Errorf("%s: read set not within base set", client.ID)
		}
		if !isSubset(client.PermissionsBase, client.PermissionsFull) {
			t.Errorf("%s: base set not within full set", client.ID)
		}
	}
}

func isSubset(part, whole []string) bool {
	return !slices.ContainsFunc(part, func(name string) bool { return !slices.Contains(whole, name) })
}

func TestClientConsistency(t *testing.T) {
	for _, client := range clientTable {
		checkFullNeed(t, client)
		checkPostNeed(t, client)
		for _, sign := range client.Signs {
			given := 0
			for _, place := range []string{sign.Env, sign.Arg, sign.Label} {
				if place != "" {
					given++
				}
			}
			if given != 1 || sign.Feature == "" || len(sign.Adds) == 0 {
				t.Errorf("%s: sign %+v", client.ID, sign)
			}
		}
		if len(client.Images)+len(client.UnverifiedImages) == 0 && client.ID != "testcontainers" {
			t.Errorf("%s: no image", client.ID)
		}
	}
}

func checkFullNeed(t *testing.T, client Client) {
	t.Helper()
	same := len(client.PermissionsFull) > 0 && isSubset(client.PermissionsFull, client.PermissionsBase)
	switch client.FullNeed {
	case FullSame:
		if !same || len(client.Signs) > 0 {
			t.Errorf("%s: the full set differs from the base set, or there are signs", client.ID)
		}
	case FullSigns:
		if same || len(client.Signs) == 0 {
			t.Errorf("%s: nothing for the signs to tell, or no signs", client.ID)
		}
	case FullUnknown:
		if same || len(client.Signs) > 0 {
			t.Errorf("%s: the full set is the base set, or there are signs", client.ID)
		}
	default:
		t.Errorf("%s: full need %q", client.ID, client.FullNeed)
	}
}

func checkPostNeed(t *testing.T, client Client) {
	t.Helper()
	inBase := slices.Contains(client.PermissionsBase, "POST")
	inFull := slices.Contains(client.PermissionsFull, "POST")
	known := len(client.PermissionsBase) > 0
	switch client.PostRequired {
	case PostNever, PostUnknown:
		if inFull {
			t.Errorf("%s: POST is granted, but needed %q", client.ID, client.PostRequired)
		}
	case PostFullOnly:
		if inBase || !inFull {
			t.Errorf("%s: POST should be in the full set only", client.ID)
		}
	case PostAlways:
		if known && !inBase {
			t.Errorf("%s: POST should be in the base set", client.ID)
		}
	default:
		t.Errorf("%s: POST needed %q", client.ID, client.PostRequired)
	}
	if client.PostRequired != PostAlways && client.RootEquivalent == RootYes {
		t.Errorf("%s: as good as root without POST", client.ID)
	}
}

func TestClientWiring(t *testing.T) {
	for _, client := range clientTable {
		wiring := client.Wiring
		forms := map[WiringKind]bool{
			WiringEnv: len(wiring.EnvForms) > 0, WiringArgs: len(wiring.ArgForms) > 0,
			WiringConfigFile: wiring.ConfigForm != "", WiringUI: wiring.UIForm != "",
			WiringDropMount:  len(client.DropMount.WhenEnv)+len(client.DropMount.UnlessEnv) > 0,
			WiringImpossible: isEmptyWiring(wiring), WiringUnknown: isEmptyWiring(wiring),
		}
		if !forms[wiring.Kind] {
			t.Errorf("%s: wiring %q without its form", client.ID, wiring.Kind)
		}
		if wiring.Kind != WiringEnv && wiring.Kind != WiringArgs && len(wiring.EnvForms)+len(wiring.ArgForms) > 0 {
			t.Errorf("%s: wiring %q has variables or arguments", client.ID, wiring.Kind)
		}
		checkPlaceholders(t, client)
		if setsDockerHost(client) && client.IgnoresDockerHost {
			t.Errorf("%s: told to set DOCKER_HOST, which it ignores", client.ID)
		}
	}
}

func isEmptyWiring(w Wiring) bool {
	return len(w.EnvForms)+len(w.ArgForms)+len(w.OtherEnv) == 0 && w.ConfigForm == "" && w.UIForm == ""
}

// checkPlaceholders makes sure that each form names the endpoint exactly once, and nothing of an endpoint is left
// over.
func checkPlaceholders(t *testing.T, client Client) {
	t.Helper()
	var env []string
	for _, v := range client.Wiring.EnvForms {
		env = append(env, v.Value)
	}
	forms := []string{strings.Join(env, " "), strings.Join(client.Wiring.ArgForms, " "), client.Wiring.ConfigForm}
	for _, alternative := range client.Wiring.OtherEnv {
		forms = append(forms, alternative.EnvForms[0].Value)
		if alternative.When == "" {
			t.Errorf("%s: an alternative without its condition", client.ID)
		}
	}
	for _, form := range forms {
		if form == "" {
			continue
		}
		if strings.Count(form, "{host}") != 1 || strings.Count(form, "{port}") != 1 || strings.Contains(form, "2375") {
			t.Errorf("%s: form %q", client.ID, form)
		}
	}
}

func setsDockerHost(client Client) bool {
	vars := client.Wiring.EnvForms
	for _, alternative := range client.Wiring.OtherEnv {
		vars = append(slices.Clone(vars), alternative.EnvForms...)
	}
	return slices.ContainsFunc(vars, func(v EnvVar) bool { return v.Name == "DOCKER_HOST" })
}

func TestProxyConsistency(t *testing.T) {
	for _, proxy := range proxyTable {
		if (proxy.Rules == RulesSwitches) != (len(proxy.Switches) > 0) {
			t.Errorf("%s: rules %q with %d switches", proxy.ID, proxy.Rules, len(proxy.Switches))
		}
		if !isSubset(proxy.OnByDefault, proxy.Switches) {
			t.Errorf("%s: on by default, but no switch: %v", proxy.ID, proxy.OnByDefault)
		}
		if _, bad := proxy.IsBadTag(proxy.PinnedTag); bad {
			t.Errorf("%s: tag %s is both pinned and bad", proxy.ID, proxy.PinnedTag)
		}
		if word, moving := MovingTag(Image{Tag: proxy.PinnedTag}); moving {
			t.Errorf("%s: pinned tag %s moves (%s)", proxy.ID, proxy.PinnedTag, word)
		}
		if !proxy.Hardening.ReadOnlyTags.Contains(proxy.PinnedTag) && proxy.Hardening.ReadOnly {
			t.Errorf("%s: tag %s cannot run read-only", proxy.ID, proxy.PinnedTag)
		}
	}
}

func TestOperationsNameSwitches(t *testing.T) {
	for _, operation := range operationTable {
		for _, name := range slices.Concat(operation.Switches, operation.OtherSwitches, operation.LinuxserverAdds) {
			if _, ok := SwitchByName(name); !ok {
				t.Errorf("%s: unknown switch %q", operation.ID, name)
			}
		}
	}
}

func TestAirflowVersionsAreComplete(t *testing.T) {
	var versions []string
	for _, setting := range airflowSettingTable {
		versions = append(versions, setting.Since, setting.IgnoredFrom, setting.ReadAgainFrom)
		if (setting.Kind == SettingRemoved) != (setting.New == "") {
			t.Errorf("%s: %s with new name %q", setting.Old, setting.Kind, setting.New)
		}
	}
	for _, command := range airflowCommandTable {
		versions = append(versions, command.RemovedIn)
	}
	for _, executor := range airflowExecutorTable {
		versions = append(versions, executor.RemovedIn)
	}
	for _, path := range airflowHealthTable {
		versions = append(versions, path.From, path.Before)
	}
	for _, family := range airflowFamilyTable {
		versions = append(versions, family.ChecksGroupFrom)
	}
	for _, version := range versions {
		if _, ok := ParseVersion(version); version != "" && !ok {
			t.Errorf("version %q cannot be read", version)
		}
	}
}

func TestUserRules(t *testing.T) {
	for _, contract := range userContractTable {
		for i, rule := range contract.Rules {
			if !slices.Contains([]Outcome{OutcomeWorks, OutcomeDepends, OutcomeWarns, OutcomeFails}, rule.Outcome) {
				t.Errorf("%s, rule %d: outcome %q", contract.ID, i, rule.Outcome)
			}
			if rule.Outcome != OutcomeWorks && (rule.Effect == "" || rule.Remedy == "" && rule.Outcome == OutcomeFails) {
				t.Errorf("%s, rule %d: neither effect nor remedy", contract.ID, i)
			}
			if rule.FixUser == "" {
				continue
			}
			fixed, _ := contract.Check(ParseUser(rule.FixUser), UserSituation{})
			if fixed.Outcome != OutcomeWorks {
				t.Errorf("%s, rule %d: the fix %q %s", contract.ID, i, rule.FixUser, fixed.Outcome)
			}
		}
	}
}

func TestTagWordsAreFound(t *testing.T) {
	seen := map[string]bool{}
	for _, word := range tagWordTable {
		if seen[word.Word] {
			t.Errorf("%q stands twice", word.Word)
		}
		seen[word.Word] = true
		if found, ok := tagWordOf(word.Word); !ok || found.Word != word.Word || strings.ContainsAny(word.Word, "-_") {
			t.Errorf("%q is never found", word.Word)
		}
	}
}

func TestEnumerations(t *testing.T) {
	known := map[string]any{
		"PortKind": []PortKind{
			PortDatabase, PortCache, PortBroker, PortSearch, PortCoordination, PortEngine, PortShell, PortDesktop, PortFiles,
			PortDirectory, PortSecrets, PortConsole, PortStorage, PortCluster,
		},
		"TagWordKind":     []TagWordKind{TagChannel, TagPointer, TagVariant},
		"SwitchKind":      []SwitchKind{SwitchSection, SwitchMethods, SwitchAction, SwitchSubresource},
		"SettingKind":     []SettingKind{SettingRenamed, SettingMerged, SettingConverted, SettingRemoved},
		"ProxyRules":      []ProxyRules{RulesSwitches, RulesFlags, RulesFile, RulesFixed, RulesResponse},
		"RootEquivalence": []RootEquivalence{RootNo, RootFineGrainedOnly, RootFullOnly, RootYes},
		"SocketPassing":   []SocketPassing{PassesNever, PassesAlways, PassesByDefault, PassesIfConfigured},
		"UserClass":       []UserClass{UserAny, UserRoot, UserNonRoot, UserDefault, UserOther},
		"GroupClass":      []GroupClass{GroupAny, GroupZero, GroupNonZero},
		"RetiredState": []RetiredState{
			RetiredMoved, RetiredRenamed, RetiredDeprecated, RetiredArchived, RetiredUnmaintained,
		},
		"AirflowComponent": []AirflowComponent{
			AirflowWebserver, AirflowAPIServer, AirflowScheduler, AirflowWorker, AirflowTriggerer, AirflowDagProcessor,
			AirflowFlower, AirflowStandalone, AirflowKerberos, AirflowOnce,
		},
	}
	eachRecord(func(table string, record reflect.Value) {
		for i := range record.NumField() {
			field := record.Field(i)
			values, ok := known[field.Type().Name()]
			if !ok {
				continue
			}
			if !slices.Contains(texts(values), field.String()) {
				t.Errorf("%s: %s is %q", table, record.Type().Field(i).Name, field)
			}
		}
	})
}

// texts returns the values of a slice of any string type.
func texts(values any) []string {
	var found []string
	slice := reflect.ValueOf(values)
	for i := range slice.Len() {
		found = append(found, slice.Index(i).String())
	}
	return found
}
