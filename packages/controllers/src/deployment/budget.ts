/** How far a rolling update may go beside the wanted number of pods. Pure. */
import type { Deployment } from "@berth/api";

export interface Budget {
	/** Pods that may exist beyond the wanted number. */
	readonly surge: number;
	/** Pods that may be missing from the wanted number. */
	readonly unavailable: number;
}

const DEFAULT_SHARE = "25%";

/** Percentages of the wanted replicas; surge is rounded up, unavailable down, and both zero becomes one unavailable. */
export function budgetOf(deployment: Deployment): Budget {
	const replicas = deployment.spec.replicas ?? 1;
	if (deployment.spec.strategy?.type === "Recreate") return { surge: 0, unavailable: 0 };
	const rolling = deployment.spec.strategy?.rollingUpdate;
	const surge = share(rolling?.maxSurge ?? DEFAULT_SHARE, replicas, Math.ceil);
	const unavailable = share(rolling?.maxUnavailable ?? DEFAULT_SHARE, replicas, Math.floor);
	if (surge === 0 && unavailable === 0) return { surge, unavailable: 1 };
	return { surge, unavailable: Math.min(unavailable, replicas) };
}

function share(value: number | string, of: number, round: (value: number) => number): number {
	if (typeof value === "number") return value;
	return round((Number.parseInt(value, 10) * of) / 100);
}
