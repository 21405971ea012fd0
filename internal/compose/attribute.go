package compose

import "sync"

// attribute describes one attribute of the Compose specification: how Compose treats a value there. The attributes
// form a tree that follows the paths of the specification; a path that needs no treatment has no attribute.
type attribute struct {
	// fields are the attributes under known keys; any is the one under every other key and of list items.
	fields map[string]*attribute
	any    *attribute
	// cast converts a text, as Compose does while it replaces variables.
	cast func(string) (*Value, error)
	// merge combines a value with one that overrides it.
	merge func(r *resolver, base, over *Value, a *attribute) *Value
	// unique gives the key under which a list holds an item once.
	unique func(item *Value) (string, error)
	// long brings a value into its long form. It replaces going on to the values inside.
	long func(r *resolver, v *Value, a *attribute) *Value
	// defaults adds what Compose adds. It replaces going on to the values inside.
	defaults func(v *Value)
	// path resolves a relative path. It replaces going on to the values inside.
	path func(r *resolver, v *Value, base string) *Value
	// check reports what Compose refuses. It replaces going on to the values inside.
	check func(r *resolver, v *Value)
}

// child returns the attribute under a key, or nil. It may be called on nil.
func (a *attribute) child(key string) *attribute {
	if a == nil {
		return nil
	}
	if c, ok := a.fields[key]; ok {
		return c
	}
	return a.any
}

// specification is the tree of all attributes. Source: compose-go v2.16.2, packages loader, override, transform,
// validation and paths, whose tables of path patterns it puts together.
var specification = sync.OnceValue(func() *attribute {
	return &attribute{fields: map[string]*attribute{
		"services": {any: service()},
		"jobs":     {any: job()},
		"networks": {any: &attribute{
			long: longResource,
			fields: map[string]*attribute{
				"external":    {cast: castBool},
				"internal":    {cast: castBool},
				"attachable":  {cast: castBool},
				"enable_ipv4": {cast: castBool},
				"enable_ipv6": {cast: castBool},
				"labels":      {merge: mergeKeyValues, unique: keyOfKeyValue},
				"ipam": {fields: map[string]*attribute{
					"config":  {merge: mergeIPAM},
					"options": {unique: keyOfKeyValue},
				}},
			},
		}},
		"volumes": {any: &attribute{
			long: longResource, path: pathOfVolume, check: checkVolume,
			fields: map[string]*attribute{
				"external": {cast: castBool},
				"labels":   {merge: mergeKeyValues},
			},
		}},
		"secrets": {any: fileResource(checkSecret)},
		"configs": {any: fileResource(checkConfig)},
		"include": {
			any: &attribute{long: longInclude},
		},
	}}
})

func fileResource(check func(*resolver, *Value)) *attribute {
	return &attribute{
		long: longResource, check: check,
		fields: map[string]*attribute{
			"external": {cast: castBool},
			"labels":   {merge: mergeKeyValues},
			"file":     {path: pathUnix},
		},
	}
}

// container adds the attributes of anything that becomes a container: services, jobs and pre_start hooks.
func container(fields map[string]*attribute) map[string]*attribute {
	for key, a := range map[string]*attribute{
		"cpu_count": {cast: castInt64}, "cpu_percent": {cast: castFloat}, "cpu_period": {cast: castInt64},
		"cpu_quota": {cast: castInt64}, "cpu_rt_period": {cast: castInt64}, "cpu_rt_runtime": {cast: castInt64},
		"cpus": {cast: castFloat32}, "cpu_shares": {cast: castInt64}, "init": {cast: castBool},
		"oom_kill_disable": {cast: castBool}, "oom_score_adj": {cast: castInt64}, "pids_limit": {cast: castInt64},
		"privileged": {cast: castBool}, "read_only": {cast: castBool}, "umask": {cast: castUmask},
		"networks": {long: longNames, any: &attribute{fields: map[string]*attribute{
			"use_service_name_alias": {cast: castBool},
		}}},
		"models":     {long: longNames},
		"env_file":   {long: longEnvFiles, any: &attribute{fields: map[string]*attribute{"path": {path: pathAbsolute}}}},
		"label_file": {long: longList, any: &attribute{path: pathAbsolute}},
		"gpus":       {long: longGPUs},
		"dns":        {long: longList},
		"devices":    {any: &attribute{long: longDevice}},
		"secrets":    {any: &attribute{long: longFileMount}},
		"configs":    {any: &attribute{long: longFileMount}},
		"ulimits": {any: &attribute{cast: castInt, long: longUlimit, fields: map[string]*attribute{
			"hard": {cast: castInt}, "soft": {cast: castInt},
		}}},
		"volumes": {any: &attribute{
			long: longVolume, path: pathOfMount,
			fields: map[string]*attribute{
				"read_only": {cast: castBool},
				"volume":    {fields: map[string]*attribute{"nocopy": {cast: castBool}}},
			},
		}},
	} {
		fields[key] = a
	}
	return fields
}

// workloads are the sections of a Compose file whose entries become containers.
var workloads = []string{"services", "jobs"}

