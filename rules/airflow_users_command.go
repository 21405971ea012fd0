package rules

import (
	"fmt"
	"strings"

	"composelint/internal/knowledge"
	"composelint/internal/pattern"
)

// airflowUsersByManager is the version from which "airflow users" is a command of the FabAuthManager, which is not the
// default.
// Source: https://airflow.apache.org/docs/apache-airflow-providers-fab/2.4.4/cli-ref.html
var airflowUsersByManager = knowledge.Version{Major: 3}

var callsUsers = pattern.New(`\bairflow users create\b`)

// checkUsersCommand reports scripts that make an account in an Airflow that does not have accounts.
func checkUsersCommand(p *Pass) {
	const variable = "AIRFLOW__CORE__AUTH_MANAGER"
	p.flagAirflow(func(a airflowService, found Visit) {
		manager := a.setting(variable)
		mayHaveAccounts := a.hasOwnConfiguration() || manager != nil && !strings.HasSuffix(manager.Str(), ".SimpleAuthManager")
		if a.family.ID != "apache" || !a.version.AtLeast(airflowUsersByManager) || mayHaveAccounts {
			return
		}
		for _, attribute := range []string{"entrypoint", "command"} {
			if command := a.Get(attribute); callsUsers().MatchString(commandText(command)) {
				found(command, attribute)
			}
		}
	}, func(a airflowService, c Cause) Finding {
		return Finding{
			Severity: High, Confidence: Likely, Evidence: "users create",
			Message: fmt.Sprintf("%s cannot make an account: Airflow %s has the command users only where %s chooses the FabAuthManager",
				names(c.Services()), a.version, variable),
		}
	})
}
