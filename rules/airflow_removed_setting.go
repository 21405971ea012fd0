package rules

import (
	"fmt"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/patch"
)

var airflowRemovedSetting = &Rule{
	Name:     "airflow-removed-setting",
	Severity: Medium,
	Tier:     Default,
	Summary:  "A setting, command or executor is not there any more in the version of Airflow that the file uses.",
	Why: "Airflow ignores a setting whose name it does not know, and says nothing: the service runs with the default. A command or " +
		"an executor that is gone keeps the service from starting. Settings that only have a new name still count for a while; " +
		"these are told as low.",
	Fix: "Writes the new name where there is one of the same meaning. It is safe, since it is what the file means to say.",
	Bad: `services:
  scheduler:
    image: apache/airflow:2.10.5
    command: scheduler
    environment:
      AIRFLOW__CORE__DAG_CONCURRENCY: "8"
`,
	Good: `services:
  scheduler:
    image: apache/airflow:2.10.5
    command: scheduler
    environment:
      AIRFLOW__CORE__MAX_ACTIVE_TASKS_PER_DAG: "8"
`,
	References: []Reference{
		{"Airflow 3.0.0, upgrading to Airflow 3",
			"https://airflow.apache.org/docs/apache-airflow/3.0.0/installation/upgrading_to_airflow3.html"},
		{"Airflow 2.10.5, airflow/configuration.py, deprecated options",
			"https://github.com/apache/airflow/blob/2.10.5/airflow/configuration.py"},
	},
	Limits: "The version is the one in the tag of the image. Images with names of their own are not judged, and neither are env " +
		"files. Where one line runs several commands of Airflow, only the last is looked at.",
	Check: checkRemovedSettings,
}

func checkRemovedSettings(p *Pass) {
	checkRenamedVariables(p)
	checkRemovedCommands(p)
	checkRemovedExecutors(p)
}

// checkRenamedVariables reports variables with names that the version does not have any more. One beside its own
// successor is there for older versions, and does no harm.
func checkRenamedVariables(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		for _, s := range a.Get("environment").Settings() {
			if change, ok := a.settingChange(s.Key); ok && s.Value != nil && !a.has(change.New) {
				found(s.Value, "environment", s.Key)
			}
		}
	}, func(a airflowService, c Cause) Finding {
		name := c.Uses[0].Path[1]
		change, _ := a.settingChange(name)
		f := Finding{Message: settingMessage(a, change, c), Evidence: name, Severity: Low}
		if change.IsIgnored(a.version) {
			f.Severity = Medium
		}
		if change.Hint != "" {
			f.Notes = []string{"From the list of changes: " + change.Hint + "."}
		}
		if change.Kind == knowledge.SettingRenamed {
			f.Repair = func() Fix { return renameVariable(c, name, change.New) }
		}
		return f
	})
}

// settingChange returns what became of a variable in the service's version of Airflow.
func (a airflowService) settingChange(name string) (knowledge.AirflowSetting, bool) {
	if a.version.IsZero() || a.family.ID != "apache" {
		return knowledge.AirflowSetting{}, false
	}
	return knowledge.AirflowSettingFor(name, a.version)
}

func settingMessage(a airflowService, change knowledge.AirflowSetting, c Cause) string {
	who := names(c.Services())
	switch {
	case change.New == "":
		return fmt.Sprintf("%s has no effect on %s: Airflow %s does not have it any more", change.Old, who, a.version)
	case change.IsIgnored(a.version):
		return fmt.Sprintf("%s has no effect on %s: Airflow %s calls it %s", change.Old, who, a.version, change.New)
	}
	return fmt.Sprintf("%s of %s is an old name that a later Airflow will ignore: it is %s since %s",
		change.Old, who, change.New, change.Since)
}

// renameVariable gives a variable another name, in a mapping or in a list of NAME=value.
func renameVariable(c Cause, old, name string) Fix {
	title := "Rename it to " + name
	var r repair
	site := c.Value().Origin.Site()
	isItem := c.Value().Origin.Key == nil
	if r.once(site) {
		if isItem {
			r.draft(c.Value().Origin.File).SetPart(site, 0, len(old), name)
		} else {
			r.draft(c.Value().Origin.File).RenameKey(site, name)
		}
	}
	for _, u := range c.Uses {
		r.renameSetting(u, old, name)
	}
	return r.fix(title, Safe)
}

