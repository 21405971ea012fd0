//go:build !race

package source_test

// big is the size of the hostile files. A reader whose cost is linear in the size takes well under a second for each.
const big = 2 << 20
