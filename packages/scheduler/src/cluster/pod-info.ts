/** What scheduling needs to know of a pod, worked out once for each pod rather than once for each node. */

import {
	type ClaimOfPod,
	claimsOfPod,
	controllerOf,
	type KubeObject,
	keyOf,
	type LabelSelector,
	type Labels,
	type Pod,
	type PodAffinityTerm,
	type PodRequests,
	podRequests,
	type Selector,
	selectorOf,
	selectorOfRequirements,
	type TopologySpreadConstraint,
} from "@berth/api";
import { reservedSpec } from "./reserved-spec.ts";

export interface PodInfo {
	readonly pod: Pod;
	/** `namespace/name`. */
	readonly key: string;
	readonly namespace: string;
	readonly labels: Labels;
	readonly requests: PodRequests;
	/** CPU in thousandths and memory in bytes, with a guess where nothing is requested, so that scores see such pods. */
	readonly weight: { readonly cpu: number; readonly memory: number };
	readonly hostPorts: readonly HostPort[];
	readonly affinity: AffinityTerms;
	readonly spread: readonly SpreadConstraint[];
	/** Uid of the owner that manages it. */
	readonly owner: string | undefined;
	readonly terminating: boolean;
	readonly priority: number;
	readonly claims: readonly ClaimOfPod[];
	/** Of each container, with a tag. */
	readonly images: readonly string[];
	/** Its node has not yet given it, or taken from it, what its spec says. */
	readonly isResizing: boolean;
}

export interface HostPort {
	/** "" for every address of the host. */
	readonly ip: string;
	readonly protocol: string;
	readonly port: number;
}

/** "These pods, in these namespaces, near (or far) within this topology." */
export interface AffinityTerm {
	/** Names; beside them, namespaces by their labels. */
	readonly namespaces: readonly string[];
	readonly namespaceSelector: Selector | undefined;
	readonly selector: Selector;
	readonly topologyKey: string;
	/** Of a preference, 1 to 100; 0 for a requirement. */
	readonly weight: number;
}

export interface AffinityTerms {
	readonly requiredNear: readonly AffinityTerm[];
	readonly requiredFar: readonly AffinityTerm[];
	readonly preferredNear: readonly AffinityTerm[];
	readonly preferredFar: readonly AffinityTerm[];
}

export interface SpreadConstraint {
	readonly topologyKey: string;
	readonly maxSkew: number;
	readonly minDomains: number;
	readonly required: boolean;
	readonly selector: Selector;
	/** Whether nodes the pod cannot use for their labels, or taints, count as domains. */
	readonly honorAffinity: boolean;
	readonly honorTaints: boolean;
}

/** What a pod without requests is taken to need, where pods are weighed against each other. */
const GUESS = { cpu: 100, memory: 200 * 2 ** 20 };

/** `like` may be an older version of the same pod: what has not changed is taken from it. */
export function podInfo(pod: Pod, like?: PodInfo): PodInfo {
	const { spec, metadata } = pod;
	const namespace = metadata.namespace ?? "";
	const labels = metadata.labels ?? {};
	const known = like && isSamePlan(like.pod, pod) ? like : undefined;
	const reserved = reservedSpec(pod);
	const isResizing = reserved !== spec;
	const requests = known && !isResizing && !known.isResizing ? known.requests : podRequests(reserved);
	return {
		pod,
		key: keyOf(pod),
		namespace,
		labels,
		requests,
		weight: (known?.requests === requests && known.weight) || {
			cpu: requests.cpu || GUESS.cpu,
			memory: requests.memory || GUESS.memory,
		},
		hostPorts: known?.hostPorts ?? hostPortsOf(pod),
		affinity: known?.affinity ?? affinityOf(pod, namespace, labels),
		spread: known?.spread ?? (spec.topologySpreadConstraints ?? []).map((each) => constraintOf(each, labels)),
		owner: controllerOf(pod as KubeObject)?.uid,
		terminating: metadata.deletionTimestamp !== undefined,
		priority: spec.priority ?? 0,
		claims: known?.claims ?? claimsOfPod(pod),
		images: known?.images ?? imagesOf(pod),
		isResizing,
	};
}

