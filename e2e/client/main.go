// Command client takes the place of the programs that talk to a container
// engine, in the end-to-end tests. It is put into images that carry their
// names, and finds the engine where they look for it:
//
//	client run [-env NAME | -host NAME -port NAME | -arg NAME] [-bare] [-- WORD...]
//	client ask METHOD PATH [METHOD PATH]...
//	client task IMAGE
//	client serve PORT
//	client reach HOST:PORT
//
// Run finds the engine's address, remembers it and stays. Ask sends requests
// to that address and prints the status of each. Task does what Airflow's
// DockerOperator does, in its order, and prints what the container printed and
// left behind. Serve stands in for a database: it accepts connections, and
// reach succeeds if it gets one.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// addressFile remembers the engine's address for ask and task.
const addressFile = "/tmp/engine-address"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "client:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) > 0 && args[0] == "run":
		return stay(args[1:])
	case len(args) > 2 && len(args)%2 == 1 && args[0] == "ask":
		return ask(args[1:])
	case len(args) == 2 && args[0] == "task":
		return task(args[1])
	case len(args) == 2 && args[0] == "serve":
		return serve(args[1])
	case len(args) == 2 && args[0] == "reach":
		return reach(args[1])
	}
	return errors.New("usage: client run [flags] [-- words] | ask METHOD PATH | task IMAGE | serve PORT | reach HOST:PORT")
}

// stay finds the engine's address as its flags say, remembers it, and waits
// to be stopped.
func stay(args []string) error {
	var f form
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	flags.StringVar(&f.variable, "env", "", "the `variable` that holds the address")
	flags.StringVar(&f.host, "host", "", "the `variable` that holds the host")
	flags.StringVar(&f.port, "port", "", "the `variable` that holds the port")
	flags.StringVar(&f.argument, "arg", "", "the `argument` that holds the address")
	flags.BoolVar(&f.bare, "bare", false, "the address is host:port, without a scheme")
	if err := flags.Parse(args); err != nil {
		return err
	}
	address, err := f.address(flags.Args(), os.Getenv)
	if err != nil {
		return err
	}
	if err := os.WriteFile(addressFile, []byte(address), 0o644); err != nil {
		return err
	}
	stopped, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	<-stopped.Done()
	return nil
}

func serve(port string) error {
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return err
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		if err := conn.Close(); err != nil {
			return err
		}
	}
}

func reach(address string) error {
	conn, err := net.DialTimeout("tcp", address, 2*time.Second)
	if err != nil {
		return err
	}
	return conn.Close()
}

func rememberedEngine() (*engine, error) {
	address, err := os.ReadFile(addressFile)
	if err != nil {
		return nil, err
	}
	return newEngine(string(address))
}

// ask sends requests, given as METHOD and PATH in turn.
func ask(requests []string) error {
	e, err := rememberedEngine()
	if err != nil {
		return err
	}
	for len(requests) > 1 {
		req, err := http.NewRequest(requests[0], "http://docker"+requests[1], nil)
		if err != nil {
			return err
		}
		resp, err := e.client.Do(req)
		if err != nil {
			return err
		}
		fmt.Println(resp.StatusCode)
		if err := resp.Body.Close(); err != nil {
			return err
		}
		requests = requests[2:]
	}
	return nil
}
