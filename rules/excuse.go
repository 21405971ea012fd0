package rules

import (
	"composelint/internal/compose"
	"composelint/internal/knowledge"
)

// excuse moves a finding to the strict tier where the documentation of every image asks for what the rule objects to:
// the danger is there, and whoever runs it has no choice. grant is the attribute and the value, as in "pid: host".
func (f *Finding) excuse(services []compose.Service, grant string) {
	for _, s := range services {
		if !knowledge.IsDocumentedGrant(imageOf(s), grant) {
			return
		}
	}
	f.Tier = Strict
	f.Notes = append(f.Notes, "The documentation of the image asks for it.")
}
