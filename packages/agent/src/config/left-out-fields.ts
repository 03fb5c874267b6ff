/** Fields of a kubelet's configuration that this agent has no use for, and what holds in their place. */

const REASONS: Readonly<Record<string, string>> = {
	"an option of `berth node` says it": `
		address port containerRuntimeEndpoint imageServiceEndpoint clusterDNS clusterDomain`,
	"the cluster decides it": `
		podCIDR authentication authorization rotateCertificates serverTLSBootstrap tlsCertFile tlsPrivateKeyFile contentType
		enableControllerAttachDetach registerNode`,
	"Docker is configured for it": `
		cgroupDriver cgroupRoot registryPullQPS registryBurst runtimeRequestTimeout`,
	"it always holds, or never": `
		enableServer enableDebuggingHandlers enableProfilingHandler enableDebugFlagsHandler enableSystemLogHandler
		enableSystemLogQuery enableContentionProfiling healthzPort healthzBindAddress readOnlyPort hairpinMode
		iptablesMasqueradeBit iptablesDropBit makeIPTablesUtilChains configMapAndSecretChangeDetectionStrategy syncFrequency
		logging failCgroupV1 localStorageCapacityIsolation volumeStatsAggPeriod cgroupsPerQOS featureGates maxOpenFiles
		oomScoreAdj showHiddenMetricsForVersion runOnce volumePluginDir cpuCFSQuota cpuCFSQuotaPeriod enforceNodeAllocatable
		protectKernelDefaults failSwapOn`,
	"this agent cannot do it": `
		cpuManagerPolicy cpuManagerPolicyOptions cpuManagerReconcilePeriod memoryManagerPolicy reservedMemory reservedSystemCPUs
		topologyManagerPolicy topologyManagerPolicyOptions topologyManagerScope qosReserved memorySwap memoryThrottlingFactor
		kernelMemcgNotification systemCgroups kubeletCgroups systemReservedCgroup kubeReservedCgroup staticPodURL
		staticPodURLHeader httpCheckFrequency tlsCipherSuites tlsMinVersion tracing maxParallelImagePulls singleProcessOOMKill
		mergeDefaultEvictionSettings preloadedImagesVerificationAllowlist imagePullCredentialsVerificationPolicy
		crashLoopBackOff userNamespaces resolvConf podLogsDir containerLogMaxSize containerLogMaxFiles containerLogMaxWorkers
		containerLogMonitorInterval kubeAPIQPS kubeAPIBurst eventRecordQPS eventBurst providerID`,
};

/** By field. */
export const LEFT_OUT: ReadonlyMap<string, string> = new Map(
	Object.entries(REASONS).flatMap(([reason, fields]) =>
		fields
			.trim()
			.split(/\s+/)
			.map((field) => [field, reason] as const),
	),
);
