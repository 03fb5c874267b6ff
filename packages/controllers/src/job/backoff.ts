/** How long a job waits before it replaces pods that fail again and again. Pure: read from the pods that are there. */
import type { Job, Pod } from "@berth/api";
import { finishedAt, hasFailed, indexFailures, indexIgnoredFailures, isTracked } from "./job-pods.ts";

/** Milliseconds after the first failure; doubled after each further one, up to the second number. */
const FIRST = 10_000;
const LONGEST = 600_000;

/** Milliseconds until pods may be created: a pod that succeeds ends the wait. */
export function backoffOfJob(job: Job, pods: readonly Pod[], now: number): number {
	const failures: number[] = [];
	let succeeded = Number.NEGATIVE_INFINITY;
	for (const pod of pods) {
		if (pod.status?.phase === "Succeeded") succeeded = Math.max(succeeded, finishedAt(pod));
		// What is on its way out and let go was one too many, or is counted already.
		else if (hasFailed(pod, job) && (isTracked(pod) || !pod.metadata.deletionTimestamp))
			failures.push(finishedAt(pod));
	}
	const since = failures.filter((time) => time > succeeded);
	const last = since.reduce((latest, time) => Math.max(latest, time), 0);
	return since.length ? remaining(since.length, last, now) : 0;
}

/** Milliseconds until the index of this pod, the last one of it that failed, may be tried again. */
export const backoffOfIndex = (pod: Pod, now: number): number =>
	remaining(indexFailures(pod) + indexIgnoredFailures(pod) + 1, finishedAt(pod), now);

function remaining(failures: number, last: number, now: number): number {
	const wait = failures > 16 ? LONGEST : Math.min(LONGEST, FIRST * 2 ** (failures - 1));
	// A node whose clock is ahead does not make the wait longer.
	return Math.max(0, wait - Math.max(0, now - last));
}
