//go:build e2e

package e2e

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// composelint is the path of the program under test.
var composelint string

func TestMain(m *testing.M) {
	status, err := runWithEngine(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

func runWithEngine(m *testing.M) (status int, err error) {
	dir, err := os.MkdirTemp("", "e2e")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	stop, err := startEngine(filepath.Join(dir, "engine"))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, stop()) }()

	composelint = filepath.Join(dir, "composelint")
	if err := build("../cmd/composelint", composelint); err != nil {
		return 0, err
	}
	if err := makeImages(filepath.Join(dir, "image")); err != nil {
		return 0, fmt.Errorf("making the images: %w", err)
	}
	return m.Run(), nil
}

// startEngine brings an engine up, unless DOCKER_HOST names one, and leads the docker command to it. The script takes
// the engine down when its input ends, which it also does when this process is killed.
func startEngine(dir string) (stop func() error, err error) {
	if os.Getenv("DOCKER_HOST") != "" {
		return func() error { return nil }, nil
	}
	script := exec.Command("./engine.sh", "hold", dir)
	script.Stderr = os.Stderr
	input, err := script.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := script.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := script.Start(); err != nil {
		return nil, err
	}
	stop = func() error { return errors.Join(input.Close(), script.Wait()) }
	if line, _ := bufio.NewReader(output).ReadString('\n'); line != "ready\n" {
		return nil, fmt.Errorf("no container engine could be started, see above: %w", stop())
	}
	return stop, setVariables(filepath.Join(dir, "env"))
}

// setVariables sets environment variables from the lines of a file.
func setVariables(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(content)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

// build compiles a command of this module without the C library, so that it runs in any image.
func build(command, output string) error {
	cmd := exec.Command("go", "build", "-o", output, command)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	_, err := runCommand(cmd)
	return err
}

// docker runs the docker command and returns its standard output.
func docker(args ...string) (string, error) { return runCommand(exec.Command("docker", args...)) }

// runCommand runs a command and returns its standard output. All that it printed is part of the error.
func runCommand(cmd *exec.Cmd) (string, error) {
	var output, messages strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &messages
	if err := cmd.Run(); err != nil {
		printed := output.String() + messages.String()
		return output.String(), fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, printed)
	}
	return output.String(), nil
}
