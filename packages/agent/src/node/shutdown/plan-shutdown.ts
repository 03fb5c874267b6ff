/** In which order pods end when their host goes down. Pure. Source: Node Shutdowns. */
import type { Pod } from "@berth/api";

export interface ShutdownPhase {
	readonly pods: readonly Pod[];
	/** Seconds: the next phase begins when they are over, or when all of these pods have ended. */
	readonly seconds: number;
}

export interface ShutdownTimes {
	/** Seconds that the host waits for pods. */
	readonly total: number;
	/** Seconds at the end of them that critical pods have. */
	readonly critical: number;
}

/** Priority from which the others need a pod to the last. */
const CRITICAL = 2_000_000_000;

/** Phases in their order; one without pods is left out. */
export function planShutdown(
	pods: readonly Pod[],
	{ total, critical }: ShutdownTimes,
): readonly ShutdownPhase[] {
	const isCritical = ({ spec }: Pod) => (spec.priority ?? 0) >= CRITICAL;
	return [
		{ pods: pods.filter((pod) => !isCritical(pod)), seconds: Math.max(0, total - critical) },
		{ pods: pods.filter(isCritical), seconds: Math.min(critical, total) },
	].filter((phase) => phase.pods.length > 0);
}
