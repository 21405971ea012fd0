package main

import (
	"strings"
	"testing"
)

func TestReadFrames(t *testing.T) {
	stream := "\x01\x00\x00\x00\x00\x00\x00\x03one" + "\x02\x00\x00\x00\x00\x00\x00\x02er" + "\x01\x00\x00\x00\x00\x00\x00\x03two"
	if got, err := readFrames(strings.NewReader(stream)); got != "oneertwo" || err != nil {
		t.Errorf("read %q, error %v", got, err)
	}
	if _, err := readFrames(strings.NewReader(stream[:len(stream)-1])); err == nil {
		t.Error("no error for a stream that was cut")
	}
}
