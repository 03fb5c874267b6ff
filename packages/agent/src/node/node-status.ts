/** The Node object as its agent describes it. Pure. */
import { isIP } from "node:net";
import { formatTime, type Node, type NodeCondition, type NodeStatus } from "@berth/api";
import type { KubeletConfiguration } from "../config/kubelet-configuration.ts";
import { PRESSURES, type Pressure } from "../pressure/assess.ts";
import type { ImageInfo, RuntimeInfo } from "../runtime/runtime.ts";
import { canBeRecursive } from "../steps/volumes/read-only.ts";
import { capacityOf, type HostSize } from "./capacity.ts";

/** What clients take for the kubelet's version: the API level, and that this is not the kubelet. */
export const KUBELET_VERSION = "v1.36.0-berth.1";

export interface HostIds {
	readonly machineID: string;
	readonly systemUUID: string;
	readonly bootID: string;
}

export interface NodeFacts {
	readonly name: string;
	readonly addresses: readonly string[];
	/** Of the agent's HTTPS server. */
	readonly port: number;
	readonly info: RuntimeInfo;
	readonly ids: HostIds;
	readonly size: HostSize;
	readonly configuration: KubeletConfiguration;
	/** What this host runs short of. */
	readonly pressures: ReadonlySet<Pressure>;
	readonly images: readonly ImageInfo[];
	/** What keeps this host from running pods, and what to do about it; empty when nothing does. */
	readonly obstacles: readonly string[];
	/** Milliseconds since the epoch. */
	readonly now: number;
}

export const nodeLabels = (
	name: string,
	{ architecture }: RuntimeInfo,
): Readonly<Record<string, string>> => ({
	"kubernetes.io/hostname": name,
	"kubernetes.io/os": "linux",
	"kubernetes.io/arch": architecture,
	"beta.kubernetes.io/os": "linux",
	"beta.kubernetes.io/arch": architecture,
});

export function nodeStatus(facts: NodeFacts, known: Node | undefined): NodeStatus {
	const { info, ids } = facts;
	return {
		...capacityOf(facts.size, facts.configuration, known),
		conditions: conditionsOf(facts, known?.status?.conditions ?? []),
		addresses: [
			...facts.addresses.map((address) => ({ type: isIP(address) ? "InternalIP" : "InternalDNS", address })),
			{ type: "Hostname", address: facts.name },
		],
		daemonEndpoints: { kubeletEndpoint: { Port: facts.port } },
		nodeInfo: {
			...ids,
			kernelVersion: info.kernelVersion,
			osImage: info.operatingSystem,
			containerRuntimeVersion: info.name,
			kubeletVersion: KUBELET_VERSION,
			kubeProxyVersion: "",
			operatingSystem: "linux",
			architecture: info.architecture,
		},
		images: imagesOf(facts.images, facts.configuration.nodeStatusMaxImages ?? MOST_IMAGES),
		// The nameless one is the engine's default. None maps users for one pod alone.
		runtimeHandlers: ["", ...info.handlers.toSorted()].map((name) => ({
			name,
			features: { recursiveReadOnlyMounts: canBeRecursive(info), userNamespaces: false },
		})),
		// See pods/host-rules.ts.
		features: { supplementalGroupsPolicy: false },
	};
}

type Draft = Pick<NodeCondition, "type" | "status" | "reason" | "message">;

function conditionsOf(
	{ obstacles, pressures, now }: NodeFacts,
	known: readonly NodeCondition[],
): readonly NodeCondition[] {
	const ready: Draft =
		obstacles.length === 0
			? { type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" }
			: { type: "Ready", status: "False", reason: "KubeletNotReady", message: obstacles.join("; ") };
	return [...PRESSURES.map((type) => pressure(type, pressures.has(type))), ready].map((draft) => {
		const old = known.find(({ type }) => type === draft.type);
		return {
			type: draft.type,
			status: draft.status,
			lastHeartbeatTime: formatTime(now),
			lastTransitionTime:
				old?.status === draft.status && old.lastTransitionTime ? old.lastTransitionTime : formatTime(now),
			reason: draft.reason,
			message: draft.message,
		};
	});
}

const pressure = (type: Pressure, pressed: boolean): Draft => {
	const { reason, message } = PRESSURE_WORDS[type][pressed ? "pressed" : "calm"];
	return { type, status: pressed ? "True" : "False", reason, message };
};

const PRESSURE_WORDS = {
	MemoryPressure: {
		pressed: { reason: "KubeletHasInsufficientMemory", message: "kubelet has insufficient memory available" },
		calm: { reason: "KubeletHasSufficientMemory", message: "kubelet has sufficient memory available" },
	},
	DiskPressure: {
		pressed: { reason: "KubeletHasDiskPressure", message: "kubelet has disk pressure" },
		calm: { reason: "KubeletHasNoDiskPressure", message: "kubelet has no disk pressure" },
	},
	PIDPressure: {
		pressed: { reason: "KubeletHasInsufficientPID", message: "kubelet has insufficient PID available" },
		calm: { reason: "KubeletHasSufficientPID", message: "kubelet has sufficient PID available" },
	},
} as const;

/** As many as the kubelet reports, the largest first. */
const MOST_IMAGES = 50;

const imagesOf = (images: readonly ImageInfo[], most: number) =>
	images
		.map(({ digests, tags, size }) => ({
			names: [...digests, ...tags].filter((name) => !name.startsWith("<none>")),
			sizeBytes: size,
		}))
		.filter(({ names }) => names.length > 0)
		.sort((a, b) => b.sizeBytes - a.sizeBytes)
		.slice(0, most < 0 ? undefined : most);
