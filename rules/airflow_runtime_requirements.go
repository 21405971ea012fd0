package rules

import (
	"fmt"
	"strings"
)

const pipRequirements = "_PIP_ADDITIONAL_REQUIREMENTS"

var airflowRuntimeRequirements = &Rule{
	Name:     "airflow-runtime-requirements",
	Severity: Medium,
	Tier:     Default,
	Summary:  "Airflow installs Python packages each time a container starts.",
	Why: "`_PIP_ADDITIONAL_REQUIREMENTS` is there for a quick try. Every container downloads and installs the packages at every start: " +
		"slow, different from day to day, and dead when the package index is. The image prints that it must never be used in " +
		"production, and current images end the container after ten minutes on purpose.\n\n" +
		"Build an image instead: `FROM apache/airflow:…` and `RUN pip install …`.",
	Bad: `services:
  scheduler:
    image: apache/airflow:2.10.5
    command: scheduler
    environment:
      _PIP_ADDITIONAL_REQUIREMENTS: pandas==2.2.3
`,
	Good: `services:
  scheduler:
    build: ./airflow
    command: scheduler
`,
	References: []Reference{
		{"Airflow's Docker image, installing additional requirements",
			"https://airflow.apache.org/docs/docker-stack/entrypoint.html#installing-additional-requirements"},
		{"Airflow 424b6e9c, scripts/docker/entrypoint_prod.sh",
			"https://github.com/apache/airflow/blob/424b6e9c/scripts/docker/entrypoint_prod.sh"},
	},
	Limits: "From which release on the image ends the container is not known.",
	Check:  checkRuntimeRequirements,
}

func checkRuntimeRequirements(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		v := a.setting(pipRequirements)
		if a.family.ID == "apache" && a.usesImageEntrypoint() && a.isLongRunning() && strings.TrimSpace(v.Str()) != "" {
			found(v, "environment", pipRequirements)
		}
	}, func(_ airflowService, c Cause) Finding {
		packages := plural(len(strings.Fields(c.Value().Str())), "package", "packages")
		f := Finding{
			Message: fmt.Sprintf("each start of %s installs %s anew, and current images stop ten minutes later on purpose",
				names(c.Services()), packages),
			Evidence: pipRequirements,
			Notes:    []string{"Build an image: FROM apache/airflow:…, then RUN pip install of the same packages."},
		}
		if c.Value().Raw != "" {
			f.Confidence = Likely
		}
		return f
	})
}
