/** A node with what is placed on it: sums that are kept rather than added up for each decision. */
import { deepEqual, type Labels, type Node, quantityMilli, quantityValue, type Taint } from "@berth/api";
import type { HostPort, PodInfo } from "./pod-info.ts";

export interface NodeInfo {
	readonly name: string;
	/** Absent while pods are known on a node that is not. */
	readonly node: Node | undefined;
	readonly labels: Labels;
	readonly taints: readonly Taint[];
	readonly unschedulable: boolean;
	/** CPU in thousandths of a core, memory and storage in bytes, others in units. */
	readonly allocatable: Amounts & { readonly pods: number };
	readonly used: Amounts;
	/** As `PodInfo.weight`. */
	readonly weight: { readonly cpu: number; readonly memory: number };
	/** By key. */
	readonly pods: ReadonlyMap<string, PodInfo>;
	readonly hostPorts: readonly HostPort[];
	/** Bytes of each image that is there, by every name it has. */
	readonly images: ReadonlyMap<string, number>;
}

export interface Amounts {
	readonly cpu: number;
	readonly memory: number;
	readonly ephemeral: number;
	readonly others: ReadonlyMap<string, number>;
}

export interface MutableNodeInfo extends NodeInfo {
	/** Takes over what the Node says now; undefined when it is gone. */
	describe(node: Node | undefined): void;
	add(pod: PodInfo): void;
	remove(pod: PodInfo): void;
}

export function createNodeInfo(name: string): MutableNodeInfo {
	const pods = new Map<string, PodInfo>();
	const others = new Map<string, number>();
	const used = { cpu: 0, memory: 0, ephemeral: 0, others };
	const weight = { cpu: 0, memory: 0 };
	const hostPorts: HostPort[] = [];

	const info = {
		name,
		node: undefined as Node | undefined,
		labels: {} as Labels,
		taints: [] as readonly Taint[],
		unschedulable: false,
		allocatable: NOTHING as NodeInfo["allocatable"],
		used,
		weight,
		pods,
		hostPorts,
		images: NO_IMAGES as ReadonlyMap<string, number>,
		describe(node: Node | undefined) {
			const list = node?.status?.images;
			if (!deepEqual(list, info.node?.status?.images)) info.images = imagesOf(list);
			info.node = node;
			info.labels = node?.metadata.labels ?? {};
			info.taints = node?.spec.taints ?? [];
			info.unschedulable = node?.spec.unschedulable ?? false;
			info.allocatable = allocatableOf(node?.status?.allocatable ?? node?.status?.capacity ?? {});
		},
		add(pod: PodInfo) {
			pods.set(pod.key, pod);
			hostPorts.push(...pod.hostPorts);
			account(pod, 1);
		},
		remove(pod: PodInfo) {
			pods.delete(pod.key);
			for (const port of pod.hostPorts) hostPorts.splice(hostPorts.indexOf(port), 1);
			account(pod, -1);
		},
	};

	function account({ requests, weight: own }: PodInfo, sign: 1 | -1) {
		used.cpu += sign * requests.cpu;
		used.memory += sign * requests.memory;
		used.ephemeral += sign * requests.ephemeral;
		weight.cpu += sign * own.cpu;
		weight.memory += sign * own.memory;
		for (const [resource, amount] of requests.others) {
			others.set(resource, (others.get(resource) ?? 0) + sign * amount);
		}
	}
	return info;
}

/** The node as it would be without some of its pods: a copy of its own, to try things on. */
export function sketchWithout(node: NodeInfo, gone: readonly PodInfo[]): MutableNodeInfo {
	const { labels, taints, unschedulable, allocatable, images } = node;
	const sketch = createNodeInfo(node.name);
	Object.assign(sketch, { node: node.node, labels, taints, unschedulable, allocatable, images });
	const left = new Set(gone.map(({ key }) => key));
	for (const pod of node.pods.values()) if (!left.has(pod.key)) sketch.add(pod);
	return sketch;
}

export const NO_IMAGES: ReadonlyMap<string, number> = new Map();

const imagesOf = (images: NonNullable<Node["status"]>["images"]): ReadonlyMap<string, number> =>
	new Map(
		(images ?? []).flatMap(({ names = [], sizeBytes }) =>
			names.map((name) => [name, sizeBytes ?? 0] as const),
		),
	);

const NOTHING: NodeInfo["allocatable"] = { cpu: 0, memory: 0, ephemeral: 0, pods: 0, others: new Map() };

/** An amount that cannot be read is none: a node that reports nonsense gets no pods, and nobody else suffers. */
function allocatableOf(quantities: Readonly<Record<string, string>>): NodeInfo["allocatable"] {
	const { cpu = "0", memory = "0", pods = "0", "ephemeral-storage": ephemeral = "0", ...rest } = quantities;
	return {
		cpu: readable(quantityMilli, cpu),
		memory: readable(quantityValue, memory),
		ephemeral: readable(quantityValue, ephemeral),
		pods: readable(quantityValue, pods),
		others: new Map(Object.entries(rest).map(([name, amount]) => [name, readable(quantityValue, amount)])),
	};
}

function readable(parse: (quantity: string) => number, quantity: string): number {
	try {
		return parse(quantity);
	} catch {
		return 0;
	}
}
