/** Deletes finished jobs, with their pods, when they have been kept for as long as they ask (`ttlSecondsAfterFinished`). */
import { isConflict, isNotFound, Job, keyOf, parseTime } from "@berth/api";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";
import { jobCondition } from "../job/ending.ts";

export function createTtlAfterFinishedController({
	client,
	informers,
	clock,
}: ControllerEnvironment): Controller {
	const jobs = informers.of(Job);

	async function reconcile(key: string) {
		const job = jobs.get(key);
		const end = job && expiryOf(job);
		if (!job || end === undefined) return undefined;
		const left = end - clock.now();
		if (left > 0) return { requeueAfter: left };
		const { namespace, name, uid, resourceVersion } = job.metadata;
		try {
			// As it was seen: it may be asked just now to stay for longer.
			await client.delete(
				Job,
				{ namespace, name },
				{ propagationPolicy: "Foreground", preconditions: { uid, resourceVersion } },
			);
		} catch (error) {
			if (!isNotFound(error) && !isConflict(error)) throw error;
		}
		return undefined;
	}

	return {
		name: "ttl-after-finished",
		sources: [
			watch(jobs, ({ type, object }) =>
				type !== "deleted" && expiryOf(object) !== undefined ? [keyOf(object)] : [],
			),
		],
		reconcile,
	};
}

/** When the job is to go, in milliseconds since the epoch; undefined: not by itself. */
export function expiryOf(job: Job): number | undefined {
	const ttl = job.spec.ttlSecondsAfterFinished ?? undefined;
	const finished = jobCondition(job, "Complete") ?? jobCondition(job, "Failed");
	if (ttl === undefined || job.metadata.deletionTimestamp || !finished?.lastTransitionTime) return undefined;
	return parseTime(finished.lastTransitionTime) + ttl * 1000;
}
