package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// engine is a container engine's API at one address.
type engine struct {
	client *http.Client
	dial   func() (net.Conn, error)
}

func newEngine(address string) (*engine, error) {
	scheme, place, _ := strings.Cut(address, "://")
	if scheme != "tcp" && scheme != "unix" {
		return nil, fmt.Errorf("no scheme is called %q", scheme)
	}
	dial := func() (net.Conn, error) { return net.Dial(scheme, place) }
	transport := &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) { return dial() },
	}
	return &engine{client: &http.Client{Transport: transport}, dial: dial}, nil
}

// call sends a request, with a body unless that is nil, and decodes the JSON
// of the answer into result, unless that is nil.
func (e *engine) call(method, path string, body, result any) error {
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequest(method, "http://docker"+path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := e.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return err
	case resp.StatusCode >= 300:
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, bytes.TrimSpace(answer))
	case result == nil:
		return nil
	}
	return json.Unmarshal(answer, result)
}

// attach returns a function that reads all that a container prints until it
// ends.
func (e *engine) attach(id string) (read func() (string, error), err error) {
	conn, err := e.dial()
	if err != nil {
		return nil, err
	}
	path := "/containers/" + id + "/attach?logs=1&stream=1&stdout=1&stderr=1"
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n", path)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	stream := bufio.NewReader(conn)
	resp, err := http.ReadResponse(stream, nil)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		return nil, errors.Join(fmt.Errorf("POST %s: %s", path, resp.Status), conn.Close())
	}
	return func() (string, error) {
		text, err := readFrames(stream)
		return text, errors.Join(err, conn.Close())
	}, nil
}

// readFrames reads a stream in which pieces of both outputs follow each
// other, each after eight bytes of which the last four hold its length.
// See https://docs.docker.com/reference/api/engine/version/v1.45/#tag/Container/operation/ContainerAttach.
func readFrames(r io.Reader) (string, error) {
	var text strings.Builder
	for {
		var header [8]byte
		if _, err := io.ReadFull(r, header[:]); err == io.EOF {
			return text.String(), nil
		} else if err != nil {
			return text.String(), err
		}
		if _, err := io.CopyN(&text, r, int64(binary.BigEndian.Uint32(header[4:]))); err != nil {
			return text.String(), err
		}
	}
}

// readFile returns the content of a file in a container.
func (e *engine) readFile(id, path string) (string, error) {
	resp, err := e.client.Get("http://docker/containers/" + id + "/archive?path=" + url.QueryEscape(path))
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("reading %s: %s", path, resp.Status)
	}
	archive := tar.NewReader(resp.Body)
	if _, err := archive.Next(); err != nil {
		return "", err
	}
	content, err := io.ReadAll(archive)
	return string(content), err
}

// task runs a container with the requests of DockerOperator that also removes
// it and fetches a result.
// See https://github.com/apache/airflow/blob/03b94ce8/providers/docker/src/airflow/providers/docker/operators/docker.py.
func task(image string) error {
	e, err := rememberedEngine()
	if err != nil {
		return err
	}
	for _, path := range []string{"/_ping", "/version", "/images/json"} {
		if err := e.call("GET", path, nil, nil); err != nil {
			return err
		}
	}
	var created struct{ ID string }
	spec := map[string]any{
		"Image":      image,
		"Entrypoint": []string{"/bin/sh", "-c", "echo printed; echo result >/tmp/result"},
	}
	if err := e.call("POST", "/containers/create", spec, &created); err != nil {
		return err
	}
	err = e.finish(created.ID)
	return errors.Join(err, e.call("DELETE", "/containers/"+created.ID+"?force=1", nil, nil))
}

// finish runs a container that was created, and prints what it printed and
// left behind.
func (e *engine) finish(id string) error {
	output, err := e.attach(id)
	if err != nil {
		return err
	}
	if err := e.call("POST", "/containers/"+id+"/start", nil, nil); err != nil {
		return err
	}
	printed, err := output()
	if err != nil {
		return err
	}
	var ended struct{ StatusCode int }
	if err := e.call("POST", "/containers/"+id+"/wait", nil, &ended); err != nil {
		return err
	}
	if ended.StatusCode != 0 {
		return fmt.Errorf("the container ended with %d", ended.StatusCode)
	}
	result, err := e.readFile(id, "/tmp/result")
	if err != nil {
		return err
	}
	fmt.Print(printed, result)
	return nil
}
