package patch

import (
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"composelint/internal/source"
)

// operationNames are the operations that the random tests know.
var operationNames = []string{
	"set", "bare", "part", "rename", "remove", "remove-many", "remove-up", "insert", "item", "replace", "entry", "top",
	"arrange",
}

var randomTexts = []string{
	"plain", "", "yes", "0777", "8080:80", "22:22", "~", "1e3", "a: b", "a #b", "# no comment", "it's", `say "x"`, " lead", "trail ",
	"*alias", "&anchor", "!tag", "- item", "[a, b]", "{a: b}", "%x", "@x", "two\nlines", "tab\there", "été 日本 😀", "${VAR:-x}:0", "a,b",
	"/var/run/docker.sock:/var/run/docker.sock:ro", "tcp://docker-socket-proxy:2375", "<<", "=", "2001-01-01", ".", "a:", ":a", "?a", "-c", "---",
}

func randomText(r *rand.Rand, extra string) string {
	if extra != "" && r.IntN(4) == 0 {
		return extra
	}
	return randomTexts[r.IntN(len(randomTexts))]
}

func randomScalar(r *rand.Rand, extra string) Scalar {
	bare := []Scalar{Int(r.IntN(100)), Bool(true), Null()}
	if r.IntN(4) == 0 {
		return bare[r.IntN(len(bare))]
	}
	return Quoted(randomText(r, extra), Quote(r.IntN(5)%3))
}

func randomValue(r *rand.Rand, extra string, depth int) Value {
	switch {
	case depth < 3 && r.IntN(3) == 0:
		m := Map{}
		for i := range r.IntN(4) {
			m = append(m, Pair{"k" + strconv.Itoa(i), randomValue(r, extra, depth+1)})
		}
		return m
	case depth < 3 && r.IntN(3) == 0:
		l := List{Flow: r.IntN(2) == 0}
		for range r.IntN(4) {
			l.Items = append(l.Items, randomValue(r, extra, depth+1))
		}
		return l
	default:
		return randomScalar(r, extra)
	}
}

// randomNode picks a node that the operation can be tried on, or nil.
func randomNode(f *source.File, name string, r *rand.Rand) *source.Node {
	var nodes []*source.Node
	for _, document := range f.Documents {
		document.Walk(func(n *source.Node) bool {
			if suits(name, n) {
				nodes = append(nodes, n)
			}
			return true
		})
	}
	if len(nodes) == 0 {
		return nil
	}
	return nodes[r.IntN(len(nodes))]
}

func suits(name string, n *source.Node) bool {
	switch name {
	case "set", "bare", "part":
		return n.Kind == source.Scalar && !isKey(n)
	case "rename", "insert", "entry":
		return n.Kind == source.Mapping && (name != "rename" || len(n.Entries) > 0)
	case "remove", "remove-many", "remove-up", "arrange":
		return childCount(n) > 0
	case "item":
		return n.Kind == source.Sequence || n.IsNull() && !isKey(n)
	case "top":
		return n.Parent == nil
	default:
		return !isKey(n)
	}
}

func isKey(n *source.Node) bool {
	if n.Parent == nil {
		return false
	}
	for _, e := range n.Parent.Entries {
		if e.Key == n {
			return true
		}
	}
	return false
}

