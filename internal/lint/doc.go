// Package lint runs rules over a project and repairs what they find.
//
// A repair is proved before anybody sees it. Fixes are made in memory, the project is resolved again, and the effective
// model must differ from the one before exactly as the fixes declare; the rules are run again, and nothing new of the
// same weight may have come up. That is repeated until nothing is left to fix. Before a diff is shown or a file written,
// compose-go is asked to confirm the whole difference. A fix that fails any of this is dropped, and its finding says why.
//
// The package reads files only through the function that it is given, and writes none.
package lint
