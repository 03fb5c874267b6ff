/** Nodes and pods for tests, with only what a test cares about. */
import type { Namespace, Node, NodeSpec, ObjectMeta, Pod, PodSpec } from "@berth/api";

const meta = (name: string, more: Partial<ObjectMeta> = {}): ObjectMeta => ({
	name,
	uid: `uid-${name}`,
	resourceVersion: "1",
	creationTimestamp: "2026-01-01T00:00:00Z",
	...more,
});

export interface NodeWishes {
	readonly cpu?: string;
	readonly memory?: string;
	readonly pods?: string;
	readonly more?: Readonly<Record<string, string>>;
	readonly labels?: Readonly<Record<string, string>>;
	readonly spec?: NodeSpec;
}

export const aNode = (name: string, wishes: NodeWishes = {}): Node => ({
	apiVersion: "v1",
	kind: "Node",
	metadata: meta(name, { labels: { "kubernetes.io/hostname": name, ...wishes.labels } }),
	spec: wishes.spec ?? {},
	status: {
		allocatable: {
			cpu: wishes.cpu ?? "4",
			memory: wishes.memory ?? "8Gi",
			pods: wishes.pods ?? "110",
			"ephemeral-storage": "100Gi",
			...wishes.more,
		},
	},
});

export const aNamespace = (name: string, labels: Readonly<Record<string, string>> = {}): Namespace => ({
	apiVersion: "v1",
	kind: "Namespace",
	metadata: meta(name, { labels }),
	spec: {},
	status: {},
});

export interface PodWishes {
	readonly namespace?: string;
	readonly requests?: Readonly<Record<string, string>>;
	readonly labels?: Readonly<Record<string, string>>;
	readonly owner?: string;
	readonly hostPort?: number;
	readonly spec?: Partial<PodSpec>;
	readonly meta?: Partial<ObjectMeta>;
}

export const aPod = (name: string, wishes: PodWishes = {}): Pod => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata: meta(name, {
		namespace: wishes.namespace ?? "default",
		...(wishes.labels && { labels: wishes.labels }),
		...(wishes.owner && {
			ownerReferences: [
				{
					apiVersion: "apps/v1",
					kind: "ReplicaSet",
					name: wishes.owner,
					uid: wishes.owner,
					controller: true,
				},
			],
		}),
		...wishes.meta,
	}),
	spec: {
		schedulerName: "default-scheduler",
		containers: [
			{
				name: "main",
				image: "web",
				...(wishes.requests && { resources: { requests: wishes.requests } }),
				...(wishes.hostPort && {
					ports: [{ containerPort: 80, hostPort: wishes.hostPort, protocol: "TCP" }],
				}),
			},
		],
		...wishes.spec,
	},
	status: { phase: "Pending" },
});

export const onNode = (pod: Pod, nodeName: string): Pod => ({ ...pod, spec: { ...pod.spec, nodeName } });

/** A sequence of numbers in [0, 1) that is the same for the same seed. */
export function seeded(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}
