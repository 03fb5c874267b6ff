/** What `kubectl get pods` shows: most of it is the art of summing up container states in one word. */
import type { Column } from "../../machinery/kind.ts";
import { ageColumn, since } from "../columns.ts";
import type { Pod } from "./pod.ts";
import { isPodTerminal, isSidecar, podCondition } from "./pod-readiness.ts";
import type { ContainerStateTerminated, ContainerStatus } from "./pod-status.ts";

/** One pod in a line. */
export interface PodSummary {
	readonly ready: number;
	readonly total: number;
	/** `Running`, `Init:0/2`, `CrashLoopBackOff`, `Terminating` … */
	readonly status: string;
	readonly restarts: number;
	/** When a container last ended, RFC 3339; absent when none has. */
	readonly lastRestart?: string | undefined;
}

export const podColumns: readonly Column<Pod>[] = [
	{
		name: "Ready",
		type: "string",
		description: "Ready containers of all.",
		value: (pod) => {
			const { ready, total } = podSummary(pod);
			return `${ready}/${total}`;
		},
	},
	{
		name: "Status",
		type: "string",
		description: "The pod's containers summed up in one word.",
		value: (pod) => podSummary(pod).status,
	},
	{
		name: "Restarts",
		type: "string",
		description: "How often containers were started again, and when last.",
		value: (pod, now) => {
			const { restarts, lastRestart } = podSummary(pod);
			return restarts > 0 && lastRestart ? `${restarts} (${since(lastRestart, now)} ago)` : `${restarts}`;
		},
	},
	ageColumn,
	wide("IP", "Address of the pod.", (pod) => pod.status?.podIPs?.[0]?.ip || pod.status?.podIP),
	wide("Node", "Node that the pod is bound to.", (pod) => pod.spec.nodeName),
	wide("Nominated Node", "Node that will be made free for the pod.", (pod) => pod.status?.nominatedNodeName),
	wide("Readiness Gates", "Fulfilled readiness gates of all.", (pod) => {
		const gates = pod.spec.readinessGates ?? [];
		const open = gates.filter((gate) => podCondition(pod, gate.conditionType)?.status === "True");
		return gates.length === 0 ? undefined : `${open.length}/${gates.length}`;
	}),
];

function wide(name: string, description: string, text: (pod: Pod) => string | undefined): Column<Pod> {
	return { name, type: "string", priority: 1, description, value: (pod) => text(pod) || "<none>" };
}

/** The line that kubectl prints for a pod. */
export function podSummary(pod: Pod): PodSummary {
	const sidecars = new Set((pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
	const init = initSummary(pod, sidecars);
	const total = (pod.spec.containers?.length ?? 0) + sidecars.size;
	const initialized = podCondition(pod, "Initialized")?.status === "True";
	const summary =
		init.status !== undefined && !initialized
			? { ready: init.ready, status: init.status, ...restartsOf(init.seen) }
			: runSummary(pod, sidecars, init);
	return { ...summary, total, status: deletionStatus(pod) ?? summary.status };
}

interface InitSummary {
	/** Set while initialization is not over. */
	readonly status: string | undefined;
	/** Sidecars that are ready. */
	readonly ready: number;
	/** Init containers up to the one that is not through. */
	readonly seen: readonly ContainerStatus[];
}

function initSummary(pod: Pod, sidecars: ReadonlySet<string>): InitSummary {
	let ready = 0;
	const statuses = pod.status?.initContainerStatuses ?? [];
	for (const [index, container] of statuses.entries()) {
		const stoppedAt = (status: string) => ({ ready, status, seen: statuses.slice(0, index + 1) });
		const { terminated, waiting } = container.state ?? {};
		if (terminated && !terminated.exitCode) continue;
		if (sidecars.has(container.name) && container.started) {
			if (container.ready) ready++;
			continue;
		}
		if (terminated) return stoppedAt(`Init:${terminated.reason || exitText(terminated)}`);
		if (waiting?.reason && waiting.reason !== "PodInitializing") return stoppedAt(`Init:${waiting.reason}`);
		return stoppedAt(`Init:${index}/${pod.spec.initContainers?.length ?? 0}`);
	}
	return { ready, status: undefined, seen: statuses };
}

function runSummary(pod: Pod, sidecars: ReadonlySet<string>, init: InitSummary): Omit<PodSummary, "total"> {
	const containers = pod.status?.containerStatuses ?? [];
	const counted = (pod.status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name));
	const isRunning = (container: ContainerStatus) =>
		!containerReason(container) && container.ready && !!container.state?.running;
	const running = containers.filter(isRunning).length;
	// The first container that has something to say speaks for the pod.
	const told = containers.map(containerReason).find((reason) => reason !== undefined);
	// Before its containers are through, an initialized pod may still carry the word of its init containers.
	const status = told ?? init.status ?? phaseStatus(pod);
	return {
		ready: init.ready + running,
		status: status === "Completed" && running > 0 ? partlyCompleted(pod) : status,
		...restartsOf([...counted, ...containers]),
	};
}

const partlyCompleted = (pod: Pod) =>
	podCondition(pod, "Ready")?.status === "True" ? "Running" : "NotReady";

function phaseStatus(pod: Pod): string {
	if (podCondition(pod, "PodScheduled")?.reason === "SchedulingGated") return "SchedulingGated";
	return pod.status?.reason || pod.status?.phase || "";
}

function deletionStatus(pod: Pod): string | undefined {
	if (!pod.metadata.deletionTimestamp) return undefined;
	if (pod.status?.reason === "NodeLost") return "Unknown";
	return isPodTerminal(pod) ? undefined : "Terminating";
}

function containerReason({ state }: ContainerStatus): string | undefined {
	if (state?.waiting?.reason) return state.waiting.reason;
	if (state?.terminated) return state.terminated.reason || exitText(state.terminated);
	return undefined;
}

const exitText = ({ signal, exitCode }: ContainerStateTerminated) =>
	signal ? `Signal:${signal}` : `ExitCode:${exitCode ?? 0}`;

function restartsOf(containers: readonly ContainerStatus[]): Pick<PodSummary, "restarts" | "lastRestart"> {
	const ends = containers.flatMap(({ lastState }) => lastState?.terminated?.finishedAt || []);
	return {
		restarts: containers.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0),
		// RFC 3339 in UTC sorts as text.
		lastRestart: ends.sort().at(-1),
	};
}
