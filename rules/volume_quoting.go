package rules

import (
	"composelint/internal/source"
	"composelint/patch"
)

var volumeQuoting = &Rule{
	Name:     "volume-quoting",
	Severity: Info,
	Tier:     Pedantic,
	Summary:  "A volume is in quotes that it does not need, or not in those that were chosen.",
	Why: `Quotes around some of the volumes make readers look for what is special about them, and there is nothing. Where
a volume needs quotes, such as one with a # behind a blank, they stay.`,
	Fix: "Takes the quotes away, or puts the volumes in quotes. It is safe: everybody reads the same as before.",
	Bad: `services:
  web:
    image: nginx:1.27.2
    volumes:
      - "./site:/usr/share/nginx/html:ro"
`,
	Good: `services:
  web:
    image: nginx:1.27.2
    volumes:
      - ./site:/usr/share/nginx/html:ro
`,
	References: []Reference{
		{"YAML 1.2.2, 7.3.3 Plain Style", "https://yaml.org/spec/1.2.2/#733-plain-style"},
	},
	Options: []Option{{
		Name: "quotes", Summary: "The quotes to use.", Default: []string{"none"}, Allowed: []string{"none", "double", "single"},
	}},
	Check: checkVolumeQuoting,
}

func checkVolumeQuoting(p *Pass) {
	q := quoting{
		attributes: []string{"volumes"},
		quote:      func(*source.File) patch.Quote { return patch.AutoQuote },
		which:      func(*source.Node) bool { return true },
		message:    "%s: write %s of %s without quotes, which say nothing there",
		title:      "Take the quotes away",
	}
	if quotes := p.choice("quotes"); quotes != "none" {
		q.use(quotes)
	}
	q.flag(p)
}
