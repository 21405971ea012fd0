// Package spelling finds the word that somebody most likely meant.
package spelling

import "strings"

// longest is the length from which a word is not compared with others: no name in use is as long.
const longest = 48

// shortest is the length from which a text is taken for a part of a longer word.
const shortest = 4

// Misspelt returns the word that a text is most likely a misspelling of, or "". Of words that are equally near, it is
// the first.
func Misspelt(text string, words []string) string {
	best, distance := "", 2+len(text)/6
	for _, word := range words {
		if d := editDistance(text, word, distance); d < distance {
			best, distance = word, d
		}
	}
	return best
}

// Nearest returns the word that a text is most likely a misspelling or a part of, or "".
func Nearest(text string, words []string) string {
	best := Misspelt(text, words)
	if best != "" || len(text) < shortest {
		return best
	}
	for _, word := range words {
		if strings.Contains(word, text) {
			return word
		}
	}
	return ""
}

// editDistance counts the letters to insert, delete, replace or swap to get from a to b. It gives up at limit.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || max(len(a), len(b)) >= longest {
		return limit
	}
	var rows [3][longest]int // the row before the last, the last and this one, used in turn
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row := &rows[(i+1)%3], &rows[(i+2)%3], &rows[i%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost(a[i-1] == b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}

func cost(same bool) int {
	if same {
		return 0
	}
	return 1
}
