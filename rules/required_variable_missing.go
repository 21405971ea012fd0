package rules

var requiredVariableMissing = &Rule{
	Name:     "required-variable-missing",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A variable that Compose insists on, `${NAME:?}`, is not set by the env file that is there.",
	Why: "Compose refuses the project until somebody sets the variable. That is what `:?` is for; but an env file that sets some " +
		"variables and not this one is most likely incomplete. Without an env file nobody can know what will be set: then it is " +
		"reported with the strictness \"strict\", for information.",
	Bad: `services:
  db:
    image: postgres:17.2
    environment:
      POSTGRES_PASSWORD: ${DB_PASSWORD:?set a password}
`,
	Good: `services:
  db:
    image: postgres:17.2
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db_password
`,
	References: []Reference{
		{"Compose specification, Interpolation", "https://docs.docker.com/reference/compose-file/interpolation/"},
	},
	Limits: "The environment is not looked at, unless asked for with --env-from-os.",
	Check:  checkRequired,
}

func checkRequired(p *Pass) {
	for _, a := range p.absences(true) {
		f := p.absenceFinding(a)
		f.Message = "Compose refuses " + whom(f.Services) + " until " + a.name + " is set"
		if said := a.uses[0].Message; said != "" {
			f.Notes = append(f.Notes, "The file says of it: "+said)
		}
		if len(p.Project.EnvFiles) > 0 {
			f.Message += ", and " + p.envFiles() + " does not set it"
		} else {
			f.Severity, f.Confidence, f.Tier = Info, Possible, Strict
		}
		p.Report(f)
	}
}
