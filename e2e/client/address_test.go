package main

import "testing"

func TestAddress(t *testing.T) {
	tests := []struct {
		name string
		form form
		args []string
		env  map[string]string
		want string // "" for an address that is not understood
	}{
		{"nothing said", form{variable: "DOCKER_HOST"}, nil, nil, defaultAddress},
		{"variable", form{variable: "DOCKER_HOST"}, nil, map[string]string{"DOCKER_HOST": "tcp://p:2375"}, "tcp://p:2375"},
		{"another variable", form{variable: "CUP_SOCKET"}, nil, map[string]string{"DOCKER_HOST": "tcp://p:2375"}, defaultAddress},
		{"scheme missing", form{variable: "DOCKER_HOST"}, nil, map[string]string{"DOCKER_HOST": "p:2375"}, ""},
		{"scheme of another kind", form{variable: "DOCKER_HOST"}, nil, map[string]string{"DOCKER_HOST": "http://p:2375"}, ""},
		{"bare", form{variable: "DOCKER_HOST", bare: true}, nil, map[string]string{"DOCKER_HOST": "p:2375"}, "tcp://p:2375"},
		{"scheme too much", form{variable: "DOCKER_HOST", bare: true}, nil, map[string]string{"DOCKER_HOST": "tcp://p:2375"}, ""},
		{"host and port", form{host: "H", port: "P"}, nil, map[string]string{"H": "p", "P": "2375"}, "tcp://p:2375"},
		{"host with a scheme", form{host: "H", port: "P"}, nil, map[string]string{"H": "tcp://p", "P": "2375"}, ""},
		{"argument", form{argument: "--docker"}, []string{"-v", "--docker=tcp://p:2375"}, nil, "tcp://p:2375"},
		{"argument of two words", form{argument: "-H"}, []string{"-H", "tcp://p:2375"}, nil, "tcp://p:2375"},
		{"the last argument counts", form{argument: "-H"}, []string{"-H", "unix:///s", "-H", "tcp://p:2375"}, nil, "tcp://p:2375"},
		{"name without a value", form{argument: "-H"}, []string{"-H"}, nil, defaultAddress},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.form.address(test.args, func(name string) string { return test.env[name] })
			if got != test.want || (err == nil) != (test.want != "") {
				t.Errorf("address %q, error %v; want %q", got, err, test.want)
			}
		})
	}
}
