package compose

import "strings"

// checkCycles reports services that wait for each other.
func (r *resolver) checkCycles(services *Value) {
	c := cycleSearch{r: r, services: services, state: map[string]int{}}
	for _, f := range services.fields() {
		c.visit(f.Key, f.Value)
	}
}

type cycleSearch struct {
	r        *resolver
	services *Value
	state    map[string]int // 0: not seen; n > 0: n-th on the current path; done: all that it waits for was seen
	path     []string
}

const done = -1

func (c *cycleSearch) visit(name string, service *Value) {
	if c.state[name] != 0 {
		return
	}
	c.path = append(c.path, name)
	c.state[name] = len(c.path)
	for _, f := range service.Get("depends_on").fields() {
		if at := c.state[f.Key]; at > 0 {
			c.report(c.path[at-1:], f)
		} else if dependency := c.services.Get(f.Key); dependency != nil {
			c.visit(f.Key, dependency)
		}
	}
	c.path = c.path[:len(c.path)-1]
	c.state[name] = done
}

func (c *cycleSearch) report(circle []string, closing Field) {
	c.r.within("services", circle[len(circle)-1], func() {
		chain := strings.Join(circle, " → ") + " → " + closing.Key
		c.r.reportSpan(Model, closing.Value.Origin, keySpan(closing.Value),
			"services that wait for each other never start: %s; remove one of these dependencies", chain)
	})
}
