package rules

import "composelint/internal/compose"

var yamlSyntax = &Rule{
	Name:     "yaml-syntax",
	Severity: High,
	Tier:     Default,
	Summary:  "A file is not YAML.",
	Why: "Compose refuses the whole project, and nothing in the file can be checked. Other files of the project, and other " +
		"projects of the run, are checked all the same.",
	Bad: `services:
  web:
    image: nginx:1.27.2
   restart: always
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    restart: always
`,
	References: []Reference{{"YAML 1.2.2, chapter 5 and following", "https://yaml.org/spec/1.2.2/"}},
	Limits:     "The parser stops at the first mistake of a file, so another one may come to light when that is mended.",
	Check:      checkSyntax,
}

func checkSyntax(p *Pass) {
	for _, q := range p.problems(compose.Syntax) {
		f := p.problemFinding(q)
		f.Message = "Compose cannot read the file: " + q.Message
		p.Report(f)
	}
}
