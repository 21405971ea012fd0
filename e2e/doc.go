// Package e2e holds the end-to-end tests: a real container engine, stacks of Compose files, and composelint's fix
// between them. They stand behind the build tag e2e:
//
//	go test -tags e2e ./e2e
//
// The tests bring up an engine of their own, with engine.sh, and take it down again; that needs root, Debian 12 or
// later, and a Debian mirror. Where DOCKER_HOST is set they use that engine instead, with the machine's docker, its
// Compose plugin and a statically linked busybox. An engine that cannot be had is a failure: nothing is skipped.
//
// No registry is needed. The images have the names of the real ones, and hold two programs: standin decides as the
// socket proxies do, and client finds the engine as their clients do.
package e2e
