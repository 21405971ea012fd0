package rules

import "slices"

// All returns every rule, sorted by name.
func All() []*Rule {
	all := []*Rule{
		airflowAsRoot,
		airflowDefaultCredentials,
		airflowDockerAccessIdle,
		airflowFlowerOpen,
		airflowGIDNotRoot,
		airflowGIDVariable,
		airflowHealthcheckMismatch,
		airflowInitBroken,
		airflowKeyMismatch,
		airflowKnownKey,
		airflowMissingComponent,
		airflowRemovedSetting,
		airflowRuntimeRequirements,
		airflowServiceDrift,
		airflowUserBlankable,
		buildAndImage,
		capabilitiesKept,
		cgroupParentSet,
		cpuUnlimited,
		credentialInURL,
		dangerousCapability,
		defaultBridgeNetwork,
		defaultCredential,
		dependencyNeverHealthy,
		dependencyStartedOnly,
		deprecatedKey,
		dockerAPIOverTCP,
		dockerGroupMismatch,
		dockerSocketForwarder,
		dockerSocketMount,
		dockerSocketPermissions,
		dockerSocketProxyBroad,
		dockerSocketProxyExposed,
		dockerSocketProxyIneffective,
		dockerSocketUnneeded,
		dockerTLSVerifyOff,
		duplicateContainerName,
		duplicateHostPort,
		duplicateKey,
		duplicateMountTarget,
		executableTmpfs,
		ExpiredSuppression,
		fixedNameWithReplicas,
		healthcheckDisabled,
		healthcheckMissing,
		hostDevice,
		hostNamespace,
		hostNetwork,
		ignoredKey,
		imageAbandoned,
		imageDigestMissing,
		imageTagMutable,
		imageUserContract,
		insecureRegistry,
		invalidContainerName,
		invalidModel,
		invalidPublishedPort,
		listOrder,
		logDisabled,
		logUnbounded,
		malformedVariable,
		memoryUnlimited,
		missingBindSource,
		missingFile,
		obsoleteVersion,
		oomKillerDisabled,
		pidsUnlimited,
		portOnAllInterfaces,
		portQuoting,
		portWithoutEffect,
		privilegedContainer,
		privilegeEscalationAllowed,
		projectNameMissing,
		remoteBuildContext,
		repeatedEntry,
		requiredVariableMissing,
		restartConflict,
		restartPolicyMissing,
		rootByDefault,
		rootUser,
		s6UserOverride,
		schemaViolation,
		secretInBuildArg,
		secretInCommand,
		secretInEnvironment,
		secretInLabel,
		securityProfileDisabled,
		sensitiveHostPath,
		sensitivePortPublished,
		serviceKeyOrder,
		serviceOrder,
		sharedMountPropagation,
		shellInField,
		StaleBaselineEntry,
		staticAddressConflict,
		topLevelOrder,
		unescapedDollar,
		UnexplainedSuppression,
		UnknownSuppression,
		unquotedPort,
		unsafeSysctl,
		unsetVariable,
		unusedResource,
		UnusedSuppression,
		volumeQuoting,
		writableRootFilesystem,
		yamlSyntax,
		yamlTrap,
	}
	slices.SortFunc(all, func(a, b *Rule) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return all
}

// ByName returns the rule of a name.
func ByName(name string) (*Rule, bool) {
	for _, rule := range All() {
		if rule.Name == name {
			return rule, true
		}
	}
	return nil, false
}
