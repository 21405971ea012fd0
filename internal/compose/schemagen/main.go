// Command schemagen turns the JSON schema of the Compose specification, as compose-go embeds it, into the Go tables
// that package compose checks against.
//
// It knows the keywords that the schema uses, and how the schema uses them, and refuses everything else, so that no
// rule of a new version of compose-go is lost silently. Run it with "go generate ./internal/compose".
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/schema"
)

func main() {
	out := flag.String("out", "schema_table.go", "file to write")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}

func run(out string) error {
	table, err := generate(schema.Schema)
	if err != nil {
		return err
	}
	return os.WriteFile(out, table, 0o644)
}

// generate returns the Go file for the text of a schema.
func generate(text string) ([]byte, error) {
	root, err := parse(text)
	if err != nil {
		return nil, err
	}
	return (&writer{defs: root.Defs}).file(root)
}
