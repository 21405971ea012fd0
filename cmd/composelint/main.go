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

// gcPercent has garbage collected less often than usual: the program lives for a moment. A limit for memory would cost
// more than it saves: near it, large runs spend half of their time on collecting.
const gcPercent = 150

func main() {
	debug.SetGCPercent(gcPercent)
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