/** By identity: a server in the same process shares what a write did not touch, and decoding anew is what we save. */
function isSamePlan(a: Pod, b: Pod): boolean {
	return (
		a.spec.containers === b.spec.containers &&
		a.spec.initContainers === b.spec.initContainers &&
		a.spec.resources === b.spec.resources &&
		a.spec.overhead === b.spec.overhead &&
		a.spec.volumes === b.spec.volumes &&
		a.spec.affinity === b.spec.affinity &&
		a.spec.topologySpreadConstraints === b.spec.topologySpreadConstraints &&
		a.metadata.labels === b.metadata.labels
	);
}

function imagesOf({ spec }: Pod): string[] {
	return [...(spec.initContainers ?? []), ...spec.containers].map(({ image = "" }) =>
		image.lastIndexOf(":") > image.lastIndexOf("/") ? image : `${image}:latest`,
	);
}

function hostPortsOf({ spec }: Pod): HostPort[] {
	const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
	const ports = [...spec.containers, ...sidecars].flatMap((container) => container.ports ?? []);
	return ports.flatMap(({ hostPort, hostIP = "", protocol = "TCP" }) =>
		hostPort ? [{ ip: hostIP === "0.0.0.0" || hostIP === "::" ? "" : hostIP, protocol, port: hostPort }] : [],
	);
}

const NO_TERMS: AffinityTerms = { requiredNear: [], requiredFar: [], preferredNear: [], preferredFar: [] };

function affinityOf({ spec }: Pod, namespace: string, labels: Labels): AffinityTerms {
	const { podAffinity: near, podAntiAffinity: far } = spec.affinity ?? {};
	if (!near && !far) return NO_TERMS;
	const term = (each: PodAffinityTerm, weight = 0) => termOf(each, weight, namespace, labels);
	return {
		requiredNear: (near?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((each) => term(each)),
		requiredFar: (far?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((each) => term(each)),
		preferredNear: (near?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((each) =>
			term(each.podAffinityTerm, each.weight),
		),
		preferredFar: (far?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((each) =>
			term(each.podAffinityTerm, each.weight),
		),
	};
}

function termOf(term: PodAffinityTerm, weight: number, namespace: string, labels: Labels): AffinityTerm {
	const named = term.namespaces ?? [];
	return {
		namespaces: named.length === 0 && !term.namespaceSelector ? [namespace] : named,
		namespaceSelector: term.namespaceSelector ? selectorOf(term.namespaceSelector) : undefined,
		selector: withKeys(term.labelSelector, labels, term.matchLabelKeys, term.mismatchLabelKeys),
		topologyKey: term.topologyKey,
		weight,
	};
}

const constraintOf = (constraint: TopologySpreadConstraint, labels: Labels): SpreadConstraint => ({
	topologyKey: constraint.topologyKey,
	maxSkew: constraint.maxSkew,
	minDomains: constraint.minDomains ?? 1,
	required: constraint.whenUnsatisfiable === "DoNotSchedule",
	selector: withKeys(constraint.labelSelector, labels, constraint.matchLabelKeys),
	honorAffinity: constraint.nodeAffinityPolicy !== "Ignore",
	honorTaints: constraint.nodeTaintsPolicy === "Honor",
});

/** The selector, narrowed to pods that have the same (or other) values as this pod for some labels. */
function withKeys(
	selector: LabelSelector | undefined | null,
	labels: Labels,
	same: readonly string[] = [],
	other: readonly string[] = [],
): Selector {
	const base = selectorOf(selector);
	const narrowed = (keys: readonly string[], operator: "in" | "notin") =>
		keys.flatMap((key) => {
			const value = labels[key];
			return value === undefined ? [] : [{ key, operator, values: [value] }];
		});
	const extra = [...narrowed(same, "in"), ...narrowed(other, "notin")];
	if (extra.length === 0 || !selector) return base;
	return selectorOfRequirements([...base.requirements, ...extra]);
}
