package compose

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The functions below turn a text into the value that an attribute wants, with the Go type that compose-go gives it.
// The value has no origin yet. The error is for people and quotes the text. Source: compose-go v2.16.2,
// loader/interpolate.go.

// castBool accepts the words of YAML 1.1, too.
func castBool(s string) (*Value, error) {
	switch strings.ToLower(s) {
	case "true", "y", "yes", "on":
		return boolean(true, Origin{}), nil
	case "false", "n", "no", "off":
		return boolean(false, Origin{}), nil
	}
	return nil, fmt.Errorf("%q is neither true nor false, and has to be one of them", s)
}

func castInt(s string) (*Value, error) {
	n, err := strconv.Atoi(s)
	return castNumber(s, n, err)
}

func castInt64(s string) (*Value, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	return castNumber(s, n, err)
}

// castUmask reads a number as YAML does: a leading 0 or 0o makes it octal.
func castUmask(s string) (*Value, error) {
	n, err := strconv.ParseUint(s, 0, 32)
	return castNumber(s, n, err)
}

func castFloat(s string) (*Value, error) {
	n, err := strconv.ParseFloat(s, 64)
	return castNumber(s, n, err)
}

func castFloat32(s string) (*Value, error) {
	n, err := strconv.ParseFloat(s, 32)
	return castNumber(s, float32(n), err)
}

// castNumber returns n, or says in plain words why strconv did not find a number of its type in s.
func castNumber[T int | int64 | uint64 | float32 | float64](s string, n T, err error) (*Value, error) {
	if err == nil {
		return number(n, Origin{}), nil
	}
	if errors.Is(err, strconv.ErrRange) {
		return nil, fmt.Errorf("%q is too large or too small a number", s)
	}
	switch any(n).(type) {
	case float32, float64:
		return nil, fmt.Errorf("%q is not a number, and has to be one", s)
	}
	return nil, fmt.Errorf("%q is not a whole number, and has to be one", s)
}
