package compose

// oracleCases are projects of several files, which the corpus has few of.
var oracleCases = []oracleCase{
	{name: "an override adds to lists and replaces scalars", files: []string{
		"services: {web: {image: a, ports: ['80:80'], environment: {A: 1, B: 2}, command: [x, y]}}",
		"services: {web: {image: b, ports: ['81:81'], environment: [A=3], command: z}}",
	}},
	{name: "reset and override in an override file", files: []string{
		"services: {web: {image: a, ports: ['80:80'], environment: {A: 1}, volumes: [./a:/a]}}",
		"services: {web: {ports: !reset [], environment: !override {B: 2}, volumes: !override [./b:/b]}}",
	}},
	{name: "reset through an alias", files: []string{
		"services: {web: {image: a, ports: ['80:80']}, db: {image: b, ports: ['81:81']}}",
		"x-none: &none !reset null\nservices: {web: {ports: *none}, db: {ports: *none}}",
	}},
	{name: "merge lists, nested anchors, own keys win", files: []string{
		"x-a: &a {image: a, labels: {one: 1}}\nx-b: &b {image: b, restart: always}\n" +
			"services: {web: {<<: [*a, *b], labels: {two: 2}}, db: {<<: *b, image: c}}",
	}},
	{name: "extends in the same file, chained", files: []string{
		"services: {a: {image: x, environment: {A: 1}, networks: [n]}, b: {extends: a, environment: {B: 2}}, " +
			"c: {extends: {service: b}, image: y}}\nnetworks: {n: }",
	}},
	{name: "extends from another file, with relative paths", files: []string{
		"services: {web: {extends: {file: sub/base.yaml, service: base}, volumes: [./own:/own]}}",
	}, others: map[string]string{
		"sub/base.yaml":  "services: {base: {extends: {file: ../deep/root.yaml, service: root}, build: ., volumes: [./data:/data], env_file: x.env}}",
		"deep/root.yaml": "services: {root: {image: r, volumes: ['./r:/r'], environment: {R: '${R:-1}'}}}",
	}},
	{name: "extends with reset in the extending service", files: []string{
		"services: {a: {image: x, ports: ['1:1'], environment: {A: 1}}, b: {extends: a, ports: !reset [], environment: {B: 1}}}",
	}},
	{name: "include with directory, env file and override of a service", files: []string{
		"include: [sub/compose.yaml, {path: [other/a.yaml, other/b.yaml], project_directory: other, env_file: other/o.env}]\n" +
			"services: {inc: {environment: {MORE: 1}}, main: {image: m, depends_on: [inc]}}",
	}, others: map[string]string{
		"sub/compose.yaml": "services: {inc: {image: 'i:${TAG}', volumes: [./d:/d]}}\nvolumes: {v: }",
		"sub/.env":         "TAG=7\n",
		"other/a.yaml":     "services: {o: {image: '${IMG}', build: .}}",
		"other/b.yaml":     "services: {o: {environment: [X=1]}}",
		"other/o.env":      "IMG=oo\n",
	}},
	{name: "documents of one file are merged", files: []string{
		"services: {a: {image: x}}\n---\nservices: {a: {environment: {A: 1}}, b: {image: y}}\n",
	}},
	{name: "short and long forms, ranges, defaults", files: []string{
		"services:\n  a:\n    image: x\n    ports: ['3000-3002:3000-3002', 8080, {target: 80, published: '90'}, '127.0.0.1::53/udp']\n" +
			"    volumes: ['./a:/a:ro', 'v:/v', '/anon', {type: bind, source: ./b, target: /b}, {type: tmpfs, target: /t}]\n" +
			"    secrets: [s, {source: s, target: /other}]\n    configs: [c]\n    devices: ['/dev/a:/dev/b:r']\n" +
			"    depends_on: {b: {condition: service_healthy}}\n    ulimits: {nofile: 100, nproc: {soft: 1, hard: 2}}\n" +
			"  b: {image: y, links: ['a:alias'], network_mode: 'service:a', healthcheck: {test: [CMD, x]}}\n" +
			"secrets: {s: {file: ./s}}\nconfigs: {c: {content: hi}}\nvolumes: {v: {driver_opts: {o: bind, type: none, device: ./dev}, driver: local}}",
	}},
	{name: "variables with every operator, nested", files: []string{
		"services: {a: {image: '${A:-${B:-c}}', command: '$$x ${C-d} ${E:+f} $G', environment: [A, 'B=${B}']}}",
	}},
	{name: "build in all forms", files: []string{
		"services: {a: {build: {context: ., args: [A=1, B], ssh: [default], additional_contexts: {x: ./x}, secrets: [s]}}, b: {build: ./b}}\n" +
			"secrets: {s: {environment: S}}",
		"services: {a: {build: {args: {A: 2}}}, b: {build: {dockerfile: D}}}",
	}},
	{name: "logging, deploy, ipam merges", files: []string{
		"services: {a: {image: x, logging: {driver: json-file, options: {a: b}}, deploy: {labels: {a: 1}}}}\n" +
			"networks: {n: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}",
		"services: {a: {logging: {options: {c: d}}, deploy: {labels: [b=2]}}}\nnetworks: {n: {ipam: {config: [{subnet: 10.0.1.0/24}]}}}",
	}},
	{name: "develop and pre_start", files: []string{
		"services: {a: {image: x, environment: {A: 1}, x-develop: {watch: [{path: ., action: sync, target: /x, x-initialSync: true}]}, " +
			"pre_start: [{image: y, command: z}]}}",
	}},
}

type oracleCase struct {
	name   string
	files  []string
	others map[string]string
}

// parserCases are read in different ways by the parser of compose-go and by the one used here, for YAML close to them.
var parserCases = []oracleCase{
	{name: "a question mark right before a key in brackets", files: []string{
		"services: {web: {image: a, labels: {?b: 1, ? c : 2, ?\"d\": 3}, environment: {?e : 4}}}",
	}},
}
