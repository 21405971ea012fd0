//go:build race

package source_test

// big is the size of the hostile files, smaller than usual: the race detector makes everything ten times slower.
const big = 256 << 10
