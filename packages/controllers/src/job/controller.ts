/** Runs the pods of each job until enough of them have ended well, or too many have not. */
import {
	controllerOf,
	controllerReference,
	deepEqual,
	isNotFound,
	isPodReady,
	Job,
	type JobStatus,
	keyOf,
	Pod,
	selectorOf,
} from "@berth/api";
import { type Controller, type ControllerEnvironment, ownWritesSeen, updated, watch } from "@berth/reconcile";
import { applyClaim } from "../ownership/apply-claim.ts";
import { claim } from "../ownership/claim.ts";
import { concerned } from "../ownership/concerned.ts";
import { createPodWriter, type PodFailure } from "../pods/pod-writer.ts";
import { isFinished } from "./ending.ts";
import { isActive, isOurs, isTracked, TRACKING } from "./job-pods.ts";
import { type JobPlan, planJob } from "./plan.ts";
import { podOfJob } from "./pod-of-job.ts";
import { releasePod } from "./release-pod.ts";

export function createJobController(environment: ControllerEnvironment): Controller {
	const { client, informers, events, clock } = environment;
	const jobs = informers.of(Job);
	const pods = informers.of(Pod);
	const writer = createPodWriter(environment);

	async function reconcile(key: string, signal: AbortSignal) {
		const job = jobs.get(key);
		if (!job || isFinished(job) || !isOurs(job)) return undefined;
		const owned = await claimPods(job, signal);
		const plan = planJob(job, owned, clock.now());
		const failure = await changePods(job, plan, signal);
		await writeStatus(job, plan, signal);
		await release(plan.release, signal);
		if (failure) throw new Error(failure.message);
		return plan.lookAgainIn === undefined ? undefined : { requeueAfter: plan.lookAgainIn };
	}

	const claimOf = (job: Job) =>
		claim(job, selectorOf(job.spec.selector ?? undefined), pods.list(job.metadata.namespace));

	async function claimPods(job: Job, signal: AbortSignal): Promise<readonly Pod[]> {
		const found = claimOf(job);
		if (found.adopt.length + found.release.length === 0) return found.owned;
		const owner = controllerReference(job);
		await applyClaim({ client, kind: Pod, owner, claim: found, finalizer: TRACKING });
		// An adopted pod is counted as it is then, with the finalizer.
		const written = new Map([
			...found.adopt.map((pod) => [keyOf(pod), ownedBy(owner.uid, true)] as const),
			...found.release.map((pod) => [keyOf(pod), ownedBy(owner.uid, false)] as const),
		]);
		await ownWritesSeen({ informer: pods, written, clock, signal });
		return claimOf(job).owned;
	}

	async function changePods(job: Job, plan: JobPlan, signal: AbortSignal): Promise<PodFailure | undefined> {
		await Promise.all(plan.remove.map((pod) => releasePod(client, pod)));
		const create = plan.create.map((order) => podOfJob(job, order));
		return writer.write(job, { create, remove: [...plan.remove, ...plan.end] }, signal);
	}

	/** The pods that were just made and deleted are counted as they are by now. */
	async function writeStatus(job: Job, plan: JobPlan, signal: AbortSignal): Promise<void> {
		const active = claimOf(job).owned.filter(isActive);
		const status: JobStatus = {
			...plan.status,
			...(active.length ? { active: active.length } : {}),
			ready: active.filter(isPodReady).length,
		};
		if (deepEqual(job.status ?? {}, status)) return;
		try {
			// Optimistic: who counts from an old status must not write.
			const next = await client.updateStatus(Job, { ...job, status });
			for (const { type, reason, message } of plan.events) events[type](job, reason, message);
			await ownWritesSeen({
				informer: jobs,
				written: new Map([[keyOf(job), updated(next)]]),
				clock,
				signal,
			});
		} catch (error) {
			if (!isNotFound(error)) throw error;
		}
	}

	async function release(ended: readonly Pod[], signal: AbortSignal): Promise<void> {
		await Promise.all(ended.map((pod) => releasePod(client, pod)));
		const written = new Map(ended.map((pod) => [keyOf(pod), (seen?: Pod) => !seen || !isTracked(seen)]));
		await ownWritesSeen({ informer: pods, written, clock, signal });
	}

	return {
		name: "job",
		workers: 5,
		sources: [
			watch(jobs, (change) => [keyOf(change.object)]),
			watch(
				pods,
				concerned(Job, jobs, ({ spec }) => spec.selector ?? undefined),
			),
		],
		reconcile,
	};
}

/** Gone, or with this owner, or without. */
const ownedBy = (uid: string, isSo: boolean) => (pod: Pod | undefined) =>
	!pod || (controllerOf(pod)?.uid === uid) === isSo;