// workload adds the attributes that services and jobs share.
func workload() map[string]*attribute {
	fields := container(map[string]*attribute{
		"annotations": {merge: mergeKeyValues},
		"build":       build(),
		"command":     {merge: mergeOverride},
		"depends_on": {merge: mergeDependsOn, long: longDependsOn, any: &attribute{fields: map[string]*attribute{
			"required": {cast: castBool}, "restart": {cast: castBool},
		}}},
		"dns_opt":     {merge: mergeLists},
		"dns_search":  {merge: mergeLists},
		"entrypoint":  {merge: mergeOverride},
		"environment": {merge: mergeKeyValues},
		"extends":     {long: longExtends, fields: map[string]*attribute{"file": {path: pathAbsolute}}},
		"extra_hosts": {merge: mergeLists},
		"healthcheck": {fields: map[string]*attribute{
			"test": {merge: mergeOverride}, "retries": {cast: castInt}, "disable": {cast: castBool},
		}},
		"labels":     {merge: mergeKeyValues},
		"logging":    {merge: mergeLogging},
		"ports":      {long: longPorts, any: &attribute{defaults: defaultPort, fields: map[string]*attribute{"target": {cast: castInt}}}},
		"stdin_open": {cast: castBool},
		"sysctls":    {merge: mergeKeyValues},
		"tmpfs":      {merge: mergeLists},
		"tty":        {cast: castBool},
	})
	fields["dns"].merge = mergeLists
	fields["env_file"].merge = mergeLists
	fields["label_file"].merge = mergeLists
	fields["models"].merge = mergeNames
	fields["networks"].merge = mergeNames
	fields["ulimits"].any.merge = mergeUlimit
	fields["secrets"].any.defaults = defaultSecret
	fields["gpus"].any = &attribute{defaults: defaultDevice}
	fields["volumes"].any.fields["bind"] = &attribute{defaults: defaultBind}
	return fields
}

func build() *attribute {
	return &attribute{
		merge: mergeBuild, long: longBuild, defaults: defaultBuild,
		fields: map[string]*attribute{
			"args":                {merge: mergeKeyValues},
			"additional_contexts": {merge: mergeKeyValues, long: longKeyValues, any: &attribute{path: pathContext}},
			"context":             {path: pathContext},
			"extra_hosts":         {merge: mergeLists},
			"labels":              {merge: mergeKeyValues},
			"secrets":             {any: &attribute{long: longFileMount}},
			"provenance":          {long: longText},
			"sbom":                {long: longText},
			"ssh":                 {long: longSSH, any: &attribute{path: pathUnix}},
			"ulimits":             {any: &attribute{long: longUlimit}},
		},
	}
}

func job() *attribute {
	fields := workload()
	fields["triggers"] = &attribute{fields: map[string]*attribute{
		"schedule": {any: &attribute{long: longSchedule}},
	}}
	return &attribute{long: longService, fields: fields}
}

func service() *attribute {
	fields := workload()
	fields["scale"] = &attribute{cast: castInt}
	fields["deploy"] = deploy()
	fields["develop"] = &attribute{fields: map[string]*attribute{
		"watch": {any: &attribute{fields: map[string]*attribute{
			"ignore":  {long: longList},
			"include": {long: longList},
			"path":    {path: pathAbsolute, check: checkWatchPath},
		}}},
	}}
	fields["pre_start"] = &attribute{any: &attribute{fields: container(map[string]*attribute{})}}
	fields["ports"].any.check = checkPort
	fields["gpus"].any.check = checkDeviceRequest
	for key, indexer := range map[string]func(*Value) (string, error){
		"annotations": keyOfKeyValue, "cap_add": keyOfKeyValue, "cap_drop": keyOfKeyValue,
		"devices": keyOfDevice, "configs": keyOfFileMount(""), "dns": keyOfKeyValue, "dns_opt": keyOfKeyValue,
		"dns_search": keyOfKeyValue, "environment": keyOfKeyValue, "env_file": keyOfEnvFile, "expose": keyOfExpose,
		"labels": keyOfKeyValue, "links": keyOfKeyValue, "ports": keyOfPort, "profiles": keyOfKeyValue,
		"secrets": keyOfFileMount("/run/secrets"), "sysctls": keyOfKeyValue, "tmpfs": keyOfKeyValue,
		"volumes": keyOfMount,
	} {
		if fields[key] == nil {
			fields[key] = &attribute{}
		}
		fields[key].unique = indexer
	}
	for _, key := range []string{"args", "additional_contexts", "labels"} {
		fields["build"].fields[key].unique = keyOfKeyValue
	}
	fields["build"].fields["platform"] = &attribute{unique: keyOfKeyValue}
	fields["build"].fields["tags"] = &attribute{unique: keyOfKeyValue}
	fields["networks"].any.fields["aliases"] = &attribute{unique: keyOfKeyValue}
	fields["networks"].any.fields["link_local_ips"] = &attribute{unique: keyOfKeyValue}
	return &attribute{long: longService, fields: fields}
}

func deploy() *attribute {
	return &attribute{fields: map[string]*attribute{
		"replicas": {cast: castInt},
		"labels":   {merge: mergeKeyValues, unique: keyOfKeyValue},
		"update_config": {fields: map[string]*attribute{
			"parallelism": {cast: castInt}, "max_failure_ratio": {cast: castFloat},
		}},
		"rollback_config": {fields: map[string]*attribute{
			"parallelism": {cast: castInt}, "max_failure_ratio": {cast: castFloat},
		}},
		"restart_policy": {fields: map[string]*attribute{"max_attempts": {cast: castInt}}},
		"placement":      {fields: map[string]*attribute{"max_replicas_per_node": {cast: castInt}}},
		"resources": {fields: map[string]*attribute{"reservations": {fields: map[string]*attribute{
			"devices": {any: &attribute{defaults: defaultDevice, check: checkDeviceRequest}},
		}}}},
	}}
}
