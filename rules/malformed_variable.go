package rules

import (
	"strings"

	"composelint/internal/compose"
	"composelint/internal/pattern"
	"composelint/internal/source"
)

var malformedVariable = &Rule{
	Name:     "malformed-variable",
	Severity: High,
	Tier:     Default,
	Summary:  "A reference to a variable is not written as Compose reads it, such as `${PORT:8080}` or `$PORT:-8080}`.",
	Why: "Compose refuses the project for most of them. A reference that lacks its opening brace is worse: Compose takes the short name " +
		"for the variable and the rest for text, so that the service starts with a value that nobody meant.",
	Fix: "There is only advice: what was meant cannot be known for sure.",
	Bad: `services:
  web:
    image: example/web:2.3.1
    environment:
      LISTEN: ${LISTEN:8080}
`,
	Good: `services:
  web:
    image: example/web:2.3.1
    environment:
      LISTEN: ${LISTEN:-8080}
`,
	References: []Reference{
		{"Compose specification, Interpolation", "https://docs.docker.com/reference/compose-file/interpolation/"},
	},
	Limits: "A reference without its opening brace is only seen where it has an operator, as in `$NAME:-default}`. The user of an " +
		"Airflow service is left to airflow-user-blankable.",
	Check: checkMalformed,
}

var (
	// noOperator is a reference with a colon where an operator should be.
	noOperator = pattern.New(`\$\{(\w+):([^-?+}$][^}$]*)\}`)
	// notOpened is a reference without its opening brace. A "$" before it makes it plain text.
	notOpened = pattern.New(`(?:^|[^$])(\$(\w+)(:[-?+][^{}$\s]*)\})`)
)

func checkMalformed(p *Pass) {
	elsewhere := p.airflowUsers()
	for _, q := range p.problems(compose.Template) {
		if elsewhere[q.Origin.Node] {
			continue
		}
		f := p.problemFinding(q)
		wrong, advice := f.Evidence, "Write ${NAME} or ${NAME:-default}, and $$ for a dollar sign that is meant as such."
		if m := noOperator().FindStringSubmatch(q.Origin.Node.Value); m != nil {
			wrong, advice = m[0], "Write ${"+m[1]+":-"+strings.Trim(m[2], `"'`)+"} for a default."
		}
		f.Message = "Compose refuses " + whom(f.Services) + ": there is no valid reference to a variable in " + wrong
		f.Repair = func() Fix { return manual("Write the reference as Compose reads it", advice) }
		p.Report(f)
	}
	p.Flag(func(s compose.Service, found Visit) {
		findNotOpened(s, elsewhere, found)
	}, func(c Cause) Finding {
		m := notOpened().FindStringSubmatch(c.Value().Raw)
		return Finding{
			Evidence: m[1],
			Message: "in " + names(c.Services()) + ", " + m[1] + " lacks its opening brace: Compose replaces $" + m[2] +
				" alone and keeps the rest as text",
			Repair: func() Fix { return manual("Add the brace", "Write ${"+m[2]+m[3]+"}.") },
		}
	})
}

// findNotOpened finds texts with more closing than opening braces and a reference that lacks one, except at some
// places.
func findNotOpened(s compose.Service, except map[*source.Node]bool, found Visit) {
	seen := map[*source.Node]bool{}
	for _, f := range s.Fields {
		f.Value.Walk(func(v *compose.Value) bool {
			if node := v.Origin.Node; v.Raw != "" && !seen[node] && !except[node] && isNotOpened(v.Raw) {
				seen[node] = true
				found(v, f.Key)
			}
			return true
		})
	}
}

func isNotOpened(raw string) bool {
	return strings.Count(raw, "}") > strings.Count(raw, "{") && notOpened().MatchString(raw)
}
