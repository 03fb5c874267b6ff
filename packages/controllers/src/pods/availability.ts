/** When a pod counts as available: ready for at least `minReadySeconds`. Pure. */
import { isPodReady, type Pod, parseTime, podCondition } from "@berth/api";

/** Milliseconds until the pod is available: 0 is now, undefined is "not ready, so never by waiting alone". */
export function availableIn(pod: Pod, minReadySeconds: number, now: number): number | undefined {
	if (!isPodReady(pod)) return undefined;
	if (minReadySeconds === 0) return 0;
	const since = podCondition(pod, "Ready")?.lastTransitionTime;
	if (!since) return undefined;
	return Math.max(0, parseTime(since) + minReadySeconds * 1000 - now);
}
