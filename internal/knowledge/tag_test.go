package knowledge

import "testing"

func TestMovingTag(t *testing.T) {
	tests := []struct{ reference, word string }{
		{"a:latest", "latest"},
		{"a:LATEST", "latest"},
		{"a:latest-alpine", "latest"},
		{"a:v1-latest", "latest"},
		{"a:nightly", "nightly"},
		{"a:nightly-20240131", ""},
		{"a:nightly-2.0.0.548", ""},
		{"a:2.0.0-nightly", "nightly"},
		{"a:edge", "edge"},
		{"a:stable", "stable"},
		{"a:stable-alpine", "stable"},
		{"a:1.25-stable", ""},
		{"a:main", "main"},
		{"a:main-1a2b3c4", ""},
		{"a:sha-1a2b3c4d", ""},
		{"a:master-2024-01-31", ""},
		{"a:develop", "develop"},
		{"jenkins/jenkins:lts-jdk17", "lts"},
		{"jenkins/jenkins:2.440.1-lts", ""},
		{"node:lts-alpine3.20", "lts"},
		{"node:current-slim", "current"},
		{"a:1.0-SNAPSHOT", "snapshot"},
		{"python:alpine", "alpine"},
		{"python:slim-bookworm", "slim"},
		{"python:3.12-slim", ""},
		{"python:3.12-alpine", ""},
		{"nginx:alpine-slim", "alpine"},
		{"docker:dind", "dind"},
		{"debian:bookworm", ""},
		{"debian:bookworm-slim", ""},
		{"ubuntu:jammy", ""},
		{"python:bookworm", "bookworm"},
		{"a:16", ""},
		{"a:v2", ""},
		{"a:2.0rc1", ""},
		{"a:beta", "beta"},
		{"a:rc1", "rc1"},
		{"minio/minio:RELEASE.2024-01-31T20-20-33Z", ""},
		{"a:20240131", ""},
		{"a:my-release-name", "release"},
		{"a:playwright", ""},
		{"a", ""},
		{"a:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", ""},
		{"a:${TAG:-latest}", "latest"},
		{"a:${TAG}", ""},
	}
	for _, test := range tests {
		word, moving := MovingTag(ParseImage(test.reference))
		if word != test.word || moving != (test.word != "") {
			t.Errorf("%s: got %q, %v; want %q", test.reference, word, moving, test.word)
		}
	}
}
