package compose

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/schema"

	"composelint/internal/source"
)

// decoded reads the documents of a file as they are before they are merged: the values that the schema is about.
func decoded(path string, data []byte) (models []*Value) {
	file, err := source.Parse(path, data)
	if err != nil {
		return nil
	}
	d := &decoder{r: &resolver{options: &Options{}}, file: file, scope: &scope{}}
	for _, document := range file.Documents {
		if model := d.value(document, place{attr: specification()}); model.Kind == Map {
			models = append(models, model)
		}
	}
	return models
}

// violations returns what validate reports.
func violations(model *Value) []Problem {
	r := &resolver{}
	r.validate(model)
	return r.problems
}

// requireVerdict fails where compose-go does not agree on whether a model is valid. It returns what both say.
func requireVerdict(t *testing.T, name string, model *Value) ([]Problem, error) {
	t.Helper()
	plain, _ := model.Plain().(map[string]any)
	want := schema.Validate(plain)
	got := violations(model)
	if (want == nil) != (len(got) == 0) {
		t.Fatalf("%s: compose-go says %v, validate says %v\n%v", name, want, got, plain)
	}
	return got, want
}

// requirePlace fails, too, where what compose-go reports is at no place that validate reports. It can only tell for
// keys without dots.
func requirePlace(t *testing.T, name string, model *Value) (valid bool) {
	t.Helper()
	got, want := requireVerdict(t, name, model)
	if want != nil && !isAtOne(got, want.Error()) {
		t.Errorf("%s: validate has nothing at the place of %q: %v", name, want, got)
	}
	return want == nil
}

// isAtOne reports whether the message of compose-go begins with the path of one of the problems, or of the mapping
// around it, as it does for keys.
func isAtOne(problems []Problem, message string) bool {
	if strings.HasPrefix(message, "json: ") {
		return true
	}
	message = withoutIndexes(message)
	return slices.ContainsFunc(problems, func(p Problem) bool {
		path := withoutIndexes(p.Path)
		around := path[:max(0, strings.LastIndexByte(path, '.'))]
		return strings.HasPrefix(message, path+" ") || strings.HasPrefix(message, around+" ")
	})
}

var listIndex = regexp.MustCompile(`\.(\d+\b|\[\])`)

func withoutIndexes(s string) string { return listIndex.ReplaceAllString(s, ".#") }

