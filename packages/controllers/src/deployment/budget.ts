/** How far a rolling update may go beside the wanted number of pods. Pure. */
import type { Deployment } from "@berth/api";
import { amountOf } from "../pods/amount.ts";

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
	const surge = amountOf(rolling?.maxSurge ?? DEFAULT_SHARE, replicas);
	const unavailable = amountOf(rolling?.maxUnavailable ?? DEFAULT_SHARE, replicas, Math.floor);
	if (surge === 0 && unavailable === 0) return { surge, unavailable: 1 };
	return { surge, unavailable: Math.min(unavailable, replicas) };
}
