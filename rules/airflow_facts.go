package rules

import (
	"strings"

	"composelint/internal/compose"
	"composelint/internal/knowledge"
	"composelint/internal/pattern"
)

// airflowService is a service that runs Airflow.
type airflowService struct {
	compose.Service
	family knowledge.AirflowFamily
	// certain tells that the image says that it is Airflow; without that, several traces of it do.
	certain bool
	// built tells that the image is made on the spot, so that it may hold more than the published one.
	built   bool
	version knowledge.Version // zero where it is not known
	// component is the part of Airflow that the command starts; empty where that is not known.
	component knowledge.AirflowComponent
}

// airflowStack are the services of a project that run Airflow.
type airflowStack struct {
	services []airflowService // in the order of the file
	byName   map[string]airflowService
}

// airflow returns the services that run Airflow, in the order of the file.
func (f *Facts) airflow() []airflowService { return f.stack().services }

// airflowNamed returns the Airflow service of a name.
func (f *Facts) airflowNamed(name string) (airflowService, bool) {
	a, ok := f.stack().byName[name]
	return a, ok
}

// isAirflow tells that a service runs Airflow, whatever its image is called.
func (f *Facts) isAirflow(s compose.Service) bool {
	_, ok := f.airflowNamed(s.Name)
	return ok
}

func (f *Facts) stack() *airflowStack {
	if f.airflowStack != nil {
		return f.airflowStack
	}
	f.airflowStack = &airflowStack{byName: map[string]airflowService{}}
	services := f.project.Services()
	builds := map[string]compose.Service{} // by the name that they give to the image
	for _, s := range services {
		if image := s.Get("image").Str(); image != "" && !s.Get("build").IsNull() {
			builds[image] = s
		}
	}
	for _, s := range services {
		builder, built := builds[s.Get("image").Str()]
		if !s.Get("build").IsNull() {
			builder, built = s, true
		}
		if a, ok := f.asAirflow(s, builder, built); ok {
			f.airflowStack.services = append(f.airflowStack.services, a)
			f.airflowStack.byName[s.Name] = a
		}
	}
	return f.airflowStack
}

// asAirflow returns what is known of a service as one of Airflow. builder is the service that builds its image, if
// one does.
func (f *Facts) asAirflow(s, builder compose.Service, built bool) (airflowService, bool) {
	traces := knowledge.AirflowTraces{Image: imageOf(s), Command: []string{startText(s)}}
	if built && knowledge.IsAirflowImage(f.base(builder)) {
		traces.Image = f.base(builder) // the image itself usually has a name of its own
	}
	for _, variable := range s.Get("environment").Settings() {
		traces.Variables = append(traces.Variables, variable.Key)
	}
	for _, mount := range items(s.Get("volumes")) {
		traces.Targets = append(traces.Targets, mount.Get("target").Str())
	}
	family, certain, ok := traces.Family()
	if !ok {
		return airflowService{}, false
	}
	version, _ := knowledge.AirflowVersion(traces.Image)
	command, _ := knowledge.AirflowCommandOf(traces.Command)
	return airflowService{s, family, certain, built, version, command.Component}, true
}

// startText returns what a container runs, in one line: the command behind the entrypoint, where one is given.
func startText(s compose.Service) string {
	return strings.TrimSpace(commandText(s.Get("entrypoint")) + " " + commandText(s.Get("command")))
}

// usesImageEntrypoint tells that the script that Airflow's image starts with is run: where no other one is given, or
// where that one calls it.
func (a airflowService) usesImageEntrypoint() bool {
	if a.Get("entrypoint").IsNull() {
		return true
	}
	for _, word := range strings.FieldsFunc(startText(a.Service), isShellBreak) {
		if word == "/entrypoint" {
			return true
		}
	}
	return false
}

// isShellBreak tells the characters between the words of a shell command.
func isShellBreak(r rune) bool { return strings.ContainsRune(" \t\r\n;&|()'\"`", r) }

// isLongRunning tells that the service is a component that does not end by itself.
func (a airflowService) isLongRunning() bool {
	return a.component != "" && a.component != knowledge.AirflowOnce
}

// isWeb tells that the service has the web interface.
func (a airflowService) isWeb() bool {
	switch a.component {
	case knowledge.AirflowWebserver, knowledge.AirflowAPIServer, knowledge.AirflowStandalone:
		return true
	}
	return startsWeb().MatchString(startText(a.Service))
}

// startsWeb matches commands that start the web interface, if only beside other components.
var startsWeb = pattern.New(`\bairflow (webserver|api-server|standalone)\b`)

// isKnownBefore tells that the version is known, and older than another one.
func (a airflowService) isKnownBefore(v knowledge.Version) bool {
	return !a.version.IsZero() && !a.version.AtLeast(v)
}

// setting returns the value of an environment variable, or nil.
func (a airflowService) setting(name string) *compose.Value {
	return a.Get("environment").Setting(name)
}

// restarts tells that Docker starts the container again whenever it ends.
func (a airflowService) restarts() bool {
	policy := a.Get("restart").Str()
	return policy == "always" || policy == "unless-stopped"
}

// airflowCauses is Causes for the services that run Airflow.
func (p *Pass) airflowCauses(find func(a airflowService, found Visit)) []Cause {
	if len(p.Facts.airflow()) == 0 {
		return nil
	}
	return p.Causes(func(s compose.Service, found Visit) {
		if a, ok := p.Facts.airflowNamed(s.Name); ok {
			find(a, found)
		}
	})
}

// flagAirflow is Flag for the services that run Airflow. describe is told about the first service of the cause.
func (p *Pass) flagAirflow(find func(a airflowService, found Visit), describe func(a airflowService, c Cause) Finding) {
	for _, c := range p.airflowCauses(find) {
		first, _ := p.Facts.airflowNamed(c.Uses[0].Service.Name)
		f := describe(first, c)
		f.Origin, f.Path, f.Services = c.Value().Origin, c.Path(), c.Services()
		p.Report(f)
	}
}
