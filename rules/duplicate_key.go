package rules

import "composelint/internal/compose"

var duplicateKey = &Rule{
	Name:     "duplicate-key",
	Severity: High,
	Tier:     Default,
	Summary:  "A mapping has the same key twice, or two `<<`.",
	Why: `Compose refuses the file. Other programs take one of the two values without a word, and not all take the
same one.

Several mappings are merged with a list: ` + "`<<: [*first, *second]`" + `, where the first wins.`,
	Bad: `services:
  web:
    image: nginx:1.27.2
    restart: always
    restart: unless-stopped
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    restart: unless-stopped
`,
	References: []Reference{{"YAML 1.2.2, 3.2.1.3 Node Comparison", "https://yaml.org/spec/1.2.2/#node-comparison"}},
	Check:      checkDuplicates,
}

func checkDuplicates(p *Pass) {
	for _, q := range p.problems(compose.DuplicateKey) {
		f := p.problemFinding(q)
		f.Services = union(f.Services, p.reached(*q.Related, q.Path))
		f.Message = q.Message
		if len(f.Services) > 0 {
			f.Message = "in " + names(f.Services) + ", " + q.Message
		}
		f.Related[0].Message = "it is here for the first time"
		p.Report(f)
	}
}
