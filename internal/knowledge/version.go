package knowledge

import (
	"fmt"
	"strconv"
	"strings"
)

// Version is a release of Airflow. A pre-release counts as its release.
type Version struct{ Major, Minor, Patch int }

// String returns the version as "2.10.5".
func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }

// IsZero tells whether the version is unknown.
func (v Version) IsZero() bool { return v == Version{} }

// AtLeast tells whether v is w or later.
func (v Version) AtLeast(w Version) bool {
	if v.Major != w.Major {
		return v.Major > w.Major
	}
	if v.Minor != w.Minor {
		return v.Minor > w.Minor
	}
	return v.Patch >= w.Patch
}

// ParseVersion reads "2.10.5", with anything that is not a digit after it. All three numbers must be there.
func ParseVersion(text string) (Version, bool) {
	var numbers [3]int
	for i := range numbers {
		end := 0
		for end < len(text) && text[end] >= '0' && text[end] <= '9' {
			end++
		}
		number, err := strconv.Atoi(text[:end])
		if err != nil || end > 6 {
			return Version{}, false
		}
		numbers[i], text = number, text[end:]
		if i < 2 && !strings.HasPrefix(text, ".") {
			return Version{}, false
		}
		text = strings.TrimPrefix(text, ".")
	}
	return Version{numbers[0], numbers[1], numbers[2]}, true
}
