// Command gen turns the data files of package knowledge into Go tables.
//
// It reads the YAML files strictly: a key that the table's type does not have is an error, so that a misspelt fact is
// not lost. Run it with "go generate ./internal/knowledge".
package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"go/format"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"composelint/internal/knowledge"
)

func main() {
	dir := flag.String("dir", "data", "directory of the YAML files")
	out := flag.String("out", ".", "directory to write the Go files to")
	flag.Parse()
	if err := run(*dir, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(dir, out string) error {
	files, err := generate(dir)
	if err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(out, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// The data files. A field's "table" tag names the variable that it becomes; "anchors" only holds values that the rest
// of the file refers to.
type (
	clientFile struct {
		Anchors    any                   `yaml:"anchors"`
		Clients    []knowledge.Client    `yaml:"clients" table:"clientTable"`
		IdleImages []knowledge.IdleImage `yaml:"idle_images" table:"idleImageTable"`
	}
	proxyFile struct {
		Anchors    any                   `yaml:"anchors"`
		Proxies    []knowledge.Proxy     `yaml:"proxies" table:"proxyTable"`
		Forwarders []knowledge.Forwarder `yaml:"forwarders" table:"forwarderTable"`
		Switches   []knowledge.Switch    `yaml:"switches" table:"switchTable"`
		Operations []knowledge.Operation `yaml:"operations" table:"operationTable"`
	}
	airflowFile struct {
		Anchors     any                           `yaml:"anchors"`
		Families    []knowledge.AirflowFamily     `yaml:"families" table:"airflowFamilyTable"`
		Commands    []knowledge.AirflowCommand    `yaml:"commands" table:"airflowCommandTable"`
		Executors   []knowledge.AirflowExecutor   `yaml:"executors" table:"airflowExecutorTable"`
		Keys        []knowledge.AirflowKey        `yaml:"published_keys" table:"airflowKeyTable"`
		Settings    []knowledge.AirflowSetting    `yaml:"settings" table:"airflowSettingTable"`
		HealthPaths []knowledge.AirflowHealthPath `yaml:"health_paths" table:"airflowHealthTable"`
	}
	userFile struct {
		Anchors   any                      `yaml:"anchors"`
		Contracts []knowledge.UserContract `yaml:"contracts" table:"userContractTable"`
		Roots     []knowledge.RootImages   `yaml:"root_images" table:"rootImageTable"`
	}
	portFile struct {
		Anchors any              `yaml:"anchors"`
		Ports   []knowledge.Port `yaml:"ports" table:"portTable"`
	}
	grantFile struct {
		HostGrants []knowledge.HostGrant `yaml:"host_grants" table:"grantTable"`
	}
	tagFile struct {
		Anchors any                 `yaml:"anchors"`
		Words   []knowledge.TagWord `yaml:"words" table:"tagWordTable"`
	}
	imageFile struct {
		Anchors  any                        `yaml:"anchors"`
		Retired  []knowledge.RetiredImage   `yaml:"retired" table:"retiredTable"`
		Official []knowledge.OfficialImages `yaml:"official" table:"officialTable"`
	}
	recipeFile struct {
		Anchors any                `yaml:"anchors"`
		Recipes []knowledge.Recipe `yaml:"recipes" table:"recipeTable"`
	}
	credentialFile struct {
		Anchors      any                     `yaml:"anchors"`
		Credentials  []knowledge.Credential  `yaml:"credentials" table:"credentialTable"`
		OpenSettings []knowledge.OpenSetting `yaml:"open_settings" table:"openSettingTable"`
		ImageHealth  []knowledge.ImageHealth `yaml:"image_health" table:"imageHealthTable"`
	}
)

// generate returns the Go files by name.
func generate(dir string) (map[string][]byte, error) {
	var (
		clients     clientFile
		proxies     proxyFile
		airflow     airflowFile
		users       userFile
		ports       portFile
		grants      grantFile
		tags        tagFile
		images      imageFile
		credentials credentialFile
		recipes     recipeFile
	)
	sets := map[string]any{
		"clients": &clients, "proxies": &proxies, "airflow": &airflow, "users": &users, "ports": &ports, "grants": &grants,
		"tags": &tags, "images": &images, "credentials": &credentials, "recipes": &recipes,
	}
	for name, set := range sets {
		if err := readStrictly(filepath.Join(dir, name+".yaml"), set); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(clients.Clients, func(a, b knowledge.Client) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(proxies.Switches, func(a, b knowledge.Switch) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(proxies.Operations, func(a, b knowledge.Operation) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(users.Contracts, func(a, b knowledge.UserContract) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(ports.Ports, func(a, b knowledge.Port) int { return cmp.Compare(a.Number, b.Number) })
	slices.SortStableFunc(airflow.Settings, compareSettings)

	files := map[string][]byte{}
	for name, set := range sets {
		content, err := goTables(name+".yaml", reflect.ValueOf(set).Elem())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files["data_"+name+".go"] = content
	}
	return files, nil
}

func compareSettings(a, b knowledge.AirflowSetting) int {
	if a.Old != b.Old {
		return cmp.Compare(a.Old, b.Old)
	}
	first, _ := knowledge.ParseVersion(a.Since)
	second, _ := knowledge.ParseVersion(b.Since)
	if first == second {
		return 0
	}
	if first.AtLeast(second) {
		return 1
	}
	return -1
}

func readStrictly(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: more than one document", path)
	}
	return nil
}

// goTables prints every field of the file that has a table tag as a variable, one record a line.
func goTables(source string, file reflect.Value) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "// Code generated from data/%s by gen; DO NOT EDIT.\n\n", source)
	b.WriteString("//go:build !bootstrap\n\npackage knowledge\n")
	for i := range file.NumField() {
		table := file.Type().Field(i).Tag.Get("table")
		if table == "" {
			continue
		}
		records := file.Field(i)
		fmt.Fprintf(&b, "\nvar %s = []%s{\n", table, records.Type().Elem().Name())
		for at := range records.Len() {
			b.WriteString(fields(records.Index(at)) + ",\n")
		}
		b.WriteString("}\n")
	}
	return format.Source(b.Bytes())
}

// fields prints a struct's fields that are not zero, in braces.
func fields(record reflect.Value) string {
	var parts []string
	for i := range record.NumField() {
		if value := record.Field(i); !value.IsZero() {
			parts = append(parts, record.Type().Field(i).Name+": "+literal(value))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// literal prints a value as a Go expression for a place where its type is known, but for its composite type.
func literal(value reflect.Value) string {
	switch value.Kind() {
	case reflect.String:
		return strconv.Quote(value.String())
	case reflect.Bool:
		return strconv.FormatBool(value.Bool())
	case reflect.Int:
		return strconv.FormatInt(value.Int(), 10)
	case reflect.Struct:
		return value.Type().Name() + fields(value)
	case reflect.Slice:
		var items []string
		for i := range value.Len() {
			item := value.Index(i)
			if item.Kind() == reflect.Struct {
				items = append(items, fields(item))
				continue
			}
			items = append(items, literal(item))
		}
		return "[]" + value.Type().Elem().Name() + "{" + strings.Join(items, ", ") + "}"
	}
	panic(fmt.Sprintf("internal error: no literal for %s", value.Type()))
}