// randomOperation tries an operation on a node.
func randomOperation(f *source.File, name string, n *source.Node, r *rand.Rand, extra string) operation {
	key := "new-key"
	if extra != "" && r.IntN(3) == 0 {
		key = extra
	}
	at := AtEnd
	if r.IntN(2) == 0 {
		at = r.IntN(childCount(n) + 1)
	}
	o := operation{}
	switch name {
	case "set":
		o = opSet(f, n, Quoted(randomText(r, extra), Quote(r.IntN(5)%3)))
	case "bare":
		o = opSet(f, n, []Scalar{Int(r.IntN(100)), Bool(true), Null()}[r.IntN(3)])
	case "part":
		from, to := r.IntN(len(n.Value)+1), r.IntN(len(n.Value)+1)
		o = opPart(f, n, min(from, to), max(from, to), randomText(r, extra))
	case "rename":
		o = opRename(f, n, r.IntN(len(n.Entries)), key)
	case "remove":
		o = opRemove(f, n, r.IntN(childCount(n)))
	case "remove-many":
		var indexes []int
		for range 1 + r.IntN(childCount(n)) {
			indexes = append(indexes, r.IntN(childCount(n)))
		}
		o = opRemove(f, n, indexes...)
	case "remove-up":
		var stop *source.Node
		if r.IntN(2) == 0 {
			stop = f.Root()
		}
		o = opRemoveUp(f, n, []int{r.IntN(childCount(n))}, stop)
	case "insert":
		o = opInsert(f, n, at, Pair{key, randomValue(r, extra, 0)}, Pair{"other-key", randomValue(r, extra, 0)})
	case "item":
		if n.IsNull() {
			at = AtEnd
		}
		o = opInsertItems(f, n, at, randomValue(r, extra, 0))
	case "replace":
		o = opReplace(f, n, randomValue(r, extra, 0))
	case "entry":
		if len(n.Entries) > 0 && r.IntN(2) == 0 {
			key = n.Entries[r.IntN(len(n.Entries))].Key.Value
		}
		o = opSetEntry(f, n, key, randomValue(r, extra, 0))
	case "top":
		o = opTop(f, key, randomValue(r, extra, 0))
	case "arrange":
		ranks := make([]int, childCount(n))
		for i := range ranks {
			ranks[i] = r.IntN(len(ranks))
		}
		o = opArrange(f, n, ranks, Border(r.IntN(int(CommentBorder)+1)))
	}
	o.name = name
	return o
}

// FuzzBuilders tries any operation on any file: it is refused, or the result reads as the operation says and holds
// every comment.
func FuzzBuilders(f *testing.F) {
	for i, seed := range fuzzSeeds {
		for j := range operationNames {
			f.Add([]byte(seed), uint8(j), uint64(i*len(operationNames)+j), "")
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, name uint8, seed uint64, text string) {
		if len(data) > 4096 || len(text) > 200 {
			return
		}
		file, err := source.Parse("compose.yaml", data)
		if err != nil || len(file.Documents) == 0 {
			return
		}
		for i := range uint64(4) {
			r := rand.New(rand.NewPCG(seed, i))
			o := operationNames[int(name)%len(operationNames)]
			node := randomNode(file, o, r)
			if node == nil {
				return
			}
			check(t, file, randomOperation(file, o, node, r, text))
		}
	})
}

func check(t *testing.T, f *source.File, o operation) {
	t.Helper()
	if o.err != nil {
		if !errors.Is(o.err, ErrUnsupported) {
			t.Fatalf("%s: %v", o.name, o.err)
		}
		return
	}
	if result, problem := wrong(f, o.edits, o.want); problem != "" {
		t.Fatalf("%s: %s\n--- edits\n%+v\n--- before\n%s\n--- after\n%s", o.name, problem, o.edits, f.Data, result)
	}
}

// TestBuildersAtRandom runs many random operations on the seeds and their twins, as the fuzz target does.
func TestBuildersAtRandom(t *testing.T) {
	rounds := 600
	if testing.Short() {
		rounds = 30
	}
	for i, seed := range fuzzSeeds {
		for j, text := range []string{seed, strings.ReplaceAll(seed, "\n", "\r\n"), strings.TrimRight(seed, "\n"), "\ufeff" + seed} {
			f := mustParse(t, text)
			for k := range rounds {
				r := rand.New(rand.NewPCG(uint64(i*4+j), uint64(k)))
				name := operationNames[k%len(operationNames)]
				if node := randomNode(f, name, r); node != nil {
					check(t, f, randomOperation(f, name, node, r, ""))
				}
			}
		}
	}
}

// yamlTokens are pieces of YAML that change how what stands beside them is read.
var yamlTokens = []string{
	"#", " # c", "\n", "\r\n", "\n\n", " ", "\t", "- ", "-", ": ", ":", "? ", "[", "]", "{", "}", ", ", ",", "&a ", "*a", "!t ", "!!str ",
	"!reset ", "|", ">-", "|+", "|2", `"`, "'", `""`, "~", "---\n", "...\n", "<<: *a", "a: ", "b: 1", "x", "é", "\\", "[]", "{}", "\n  - ", "\n    ",
}

