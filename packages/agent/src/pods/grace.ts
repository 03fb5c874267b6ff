/** How long a container has from its stop signal (or its preStop hook) to the kill. Pure. */
import type { Pod } from "@berth/api";
import type { StopReason } from "./actions.ts";
import { containerOf } from "./observed.ts";

/** What a container has though others have used up the pod's time, and the least of all, in milliseconds. */
const LEAST_AFTER_OTHERS = 2_000;
const LEAST = 1_000;

export interface GraceOptions {
	readonly name: string;
	readonly why: StopReason;
	/** Milliseconds since the pod began to end: its containers share its time, and those that go last get the rest. */
	readonly elapsed: number;
	/** Milliseconds that the host leaves a pod which ends, whatever it asks for; absent: all of it. */
	readonly most?: number | undefined;
}

/** Milliseconds. */
export function graceOf(
	pod: Pod,
	{ name, why, elapsed, most = Number.POSITIVE_INFINITY }: GraceOptions,
): number {
	const { livenessProbe, startupProbe } = containerOf(pod, name) ?? {};
	const seconds = pod.spec.terminationGracePeriodSeconds ?? 30;
	switch (why) {
		case "liveness":
			return (livenessProbe?.terminationGracePeriodSeconds ?? seconds) * 1000;
		case "startup":
			return (startupProbe?.terminationGracePeriodSeconds ?? seconds) * 1000;
		case "podDeleted": {
			const total = Math.max((pod.metadata.deletionGracePeriodSeconds ?? seconds) * 1000, LEAST);
			return leftOf(Math.min(total, most), elapsed);
		}
		case "podFinished":
			return leftOf(Math.min(seconds * 1000, most), elapsed);
		default:
			return seconds * 1000;
	}
}

const leftOf = (total: number, elapsed: number): number =>
	Math.max(total - elapsed, Math.min(total, LEAST_AFTER_OTHERS));