// checkRemovedCommands reports subcommands that the version does not have.
func checkRemovedCommands(p *Pass) {
	p.flagAirflow(func(a airflowService, found Visit) {
		if _, word := a.removedCommand(); word != nil {
			found(word, "command")
		}
	}, func(a airflowService, c Cause) Finding {
		command, _ := a.removedCommand()
		f := Finding{
			Severity: High, Evidence: command.Words,
			Message: fmt.Sprintf("%s cannot start: Airflow %s has no command %q", names(c.Services()), a.version, command.Words),
		}
		if command.Successor != "" {
			f.Message += fmt.Sprintf(", but %q", command.Successor)
			f.Repair = func() Fix { return replaceCommand(c, command) }
		}
		return f
	})
}

// removedCommand returns the subcommand that the service's version does not have, with the text of the command that
// holds it. All words count together: "worker" is no subcommand behind "celery".
func (a airflowService) removedCommand() (knowledge.AirflowCommand, *compose.Value) {
	command, ok := knowledge.AirflowCommandOf(commandWords(a.Get("command")))
	removed, known := knowledge.ParseVersion(command.RemovedIn)
	if !ok || !known || a.family.ID != "apache" || a.version.IsZero() || !a.version.AtLeast(removed) {
		return knowledge.AirflowCommand{}, nil
	}
	first, _, _ := strings.Cut(command.Words, " ")
	for _, part := range words(a.Get("command")) {
		if part.Str() == first || strings.Contains(part.Str(), command.Words) {
			return command, part
		}
	}
	return knowledge.AirflowCommand{}, nil
}

// replaceCommand writes the successor of a subcommand in its place.
func replaceCommand(c Cause, command knowledge.AirflowCommand) Fix {
	title := fmt.Sprintf("Run %q instead", command.Successor)
	part := c.Value()
	raw := asWritten(part)
	at := strings.Index(raw, command.Words)
	isAlone := raw == command.Words && c.Uses[0].isItem()
	if strings.Count(raw, command.Words) != 1 || raw != part.Str() || isAlone && strings.Contains(command.Successor, " ") {
		return manual(title, fmt.Sprintf("Write %q in the place of %q.", command.Successor, command.Words))
	}
	var r repair
	r.setPart(part, at, at+len(command.Words), command.Successor)
	text := strings.Replace(raw, command.Words, command.Successor, 1)
	for _, u := range c.Uses {
		if u.isItem() {
			r.changeItem(u.Service, raw, text, "command")
		} else {
			r.change(u.Service, text, "command")
		}
	}
	return r.fix(title, Safe)
}

// checkRemovedExecutors reports executors that the version does not have.
func checkRemovedExecutors(p *Pass) {
	const name = "AIRFLOW__CORE__EXECUTOR"
	p.flagAirflow(func(a airflowService, found Visit) {
		executor, ok := knowledge.AirflowExecutorFor(a.executor())
		removed, known := knowledge.ParseVersion(executor.RemovedIn)
		if ok && known && !a.version.IsZero() && a.version.AtLeast(removed) {
			found(a.setting(name), "environment", name)
		}
	}, func(a airflowService, c Cause) Finding {
		executor, _ := knowledge.AirflowExecutorFor(a.executor())
		f := Finding{
			Severity: High, Evidence: executor.Name,
			Message: fmt.Sprintf("%s cannot start: Airflow %s does not have the %s any more",
				names(c.Services()), a.version, executor.Name),
		}
		if executor.Notes != "" {
			f.Notes = []string{executor.Notes}
		}
		if executor.Name == "SequentialExecutor" && c.Value().Raw == "" && c.Value().Origin.Key != nil {
			f.Repair = func() Fix { return replaceExecutor(c, name, "LocalExecutor") }
		}
		return f
	})
}

func replaceExecutor(c Cause, name, executor string) Fix {
	var r repair
	r.set(c.Value(), patch.String(executor))
	for _, u := range c.Uses {
		r.changeSetting(u, name, executor)
	}
	return r.fix("Use the "+executor, Safe)
}
