/**
 * What a pod has been given of its host, which is not what it asks for while a resize waits for room. Pure. Source: KEP-1287.
 */
import {
	type Container,
	type Node,
	type Pod,
	parseQuantity,
	podQosClass,
	podRequests,
	quantityMilli,
	quantityValue,
} from "@berth/api";
import { REJECTED, rejectionOf } from "./admission.ts";
import type { HostRules } from "./host-rules.ts";

/** Why a resize is not carried out: there is no room now, or there cannot be any. */
export interface Pending {
	readonly reason: "Deferred" | "Infeasible";
	readonly message: string;
}

/** The pod with the resources that the containers of `given` have. */
export function withResources(pod: Pod, given: Pod): Pod {
	if (!isResized(pod, given)) return pod;
	const before = new Map(allContainers(given).map((container) => [container.name, container]));
	const restore = (container: Container): Container => {
		const known = before.get(container.name);
		return known ? { ...container, resources: known.resources } : container;
	};
	const { initContainers } = pod.spec;
	return {
		...pod,
		spec: {
			...pod.spec,
			containers: pod.spec.containers.map(restore),
			...(initContainers && { initContainers: initContainers.map(restore) }),
		},
	};
}

/** Some container has other amounts in the one than in the other. */
export function isResized(pod: Pod, given: Pod): boolean {
	if (pod === given || pod.spec === given.spec) return false;
	const before = new Map(allContainers(given).map(({ name, resources }) => [name, resources]));
	return allContainers(pod).some(({ name, resources }) =>
		LISTS.some((list) =>
			RESIZABLE.some((what) => !isSame(resources?.[list]?.[what], before.get(name)?.[list]?.[what])),
		),
	);
}

export interface RoomFor {
	readonly node: Node;
	/** What the other pods here have been given. */
	readonly others: readonly Pod[];
	readonly rules: HostRules;
}

/** What keeps the host from giving a pod that it has taken on what it now asks for. */
export function obstacleTo(wanted: Pod, room: RoomFor): Pending | undefined {
	const { allocatable } = room.node.status ?? {};
	if (!allocatable) return undefined;
	const { cpu, memory } = podRequests(wanted.spec);
	const most = {
		cpu: quantityMilli(allocatable.cpu ?? "0"),
		memory: quantityValue(allocatable.memory ?? "0"),
	};
	const never = (what: "cpu" | "memory", requested: number): Pending => ({
		reason: "Infeasible",
		message: `Node didn't have enough capacity: ${what}, requested: ${requested}, capacity: ${most[what]}`,
	});
	if (memory > most.memory) return never("memory", memory);
	if (cpu > most.cpu) return never("cpu", cpu);
	const rejected = rejectionOf(wanted, room);
	return rejected && { reason: "Deferred", message: rejected.message.slice(REJECTED.length) };
}

/** Of those that wait for room, the first to be given some: by priority, then by quality of service. */
export const byUrgency = (a: Pod, b: Pod): number =>
	(b.spec.priority ?? 0) - (a.spec.priority ?? 0) ||
	QOS.indexOf(podQosClass(a.spec)) - QOS.indexOf(podQosClass(b.spec));

const LISTS = ["requests", "limits"] as const;
const RESIZABLE = ["cpu", "memory"] as const;
const QOS = ["Guaranteed", "Burstable", "BestEffort"];

const allContainers = ({ spec }: Pod): readonly Container[] => [
	...spec.containers,
	...(spec.initContainers ?? []),
];

function isSame(a: string | undefined, b: string | undefined): boolean {
	if (a === b) return true;
	return a !== undefined && b !== undefined && parseQuantity(a) === parseQuantity(b);
}