func TestValidateMessages(t *testing.T) {
	for _, test := range []struct {
		name, yaml string
		want       []string // line:column, message
	}{
		{"misspelt attribute", "services:\n  web:\n    image: nginx\n    prots: [80]\n",
			[]string{`4:5 "prots" is not an attribute of a service; did you mean "ports"?`}},
		{"unknown attribute", "services:\n  web:\n    image: nginx\n    zzzzzz: 1\n",
			[]string{`4:5 "zzzzzz" is not an attribute of a service`}},
		{"unknown attribute within one", "services:\n  web:\n    build:\n      contxt: .\n",
			[]string{`4:7 "contxt" is not an attribute of "build"; did you mean "context"?`}},
		{"unknown attribute of an item", "services:\n  web:\n    ports:\n      - traget: 80\n",
			[]string{`4:9 "traget" is not an attribute of an item of "ports"; did you mean "target"?`}},
		{"service at the top", "web:\n  image: nginx\n",
			[]string{`1:1 "web" stands outside "services": a service must be indented below it`}},
		{"extensions", "x-a: 1\nservices:\n  web:\n    image: nginx\n    x-b: 1\n    ports: [{target: 80, x-c: 1}]\n", nil},
		{"bad name", "services:\n  my web:\n    image: nginx\n",
			[]string{`2:3 "my web" cannot be a name here: use only letters, digits, ".", "_" and "-"`}},
		{"variable in a name", "services:\n  ${NAME}-web:\n    image: nginx\n",
			[]string{`2:3 "${NAME}-web" cannot be a name here: variables count in values only, so write the name out`}},
		{"empty service", "services:\n  web:\n",
			[]string{`2:3 a service must be a mapping, not empty`}},
		{"list instead of a boolean", "services:\n  web:\n    privileged: [yes]\n",
			[]string{`3:17 "privileged" must be true, false or a text, not a list`}},
		{"text instead of a list", "services:\n  web:\n    ports: 80:80\n",
			[]string{`3:12 "ports" must be a list, not a text`}},
		{"mapping instead of a text", "services:\n  web:\n    image: {name: nginx}\n",
			[]string{`3:12 "image" must be a text, not a mapping`}},
		{"number instead of a text", "services:\n  web:\n    image: nginx\nversion: 3.8\n",
			[]string{`4:10 "version" must be a text, not 3.8: put it in quotes`}},
		{"boolean instead of a text", "services:\n  web:\n    restart: false\n",
			[]string{`3:14 "restart" must be a text, not false: put it in quotes`}},
		{"number in a list of texts", "services:\n  web:\n    command: [sleep, 10]\n",
			[]string{`3:22 an item of "command" must be a text, not 10: put it in quotes`}},
		{"fraction", "services:\n  web:\n    ports: [{target: 80.5}]\n",
			[]string{`3:22 "target" must be a whole number or a text, not 80.5`}},
		{"the branch for mappings",
			"services:\n  web:\n    depends_on:\n      db: {condition: healthy}\n      mq: {restart: true}\n",
			[]string{
				`4:23 "condition" must be "service_started", "service_healthy" or "service_completed_successfully"`,
				`5:11 "mq" needs "condition"`,
			}},
		{"neither branch", "services:\n  web:\n    dns: {a: b}\n",
			[]string{`3:10 "dns" must be a text or a list of texts, not a mapping`}},
		{"null among alternatives", "services:\n  web:\n    networks:\n      front: 1\n",
			[]string{`4:14 "front" must be a mapping or empty, not 1`}},
		{"missing key of an item", "services:\n  web:\n    volumes:\n      - source: data\n",
			[]string{`4:9 an item of "volumes" needs "type"`}},
		{"one of two keys", "jobs:\n  backup:\n    image: alpine\n    triggers: {}\n",
			[]string{`4:15 "triggers" needs "manual" or "schedule"`}},
		{"pattern", "services:\n  web:\n    pull_policy: often\n",
			[]string{`3:18 "pull_policy" is not valid: use "always", "missing", "never", "build", "daily", "weekly", ` +
				`or an interval such as "every_12h"`}},
		{"above a limit", "services:\n  web:\n    cpu_percent: 101\n",
			[]string{`3:18 "cpu_percent" must be from 0 to 100`}},
		{"below a limit", "services:\n  web:\n    cpu_count: -1\n",
			[]string{`3:16 "cpu_count" must be at least 0`}},
		{"equal items", "services:\n  web:\n    cap_add: [SYS_TIME, NET_ADMIN, SYS_TIME]\n",
			[]string{`3:36 "cap_add" lists this twice; Compose refuses that`}},
		{"equal numbers", "services:\n  web:\n    group_add: [10, 10.0]\n",
			[]string{`3:21 "group_add" lists this twice; Compose refuses that`}},
		{"not a number", "x-limit: .nan\nservices:\n  web:\n    image: nginx\n",
			[]string{`1:10 "x-limit" is not a number that Compose can use: put it in quotes if it is a text`}},
		{"everything at once", "servces: {}\nvolumes: []\nservices:\n  web:\n    image: 1\n    tty: {}\n",
			[]string{
				`1:1 "servces" is not an attribute of a Compose file; did you mean "services"?`,
				`2:10 "volumes" must be a mapping, not a list`,
				`5:12 "image" must be a text, not 1: put it in quotes`,
				`6:10 "tty" must be true, false or a text, not a mapping`,
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			model := decoded("compose.yaml", []byte(test.yaml))[0]
			var got []string
			for _, p := range violations(model) {
				file, span := p.Place()
				at := file.Position(span.Start)
				got = append(got, fmt.Sprintf("%d:%d %s", at.Line, at.Column, p.Message))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(test.want, "\n\t"))
			}
			requirePlace(t, test.name, model)
		})
	}
}

