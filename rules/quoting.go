package rules

import (
	"fmt"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

// quoting is how the items of lists are to be quoted.
type quoting struct {
	attributes []string
	// quote returns the quotes for the items of a file.
	quote func(f *source.File) patch.Quote
	// which tells what items it is about.
	which func(item *source.Node) bool
	// message has the services, the number of items and the attribute put in.
	message, title string
}

// habitualQuotes returns what tells the quotes that a file uses most; each file is looked through once.
func habitualQuotes() func(*source.File) patch.Quote {
	known := map[*source.File]patch.Quote{}
	return func(f *source.File) patch.Quote {
		if known[f] == patch.AutoQuote {
			known[f] = patch.StyleOf(f).Quote
		}
		return known[f]
	}
}

// use makes double or single quotes those to use.
func (q *quoting) use(quotes string) {
	quote := patch.DoubleQuote
	if quotes == "single" {
		quote = patch.SingleQuote
	}
	q.quote = func(*source.File) patch.Quote { return quote }
	q.message = "%s: put %s of %s in " + quotes + " quotes, as was chosen for this project"
	q.title = "Use " + quotes + " quotes"
}

// edits returns what has to be changed in a list. A list that cannot be edited is left alone.
func (q quoting) edits(at compose.Origin) []patch.Edit {
	if at.Node == nil || at.Node.Kind != source.Sequence {
		return nil
	}
	edits, err := patch.RequoteItems(at.File, at.Node, q.quote(at.File), q.which)
	if err != nil {
		return nil
	}
	return edits
}

// flag reports each list with items in other quotes.
func (q quoting) flag(p *Pass) {
	p.Flag(func(s compose.Service, found Visit) {
		for _, attribute := range q.attributes {
			for _, said := range sayings(s.Get(attribute)) {
				if len(q.edits(said.Origin)) > 0 {
					found(said, attribute)
				}
			}
		}
	}, func(c Cause) Finding {
		edits := q.edits(c.Value().Origin)
		attribute := c.Uses[0].Path[0]
		return Finding{
			Message:  fmt.Sprintf(q.message, names(c.Services()), plural(len(edits), "item", "items"), attribute),
			Span:     source.Span{Start: edits[0].Start, End: edits[0].End},
			Evidence: attribute,
			Repair:   func() Fix { return Fix{Title: q.title, Safety: Safe, Edits: edits} },
		}
	})
}
