//go:build e2e

package e2e

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"composelint/internal/knowledge"
)

// image is an image of which only what the tests can see is made.
type image struct {
	name       string
	user       string
	entrypoint []string
}

// client returns an image whose program looks for the engine as the flags of "client run" say.
func client(name string, flags ...string) image {
	run := append([]string{"/client", "run"}, flags...)
	return image{name: name, entrypoint: append(run, "--")}
}

func database(name, port string) image {
	return image{name: name, entrypoint: []string{"/client", "serve", port}}
}

// images returns all images that the stacks name. How each client is told the engine's address is taken from the
// sources that internal/knowledge/data/clients.yaml gives for it.
func images() []image {
	list := []image{
		{name: "apache/airflow:2.10.5", user: "50000:0", entrypoint: []string{"/entrypoint"}},
		database("postgres:16.4", "5432"),
		database("redis:7.2.5", "6379"),
		client("amir20/dozzle:v8.14.8", "-env", "DOZZLE_REMOTE_HOST"),
		client("containrrr/watchtower:1.7.1", "-env", "DOCKER_HOST"),
		client("crazymax/diun:4.29.0", "-env", "DIUN_PROVIDERS_DOCKER_ENDPOINT"),
		client("gcr.io/cadvisor/cadvisor:v0.49.1", "-arg", "--docker"),
		client("getwud/wud:8.0.1", "-host", "WUD_WATCHER_LOCAL_HOST", "-port", "WUD_WATCHER_LOCAL_PORT"),
		client("ghcr.io/notifiarr/dockwatch:main", "-env", "DOCKER_HOST", "-bare"),
		client("nicolargo/glances:4.3.0", "-env", "DOCKER_HOST"),
		client("portainer/portainer-ce:2.21.4", "-arg", "-H"),
		client("traefik:v3.1.2", "-arg", "--providers.docker.endpoint"),
		client("willfarrell/autoheal:1.2.0", "-env", "DOCKER_SOCK"),
	}
	for _, kind := range []string{"tecnativa", "linuxserver", "wollomatic"} {
		proxy, _ := knowledge.ProxyByID(kind)
		list = append(list, image{name: proxy.Images[0] + ":" + proxy.PinnedTag, entrypoint: []string{"/standin", kind}})
	}
	return list
}

// makeImages gives the engine all images. They share one file system, and differ in what they start.
func makeImages(dir string) error {
	if err := layOut(dir); err != nil {
		return err
	}
	if err := importImage(dir, "e2e-base"); err != nil {
		return err
	}
	container, err := docker("create", "e2e-base", "/client")
	if err != nil {
		return err
	}
	container = strings.TrimSpace(container)
	for _, img := range images() {
		if err := img.commit(container); err != nil {
			return err
		}
	}
	_, err = docker("rm", container)
	return err
}

// commit makes the image out of a container of the shared file system.
func (img image) commit(container string) error {
	entrypoint, err := json.Marshal(img.entrypoint)
	if err != nil {
		return err
	}
	args := []string{"commit", "--change", "CMD []", "--change", "ENTRYPOINT " + string(entrypoint)}
	if img.user != "" {
		args = append(args, "--change", "USER "+img.user)
	}
	_, err = docker(append(args, container, img.name)...)
	return err
}

// layOut writes the file system of all images: the two programs, a shell with some tools, and the docker command.
func layOut(dir string) error {
	for _, path := range []string{"bin", "etc", "run", "tmp", "usr/bin", "var"} {
		if err := os.MkdirAll(filepath.Join(dir, path), 0o755); err != nil {
			return err
		}
	}
	return errors.Join(
		os.Chmod(filepath.Join(dir, "tmp"), 0o777|os.ModeSticky),
		os.Symlink("../run", filepath.Join(dir, "var/run")),
		build("./client", filepath.Join(dir, "client")),
		build("./standin", filepath.Join(dir, "standin")),
		os.Symlink("standin", filepath.Join(dir, "healthcheck")),
		copyFile("testdata/airflow-entrypoint.sh", filepath.Join(dir, "entrypoint")),
		writeScript(filepath.Join(dir, "bin/pg_isready"), "exec /client reach 127.0.0.1:5432"),
		writeScript(filepath.Join(dir, "bin/redis-cli"), "exec /client reach 127.0.0.1:6379"),
		os.WriteFile(filepath.Join(dir, "etc/passwd"), []byte("root:x:0:0::/:\nairflow:x:50000:0::/tmp:\n"), 0o644),
		os.WriteFile(filepath.Join(dir, "etc/group"), []byte("root:x:0:\n"), 0o644),
		addShell(dir),
		addDocker(dir),
	)
}

func writeScript(path, command string) error {
	return os.WriteFile(path, []byte("#!/bin/sh\n"+command+"\n"), 0o755)
}

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o755)
}

func addShell(dir string) error {
	busybox, err := exec.LookPath("busybox")
	if err != nil {
		return fmt.Errorf("the images need a statically linked busybox: %w", err)
	}
	if err := copyFile(busybox, filepath.Join(dir, "bin/busybox")); err != nil {
		return err
	}
	for _, name := range []string{"id", "sh", "wget"} {
		if err := os.Symlink("busybox", filepath.Join(dir, "bin", name)); err != nil {
			return err
		}
	}
	return nil
}

// addDocker adds the docker command with the libraries that it needs, if it is not linked statically.
func addDocker(dir string) error {
	path, err := exec.LookPath("docker")
	if err != nil {
		return err
	}
	if err := copyFile(path, filepath.Join(dir, "usr/bin/docker")); err != nil {
		return err
	}
	libraries, err := exec.Command("ldd", path).Output()
	var static *exec.ExitError
	if err != nil && !errors.As(err, &static) {
		return err
	}
	for _, word := range strings.Fields(string(libraries)) {
		if !filepath.IsAbs(word) {
			continue
		}
		if err := copyFile(word, filepath.Join(dir, word)); err != nil {
			return err
		}
	}
	return nil
}

// importImage makes an image out of a directory.
func importImage(dir, name string) error {
	reader, writer := io.Pipe()
	go func() {
		archive := tar.NewWriter(writer)
		writer.CloseWithError(errors.Join(archive.AddFS(os.DirFS(dir)), archive.Close()))
	}()
	cmd := exec.Command("docker", "import", "-", name)
	cmd.Stdin = reader
	_, err := runCommand(cmd)
	return err
}
