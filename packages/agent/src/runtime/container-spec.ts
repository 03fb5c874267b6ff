/** What a container is made of, in words that are neither Kubernetes' nor Docker's. */
export interface ContainerSpec {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly image: string;
	/** Replaces the image's entrypoint and default arguments. */
	readonly command?: readonly string[] | undefined;
	/** Replaces the image's default arguments. */
	readonly args?: readonly string[] | undefined;
	readonly env: readonly { readonly name: string; readonly value: string }[];
	readonly workingDirectory?: string | undefined;
	/** Only for a container with a network of its own: the others have the hostname of the one they join. */
	readonly hostname?: string | undefined;
	readonly namespaces: Namespaces;
	readonly mounts: readonly Mount[];
	/** Of the host, for the container to use as they are. */
	readonly devices?: readonly Device[] | undefined;
	readonly resources: Resources;
	readonly security: Security;
	readonly stdin: boolean;
	/** The input closes when the first client that attached to it leaves. */
	readonly stdinOnce: boolean;
	readonly tty: boolean;
	/** Overrides the image's. */
	readonly stopSignal?: string | undefined;
	/** Name that the engine has a low-level runtime configured under; absent: its default. */
	readonly runtime?: string | undefined;
}

/** Whose namespaces the container lives in. */
export interface Namespaces {
	readonly network: "none" | "host" | Join;
	readonly ipc: "shareable" | "host" | Join;
	readonly pid: "private" | "host" | Join;
}
export interface Join {
	/** Id of the container whose namespace it joins. */
	readonly join: string;
}

export interface Mount {
	readonly source: string;
	readonly target: string;
	readonly readOnly: boolean;
	/** What is mounted below a read-only one is read-only as well; an engine that cannot must refuse. */
	readonly recursive?: boolean | undefined;
	readonly propagation: "private" | "rslave" | "rshared";
}

export interface Device {
	readonly source: string;
	readonly target: string;
	readonly readOnly: boolean;
}

/** How much of its host a container may use; all of it can change while the container runs. */
export interface Limits {
	/** Relative weight, 1024 for a core. */
	readonly cpuShares?: number | undefined;
	/** Microseconds of a core within each 100 ms; absent: not limited. */
	readonly cpuQuota?: number | undefined;
	/** Bytes, swap included; absent: not limited. */
	readonly memory?: number | undefined;
}

export interface Resources extends Limits {
	readonly oomScore: number;
	/** Parent group, as the engine's cgroup driver spells it. */
	readonly cgroupParent?: string | undefined;
}

export interface Security {
	/** `uid`, `uid:gid` or a name; the image's when absent. */
	readonly user?: string | undefined;
	readonly groups: readonly number[];
	readonly privileged: boolean;
	readonly addCapabilities: readonly string[];
	readonly dropCapabilities: readonly string[];
	readonly readOnlyRoot: boolean;
	readonly noNewPrivileges: boolean;
	/** `unconfined`, the profile as JSON, or absent for the engine's default. */
	readonly seccomp?: string | undefined;
	readonly appArmor?: string | undefined;
	/** Parts of the SELinux label, `type:spc_t`; without effect where the kernel has no SELinux. */
	readonly seLinux?: readonly string[] | undefined;
	/** Nothing of /proc and /sys is hidden. */
	readonly unmasked: boolean;
	readonly sysctls: Readonly<Record<string, string>>;
}

/** What an engine gives a container of which nothing is said. */
export const PLAIN_SECURITY: Security = {
	groups: [],
	privileged: false,
	addCapabilities: [],
	dropCapabilities: [],
	readOnlyRoot: false,
	noNewPrivileges: false,
	unmasked: false,
	sysctls: {},
};

/** For containers of the agent's own: they may nothing. */
export const LEAST_SECURITY: Security = { ...PLAIN_SECURITY, readOnlyRoot: true, noNewPrivileges: true };
