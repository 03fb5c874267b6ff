/**
 * Whether this host takes a pod on. The scheduler has asked the same before, but pods may name their node themselves, and
 * the world may have changed since. Pure.
 */
import {
	matchesNodeSelectorTerms,
	type Node,
	type Pod,
	type PodRequests,
	podRequests,
	quantityMilli,
	quantityValue,
	untolerated,
} from "@berth/api";
import { isCritical } from "../pressure/rank.ts";
import { type HostRules, refusedBy } from "./host-rules.ts";
import type { Outcome } from "./outcome.ts";
import { victimsFor } from "./preemption.ts";

export interface AdmissionOptions {
	/** As the API knows it; what it does not say yet keeps nobody out. */
	readonly node: Node;
	/** Pods that have been taken on and have not ended. */
	readonly others: readonly Pod[];
	readonly rules: HostRules;
}

export type Rejection = Outcome & { readonly reason: string; readonly message: string };

export interface Admission {
	/** Undefined when the pod may stay. */
	readonly rejection?: Rejection | undefined;
	/** Pods that have to go before it starts. */
	readonly victims: readonly Pod[];
	/** What they are to give back first. */
	readonly short?: string | undefined;
}

/** What becomes of a pod that is new to this host. */
export function judge(pod: Pod, options: AdmissionOptions): Admission {
	const rejected = rejectionOf(pod, options);
	if (!rejected || !isCritical(pod)) return refused(rejected);
	const elsewhere = refusal(pod, options) ?? displacement(pod, options);
	// Nothing but room is missing for a pod that the cluster cannot do without.
	return elsewhere ? refused(elsewhere) : makeWay(pod, shortages(pod, options), options.others);
}

/** Why the pod cannot be here beside the others; undefined when it can. */
export function rejectionOf(pod: Pod, options: AdmissionOptions): Rejection | undefined {
	const [shortage] = shortages(pod, options);
	return refusal(pod, options) ?? (shortage && lack(shortage)) ?? displacement(pod, options);
}

function refusal(pod: Pod, { rules }: AdmissionOptions): Rejection | undefined {
	const refusal = refusedBy(pod, rules);
	return refusal && rejection(refusal.reason, refusal.message);
}

const displacement = (pod: Pod, { node, others }: AdmissionOptions) =>
	misplaced(pod, node) ?? portTaken(pod, others);

const refused = (rejection: Rejection | undefined): Admission => ({ rejection, victims: [] });

function makeWay(pod: Pod, lacks: readonly Lack[], others: readonly Pod[]): Admission {
	const missing = lacks.map(({ resource, requested, used, capacity }) => ({
		resource,
		missing: used + requested - capacity,
	}));
	const victims = victimsFor(pod, missing, others);
	if (victims) return { victims, short: missing[0]?.resource };
	const list = missing.map(({ resource, missing }) => `(res: ${resource}, q: ${missing}), `).join("");
	return refused(
		rejection(
			"UnexpectedAdmissionError",
			`Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: no set of running pods found to reclaim resources: [${list}]`,
		),
	);
}

/** The words without the prefix, for the event. */
export const REJECTED = "Pod was rejected: ";

const rejection = (reason: string, message: string): Rejection => ({
	phase: "Failed",
	reason,
	message: `${REJECTED}${message}`,
});

interface Lack {
	readonly resource: string;
	readonly requested: number;
	readonly used: number;
	readonly capacity: number;
}

const lack = ({ resource, requested, used, capacity }: Lack) =>
	rejection(
		`OutOf${resource}`,
		`Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
	);

function shortages(pod: Pod, { node, others }: AdmissionOptions): readonly Lack[] {
	const { allocatable } = node.status ?? {};
	if (!allocatable) return [];
	const own = podRequests(pod.spec);
	const taken = others.map(({ spec }) => podRequests(spec));
	const value = (name: string) => quantityValue(allocatable[name] ?? "0");
	const about = (resource: string, capacity: number, of: (requests: PodRequests) => number): Lack => ({
		resource,
		requested: of(own),
		used: sum(taken.map(of)),
		capacity,
	});
	return [
		about("pods", allocatable.pods ? value("pods") : Number.POSITIVE_INFINITY, () => 1),
		about("cpu", quantityMilli(allocatable.cpu ?? "0"), ({ cpu }) => cpu),
		about("memory", value("memory"), ({ memory }) => memory),
		about("ephemeral-storage", value("ephemeral-storage"), ({ ephemeral }) => ephemeral),
		...[...own.others.keys()].map((name) => about(name, value(name), (each) => each.others.get(name) ?? 0)),
	].filter(({ requested, used, capacity }) => requested > 0 && used + requested > capacity);
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
