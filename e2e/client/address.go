package main

import (
	"fmt"
	"net"
	"strings"
)

// defaultAddress is where every client looks if it is told nothing.
const defaultAddress = "unix:///var/run/docker.sock"

// form is the way in which an image is told the engine's address. At most one
// of variable, host (together with port) and argument is set.
type form struct {
	variable   string
	host, port string
	argument   string
	// bare says that the image takes host:port, and breaks on a scheme; the
	// others break without one.
	bare bool
}

// address returns the engine's address, with its scheme.
func (f form) address(args []string, getenv func(string) string) (string, error) {
	switch {
	case f.host != "" && getenv(f.host) != "":
		return f.check(getenv(f.host) + ":" + getenv(f.port))
	case f.variable != "" && getenv(f.variable) != "":
		return f.check(getenv(f.variable))
	case f.argument != "":
		if address := argument(args, f.argument); address != "" {
			return f.check(address)
		}
	}
	return defaultAddress, nil
}

// check refuses an address that the image would not understand.
func (f form) check(address string) (string, error) {
	if f.bare || f.host != "" {
		if _, _, err := net.SplitHostPort(address); err != nil {
			return "", fmt.Errorf("%q is not host:port: %w", address, err)
		}
		return "tcp://" + address, nil
	}
	if scheme, _, found := strings.Cut(address, "://"); !found || scheme != "tcp" && scheme != "unix" {
		return "", fmt.Errorf("%q does not begin with tcp:// or unix://", address)
	}
	return address, nil
}

// argument returns the value of the last argument of a name: "name=value", or
// the word after the name.
func argument(args []string, name string) string {
	value := ""
	for i, word := range args {
		if rest, found := strings.CutPrefix(word, name+"="); found {
			value = rest
		}
		if word == name && i+1 < len(args) {
			value = args[i+1]
		}
	}
	return value
}
