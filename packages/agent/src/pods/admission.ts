/**
 * Whether this host takes a pod on. The scheduler has asked the same before, but pods may name their node themselves, and
 * the world may have changed since. Pure.
 */
import {
	matchesNodeSelectorTerms,
	type Node,
	type Pod,
	podRequests,
	quantityMilli,
	quantityValue,
	untolerated,
} from "@berth/api";
import { type HostRules, refusedBy } from "./host-rules.ts";
import type { Outcome } from "./outcome.ts";

export interface AdmissionOptions {
	/** As the API knows it; what it does not say yet keeps nobody out. */
	readonly node: Node;
	/** Pods that have been taken on and have not ended. */
	readonly others: readonly Pod[];
	readonly rules: HostRules;
}

export type Rejection = Outcome & { readonly reason: string; readonly message: string };

/** Undefined when the pod may stay. */
export function rejectionOf(pod: Pod, options: AdmissionOptions): Rejection | undefined {
	const refusal = refusedBy(pod, options.rules);
	if (refusal) return rejection(refusal.reason, refusal.message);
	return shortage(pod, options) ?? misplaced(pod, options.node) ?? portTaken(pod, options.others);
}

/** The words without the prefix, for the event. */
export const REJECTED = "Pod was rejected: ";

const rejection = (reason: string, message: string): Rejection => ({
	phase: "Failed",
	reason,
	message: `${REJECTED}${message}`,
});

function shortage(pod: Pod, { node, others }: AdmissionOptions): Rejection | undefined {
	const { allocatable } = node.status ?? {};
	if (!allocatable) return undefined;
	const lacks = (resource: string, requested: number, used: number, capacity: number) =>
		requested > 0 && used + requested > capacity
			? rejection(
					`OutOf${resource}`,
					`Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
				)
			: undefined;
	const own = podRequests(pod.spec);
	const taken = others.map(({ spec }) => podRequests(spec));
	const amounts = (of: (requests: typeof own) => number) => [of(own), sum(taken.map(of))] as const;
	const value = (name: string) => quantityValue(allocatable[name] ?? "0");
	return (
		lacks("pods", 1, others.length, allocatable.pods ? value("pods") : Number.POSITIVE_INFINITY) ??
		lacks("cpu", ...amounts(({ cpu }) => cpu), quantityMilli(allocatable.cpu ?? "0")) ??
		lacks("memory", ...amounts(({ memory }) => memory), value("memory")) ??
		lacks("ephemeral-storage", ...amounts(({ ephemeral }) => ephemeral), value("ephemeral-storage")) ??
		[...own.others.keys()]
			.map((name) => lacks(name, ...amounts((each) => each.others.get(name) ?? 0), value(name)))
			.find((lack) => lack !== undefined)
	);
}

function misplaced({ spec }: Pod, node: Node): Rejection | undefined {
	const labels = node.metadata.labels ?? {};
	const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
	const suits =
		Object.entries(spec.nodeSelector ?? {}).every(
			([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
		) &&
		(!required || matchesNodeSelectorTerms(required.nodeSelectorTerms, { name: node.metadata.name, labels }));
	if (!suits) return predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
	const taint = untolerated(node.spec?.taints ?? [], spec.tolerations ?? [], ["NoExecute"]);
	return taint && predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate");
}

function portTaken(pod: Pod, others: readonly Pod[]): Rejection | undefined {
	const wanted = hostPorts(pod);
	if (wanted.length === 0) return undefined;
	const taken = others.flatMap(hostPorts);
	const collides = wanted.some((one) => taken.some((other) => collide(one, other)));
	return collides
		? predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports")
		: undefined;
}

const predicate = (name: string, why: string) => rejection(name, `Predicate ${name} failed: ${why}`);

interface HostPort {
	readonly port: number;
	readonly protocol: string;
	/** "" is every address of the host. */
	readonly ip: string;
}

const hostPorts = ({ spec }: Pod): readonly HostPort[] =>
	[...(spec.initContainers ?? []), ...spec.containers].flatMap(({ ports = [] }) =>
		ports
			.filter(({ hostPort }) => hostPort)
			.map(({ hostPort = 0, protocol = "TCP", hostIP = "" }) => ({
				port: hostPort,
				protocol,
				ip: hostIP === "0.0.0.0" || hostIP === "::" ? "" : hostIP,
			})),
	);

const collide = (a: HostPort, b: HostPort) =>
	a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === "" || b.ip === "");

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
