package rules

import (
	"cmp"
	"slices"
	"strings"

	"composelint/internal/compose"
	"composelint/internal/source"
	"composelint/patch"
)

// disorder is a mapping or list whose children should be in another order.
type disorder struct {
	*patch.Arrangement
	node *source.Node
}

// disorderOf returns how the children of a node have to be moved for those with lower ranks to come first, or nil where
// nothing can be gained. What is written in a way that cannot be edited is left alone.
func disorderOf(at compose.Origin, ranks []int, border patch.Border) *disorder {
	if slices.IsSorted(ranks) {
		return nil
	}
	arrangement, err := patch.Arrange(at.File, at.Node, ranks, border)
	if err != nil || slices.IsSorted(arrangement.Order) {
		return nil
	}
	return &disorder{arrangement, at.Node}
}

// first returns the first child that has to come before another one.
func (d *disorder) first() (child, before *source.Node) {
	place := 0
	for d.Order[place] == place {
		place++
	}
	return childAt(d.node, d.Order[place]), childAt(d.node, place)
}

// fix returns the fix that moves the children, with what becomes of lists of the effective model.
func (d *disorder) fix(title string, changes ...compose.Change) Fix {
	edits, err := d.Edits()
	if err != nil {
		return manual(title, "It cannot be done automatically: "+err.Error()+".")
	}
	return Fix{Title: title, Safety: Safe, Edits: edits, Changes: changes}
}

// childAt returns the key of an entry, or an item.
func childAt(n *source.Node, i int) *source.Node {
	if n.Kind == source.Mapping {
		return n.Entries[i].Key
	}
	return n.Items[i]
}

// entryKeys returns the keys of a mapping.
func entryKeys(mapping *source.Node) []string {
	keys := make([]string, len(mapping.Entries))
	for i, e := range mapping.Entries {
		keys[i] = e.Key.Value
	}
	return keys
}

// ranksIn returns the places of names in an order. A word of it that ends with * stands for all that begin so; names
// that it does not have come last.
func ranksIn(order, names []string) []int {
	ranks := make([]int, len(names))
	for i, name := range names {
		ranks[i] = slices.IndexFunc(order, func(word string) bool {
			prefix, open := strings.CutSuffix(word, "*")
			return word == name || open && strings.HasPrefix(name, prefix)
		})
		if ranks[i] < 0 {
			ranks[i] = len(order)
		}
	}
	return ranks
}

// alphabetical returns the places of names among each other.
func alphabetical(names []string) []int {
	sorted := slices.SortedFunc(slices.Values(names), naturally)
	ranks := make([]int, len(names))
	for i, name := range names {
		ranks[i], _ = slices.BinarySearchFunc(sorted, name, naturally)
	}
	return ranks
}

// naturally compares names the way people sort them: web2 before web10, and capitals like small letters.
func naturally(a, b string) int {
	for a != "" && b != "" {
		sizeA, sizeB := runLength(a), runLength(b)
		if c := compareRuns(a[:sizeA], b[:sizeB]); c != 0 {
			return c
		}
		a, b = a[sizeA:], b[sizeB:]
	}
	return cmp.Compare(len(a), len(b))
}

// runLength returns how many bytes at the start of a text are digits, or how many are not.
func runLength(s string) int {
	end := strings.IndexFunc(s, func(r rune) bool { return isDigit(r) != isDigit(rune(s[0])) })
	if end < 0 {
		return len(s)
	}
	return end
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func compareRuns(a, b string) int {
	if isDigit(rune(a[0])) && isDigit(rune(b[0])) {
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	}
	return cmp.Compare(strings.ToLower(a), strings.ToLower(b))
}

// sayings returns a Map or List once for each place at which a part of it is said: overrides and bases are places of
// their own.
func sayings(v *compose.Value) []*compose.Value {
	if v == nil || v.Implicit {
		return nil
	}
	all := []*compose.Value{v}
	for _, also := range v.Also {
		said := *v
		said.Origin = also
		all = append(all, &said)
	}
	return all
}
