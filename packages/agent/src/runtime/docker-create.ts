/** A ContainerSpec in the words of Docker's API. Pure. */
import type { ContainerSpec, Device, Join, Limits, Mount } from "./container-spec.ts";
import type { HostRights } from "./host-rights.ts";

/** Kubernetes' default: ten files of 10 MiB would outlive their use, five are kept. */
const LOG_CONFIG = { Type: "json-file", Config: { "max-size": "10m", "max-file": "5" } };
const PROPAGATION = { private: "rprivate", rslave: "rslave", rshared: "rshared" } as const;
const CPU_PERIOD = 100_000;
/** Bytes. No limit, in a change of limits. */
export const ALL_MEMORY = 2 ** 60;

export function createOptions(spec: ContainerSpec, rights: HostRights) {
	return {
		name: spec.name,
		Image: spec.image,
		Labels: { ...spec.labels },
		Env: spec.env.map(({ name, value }) => `${name}=${value}`),
		...(spec.command?.length && { Entrypoint: [...spec.command] }),
		...(spec.args?.length && { Cmd: [...spec.args] }),
		...(spec.workingDirectory && { WorkingDir: spec.workingDirectory }),
		...(spec.hostname && { Hostname: spec.hostname }),
		...(spec.security.user !== undefined && { User: spec.security.user }),
		...(spec.stopSignal && { StopSignal: spec.stopSignal }),
		OpenStdin: spec.stdin,
		StdinOnce: spec.stdinOnce,
		Tty: spec.tty,
		// The image's own health check would run beside the pod's probes.
		Healthcheck: { Test: ["NONE"] },
		HostConfig: {
			...hostConfig(spec),
			OomScoreAdj: Math.max(spec.resources.oomScore, rights.lowestOomScore),
			...(spec.security.privileged && rights.capabilities && nearlyPrivileged(rights.capabilities, spec)),
		},
	};
}

/**
 * The words in which a container's limits change. What is left out stays as it was, so none has to be said: a quota of
 * -1, and more memory than there can be, for Docker takes no -1 there.
 */
export function updateOptions({ cpuShares, cpuQuota, memory }: Limits) {
	return {
		...(cpuShares && { CpuShares: cpuShares }),
		CpuQuota: cpuQuota ?? -1,
		CpuPeriod: CPU_PERIOD,
		Memory: memory ?? ALL_MEMORY,
		MemorySwap: memory ?? ALL_MEMORY,
	};
}

function hostConfig({ namespaces, mounts, devices = [], resources, security, runtime }: ContainerSpec) {
	return {
		...(runtime && { Runtime: runtime }),
		NetworkMode: modeOf(namespaces.network),
		IpcMode: modeOf(namespaces.ipc),
		PidMode: namespaces.pid === "private" ? "" : modeOf(namespaces.pid),
		...(namespaces.network === "host" && { UTSMode: "host" }),
		RestartPolicy: { Name: "no" },
		LogConfig: LOG_CONFIG,
		Mounts: mounts.map(mountOf),
		Devices: devices.map(deviceOf),
		...(resources.cpuShares && { CpuShares: resources.cpuShares }),
		...(resources.cpuQuota && { CpuQuota: resources.cpuQuota, CpuPeriod: CPU_PERIOD }),
		// Swap as large as memory means none: a limit is a limit.
		...(resources.memory && { Memory: resources.memory, MemorySwap: resources.memory }),
		...(resources.cgroupParent && { CgroupParent: resources.cgroupParent }),
		Privileged: security.privileged,
		CapAdd: [...security.addCapabilities],
		CapDrop: [...security.dropCapabilities],
		GroupAdd: security.groups.map(String),
		ReadonlyRootfs: security.readOnlyRoot,
		SecurityOpt: securityOptions(security),
		...(security.unmasked && { MaskedPaths: [], ReadonlyPaths: [] }),
		Sysctls: { ...security.sysctls },
	};
}

/**
 * What privilege consists of, capability by capability: engines before Docker 23 give privileged containers all that the
 * kernel knows, and fail to where the host has less.
 */
const nearlyPrivileged = (capabilities: readonly string[], { devices = [] }: ContainerSpec) => ({
	Privileged: false,
	CapAdd: [...capabilities],
	// As the engine does it, what is to be dropped is not.
	CapDrop: [],
	SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined", "label=disable"],
	MaskedPaths: [],
	ReadonlyPaths: [],
	Devices: [{ source: "/dev", target: "/dev", readOnly: false }, ...devices].map(deviceOf),
	DeviceCgroupRules: ["a *:* rwm"],
});

const modeOf = (mode: string | Join) => (typeof mode === "string" ? mode : `container:${mode.join}`);

const mountOf = ({ source, target, readOnly, recursive, propagation }: Mount) => ({
	Type: "bind" as const,
	Source: source,
	Target: target,
	ReadOnly: readOnly,
	...bindOptions({ readOnly, recursive, propagation }),
});

const deviceOf = ({ source, target, readOnly }: Device) => ({
	PathOnHost: source,
	PathInContainer: target,
	CgroupPermissions: readOnly ? "r" : "rwm",
});

function bindOptions({ readOnly, recursive, propagation }: Omit<Mount, "source" | "target">) {
	// Unsaid it is private too, but for what holds Docker's own directory (`/` of a node's debugging pod): that must be a slave.
	const isSaid = propagation !== "private" || (readOnly && recursive === true);
	const options = {
		...(isSaid && { Propagation: PROPAGATION[propagation] }),
		// Since Engine API 1.44; before, no mount was recursive.
		...(readOnly && (recursive ? { ReadOnlyForceRecursive: true } : { ReadOnlyNonRecursive: true })),
	};
	// The client's types ask for a propagation; the engine does not.
	type Options = typeof options & { readonly Propagation: (typeof PROPAGATION)[Mount["propagation"]] };
	return Object.keys(options).length > 0 ? { BindOptions: options as Options } : {};
}

function securityOptions(security: ContainerSpec["security"]): string[] {
	const { noNewPrivileges, seccomp, appArmor, seLinux = [] } = security;
	return [
		...(noNewPrivileges ? ["no-new-privileges"] : []),
		...(seccomp ? [`seccomp=${seccomp}`] : []),
		...(appArmor ? [`apparmor=${appArmor}`] : []),
		...seLinux.map((part) => `label=${part}`),
	];
}
