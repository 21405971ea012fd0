// Composelint finds and fixes what is wrong in Docker Compose files.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"composelint/internal/cli"
)

// The program lives for a moment: collecting garbage half as often as usual saves a tenth of its time. The limit is
// soft; near it, memory counts for more than time.
const (
	gcPercent   = 200
	memoryLimit = 56 << 20
)

func main() {
	debug.SetGCPercent(gcPercent)
	debug.SetMemoryLimit(memoryLimit)
	// A reader that has read enough is no failure: the write then fails, and the error is dropped.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	command := cli.Command{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Environ(), Now: time.Now,
	}
	status := command.Main(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}
