/** Whether a node is alive, and what must then stand in its conditions and taints. Pure. */
import { formatTime, type Node, type NodeCondition, type Taint } from "@berth/api";

const UNREACHABLE = "node.kubernetes.io/unreachable";
export const NOT_READY = "node.kubernetes.io/not-ready";
const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
/** Conditions a node reports about itself, which nobody can know once it is silent. */
const REPORTED: readonly string[] = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];
const PRESSURE_TAINTS: Readonly<Record<string, string>> = {
	MemoryPressure: "node.kubernetes.io/memory-pressure",
	DiskPressure: "node.kubernetes.io/disk-pressure",
	PIDPressure: "node.kubernetes.io/pid-pressure",
	NetworkUnavailable: "node.kubernetes.io/network-unavailable",
};
const OURS: ReadonlySet<string> = new Set([
	UNREACHABLE,
	NOT_READY,
	UNSCHEDULABLE,
	...Object.values(PRESSURE_TAINTS),
]);

export const readyCondition = (node: Node): NodeCondition | undefined =>
	node.status?.conditions?.find((condition) => condition.type === "Ready");

/** Conditions of a silent node: everything it reported is Unknown. `undefined` when that is already so. */
export function silentConditions(node: Node, now: number): readonly NodeCondition[] | undefined {
	const conditions = node.status?.conditions ?? [];
	const known = new Map(conditions.map((condition) => [condition.type, condition]));
	const stale = REPORTED.filter((type) => known.get(type)?.status !== "Unknown");
	if (stale.length === 0) return undefined;
	for (const type of stale) {
		const old = known.get(type);
		known.set(type, {
			type,
			status: "Unknown",
			reason: old ? "NodeStatusUnknown" : "NodeStatusNeverUpdated",
			message: old ? "Kubelet stopped posting node status." : "Kubelet never posted node status.",
			...(old?.lastHeartbeatTime ? { lastHeartbeatTime: old.lastHeartbeatTime } : {}),
			lastTransitionTime: formatTime(now),
		});
	}
	return [...known.values()];
}

/** The taints that a node's conditions call for, others' left as they are. `undefined` when nothing changes. */
export function wantedTaints(node: Node, now: number): readonly Taint[] | undefined {
	const present = node.spec.taints ?? [];
	const status = readyCondition(node)?.status;
	const wanted: Pick<Taint, "key" | "effect">[] = [];
	if (status === undefined || status === "Unknown") {
		wanted.push({ key: UNREACHABLE, effect: "NoSchedule" }, { key: UNREACHABLE, effect: "NoExecute" });
	} else if (status !== "True") {
		wanted.push({ key: NOT_READY, effect: "NoSchedule" }, { key: NOT_READY, effect: "NoExecute" });
	}
	for (const condition of node.status?.conditions ?? []) {
		const key = PRESSURE_TAINTS[condition.type];
		if (key && condition.status === "True") wanted.push({ key, effect: "NoSchedule" });
	}
	if (node.spec.unschedulable) wanted.push({ key: UNSCHEDULABLE, effect: "NoSchedule" });

	const same = (a: Pick<Taint, "key" | "effect">, b: Pick<Taint, "key" | "effect">) =>
		a.key === b.key && a.effect === b.effect;
	const kept = present.filter((taint) => !OURS.has(taint.key) || wanted.some((next) => same(next, taint)));
	const added = wanted
		.filter((next) => !present.some((taint) => same(taint, next)))
		.map((taint): Taint => (taint.effect === "NoExecute" ? { ...taint, timeAdded: formatTime(now) } : taint));
	if (added.length === 0 && kept.length === present.length) return undefined;
	return [...kept, ...added];
}
