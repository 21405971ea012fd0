// Package knowledge holds what the linter knows about the outside world: the clients of a container engine's socket and
// the proxies in front of it, Airflow's images and settings, the users that images run as, sensitive ports, tags that
// move, retired images, well-known credentials, recipes for running images more safely.
//
// People edit data/*.yaml. "go generate" turns those files into Go tables (data_*.go), which the linker lays out
// ready for use: the program neither parses nor decodes anything at start. Indexes over the tables are built once,
// on first use. The bootstrap build tag replaces the tables by empty ones, so that the generator can be built when a
// type has changed and the old tables no longer compile.
//
// Every fact says where it comes from and how sure it is (Provenance). What nobody has established is recorded as
// unknown; a rule must not turn unknown into certain. Slices inside returned values belong to the tables and must not
// be changed.
package knowledge

//go:generate go run -tags bootstrap ./gen -dir data -out .

// Confidence tells how a fact was established.
type Confidence string

// The ways a fact can be established, best first. Documented means by the project that makes the image.
const (
	Tested         Confidence = "tested"
	Documented     Confidence = "documented"
	ReadFromSource Confidence = "read_from_source"
	Inferred       Confidence = "inferred"
	Unknown        Confidence = "unknown"
)

// Provenance says where a fact comes from.
type Provenance struct {
	// Sources are addresses of the documents, source files and discussions that say so.
	Sources []string `yaml:"sources"`
	// Confidence is that of the record's weakest essential part, unless its notes say more.
	Confidence Confidence `yaml:"confidence"`
}
