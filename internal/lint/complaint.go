package lint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/internal/spelling"
	"composelint/rules"
)

// complaints are the findings about suppressions themselves. They come last: whether a suppression is needed shows when
// all findings are there.
func (s *suppressor) complaints() []rules.Finding {
	if len(s.coverage.directives) == 0 {
		return nil
	}
	c := complainer{suppressor: s, known: s.knownRules(), counts: map[string]int{}}
	for _, d := range s.coverage.directives {
		c.directive(d)
	}
	return c.findings
}

type complainer struct {
	*suppressor
	known    []string
	counts   map[string]int // of findings with the same evidence, to tell them apart
	findings []rules.Finding
}

func (c *complainer) directive(d *directive) {
	now := c.options.Now
	switch {
	case d.fault != "":
		c.report(rules.UnknownSuppression, d, d.faultSpan, d.file.Text(d.faultSpan), d.fault)
		return
	case Expired(d.until, now):
		c.report(rules.ExpiredSuppression, d, d.comment, d.list(), "this comment suppresses nothing any more: its last day was "+
			d.until.Format("2 January 2006"))
		return
	}
	if d.reason == "" {
		c.report(rules.UnexplainedSuppression, d, d.comment, d.list(), "this comment does not say why it suppresses "+d.list())
	}
	for _, n := range d.names {
		c.name(d, n)
	}
}

// name complains about one name in a directive.
func (c *complainer) name(d *directive, n *ignoredRule) {
	switch {
	case !slices.Contains(c.known, n.name):
		c.report(rules.UnknownSuppression, d, n.span, n.name,
			fmt.Sprintf("there is no rule %s to suppress%s", strconv.Quote(n.name), c.suggestion(n.name)))
	case c.options.Choices[n.name].Locked:
		c.report(rules.UnusedSuppression, d, n.span, n.name,
			"this comment does not suppress "+n.name+": the configuration does not allow that")
	case !n.used && c.judges(d, n.name):
		c.report(rules.UnusedSuppression, d, n.span, n.name,
			"nothing here needs to be suppressed: "+n.name+" finds no problem")
	}
}

// maxSuggestions is how many misspelt names are compared with all others. It bounds the cost of hostile files.
const maxSuggestions = 100

// suggestion names the rule that was most likely meant.
func (c *complainer) suggestion(name string) string {
	if len(c.findings) < maxSuggestions {
		if nearest := spelling.Nearest(name, c.known); nearest != "" {
			return "; did you mean " + nearest + "?"
		}
	}
	return "; `composelint --list-rules` lists them all"
}

// judges reports whether the run can tell that a suppression is not needed: the rule was run, and the file is one of
// those given. Of a file that is only extended, a part may be used elsewhere.
func (c *complainer) judges(d *directive, rule string) bool {
	given := slices.Contains(c.project.Files[:c.project.Main], d.file)
	return given && slices.ContainsFunc(c.options.Rules, func(r *rules.Rule) bool { return r.Name == rule && r.Check != nil })
}

// report adds a finding, if its rule is run.
func (c *complainer) report(rule *rules.Rule, d *directive, span source.Span, evidence, message string) {
	if !slices.Contains(c.options.Rules, rule) {
		return
	}
	key := rule.Name + "\x00" + d.file.Name + "\x00" + evidence
	if c.counts[key]++; c.counts[key] > 1 {
		evidence += " " + strconv.Itoa(c.counts[key])
	}
	c.findings = append(c.findings, rules.Finding{
		Rule: rule, Severity: rule.Severity, Tier: rule.Tier, Confidence: rules.Certain,
		Message: message, Origin: compose.Origin{File: d.file}, Span: span, Evidence: evidence,
	})
}

// list joins the names of the rules in a directive.
func (d *directive) list() string {
	var names []string
	for _, n := range d.names {
		names = append(names, n.name)
	}
	return strings.Join(names, ", ")
}