// TestValidateSkipsUnknown: what is wrong with a value that could not be established is said elsewhere.
func TestValidateSkipsUnknown(t *testing.T) {
	model := decoded("compose.yaml", []byte("services:\n  web:\n    image: nginx\n    ports: ${PORTS:?say which}\n"))[0]
	if got := violations(model); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

func TestEqualItemsAreRelated(t *testing.T) {
	model := decoded("compose.yaml", []byte("services:\n  web:\n    cap_drop: [ALL, ALL]\n"))[0]
	got := violations(model)
	if len(got) != 1 || got[0].Related == nil || positionOf(*got[0].Related).Column != 16 {
		t.Errorf("got %+v, want one problem related to the first item", got)
	}
}

func TestPatterns(t *testing.T) {
	samples := []string{
		"", "\n", "a\n", "\na", "x-", "x-a", "ax-", "a", "-", ".-", "é", "a.b_c-d", "a b", "A0", "a\xff", "\xff", "\x00",
		"always", "always\n", "every_", "every_1", "every_1w2d3h4m5s", "every_1x", "every_w", "every_12h ",
		"weekly_", "missing",
	}
	random := rand.New(rand.NewPCG(1, 2))
	alphabet := []string{"a", "z", "A", "0", "9", ".", "_", "-", "x-", "\n", " ", "é", "\xff", "every_", "h", "w"}
	for range 20_000 {
		var b strings.Builder
		for range random.IntN(6) {
			b.WriteString(alphabet[random.IntN(len(alphabet))])
		}
		samples = append(samples, b.String())
	}
	for _, p := range []schemaPattern{
		patternExtension, patternName, patternLowerCase, patternLine, patternText, patternContainerName, patternPullPolicy,
	} {
		expression := regexp.MustCompile(p.text)
		for _, s := range samples {
			if got, want := p.match(s), expression.MatchString(s); got != want {
				t.Errorf("%s: match(%q) is %v", p.text, s, got)
			}
		}
	}
}

// TestTableIsSorted: attributes are looked up by halving.
func TestTableIsSorted(t *testing.T) {
	nodes := 0
	visitSchema(&schemaRoot, map[*schemaNode]bool{}, func(s *schemaNode) {
		nodes++
		if !slices.IsSortedFunc(s.fields, func(a, b schemaField) int { return strings.Compare(a.key, b.key) }) {
			t.Errorf("not sorted: %v", s.fields)
		}
	})
	if nodes < 100 {
		t.Errorf("only %d schemas were visited", nodes)
	}
}

func visitSchema(s *schemaNode, seen map[*schemaNode]bool, visit func(*schemaNode)) {
	if s == nil || seen[s] {
		return
	}
	seen[s] = true
	visit(s)
	visitSchema(s.rest, seen, visit)
	visitSchema(s.items, seen, visit)
	for _, f := range s.fields {
		visitSchema(f.value, seen, visit)
	}
}

// TestValidateAgreesOnValues covers what JSON makes of values that YAML can say.
func TestValidateAgreesOnValues(t *testing.T) {
	date := func(s string) *Value {
		when, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return &Value{Kind: Time, scalar: when}
	}
	values := map[string]*Value{
		"null": {}, "nil": nil, "true": boolean(true, Origin{}), "text": text("a", Origin{}),
		"bytes": text("\xff", Origin{}), "int": number(1, Origin{}),
		"int64": number(int64(math.MaxInt64), Origin{}), "minus": number(-1, Origin{}),
		"uint64": number(uint64(math.MaxUint64), Origin{}), "whole": number(2.0, Origin{}), "half": number(0.5, Origin{}),
		"float32": number(float32(0.1), Origin{}), "whole float32": number(float32(1e10), Origin{}),
		"huge": number(1e300, Origin{}), "tiny": number(5e-324, Origin{}), "infinite": number(math.Inf(1), Origin{}),
		"nan": number(math.NaN(), Origin{}), "minus zero": number(math.Copysign(0, -1), Origin{}),
		"date": date("2001-12-14T00:00:00Z"), "date that JSON refuses": date("2001-12-14T00:00:00+24:00"),
		"list": list(Origin{}), "mapping": mapping(Origin{}),
	}
	for _, attribute := range []string{
		"image", "umask", "cpus", "scale", "cpu_percent", "oom_score_adj", "pid", "init", "command", "labels",
		"x-a", "build", "container_name", "cgroup", "group_add", "ports", "storage_opt", "deploy",
	} {
		for name, v := range values {
			_, _ = requireVerdict(t, attribute+" "+name, withAttribute(attribute, v))
		}
	}
	for name, a := range values {
		for other, b := range values {
			for _, filler := range []int{0, fewItems} {
				groups := list(Origin{}, a, b)
				for i := range filler {
					groups.Items = append(groups.Items, text(strings.Repeat("x", i+1), Origin{}))
				}
				_, _ = requireVerdict(t, name+" and "+other, withAttribute("group_add", groups))
			}
		}
	}
}

// withAttribute returns a model whose one service has one attribute.
func withAttribute(key string, v *Value) *Value {
	service := mapping(Origin{}, Field{key, v})
	return mapping(Origin{}, Field{"services", mapping(Origin{}, Field{"web", service})})
}

// TestValidateAgreesOnRandomModels goes through the whole schema, with values that mostly fit.
func TestValidateAgreesOnRandomModels(t *testing.T) {
	valid, rounds := 0, 4_000
	for seed := range uint64(rounds) {
		random := rand.New(rand.NewPCG(seed, 0))
		g := generator{random: random, wrong: []int{0, 5, 15, 40}[seed%4]}
		model := g.value(&schemaRoot, 0)
		if requirePlace(t, "random model", model) {
			valid++
		}
	}
	if valid < rounds/4 || valid > rounds*3/4 {
		t.Errorf("%d of %d models were valid, want about half", valid, rounds)
	}
}

// generator makes values for schemas. One value in wrong is one that does not fit; none where wrong is 0.
type generator struct {
	random *rand.Rand
	wrong  int
}

func (g *generator) value(s *schemaNode, depth int) *Value {
	if s == nil {
		s = &anything
	}
	if depth > 0 && g.wrong > 0 && g.random.IntN(g.wrong) == 0 {
		s = &anything
	}
	var kinds []Kind
	for kind := Null; kind <= List; kind++ {
		types := s.types
		if types&integerType != 0 {
			types |= numberType
		}
		if types == 0 || types>>kind&1 != 0 {
			kinds = append(kinds, kind)
		}
	}
	switch kind := kinds[g.random.IntN(len(kinds))]; kind {
	case Map:
		return g.mapping(s, depth)
	case List:
		l := list(Origin{})
		for range g.random.IntN(3) {
			item := g.value(s.items, depth+1)
			if !s.unique || g.wrong > 0 || !slices.ContainsFunc(l.Items, func(v *Value) bool { return equal(v, item) }) {
				l.Items = append(l.Items, item)
			}
		}
		return l
	case Number:
		return number(g.number(s), Origin{})
	case Bool:
		return boolean(g.random.IntN(2) == 0, Origin{})
	case Time:
		if s.choices == nil && s.pattern != &patternPullPolicy {
			return &Value{Kind: Time, scalar: time.Unix(0, 0).UTC()}
		}
		return g.text(s)
	case String:
		return g.text(s)
	}
	return &Value{}
}

func (g *generator) mapping(s *schemaNode, depth int) *Value {
	m := mapping(Origin{})
	var keys []string
	for range 2 + g.random.IntN(5) {
		if len(s.fields) > 0 {
			keys = append(keys, s.fields[g.random.IntN(len(s.fields))].key)
		}
		if s.keys != nil || g.wrong > 0 {
			keys = append(keys, []string{"x-a", "abc", "x-b", "a"}[g.random.IntN(4)])
		}
	}
	if g.wrong == 0 || g.random.IntN(g.wrong) > 0 {
		keys = append(keys, s.required...)
		keys = append(keys, s.requiredOne...)
	}
	for _, key := range keys {
		field, ok := s.field(key)
		if ok || g.wrong > 0 && g.random.IntN(g.wrong) == 0 {
			m.set(key, g.value(field, depth+1))
		}
	}
	return m
}

func (g *generator) number(s *schemaNode) any {
	if g.wrong > 0 && g.random.IntN(g.wrong) == 0 {
		return []any{-2000, 0.5, 1e20, 101}[g.random.IntN(4)]
	}
	return []any{0, int64(1), uint64(100), 50.0}[g.random.IntN(4)]
}

func (g *generator) text(s *schemaNode) *Value {
	samples := []string{"a1", "b-2", "", "line\nline"}
	switch {
	case g.wrong > 0 && g.random.IntN(g.wrong) == 0:
	case s.choices != nil:
		samples = s.choices
	case s.pattern == &patternPullPolicy:
		samples = []string{"always", "every_1h30m"}
	case s.pattern != nil:
		samples = samples[:2]
	}
	return text(samples[g.random.IntN(len(samples))], Origin{})
}

// TestValidateAgreesOnCorpus compares the verdicts on real files, and on real files with mistakes put in.
func TestValidateAgreesOnCorpus(t *testing.T) {
	files := corpusFiles(t)
	step := 8
	if os.Getenv("COMPOSELINT_LONG") != "" {
		step = 1
	}
	valid, invalid := 0, 0
	for i := 0; i < len(files); i += step {
		random := rand.New(rand.NewPCG(uint64(i), 0))
		data, err := os.ReadFile(files[i])
		if err != nil {
			t.Fatal(err)
		}
		for _, model := range decoded(files[i], data) {
			if !requirePlace(t, files[i], established(model)) {
				invalid++
				continue
			}
			valid++
			for range 4 {
				broken := model.clone()
				mutate(random, broken)
				requirePlace(t, files[i]+" with a mistake", broken)
			}
		}
	}
	t.Logf("%d documents are valid, %d are not", valid, invalid)
}

// established takes values that could not be established for what they say: compose-go stops before it validates
// them.
func established(model *Value) *Value {
	model.Walk(func(v *Value) bool {
		v.Unknown = false
		return true
	})
	return model
}

// mutate renames, drops, doubles or replaces something in a value.
func mutate(random *rand.Rand, model *Value) {
	var within []*Value
	model.Walk(func(v *Value) bool {
		if len(v.Fields)+len(v.Items) > 0 {
			within = append(within, v)
		}
		return true
	})
	if len(within) == 0 {
		return
	}
	v := within[random.IntN(len(within))]
	replacements := []*Value{
		{}, text("a", Origin{}), number(7, Origin{}), number(0.5, Origin{}), boolean(true, Origin{}), list(Origin{}),
		mapping(Origin{}), mapping(Origin{}, Field{"a", &Value{}}),
		list(Origin{}, text("a", Origin{}), text("a", Origin{})),
	}
	replacement := replacements[random.IntN(len(replacements))]
	if v.Kind == List {
		i := random.IntN(len(v.Items))
		switch random.IntN(3) {
		case 0:
			v.Items = append(v.Items, v.Items[i])
		case 1:
			v.Items = slices.Delete(v.Items, i, i+1)
		default:
			v.Items[i] = replacement
		}
		return
	}
	i := random.IntN(len(v.Fields))
	switch random.IntN(3) {
	case 0:
		v.Fields[i].Key += "s"
	case 1:
		v.remove(v.Fields[i].Key)
	default:
		v.Fields[i].Value = replacement
	}
}

func FuzzValidate(f *testing.F) {
	f.Add([]byte("services:\n  web:\n    image: nginx\n    ports: [80, \"80:80\", {target: 80, published: 8080}]\n"))
	f.Add([]byte("services: {a: {depends_on: {b: {condition: service_started}}, cpus: .5, umask: 0o22}}\n"))
	f.Add([]byte("name: 2001-12-14\nvolumes: {a: {external: {name: b}}, b: null}\nx-a: [.inf, -.inf, .nan, -0.0, 0]\n"))
	f.Add([]byte("services: {a: {group_add: [1, 1.0, !!binary /w==, 0x1]}, \"\": null, 1: 2}\n"))
	f.Add([]byte("jobs: {a: {triggers: {schedule: [{cron: \"* * * * *\", concurrency: queue}]}}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, model := range decoded("compose.yaml", data) {
			_, _ = requireVerdict(t, "fuzzed", established(model))
		}
	})
}

// BenchmarkValidate reports the time for all documents of the corpus, and for parsing their files.
func BenchmarkValidate(b *testing.B) {
	var models []*Value
	var parse time.Duration
	for _, path := range corpusFiles(b) {
		data, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		_, _ = source.Parse(path, data)
		parse += time.Since(start)
		for _, model := range decoded(path, data) {
			if len(violations(model)) == 0 {
				models = append(models, model)
			}
		}
	}
	r := &resolver{}
	b.ReportAllocs()
	for b.Loop() {
		for _, model := range models {
			r.validate(model)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(parse), "validate/parse")
}