// mutated puts tokens into a text, takes pieces out and copies pieces to other places.
func mutated(text string, r *rand.Rand) string {
	for range 1 + r.IntN(5) {
		at, to := r.IntN(len(text)+1), r.IntN(len(text)+1)
		end := min(len(text), at+r.IntN(20))
		switch r.IntN(4) {
		case 0, 1:
			text = text[:at] + yamlTokens[r.IntN(len(yamlTokens))] + text[at:]
		case 2:
			text = text[:at] + text[min(len(text), at+r.IntN(4)):]
		default:
			text = text[:to] + text[at:end] + text[to:]
		}
	}
	return text
}

// TestBuildersOnMutations runs random operations on what becomes of the seeds when they are mutated. It is many times
// as fast as the fuzz target, and tries the same each time.
func TestBuildersOnMutations(t *testing.T) {
	rounds := 500
	if os.Getenv("COMPOSELINT_LONG") != "" {
		rounds = 5_000
	}
	for i, seed := range fuzzSeeds {
		for k := range rounds {
			r := rand.New(rand.NewPCG(uint64(i), uint64(k)))
			text := mutated(seed, r)
			f, err := source.Parse("compose.yaml", []byte(text))
			if err != nil || len(f.Documents) == 0 {
				continue
			}
			for range 12 {
				name := operationNames[r.IntN(len(operationNames))]
				if node := randomNode(f, name, r); node != nil {
					check(t, f, randomOperation(f, name, node, r, ""))
				}
			}
		}
	}
}

// fuzzSeeds are small Compose files with the shapes that are hard to edit.
var fuzzSeeds = []string{
	`# a stack
x-common: &common
  image: "app:1" # the app
  # comment inside
  environment: &env
    A: '1'
    B: two
  volumes:
    - ./a:/a # first
    # between
    - /var/run/docker.sock:/var/run/docker.sock
services:
  web:
    <<: *common
    command: ["serve", '--port', 8080]
    environment:
      <<: *env
      C: 3

  db:
    image: postgres
    ports:
    - "5432:5432"
    -   5433:5432
    healthcheck: {test: [CMD, pg_isready], interval: 5s, } # flow
    # trailing comment of db
volumes:
  data:
networks: {}
`,
	`services:
    job:
        command: |
            echo one
              two

        # after the text
        entrypoint: >-
            folded
            text
        environment: [
            A=1, # one
            "B=2",
            C=3 # last
        ]
        labels: {
          a: b,
          "c": d
        }
        profiles: []
        user: "${UID:-1000}:999"
        note: plain text
            over lines
        more: "double
            quoted \
            text \u00e9 \" x"
        keep: |+
            kept

        last: 'it''s'
`,
	`&root
a:
- b: 1 # one
  c: 2
-
  d: 3
- - x
  - y # why
- &anchor
  e: 5
- *anchor
- # comment at the dash
  f: |
    text
     deeper
g: &g
  h:
    i: !reset null
    j: !override
      - k
      # l
  m: *anchor
`,
	"{\"a\": 1, b: [x, y,], c: {}, d: , e: {f: g}}\n",
	"a: {b: c,d: e}\nf: [ 1, 2 ] # list\ng: [\n  x, # ex\n  y # why\n]\nh: {\n  k: v, # kay\n  l: , # null\n}\n",
	"---\na:\n  - 1\n\n  - 2\n\n  - 3\nb: |\n  text\n    # in text\nc: 1\n    # deep comment\n\nd:\n  e:\n---\nsecond: doc\n...\n",
	"a: &x\n  - 1\nb: *x\nc:\n  d: ~\n  e: null # nothing\n  f:\n  g: !!str 5\n  'h i': \"\"\n",
	"list:\n- |\n  one\n\n- >+\n  two\n\n\n- three\n- - |-\n    four\n  - five\n-\n",
	"key with spaces : v\n\"quoted\" : w\n? complex\n: x\n",
}
